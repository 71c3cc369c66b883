/** Schema of the tables that can stand in for a CRM: files, and queries on a database. */
import * as z from "zod";
import type { CsvTable, SqlTable } from "./model.ts";
import { fact, factSource, moneyDetails, statusMap } from "./policy-fact-sources.ts";
import { section, text } from "./policy-parts.ts";

const facts = {
  plan: fact("What they bought."),
  arr: factSource("Annual recurring revenue you have with them.", moneyDetails),
  contract_start: fact("First day of the contract."),
  contract_end: fact("Last day of the contract."),
  addons: fact("Add-on SKUs, separated by semicolons."),
  owner: fact("E-mail of the account owner."),
  tam: fact("E-mail of the technical account manager."),
  status: factSource("Commercial status.", { map: statusMap }),
  trial_end: fact("Last day of a trial."),
  poc: fact("Whether a trial is a proof of concept."),
  renewal_in_progress: fact("Whether a renewal is being negotiated."),
  parent: fact("Key of the parent company. Default: nobody has one."),
  domains: z.array(text).optional().describe("Columns that hold mail domains. Default: none."),
  standalone: fact("Whether the company stands for itself."),
  slack_channel: fact("https address of the channel shared with the customer. Shown to agents only."),
  contacts: fact(
    "E-mail addresses of the people entitled to raise tickets, separated by semicolons. Shown to agents only.",
  ),
  label: z.null().optional().describe("Nothing is written to a table: leave it out."),
};

const common = {
  key: text.describe("Column that holds the account's id; it never changes and never repeats."),
  name: text.nullable().default(null).describe("Column that holds the customer's name."),
};

const DELIMITERS = [",", ";", "\t", "|"] as const;

/** One file or folder of files. */
export const csvFile = section("Fact → column of a file with a header row; the path is in CSV_PATH.", {
  ...common,
  encoding: z
    .enum(["auto", "utf-8", "utf-16le", "windows-1252"])
    .default("auto")
    .describe("How the file's characters are written. Default: found out."),
  delimiter: z
    .enum(["auto", "tab", ...DELIMITERS])
    .default("auto")
    .describe("What stands between two columns. Default: found out from the header row."),
  ...facts,
});

/** One query, table or view. */
export const sqlFile = section("Fact → column of a query; the database is in SQL_URL.", {
  ...common,
  query: text.optional().describe("One SELECT without parameters. Or name a table."),
  table: text.optional().describe("Name of a table or view, with its schema where needed. Or write a query."),
  updated_at: text
    .nullable()
    .default(null)
    .describe(
      "Column that moves whenever a row changes. Default: none, every row is compared at every sync.",
    ),
  ...facts,
}).refine(({ query, table }) => (query === undefined) !== (table === undefined), {
  error: "must name either a query or a table",
});

const named = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,30}$/, "must be lower-case letters, digits and _, and begin with a letter");

/** One table, or several by name: `sql: {warehouse: {…}}` is the source `sql.warehouse`. */
export const csvFiles = z.union([csvFile, z.record(named, csvFile)]);
/** The same for queries. */
export const sqlFiles = z.union([sqlFile, z.record(named, sqlFile)]);

/** The connectors whose section describes tables. */
export const TABLE_SCHEMAS = { csv: csvFile, sql: sqlFile } as const;

export type TableKind = keyof typeof TABLE_SCHEMAS;
type CsvFile = z.output<typeof csvFile>;
type SqlFile = z.output<typeof sqlFile>;

/** The parts of a section by source name: `sql` itself, or `sql.warehouse` and its likes. */
export function tablesIn(kind: TableKind, written: unknown): readonly (readonly [string, unknown])[] {
  if (written === null || typeof written !== "object" || Array.isArray(written)) return [[kind, written]];
  const entries = Object.entries(written);
  const own = Object.keys(TABLE_SCHEMAS[kind].shape);
  const isNamed = entries.every(
    ([name, one]) => typeof one === "object" && one !== null && !own.includes(name),
  );
  if (!isNamed || entries.length === 0) return [[kind, written]];
  return entries.map(([name, one]) => [`${kind}.${name}`, one] as const);
}

/** How one file is read. */
export function csvTableOf(file: CsvFile): CsvTable {
  const { key, name, encoding, delimiter } = file;
  return {
    kind: "csv",
    key,
    name,
    encoding: encoding === "auto" ? null : encoding,
    delimiter: delimiter === "auto" ? null : delimiter === "tab" ? "\t" : delimiter,
  };
}

/** How one query is read. */
export function sqlTableOf(file: SqlFile): SqlTable {
  const from = file.query === undefined ? { table: file.table ?? "" } : { query: file.query };
  return { kind: "sql", from, key: file.key, name: file.name, updatedAt: file.updated_at };
}
