/** Several sources: refuses what is unclear about them, and turns the rest into who says what. */
import type { CsvTable, SourcesPolicy, SqlTable } from "./model.ts";
import { entriesOf, type Refusal, refusalOf } from "./policy-crm.ts";
import {
  issueFindings,
  namingKnownKeys,
  type Path,
  pathText,
  problem,
  suggestion,
  valueAt,
} from "./policy-findings.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { csvFile, csvTableOf, sqlFile, sqlTableOf, TABLE_SCHEMAS, tablesIn } from "./policy-tables.ts";

/**
 * Facts that may come from any source, as the policy file names them → as the code does. The parent is always the first
 * source's; the end and kind of a trial come with the status. `name` is the customer's name.
 */
export const FACT_NAMES: Readonly<Record<string, string>> = {
  name: "name",
  plan: "plan",
  arr: "arr",
  contract_start: "contractStart",
  contract_end: "contractEnd",
  addons: "addons",
  owner: "owner",
  tam: "tam",
  status: "status",
  renewal_in_progress: "renewalInProgress",
  domains: "domains",
  standalone: "standalone",
  slack_channel: "slackChannel",
  contacts: "contacts",
};

type Kind = keyof typeof TABLE_SCHEMAS;
const KINDS: readonly Kind[] = ["csv", "sql"];

/** What the sections of files and queries ask for that would be wrong, each with its path. */
export function tableRefusals(raw: unknown): readonly Refusal[] {
  return KINDS.flatMap((kind) => {
    const written = valueAt(raw, ["crm", kind]);
    if (written === undefined) return [];
    return tablesIn(kind, written).flatMap(([name, table]) => {
      const path = name === kind ? ["crm", kind] : ["crm", kind, name.slice(kind.length + 1)];
      return [...factRefusals(table, path), ...schemaRefusals(raw, kind, table, path)];
    });
  });
}

function factRefusals(table: unknown, path: Path): readonly Refusal[] {
  return entriesOf(table).flatMap(([fact, entry]) => {
    const at = [...path, fact];
    if (fact === "label" && entry !== null)
      return [
        {
          path: at,
          finding: problem(
            "crm_source_not_supported",
            at,
            "the tier is never written back to a file or a database",
            "Remove `label` here; the tier is on the help desk's organizations.",
          ),
        },
      ];
    const refusal = refusalOf(fact, entry, at);
    return refusal === null ? [] : [refusal];
  });
}

/** The whole table is left out when it does not fit: half a mapping would read as "empty" for every customer. */
function schemaRefusals(raw: unknown, kind: Kind, table: unknown, path: Path): readonly Refusal[] {
  const refused = factRefusals(table, path).map((one) => one.path.at(-1));
  const rest =
    refused.length === 0
      ? table
      : Object.fromEntries(entriesOf(table).filter(([key]) => !refused.includes(key)));
  const read = TABLE_SCHEMAS[kind].safeParse(rest, { error: namingKnownKeys });
  if (read.success) return [];
  return read.error.issues.flatMap((issue) =>
    issueFindings(raw, issue, path).map((finding) => ({ path, finding })),
  );
}

/** What the `sources` section leaves unclear, each with its path. */
export function sourceRefusals(raw: unknown): readonly Refusal[] {
  const known = declared(raw);
  const order = entriesOf(valueAt(raw, ["sources", "order"]));
  const join = entriesOf(valueAt(raw, ["sources", "join"]));
  const first = firstOf(order, known);
  const named = order.flatMap(([fact, names]) => [
    ...factName(fact, ["sources", "order", fact]),
    ...(Array.isArray(names) ? unknownSource(names, known, ["sources", "order", fact]) : []),
  ]);
  const joined = join.flatMap(([source]) => unknownSource([source], known, ["sources", "join", source]));
  const all = [...named, ...joined];
  return all.length > 0 ? all : unclear(order, join, known, first);
}

function declared(raw: unknown): readonly string[] {
  const crm = valueAt(raw, ["crm"]);
  const tables = KINDS.flatMap((kind) =>
    valueAt(crm, [kind]) === undefined ? [] : tablesIn(kind, valueAt(crm, [kind])).map(([name]) => name),
  );
  return valueAt(crm, ["hubspot"]) === undefined && tables.length > 0 ? tables : ["hubspot", ...tables];
}

function factName(fact: string, path: Path): readonly Refusal[] {
  if (fact === "*" || Object.hasOwn(FACT_NAMES, fact)) return [];
  const message = `${JSON.stringify(fact)} is not a fact`;
  return [
    { path, finding: problem("unknown_key", path, message, suggestion(fact, Object.keys(FACT_NAMES))) },
  ];
}

function unknownSource(names: readonly unknown[], known: readonly string[], path: Path): readonly Refusal[] {
  const other = names.find((name) => typeof name === "string" && !known.includes(name));
  if (other === undefined) return [];
  const message = `${JSON.stringify(other)} is not a source that the crm section describes; there is ${known.join(", ")}`;
  const fix = `Describe it under crm, or use one of: ${known.join(", ")}.`;
  return [{ path, finding: problem("crm_source_not_supported", path, message, fix) }];
}

type Entries = readonly (readonly [string, unknown])[];

function firstOf(order: Entries, known: readonly string[]): string | null {
  const others = order.find(([fact]) => fact === "*")?.[1];
  if (Array.isArray(others) && typeof others[0] === "string") return others[0];
  return known.length === 1 ? (known[0] ?? null) : null;
}

function unclear(
  order: Entries,
  join: Entries,
  known: readonly string[],
  first: string | null,
): readonly Refusal[] {
  const at = (path: Path, message: string, fix: string): Refusal => ({
    path,
    finding: problem("sources_unclear", path, message, fix),
  });
  if (first === null)
    return [
      at(
        ["sources"],
        `there are several sources (${known.join(", ")}) and none is said to define the set of accounts`,
        `Add sources: {order: {"*": [${known[0] ?? "hubspot"}, …]}} with every source that may fill a gap.`,
      ),
    ];
  const used = new Set(order.flatMap(([, names]) => (Array.isArray(names) ? names.map(String) : [])));
  const joins = new Set(join.map(([source]) => source));
  const unjoined = known.filter((name) => name !== first && used.has(name) && !joins.has(name));
  const unused = known.filter((name) => name !== first && !used.has(name));
  return [
    ...unjoined.map((name) =>
      at(
        ["sources"],
        `nothing says which record of ${name} belongs to which record of ${first}`,
        `Add sources.join: {${name}: …} with the property of ${name} that holds the id of the ${first} record.`,
      ),
    ),
    ...unused.map((name) =>
      at(["sources"], `${name} is described and no fact is read from it`, `Name ${name} in sources.order.`),
    ),
    ...(joins.has(first)
      ? [
          at(
            ["sources", "join", first],
            `${first} defines the accounts, so it is not joined to anything`,
            `Remove ${pathText(["sources", "join", first])}.`,
          ),
        ]
      : []),
  ];
}

/** Source name → how its file or query is read. */
export function tablesOf(file: PolicyFile): Readonly<Record<string, CsvTable | SqlTable>> {
  const csv = tablesIn("csv", file.crm.csv).map(([name, one]) => {
    const read = csvFile.safeParse(one);
    return [name, read.success ? csvTableOf(read.data) : null] as const;
  });
  const sql = tablesIn("sql", file.crm.sql).map(([name, one]) => {
    const read = sqlFile.safeParse(one);
    return [name, read.success ? sqlTableOf(read.data) : null] as const;
  });
  return Object.fromEntries(
    [...csv, ...sql].flatMap(([name, table]) => (table === null ? [] : [[name, table] as const])),
  );
}

/** Who says what. A policy with one source needs no `sources` section. */
export function sourcesOf(file: PolicyFile): SourcesPolicy {
  const tables = Object.keys(tablesOf(file));
  const fallback = file.crm.hubspot === undefined && tables.length > 0 ? (tables[0] ?? "hubspot") : "hubspot";
  const { "*": others = [fallback], ...facts } = file.sources.order;
  const order = Object.entries(facts).map(
    ([fact, names]) => [FACT_NAMES[fact] ?? fact, [...new Set(names)]] as const,
  );
  return {
    first: others[0] ?? fallback,
    join: file.sources.join,
    order: Object.fromEntries(order),
    others: [...new Set(others)],
  };
}
