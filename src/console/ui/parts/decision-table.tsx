/** Decisions in rows: ticket, customer, tier, before → after, SLA, why. */
import { FormattedMessage, useIntl } from "react-intl";
import { useLocation } from "wouter";
import type { Answer } from "../client.ts";
import { Clamp, type Column, DataTable, Two } from "./data-table.tsx";
import { Quiet } from "./look.tsx";
import { usePriority, useSay } from "./said.ts";
import { StateDot } from "./state-dot.tsx";
import { Ago, Dash, Short, TierTag } from "./words.tsx";

export type Decision = Answer<"get /decisions">["decisions"][number];

const columns: readonly Column<Decision>[] = [
  {
    id: "ticket",
    title: <FormattedMessage id="decision.ticket" />,
    width: "minmax(110px, 0.8fr)",
    cell: (d) => <Two first={`#${d.ticketId}`} second={<Ago at={d.decidedAt} />} />,
  },
  {
    id: "customer",
    title: <FormattedMessage id="decision.customer" />,
    width: "minmax(130px, 1.1fr)",
    cell: (d) => (
      <Two first={<Customer decision={d} />} second={d.tier !== null && <TierTag tier={d.tier} />} />
    ),
  },
  {
    id: "change",
    title: <FormattedMessage id="decision.change" />,
    width: "minmax(150px, 1.2fr)",
    cell: (d) => <Change decision={d} />,
  },
  {
    id: "sla",
    title: <FormattedMessage id="decision.sla" />,
    width: "minmax(150px, 1.2fr)",
    cell: (d) => <Attached decision={d} />,
  },
  {
    id: "why",
    title: <FormattedMessage id="decision.why" />,
    width: "minmax(180px, 1.9fr)",
    cell: (d) => <Why decision={d} />,
  },
];

/** The table; a row opens the ticket's page. */
export function DecisionTable({
  decisions,
  maxHeight = 520,
  onEnd,
}: {
  readonly decisions: readonly Decision[];
  readonly maxHeight?: number;
  readonly onEnd?: () => void;
}) {
  const intl = useIntl();
  const [, go] = useLocation();
  return (
    <DataTable
      label={intl.formatMessage({ id: "decision.list" })}
      columns={columns}
      rows={decisions}
      idOf={(d) => d.id}
      maxHeight={maxHeight}
      rowHeight={64}
      onOpen={(d) => go(`~/console/tickets/${encodeURIComponent(d.ticketId)}`)}
      {...(onEnd === undefined ? {} : { onEnd })}
    />
  );
}

function Customer({ decision: { account } }: { readonly decision: Decision }) {
  if (account !== null) return account.name ?? account.id;
  return (
    <Quiet>
      <FormattedMessage id="decision.noAccount" />
    </Quiet>
  );
}

/** What was written: priority, and group below it, each as before → after where it differs. */
export function Change({ decision }: { readonly decision: Pick<Decision, "before" | "after" | "state"> }) {
  const { before, after, state } = decision;
  const named = usePriority();
  if (state === "left")
    return (
      <Quiet>
        <FormattedMessage id="decision.leftAlone" />
      </Quiet>
    );
  return (
    <Two
      first={
        <>
          <Step from={named(before.priority)} to={named(after.priority)} />
          {state !== "written" && (
            <Quiet>
              {" "}
              <FormattedMessage id={`decision.state.${state}`} />
            </Quiet>
          )}
        </>
      }
      second={<Step from={before.group} to={after.group} />}
    />
  );
}

/** One value, or what it was and what it became. */
export function Step({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const intl = useIntl();
  const none = intl.formatMessage({ id: "value.none" });
  if (from === to) return <span>{to ?? none}</span>;
  return (
    <span>
      <Quiet>{from ?? none}</Quiet> <span aria-hidden="true">→</span> <strong>{to ?? none}</strong>
    </span>
  );
}

/** Did the promised SLA really attach, and until when is the first reply due? */
export function Attached({
  decision,
}: {
  readonly decision: Pick<Decision, "slaPolicy" | "verification" | "firstReplyDueAt">;
}) {
  const { slaPolicy, verification, firstReplyDueAt } = decision;
  if (slaPolicy === null) return <Dash />;
  return (
    <span title={verification?.detail}>
      <Two
        first={
          <>
            {verification !== null && <StateDot state={verification.ok ? "ok" : "fail"} word={false} />}{" "}
            {slaPolicy}
          </>
        }
        second={
          verification === null ? (
            <FormattedMessage id="decision.slaPending" />
          ) : firstReplyDueAt === null ? null : (
            <FormattedMessage id="decision.due" values={{ at: <Short at={firstReplyDueAt} /> }} />
          )
        }
      />
    </span>
  );
}

function Why({ decision }: { readonly decision: Decision }) {
  const say = useSay();
  const words = decision.reasons.map(say).join(" ") || decision.outcome;
  return <Clamp title={words}>{words}</Clamp>;
}
