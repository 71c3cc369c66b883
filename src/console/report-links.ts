/** Where the rows of a report lead to in the console: the account's page, the ticket's, or the list behind a number. */
import type { QualityId } from "../report/quality-lines.ts";
import { type ShownPart, wordsOf } from "../report/shown.ts";

/** The column that carries the links, and for each row its place in the console; null = it leads nowhere. */
export interface RowLinks {
  readonly column: number;
  readonly paths: readonly (string | null)[];
}

/** Links of a part; null = its rows lead nowhere. */
export function linksOf(part: ShownPart): RowLinks | null {
  const { id, table, data } = part;
  if (id === "names") return recordLinks(part);
  if (data.length !== table.rows.length) return null;
  if (id === "lines") return { column: 0, paths: data.map(({ line }) => LISTS[String(line)] ?? null) };
  const column = table.head.indexOf("Account");
  if (column < 0) return null;
  return {
    column,
    paths: data.map(({ account }) => (typeof account === "string" ? pathOf("customers", account) : null)),
  };
}

/** The list behind each number of the data-quality report. */
const BEHIND: Readonly<Record<QualityId, string>> = {
  unmatched_tickets: "/tickets",
  in_review: "/customers/review",
  stale_facts: "/customers",
  drift: "/customers",
  overrides_ending: "/customers/movements",
  organizations_without_account: "/customers/review",
  domains_twice: "/customers/review",
  no_tam: "/customers/review",
  failed_writes: "/tickets/failed",
  write_delay: "/tickets",
};
const LISTS: Readonly<Record<string, string>> = BEHIND;

/** What the records of a line are, where they have pages of their own. */
const RECORDS: Readonly<Partial<Record<QualityId, "customers" | "tickets">>> = {
  unmatched_tickets: "tickets",
  write_delay: "tickets",
  in_review: "customers",
  stale_facts: "customers",
  no_tam: "customers",
};

/** The page shows the first records of each line, spreadsheets get more: a record is found by its id. */
function recordLinks({ table, data }: ShownPart): RowLinks {
  const kinds: Readonly<Record<string, "customers" | "tickets" | undefined>> = RECORDS;
  const known = new Map(data.map(({ id, line }) => [String(id), kinds[String(line)]] as const));
  const column = table.head.indexOf("Record");
  return {
    column,
    paths: table.rows.map((row) => {
      const id = wordsOf(row[column] ?? "");
      const kind = known.get(id);
      return kind === undefined ? null : pathOf(kind, id);
    }),
  };
}

function pathOf(kind: "customers" | "tickets", id: string): string {
  return `/${kind}/${encodeURIComponent(id)}`;
}
