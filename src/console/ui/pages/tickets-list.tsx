/** Every decision, newest first: filtered, live at the top, and as far back as somebody scrolls. */
import { FormattedMessage } from "react-intl";
import { useSearchParams } from "wouter";
import { DecisionTable } from "../parts/decision-table.tsx";
import { Stack } from "../parts/look.tsx";
import { Empty, Failed, Loading, Shown } from "../parts/states.tsx";
import { useDecisions } from "./tickets-decisions.ts";
import { type Filters, filtersOf, isFiltered, TicketFilters } from "./tickets-filters.tsx";
import { TicketsHead } from "./tickets-head.tsx";

/** The page. Its filters stand in the address, so that a list can be passed on. */
export function TicketList() {
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  return (
    <Stack>
      <TicketsHead />
      <TicketFilters filters={filters} onChange={(next) => setSearch(asSearch(next), { replace: true })} />
      <Decisions key={JSON.stringify(filters)} filters={filters} />
    </Stack>
  );
}

function asSearch(filters: Filters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function Decisions({ filters }: { readonly filters: Filters }) {
  const { newest, rows, older } = useDecisions(filters);
  return (
    <Shown asked={newest} lines={10}>
      {() => (
        <Stack $gap="sm">
          {rows === null ? (
            <Loading lines={10} />
          ) : rows.length === 0 ? (
            <Nothing filtered={isFiltered(filters)} />
          ) : (
            <DecisionTable decisions={rows} maxHeight={720} onEnd={older.ask} />
          )}
          {older.error !== null && <Failed error={older.error} again={older.ask} />}
        </Stack>
      )}
    </Shown>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  const id = filtered ? "tickets.noneFits" : "overview.noDecisions";
  return (
    <Empty title={<FormattedMessage id={id} />}>
      <FormattedMessage id={`${id}Why`} />
    </Empty>
  );
}
