/** Files as a CRM: one row is one account; nothing is written back. */
import { z } from "zod";

export { openCsv } from "./crm.ts";
export type { CsvOptions } from "./snapshot.ts";

/** Name of this connector in ids, settings and ledger. */
export const name = "csv";

/** The connector's settings; the README's table is generated from the descriptions. */
export const settings = z.object({
  CSV_PATH: z
    .string()
    .min(1)
    .optional()
    .describe(
      "File, or folder of .csv, .tsv and .txt files, that the policy's `crm: csv:` reads; for a named one (`csv: billing:`) `BILLING_CSV_PATH`",
    ),
  CSV_APPROVED_ROWS: z
    .string()
    .regex(/^\d+$/, "must be a number of rows")
    .optional()
    .describe(
      "The fewest rows a person has agreed to, for a file that lost more than a fifth of its rows at once",
    ),
});
