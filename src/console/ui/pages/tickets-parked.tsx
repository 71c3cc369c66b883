/** Deliveries that could not be settled by themselves: why, what to do, and putting them back to work. */
import { FormattedMessage, useIntl } from "react-intl";
import { Link } from "wouter";
import { type Answer, call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Clamp, type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Row, Stack } from "../parts/look.tsx";
import { Replay } from "../parts/replay.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Ago } from "../parts/words.tsx";
import { TicketsHead } from "./tickets-head.tsx";

type Parked = Answer<"get /deliveries/parked">["parked"][number];

const columns: readonly Column<Parked>[] = [
  {
    id: "what",
    title: <FormattedMessage id="parked.what" />,
    width: "minmax(120px, 0.7fr)",
    cell: (one) => <Two first={<What one={one} />} second={<Ago at={one.receivedAt} />} />,
  },
  {
    id: "why",
    title: <FormattedMessage id="parked.why" />,
    width: "minmax(180px, 2fr)",
    cell: (one) => <Clamp title={one.reason}>{one.reason}</Clamp>,
  },
  {
    id: "fix",
    title: <FormattedMessage id="parked.fix" />,
    width: "minmax(180px, 2fr)",
    cell: (one) => <Clamp title={one.fix}>{one.fix}</Clamp>,
  },
  {
    id: "tries",
    title: <FormattedMessage id="parked.tries" />,
    width: "80px",
    numeric: true,
    cell: (one) => one.attempts,
  },
  { id: "replay", title: null, width: "130px", cell: (one) => <Replay id={one.id} /> },
];

/** The page. */
export function ParkedDeliveries() {
  const intl = useIntl();
  const parked = useAnswer("get /deliveries/parked", {}, { everyMs: 30_000 });
  return (
    <Stack>
      <TicketsHead />
      <Shown asked={parked}>
        {(answer) =>
          answer.total === 0 ? (
            <Empty title={<FormattedMessage id="parked.none" />}>
              <FormattedMessage id="parked.noneWhy" />
            </Empty>
          ) : (
            <Stack $gap="sm">
              <Row>
                <FormattedMessage id="parked.about" values={{ total: answer.total }} />
                <ReplayAll total={answer.total} />
              </Row>
              <DataTable
                label={intl.formatMessage({ id: "parked.list" })}
                columns={columns}
                rows={answer.parked}
                idOf={(one) => one.id}
                rowHeight={64}
              />
            </Stack>
          )
        }
      </Shown>
    </Stack>
  );
}

function What({ one }: { readonly one: Parked }) {
  if (one.ticketId === null)
    return <FormattedMessage id="parked.accounts" values={{ accounts: one.accountIds.length }} />;
  return <Link href={`/${encodeURIComponent(one.ticketId)}`}>#{one.ticketId}</Link>;
}

function ReplayAll({ total }: { readonly total: number }) {
  const session = useAnswer("get /session", {});
  if (session.data?.role !== "admin") return null;
  return (
    <AskFirst
      label={<FormattedMessage id="parked.replayAll" />}
      title={<FormattedMessage id="parked.replayAll.ask" values={{ total }} />}
      run={() => call("post /deliveries/replay", { body: { id: null } })}
    >
      <FormattedMessage id="parked.replayAll.means" />
    </AskFirst>
  );
}
