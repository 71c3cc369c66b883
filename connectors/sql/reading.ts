/** What every question to a source needs to know. */
import { createHash } from "node:crypto";
import type { SqlTable } from "../../src/policy/model.ts";
import type { Client } from "./client.ts";
import type { statementsFor } from "./statements.ts";

export interface SqlOptions {
  /** Name of the source: `sql`, or `sql.warehouse`. */
  readonly source: string;
  readonly url: () => string;
  readonly table: SqlTable;
  /** Columns that anybody will ask for. */
  readonly columns: readonly string[];
  /** The fewest rows a person has agreed to; null = nobody has. */
  readonly approvedRows: () => number | null;
  /** Name of the setting that holds it. */
  readonly approval: string;
}

/** Rows a page; also how many keys are asked for at once. */
export const PAGE = 1_000;
/** One source with its statements. */
export interface Reading {
  readonly client: Client;
  readonly options: SqlOptions;
  readonly wanted: readonly string[];
  readonly statements: () => ReturnType<typeof statementsFor>;
}

/** Stamp of a row without a change column: equal = nothing that anybody asks for has changed. */
export function hashOf(columns: readonly string[], cells: readonly (string | null | undefined)[]): string {
  const values = columns.map((_column, at) => cells[at] ?? null);
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 27);
}
