/** A read-only query on PostgreSQL or SQLite as a CRM: one row is one account; nothing is written back. */
import { z } from "zod";

export { openSql } from "./crm.ts";
export type { SqlOptions } from "./reading.ts";

/** Name of this connector in ids, settings and ledger. */
export const name = "sql";

/** The connector's settings; the README's table is generated from the descriptions. */
export const settings = z.object({
  SQL_URL: z
    .string()
    .regex(
      /^(postgres(ql)?:\/\/.+|sqlite:.+)$/,
      "must look like postgres://user:password@host/database or sqlite:/path/to/file.db",
    )
    .optional()
    .describe(
      "Database that the policy's `crm: sql:` reads, with a user that may only read; for a named one (`sql: warehouse:`) `WAREHOUSE_SQL_URL`",
    ),
  SQL_APPROVED_ROWS: z
    .string()
    .regex(/^\d+$/, "must be a number of rows")
    .optional()
    .describe(
      "The fewest rows a person has agreed to, for a query that lost more than a fifth of its rows at once",
    ),
});
