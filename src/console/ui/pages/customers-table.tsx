/** Customers in rows: name, tier and its basis, ARR, contract end, whether the help desk knows them. */
import { FormattedMessage, useIntl } from "react-intl";
import { useLocation } from "wouter";
import type { Answer } from "../client.ts";
import { useColumns } from "../parts/columns-seen.ts";
import { type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Quiet } from "../parts/look.tsx";
import { useSay } from "../parts/said.ts";
import { Ago, Amount, Dash, Day, TierTag } from "../parts/words.tsx";

export type Customer = Answer<"get /customers">["customers"][number];

const columns: readonly Column<Customer>[] = [
  {
    id: "name",
    title: <FormattedMessage id="customers.name" />,
    width: "minmax(180px, 1.5fr)",
    cell: ({ account }) => <Two first={account.name ?? account.id} second={account.id} />,
  },
  {
    id: "tier",
    title: <FormattedMessage id="tickets.tier" />,
    width: "minmax(150px, 1.2fr)",
    cell: ({ tier, basisSaid }) =>
      tier === null ? <Dash /> : <Two first={<TierTag tier={tier} />} second={<Basis said={basisSaid} />} />,
  },
  {
    id: "contract",
    title: <FormattedMessage id="customers.contractEnd" />,
    width: "minmax(135px, 0.9fr)",
    cell: ({ contractEnd, status }) => (
      <Two first={contractEnd === null ? <Dash /> : <Day on={contractEnd} />} second={status} />
    ),
  },
  {
    id: "desk",
    title: <FormattedMessage id="customers.organization" />,
    width: "minmax(130px, 0.8fr)",
    cell: ({ organizationId }) =>
      organizationId ?? (
        <Quiet>
          <FormattedMessage id="customers.noOrganization" />
        </Quiet>
      ),
  },
  {
    id: "age",
    title: <FormattedMessage id="ticket.confirmed" />,
    width: "minmax(120px, 0.7fr)",
    cell: ({ factsAt }) => (
      <Quiet>{factsAt === null ? <FormattedMessage id="age.never" /> : <Ago at={factsAt} />}</Quiet>
    ),
  },
  {
    id: "arr",
    title: <FormattedMessage id="customers.arr" />,
    width: "minmax(110px, 0.7fr)",
    numeric: true,
    cell: ({ arr }) => <Amount money={arr} />,
  },
];

function Basis({ said }: { readonly said: Customer["basisSaid"] }) {
  const say = useSay();
  return said === null ? null : say(said);
}

/** The table; a row opens the customer's page. */
export function CustomerTable({
  label,
  customers,
  maxHeight = 400,
  onEnd,
}: {
  readonly label: string;
  readonly customers: readonly Customer[];
  readonly maxHeight?: number;
  readonly onEnd?: () => void;
}) {
  const open = useOpenCustomer();
  const seen = useColumns(columns);
  return (
    <DataTable
      label={label}
      columns={seen}
      rows={customers}
      idOf={({ account }) => account.id}
      rowHeight={60}
      maxHeight={maxHeight}
      onOpen={({ account }) => open(account.id)}
      {...(onEnd === undefined ? {} : { onEnd })}
    />
  );
}

/** Goes to a customer's page from anywhere within Customers. */
export function useOpenCustomer(): (id: string) => void {
  const [, go] = useLocation();
  return (id) => go(`/${encodeURIComponent(id)}`);
}

/** How many there are, in a heading. */
export function Counted({ id, of }: { readonly id: string; readonly of: readonly unknown[] }) {
  const intl = useIntl();
  return (
    <h2>
      <FormattedMessage id={id} /> <Quiet>{intl.formatNumber(of.length)}</Quiet>
    </h2>
  );
}
