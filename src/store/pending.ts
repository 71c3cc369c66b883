/** Accounts whose entitlement must still be worked out and carried to both sides. */
import type { Accounts } from "../ports.ts";
import { type Database, json } from "./database.ts";
import { text } from "./rows.ts";

const MARK = `insert into pending_accounts (account_id)
  select distinct r.value ->> 'id' from {rows} where true on conflict do nothing`;

const PAGE = "select account_id from pending_accounts where account_id > ? order by account_id limit ?";

/** The marks on a database: a crash between facts and entitlements leaves them standing. */
export function pending(db: Database): Pick<Accounts, "markPending" | "pending" | "clearPending"> {
  return {
    markPending: async (accountIds) => {
      await db.write([{ sql: MARK, params: [json(accountIds.map((id) => ({ id })))] }]);
    },
    pending: async (after, limit) =>
      (await db.read(PAGE, [after ?? "", limit])).map((row) => text(row, "account_id")),
    clearPending: async (accountIds) => {
      const sql = "delete from pending_accounts where account_id in {list}";
      await db.write([{ sql, params: [json(accountIds)] }]);
    },
  };
}
