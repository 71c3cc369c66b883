/** What others measure of accounts, read from a table: account, sentiment, usage, usage_change. */
import { CsvError, parse } from "csv-parse/sync";
import * as z from "zod";
import type { OutsideSignals } from "./health-measures.ts";
import type { WindowProblem } from "./window.ts";

const optional = (low: number, high: number) =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined || text.trim() === "" ? null : Number(text)))
    .refine((value) => value === null || (value >= low && value <= high), `must lie from ${low} to ${high}`);

const row = z.strictObject({
  account: z.string().trim().min(1, "must not be empty"),
  sentiment: optional(0, 100),
  usage: optional(0, 100),
  usage_change: optional(-1, 1_000),
});

const FIX =
  "Give a CSV file with the columns account, sentiment and usage (0 to 100), and usage_change (-0.3 = 30 % less); what is not known stays empty.";

/** Account → signals. The whole file is refused where a line cannot be read: half a file would look like silence. */
export function outsideSignals(text: string): ReadonlyMap<string, OutsideSignals> | WindowProblem {
  const signals = new Map<string, OutsideSignals>();
  try {
    const rows: unknown[] = parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true });
    for (const [i, one] of rows.entries()) {
      const read = row.safeParse(one);
      if (!read.success) {
        const [issue] = read.error.issues;
        return {
          problem: `Line ${i + 2}: ${[...(issue?.path ?? []), issue?.message ?? ""].join(" ")}`,
          fix: FIX,
        };
      }
      const { account, sentiment, usage, usage_change: usageChange } = read.data;
      signals.set(account, { sentiment, usage, usageChange });
    }
  } catch (error) {
    if (error instanceof CsvError) return { problem: error.message, fix: FIX };
    throw error;
  }
  return signals;
}
