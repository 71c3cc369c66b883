/** Rate budgets of upstream accounts: read with the database's clock, replaced by compare-and-set. */
import type { BudgetRow, Budgets } from "../ports.ts";
import type { Database, Row, Statement } from "./database.ts";
import { number, numberOrNull, text } from "./rows.ts";

/** One row at least, so that the clock is told for an account that nobody has called yet. */
const READ = `select {now} as now, b.* from (select 1 as one) as clock
  left join budgets b on b.account = ? order by b.endpoint_class`;

const INSERT = `insert into budgets (account, endpoint_class, call_limit, window_ms, used, used_before, window_end,
    blocked_until, closed, version)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) on conflict (account, endpoint_class) do nothing`;

const UPDATE = `update budgets set call_limit = ?, window_ms = ?, used = ?, used_before = ?, window_end = ?,
    blocked_until = ?, closed = ?, version = version + 1
  where account = ? and endpoint_class = ? and version = ?`;

/** The budgets on a database. */
export function budgets(db: Database): Budgets {
  return {
    read: async (account) => {
      const rows = await db.read(READ, [account]);
      const [first] = rows;
      if (first === undefined) throw new Error("the database did not tell its time");
      return {
        now: number(first, "now"),
        rows: rows.filter((row) => numberOrNull(row, "version") !== null).map(budgetOf),
      };
    },
    write: async (account, rows) =>
      rows.length === 0 || (await db.write(rows.map((row) => replace(account, row)))) !== "lost",
  };
}

function replace(account: string, row: BudgetRow): Statement {
  const values = [
    Math.ceil(row.limit),
    Math.ceil(row.windowMs),
    Math.ceil(row.used),
    Math.ceil(row.before),
    Math.ceil(row.windowEnd),
    Math.ceil(row.blockedUntil),
    row.closed ? 1 : 0,
  ];
  if (row.version === 0)
    return { sql: INSERT, params: [account, row.endpointClass, ...values], mustAffect: 1 };
  return { sql: UPDATE, params: [...values, account, row.endpointClass, row.version], mustAffect: 1 };
}

function budgetOf(row: Row): BudgetRow {
  return {
    endpointClass: text(row, "endpoint_class"),
    limit: number(row, "call_limit"),
    windowMs: number(row, "window_ms"),
    used: number(row, "used"),
    before: number(row, "used_before"),
    windowEnd: number(row, "window_end"),
    blockedUntil: number(row, "blocked_until"),
    closed: number(row, "closed") !== 0,
    version: number(row, "version"),
  };
}
