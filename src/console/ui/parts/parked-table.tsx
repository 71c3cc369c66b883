/** Deliveries that wait for a person: why, what to do, and putting one back to work. */
import { FormattedMessage, useIntl } from "react-intl";
import { Link } from "wouter";
import type { Answer } from "../client.ts";
import { Clamp, type Column, DataTable, Two } from "./data-table.tsx";
import { Replay } from "./replay.tsx";
import { Ago } from "./words.tsx";

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

/** The table. */
export function ParkedTable({ parked }: { readonly parked: readonly Parked[] }) {
  const intl = useIntl();
  return (
    <DataTable
      label={intl.formatMessage({ id: "parked.list" })}
      columns={columns}
      rows={parked}
      idOf={(one) => one.id}
      rowHeight={64}
    />
  );
}

function What({ one }: { readonly one: Parked }) {
  if (one.ticketId === null)
    return <FormattedMessage id="parked.accounts" values={{ accounts: one.accountIds.length }} />;
  return <Link href={`~/console/tickets/${encodeURIComponent(one.ticketId)}`}>#{one.ticketId}</Link>;
}
