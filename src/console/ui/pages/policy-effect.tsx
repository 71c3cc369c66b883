/** What a draft would do to today's accounts: who goes up, who goes down, and what it costs. */
import { FormattedMessage, useIntl } from "react-intl";
import { Link } from "wouter";
import type { Answer } from "../client.ts";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { Empty } from "../parts/states.tsx";
import { Amount, Dash, TierTag } from "../parts/words.tsx";

type Preview = Answer<"post /policy/preview">;
type Mover = Preview["up"]["accounts"][number];

const columns: readonly Column<Mover>[] = [
  {
    id: "account",
    title: <FormattedMessage id="policy.account" />,
    width: "minmax(160px, 2fr)",
    cell: (one) => one.account.name ?? one.account.id,
  },
  {
    id: "from",
    title: <FormattedMessage id="policy.from" />,
    width: "minmax(120px, 1fr)",
    cell: (one) => <TierTag tier={one.from} />,
  },
  {
    id: "to",
    title: <FormattedMessage id="policy.to" />,
    width: "minmax(120px, 1fr)",
    cell: (one) => <TierTag tier={one.to} />,
  },
  {
    id: "arr",
    title: <FormattedMessage id="policy.arr" />,
    width: "120px",
    numeric: true,
    cell: (one) => <Amount money={one.arr} />,
  },
  {
    id: "open",
    title: <FormattedMessage id="policy.open" />,
    width: "110px",
    numeric: true,
    cell: (one) => one.openTickets ?? <Dash />,
  },
];

interface EffectProps {
  readonly preview: Preview;
  /** What a changed mapping does is worked out elsewhere: says where. */
  readonly seeMapping?: boolean;
}

/** Down first: it is what somebody may regret. */
export function Effect({ preview, seeMapping = false }: EffectProps) {
  const { up, down, cost, accounts, restartNeeded } = preview;
  return (
    <Panel>
      <Stack $gap="sm">
        {up.count + down.count === 0 && <Empty title={<FormattedMessage id="policy.none" />} />}
        <Movers id="policy.down" movers={down} />
        <Movers id="policy.up" movers={up} />
        {restartNeeded.length > 0 && (
          <FormattedMessage id="policy.restart" values={{ sections: restartNeeded.join(", ") }} />
        )}
        {seeMapping && restartNeeded.includes("crm") && (
          <span>
            <FormattedMessage
              id="policy.seeMapping"
              values={{ link: (text) => <Link href="~/console/mapping">{text}</Link> }}
            />
          </span>
        )}
        <Quiet>
          <FormattedMessage
            id="policy.cost"
            values={{ accounts, calls: cost.calls, minutes: Math.ceil(cost.minutes) }}
          />
        </Quiet>
      </Stack>
    </Panel>
  );
}

function Movers({
  id,
  movers,
}: {
  readonly id: "policy.up" | "policy.down";
  readonly movers: Preview["up"];
}) {
  const intl = useIntl();
  if (movers.count === 0) return null;
  const title = intl.formatMessage({ id }, { count: movers.count });
  return (
    <Stack $gap="xs">
      <Row>
        <h2>{title}</h2>
        {movers.arr.map((money) => (
          <Quiet key={money.currency}>
            <Amount money={money} />
          </Quiet>
        ))}
      </Row>
      <DataTable
        label={title}
        columns={columns}
        rows={movers.accounts}
        idOf={(one) => one.account.id}
        maxHeight={320}
      />
    </Stack>
  );
}
