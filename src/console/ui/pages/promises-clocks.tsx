/** Columns of running SLA clocks: time left, whose, which, and how far gone. */
import { Progress } from "@zendeskgarden/react-loaders";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import type { Answer } from "../client.ts";
import { type Column, Two } from "../parts/data-table.tsx";
import { Quiet } from "../parts/look.tsx";
import { StateDot } from "../parts/state-dot.tsx";
import { Dash, Duration, Minutes, Short, TierTag, useNow } from "../parts/words.tsx";

/** As it is told. */
export type Clock = Answer<"get /promises">["clocks"][number];

const DOT = { late: "fail", "at risk": "warn", running: "ok" } as const;

/** The columns. */
export const clockColumns: readonly Column<Clock>[] = [
  {
    id: "left",
    title: <FormattedMessage id="promises.left" />,
    width: "minmax(150px, 0.9fr)",
    cell: (one) => (
      <Two
        first={
          <Line>
            <StateDot state={DOT[one.state]} word={false} />
            <Left at={one.dueAt} />
          </Line>
        }
        second={<FormattedMessage id="promises.due" values={{ at: <Short at={one.dueAt} /> }} />}
      />
    ),
  },
  {
    id: "ticket",
    title: <FormattedMessage id="decision.ticket" />,
    width: "minmax(90px, 0.5fr)",
    cell: (one) => <Two first={`#${one.ticketId}`} second={one.priority} />,
  },
  {
    id: "customer",
    title: <FormattedMessage id="decision.customer" />,
    width: "minmax(150px, 1.2fr)",
    cell: (one) => (
      <Two
        first={one.account === null ? <NoAccount /> : (one.account.name ?? one.account.id)}
        second={<TierTag tier={one.tier} />}
      />
    ),
  },
  {
    id: "clock",
    title: <FormattedMessage id="promises.clock" />,
    width: "minmax(150px, 1fr)",
    cell: (one) => <Two first={<FormattedMessage id={`metric.${one.metric}`} />} second={one.slaPolicy} />,
  },
  {
    id: "used",
    title: <FormattedMessage id="promises.used" />,
    width: "minmax(140px, 1fr)",
    cell: (one) => <Used clock={one} />,
  },
];

function NoAccount() {
  return (
    <Quiet>
      <FormattedMessage id="decision.noAccount" />
    </Quiet>
  );
}

/** "12 min left", "1 hr 3 min late", counting. */
function Left({ at }: { readonly at: string }) {
  const minutes = (Date.parse(at) - useNow(15_000)) / 60_000;
  const late = minutes <= 0;
  return (
    <FormattedMessage
      id={late ? "promises.isLate" : "promises.isLeft"}
      values={{ time: <Duration minutes={late ? Math.floor(-minutes) : Math.ceil(minutes)} /> }}
    />
  );
}

function Used({ clock: { used, minutes, state } }: { readonly clock: Clock }) {
  const intl = useIntl();
  if (used === null || minutes === null) return <Dash />;
  const color = { late: "dangerHue", "at risk": "warningHue", running: "successHue" }[state];
  return (
    <Two
      first={
        <Progress
          value={Math.round(used * 100)}
          size="medium"
          color={color}
          aria-label={intl.formatMessage({ id: "promises.used" })}
        />
      }
      second={<FormattedMessage id="promises.target" values={{ time: <Minutes value={minutes} /> }} />}
    />
  );
}

const Line = styled.span`
  display: inline-flex;
  align-items: center;
  gap: 6px;
`;
