/** Our copy of the CRM's accounts: the last accepted facts, and what each account has by the last sync. */
import type { Account } from "../policy/model.ts";
import type { Accounts, StoredAccount } from "../ports.ts";
import { ACCOUNT_COLUMNS, accountFrom, byKey, CONFIRMED } from "./account.ts";
import { customers } from "./customers.ts";
import { type Database, json, type Row, type Statement, type Value } from "./database.ts";
import { entitlements } from "./entitlements.ts";
import { listedDomains } from "./listed-domains.ts";
import { merged } from "./merges.ts";
import { pending } from "./pending.ts";
import { number, text, textOrNull, texts } from "./rows.ts";

const PUT = `insert into accounts (id, source, source_id, parent_id, account, updated_at, aliases, label, synced_at,
    gone_on)
  select r.value ->> 'id', r.value ->> 'source', r.value ->> 'sourceId', r.value ->> 'parentId',
    r.value ->> 'account', r.value ->> 'updatedAt', r.value ->> 'aliases', r.value ->> 'label',
    cast(r.value ->> 'syncedAt' as bigint), r.value ->> 'goneOn'
  from {rows} where true
  on conflict (id) do update set source = excluded.source, source_id = excluded.source_id,
    parent_id = excluded.parent_id, account = excluded.account, updated_at = excluded.updated_at,
    aliases = excluded.aliases, label = excluded.label, synced_at = excluded.synced_at,
    gone_on = excluded.gone_on`;

const PUT_DOMAINS = `insert into account_domains (domain, account_id)
  select r.value ->> 'domain', r.value ->> 'id' from {rows} where true on conflict do nothing`;

const MANY = `select ${ACCOUNT_COLUMNS}, a.source, a.source_id, a.updated_at, a.aliases, a.label
  from accounts a ${CONFIRMED} where a.id in {list}`;

/** Follows merges to the end; the union keeps each id once, so a circle of merges ends too. */
const RESOLVE = `with recursive chain (id) as (
    select cast(? as text) {by bytes} union
    select m.new_id from chain join account_aliases m on m.source = ? and m.old_id = chain.id)
  select a.id from chain join accounts a on a.source = ? and a.source_id = chain.id
  where not exists (select 1 from account_aliases m where m.source = ? and m.old_id = chain.id)
  limit 1`;

/**
 * A source that says "all unchanged" must not cost a write per account: one moment per source is kept and
 * combined with each row on reading (see `accountFrom`).
 */
const TOUCH = `insert into confirmations (source, confirmed_at) values (?, ?)
  on conflict (source) do update set confirmed_at = excluded.confirmed_at
  where confirmations.confirmed_at < excluded.confirmed_at`;

const MARK_GONE = `update accounts set gone_on = ?
  where source = ? and source_id in {list} and (gone_on is null or gone_on > ?) returning id`;

/** The accounts on a database. */
export function accounts(db: Database): Accounts {
  const ids = async (sql: string, params: readonly Value[]) =>
    (await db.read(sql, params)).map((row) => text(row, "id"));
  const many = async (accountIds: readonly string[]) => {
    const rows = (await db.read(MANY, [json(accountIds)])).map(storedFrom);
    return new Map(rows.map((row) => [row.account.id, row]));
  };
  return {
    ...customers(db),
    ...entitlements(db),
    ...pending(db),
    ...listedDomains(db),
    put: async (rows) => void (await db.write(putAll(rows))),
    get: async (accountId) => (await many([accountId])).get(accountId) ?? null,
    many,
    resolve: async (source, sourceId) => (await ids(RESOLVE, [sourceId, source, source, source]))[0] ?? null,
    stamps: async (source, sourceIds) => {
      // One that was taken for gone and is listed again must be read, though nothing changed in it.
      const sql = `select source_id, case when gone_on is null then updated_at end as updated_at
        from accounts where source = ? and source_id in {list}`;
      const rows = await db.read(sql, [source, json(sourceIds)]);
      return new Map(rows.map((row) => [text(row, "source_id"), textOrNull(row, "updated_at")]));
    },
    confirmations: async () => {
      const rows = await db.read("select source, confirmed_at from confirmations", []);
      return Object.fromEntries(rows.map((row) => [text(row, "source"), number(row, "confirmed_at")]));
    },
    touch: async (source, at) => void (await db.write([{ sql: TOUCH, params: [source, Math.round(at)] }])),
    markGone: async (source, sourceIds, on) => {
      const written = await db.write([{ sql: MARK_GONE, params: [on, source, json(sourceIds), on] }]);
      return written === "lost" ? [] : (written[0] ?? []).map((row) => text(row, "id"));
    },
    alias: async (source, from, into) => void (await db.write(merged([{ source, from, into }]))),
    setLabel: async (accountId, label, updatedAt) => {
      const sql = "update accounts set label = ?, updated_at = coalesce(?, updated_at) where id = ?";
      await db.write([{ sql, params: [label, updatedAt, accountId] }]);
    },
    page: (after, limit) =>
      ids("select id from accounts where id > ? order by id limit ?", [after ?? "", limit]),
    count: async () => {
      const [row = {}] = await db.read("select count(*) as accounts from accounts", []);
      return number(row, "accounts");
    },
  };
}

function putAll(rows: readonly StoredAccount[]): readonly Statement[] {
  const unique = byKey(rows, (row) => row.account.id);
  const domains = unique.flatMap(({ account }) =>
    [...new Set(account.domains)].map((domain) => ({ id: account.id, domain: domain.toLowerCase() })),
  );
  const aliases = unique.flatMap(({ source, sourceId, aliases: olds }) =>
    olds.filter((from) => from !== sourceId).map((from) => ({ source, from, into: sourceId })),
  );
  return [
    { sql: PUT, params: [json(unique.map(columnsOf))] },
    {
      sql: "delete from account_domains where account_id in {list}",
      params: [json(unique.map((row) => row.account.id))],
    },
    { sql: PUT_DOMAINS, params: [json(domains)] },
    ...(aliases.length > 0 ? merged(aliases) : []),
  ];
}

function columnsOf({ account, source, sourceId, updatedAt, aliases, label }: StoredAccount) {
  const { id, parentId, syncedAt, goneOn, ...facts } = account satisfies Account;
  return {
    id,
    source,
    sourceId,
    parentId,
    account: json(facts),
    updatedAt,
    aliases: json(aliases),
    label,
    syncedAt: syncedAt === null ? null : Math.round(syncedAt),
    goneOn,
  };
}

function storedFrom(row: Row): StoredAccount {
  return {
    account: accountFrom(row),
    source: text(row, "source"),
    sourceId: text(row, "source_id"),
    updatedAt: textOrNull(row, "updated_at"),
    aliases: texts(row, "aliases"),
    label: textOrNull(row, "label"),
  };
}
