/** What a database answers, as the text the core reads: no float ever comes between. */
import { z } from "zod";

/** One column of an answer; `type` is the database's own number or name for it. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** Rows as text; null = NULL. */
export interface Answer {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A database that answers one SELECT at a time. */
export interface Engine {
  readonly kind: "postgres" | "sqlite";
  /** @throws Paused, TryAgain or NeedsAdmin */
  ask(sql: string, params: readonly (string | number | null)[]): Promise<Answer>;
  close(): Promise<void>;
}

/** What the reading process sends back. */
export const reply = z.union([
  z.object({
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(z.string().nullable())),
  }),
  z.object({ failed: z.string(), code: z.string() }),
]);

/** Numbers of PostgreSQL's types (pg_type.dat, remembered, not verified; the tests prove them on a server). */
export const POSTGRES_TYPES = {
  boolean: "16",
  int8: "20",
  int2: "21",
  int4: "23",
  uuid: "2950",
  textArray: "1009",
  varcharArray: "1015",
  date: "1082",
  timestamp: "1114",
  timestamptz: "1184",
} as const;

/**
 * A PostgreSQL text value as the core reads it: `t` → true, a zone of two digits gets its minutes, a list of texts is
 * separated by semicolons. Amounts and days stay as they are.
 */
export function plainText(value: string | null, type: string): string | null {
  if (value === null) return null;
  switch (type) {
    case POSTGRES_TYPES.boolean:
      return value === "t" ? "true" : value === "f" ? "false" : value;
    case POSTGRES_TYPES.timestamptz:
      return value.replace(/([+-]\d{2})$/, "$1:00");
    case POSTGRES_TYPES.textArray:
    case POSTGRES_TYPES.varcharArray:
      return elements(value).join(";");
    default:
      return value;
  }
}

/** `{a,"b c"}` → a, b c. */
function elements(array: string): readonly string[] {
  return [...array.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)]
    .map(([, quoted, bare]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "")
    .filter((one) => one !== "NULL" && one !== "");
}
