/** Changes that the brake holds: who would lose what, and accepting or refusing them. */
import { Notification } from "@zendeskgarden/react-notifications";
import { Fragment, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { type Answer, useAnswer } from "../client.ts";
import { useColumns } from "../parts/columns-seen.ts";
import { type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Ago, Amount, productName } from "../parts/words.tsx";
import { CustomersHead } from "./customers-head.tsx";
import { useOpenCustomer } from "./customers-table.tsx";
import { Decide, type Decided } from "./held-decide.tsx";
import { TierStep } from "./tier-step.tsx";

type Run = Answer<"get /guard">["runs"][number];
type Demotion = Run["demotions"][number];

const columns: readonly Column<Demotion>[] = [
  {
    id: "customer",
    title: <FormattedMessage id="decision.customer" />,
    width: "minmax(180px, 1.5fr)",
    cell: ({ account }) => <Two first={account.name ?? account.id} second={account.id} />,
  },
  {
    id: "change",
    title: <FormattedMessage id="held.change" />,
    width: "minmax(240px, 1.5fr)",
    cell: (one) => <TierStep from={one.from} to={one.to} />,
  },
  {
    id: "because",
    title: <FormattedMessage id="held.because" />,
    width: "minmax(180px, 1.3fr)",
    cell: ({ because, change }) => (
      <Two first={<FormattedMessage id={`held.because.${change}`} />} second={because} />
    ),
  },
  {
    id: "arr",
    title: <FormattedMessage id="customers.arr" />,
    width: "minmax(120px, 0.7fr)",
    numeric: true,
    cell: ({ arr }) => <Amount money={arr} />,
  },
];

/** The page. */
export function HeldChanges() {
  const held = useAnswer("get /guard", {}, { everyMs: 30_000 });
  const [decided, setDecided] = useState<Decided | null>(null);
  return (
    <Stack>
      <CustomersHead />
      {decided !== null && (
        <Notification type="success" role="status">
          <FormattedMessage id={`held.${decided.decided}`} values={{ records: decided.records }} />
        </Notification>
      )}
      <Shown asked={held}>
        {({ runs }) =>
          runs.length === 0 ? (
            <Empty title={<FormattedMessage id="held.none" />}>
              <FormattedMessage id="held.noneWhy" />
            </Empty>
          ) : (
            runs.map((run) => <HeldRun key={run.runId} run={run} onDecided={setDecided} />)
          )
        }
      </Shown>
    </Stack>
  );
}

interface RunProps {
  readonly run: Run;
  readonly onDecided: (decided: Decided) => void;
}

function HeldRun({ run, onDecided }: RunProps) {
  const intl = useIntl();
  const open = useOpenCustomer();
  const seen = useColumns(columns);
  return (
    <Panel>
      <Stack $gap="sm">
        <Row>
          <h2>
            <FormattedMessage
              id="held.title"
              values={{ records: run.records, name: productName(run.source) }}
            />
          </h2>
          <Quiet>
            <FormattedMessage id="held.since" values={{ ago: <Ago at={run.heldSince} /> }} />
          </Quiet>
        </Row>
        <p>{run.reason}</p>
        <Row>
          <span>
            <FormattedMessage id="held.loses" values={{ accounts: run.demotions.length }} />
          </span>
          {run.arr.length > 0 && (
            <strong>
              {run.arr.map((money, i) => (
                <Fragment key={money.currency ?? "?"}>
                  {i > 0 && " + "}
                  <Amount money={money} />
                </Fragment>
              ))}
            </strong>
          )}
        </Row>
        <DataTable
          label={intl.formatMessage({ id: "held.list" })}
          columns={seen}
          rows={run.demotions}
          idOf={({ account }) => account.id}
          rowHeight={56}
          maxHeight={420}
          onOpen={({ account }) => open(account.id)}
        />
        <Decide run={run} onDecided={onDecided} />
      </Stack>
    </Panel>
  );
}
