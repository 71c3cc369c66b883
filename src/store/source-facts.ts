/** What each of several sources says about an account: one row per record of a source. */
import type { Account } from "../policy/model.ts";
import type { SourceFactsStore, SourceRow } from "../ports.ts";
import { byKey } from "./account.ts";
import { type Database, json } from "./database.ts";
import { object, text, textOrNull, texts } from "./rows.ts";

const PUT = `insert into source_facts (source, source_id, account_id, account, stated, updated_at)
  select r.value ->> 'source', r.value ->> 'sourceId', r.value ->> 'accountId', r.value ->> 'account',
    r.value ->> 'stated', r.value ->> 'updatedAt'
  from {rows} where true
  on conflict (source, source_id) do update set account_id = excluded.account_id, account = excluded.account,
    stated = excluded.stated, updated_at = excluded.updated_at`;

const OF = "select * from source_facts where account_id in {list} order by source, source_id";

/** The rows on a database. */
export function sourceFacts(db: Database): SourceFactsStore {
  return {
    put: async (rows) => {
      const unique = byKey(rows, (row) => JSON.stringify([row.source, row.sourceId]));
      await db.write([{ sql: PUT, params: [json(unique.map(columnsOf))] }]);
    },
    of: async (accountIds) =>
      (await db.read(OF, [json(accountIds)])).map((row) => ({
        source: text(row, "source"),
        sourceId: text(row, "source_id"),
        accountId: text(row, "account_id"),
        account: object<Account>(row, "account"),
        stated: texts(row, "stated"),
        updatedAt: textOrNull(row, "updated_at"),
      })),
    known: async (source, sourceIds) => {
      const sql =
        "select source_id, account_id, updated_at from source_facts where source = ? and source_id in {list}";
      const rows = await db.read(sql, [source, json(sourceIds)]);
      return new Map(
        rows.map((row) => [
          text(row, "source_id"),
          { accountId: text(row, "account_id"), updatedAt: textOrNull(row, "updated_at") },
        ]),
      );
    },
    remove: async (source, sourceIds) => {
      const sql =
        "delete from source_facts where source = ? and source_id in {list} and account_id <> '' returning account_id";
      const nameless = "delete from source_facts where source = ? and source_id in {list}";
      const params = [source, json(sourceIds)];
      const written = await db.write([
        { sql, params },
        { sql: nameless, params },
      ]);
      return written === "lost" ? [] : (written[0] ?? []).map((row) => text(row, "account_id"));
    },
    page: async (source, after, limit) => {
      const sql =
        "select source_id from source_facts where source = ? and source_id > ? order by source_id limit ?";
      return (await db.read(sql, [source, after ?? "", limit])).map((row) => text(row, "source_id"));
    },
  };
}

function columnsOf({ account, stated, ...row }: SourceRow) {
  return { ...row, account: json(account), stated: json(stated) };
}
