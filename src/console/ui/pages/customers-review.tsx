/** What a person should look at: agents' reports, doubtful facts, and the two mismatches of paying and serving. */
import { Anchor } from "@zendeskgarden/react-buttons";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Link } from "wouter";
import { type Answer, call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Clamp, type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Quiet, Stack } from "../parts/look.tsx";
import { useSay } from "../parts/said.ts";
import { Shown } from "../parts/states.tsx";
import { Ago, TierTag } from "../parts/words.tsx";
import { CustomersHead } from "./customers-head.tsx";
import { Counted, CustomerTable, useOpenCustomer } from "./customers-table.tsx";

type Reviews = Answer<"get /reviews">;
type Report = Reviews["reports"][number];
type Item = Reviews["items"][number];
type Unpaid = Reviews["servedNotPaid"][number];

/** The page. */
export function ReviewPage() {
  const intl = useIntl();
  const asked = useAnswer("get /reviews", {}, { everyMs: 60_000 });
  return (
    <Stack>
      <CustomersHead />
      <Shown asked={asked} lines={10}>
        {({ reports, items, paidNotServed, servedNotPaid }) => (
          <Stack $gap="lg">
            <Part id="review.reports" of={reports}>
              <Reports reports={reports} />
            </Part>
            <Part id="review.items" of={items}>
              <Items items={items} />
            </Part>
            <Part id="review.paidNotServed" of={paidNotServed}>
              <CustomerTable
                label={intl.formatMessage({ id: "review.paidNotServed" })}
                customers={paidNotServed}
              />
            </Part>
            <Part id="review.servedNotPaid" of={servedNotPaid}>
              <Unpaids organizations={servedNotPaid} />
            </Part>
          </Stack>
        )}
      </Shown>
    </Stack>
  );
}

function What({ item }: { readonly item: Item }) {
  const words = useSay()(item);
  return <Clamp title={words}>{words}</Clamp>;
}

/** A heading with its count, what it means, and the list if there is anything in it. */
function Part({
  id,
  of,
  children,
}: {
  readonly id: string;
  readonly of: readonly unknown[];
  readonly children: ReactNode;
}) {
  return (
    <Stack $gap="xs">
      <Counted id={id} of={of} />
      <Quiet>
        <FormattedMessage id={of.length === 0 ? `${id}None` : `${id}Means`} />
      </Quiet>
      {of.length > 0 && children}
    </Stack>
  );
}

const reportColumns: readonly Column<Report>[] = [
  {
    id: "ticket",
    title: <FormattedMessage id="decision.ticket" />,
    width: "minmax(110px, 0.6fr)",
    cell: ({ ticketId, at }) => (
      <Two
        first={<Link href={`~/console/tickets/${encodeURIComponent(ticketId)}`}>#{ticketId}</Link>}
        second={<Ago at={at} />}
      />
    ),
  },
  {
    id: "customer",
    title: <FormattedMessage id="decision.customer" />,
    width: "minmax(150px, 1fr)",
    cell: ({ account }) =>
      account === null ? (
        <FormattedMessage id="decision.noAccount" />
      ) : (
        <Link href={`/${encodeURIComponent(account.id)}`}>{account.name ?? account.id}</Link>
      ),
  },
  {
    id: "note",
    title: <FormattedMessage id="review.note" />,
    width: "minmax(200px, 2.5fr)",
    cell: ({ note }) => <Clamp title={note}>{note}</Clamp>,
  },
  {
    id: "by",
    title: <FormattedMessage id="review.by" />,
    width: "minmax(140px, 1fr)",
    cell: ({ reportedBy }) => reportedBy,
  },
  { id: "close", title: null, width: "120px", cell: (one) => <CloseReport report={one} /> },
];

function Reports({ reports }: { readonly reports: readonly Report[] }) {
  const intl = useIntl();
  return (
    <DataTable
      label={intl.formatMessage({ id: "review.reports" })}
      columns={reportColumns}
      rows={reports}
      idOf={(one) => one.id}
      rowHeight={60}
      maxHeight={400}
    />
  );
}

function CloseReport({ report: { id, ticketId } }: { readonly report: Report }) {
  const session = useAnswer("get /session", {});
  if (session.data?.role !== "admin") return null;
  return (
    <AskFirst
      label={<FormattedMessage id="review.close" />}
      title={<FormattedMessage id="review.close.ask" values={{ ticketId }} />}
      run={() => call("post /reports/{id}/close", { params: { id } })}
      outdates={["get /reviews", "get /overview"]}
    >
      <FormattedMessage id="review.close.means" />
    </AskFirst>
  );
}

const itemColumns: readonly Column<Item>[] = [
  {
    id: "customer",
    title: <FormattedMessage id="decision.customer" />,
    width: "minmax(180px, 1.2fr)",
    cell: ({ account }) => <Two first={account.name ?? account.id} second={account.id} />,
  },
  {
    id: "what",
    title: <FormattedMessage id="review.what" />,
    width: "minmax(220px, 2fr)",
    cell: (item) => <What item={item} />,
  },
  {
    id: "detail",
    title: <FormattedMessage id="review.detail" />,
    width: "minmax(180px, 1.5fr)",
    cell: ({ detail }) => <Clamp title={detail}>{detail}</Clamp>,
  },
  {
    id: "since",
    title: <FormattedMessage id="review.since" />,
    width: "minmax(125px, 0.7fr)",
    cell: ({ since }) => <Ago at={since} />,
  },
];

function Items({ items }: { readonly items: readonly Item[] }) {
  const intl = useIntl();
  const open = useOpenCustomer();
  return (
    <DataTable
      label={intl.formatMessage({ id: "review.items" })}
      columns={itemColumns}
      rows={items}
      idOf={(one) => `${one.account.id} ${one.code} ${one.detail}`}
      rowHeight={60}
      maxHeight={400}
      onOpen={({ account }) => open(account.id)}
    />
  );
}

const unpaidColumns: readonly Column<Unpaid>[] = [
  {
    id: "organization",
    title: <FormattedMessage id="customers.organization" />,
    width: "minmax(200px, 2fr)",
    cell: ({ name, organizationId, url }) => (
      <Two
        first={
          url === null ? (
            name
          ) : (
            <Anchor href={url} isExternal target="_blank" rel="noreferrer">
              {name}
            </Anchor>
          )
        }
        second={organizationId}
      />
    ),
  },
  {
    id: "tier",
    title: <FormattedMessage id="tickets.tier" />,
    width: "minmax(140px, 1fr)",
    cell: ({ tier }) => <TierTag tier={tier} />,
  },
];

function Unpaids({ organizations }: { readonly organizations: readonly Unpaid[] }) {
  const intl = useIntl();
  return (
    <DataTable
      label={intl.formatMessage({ id: "review.servedNotPaid" })}
      columns={unpaidColumns}
      rows={organizations}
      idOf={(one) => one.organizationId}
      rowHeight={56}
      maxHeight={400}
    />
  );
}
