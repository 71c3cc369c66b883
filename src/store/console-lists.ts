/** Lists for people: decisions by what they look for, customers by tier, name and date. Every answer is bounded. */
import type { Basis } from "../policy/model.ts";
import type {
  ConsoleLists,
  Coverage,
  DecisionQuery,
  DecisionRecord,
  LedgerRow,
  Verification,
} from "../ports.ts";
import type { Database, Row, Value } from "./database.ts";
import { number, object, objectOrNull, text } from "./rows.ts";

/** How a database reads into a JSON column. */
type Json = (column: string) => string;

/** One page looks at no more than this many decisions for what no index answers. */
const SCANNED = 20_000;

/** The lists on a database. */
export function consoleLists(db: Database): ConsoleLists {
  const inside: Json = db.kind === "postgres" ? (column) => `cast(${column} as jsonb)` : (column) => column;
  return { ...decisionLists(db, inside), ...customerLists(db, inside) };
}

function decisionLists(
  db: Database,
  inside: Json,
): Pick<ConsoleLists, "decisions" | "decision" | "decisionsAfter" | "coverage"> {
  const rows = async (sql: string, params: readonly Value[]) =>
    (await db.read(sql, params)).map(ledgerRowFrom);
  return {
    decisions: (query) => {
      const { sql, params } = decisionsSql(query, inside);
      return rows(sql, params);
    },
    decision: async (id) => (await rows(`select ${COLUMNS} from decisions where id = ?`, [id]))[0] ?? null,
    decisionsAfter: (seq, limit) =>
      rows(`select ${COLUMNS} from decisions where seq > ? order by seq limit ?`, [seq, limit]),
    coverage: async (since, limit) => {
      const [row = {}] = await db.read(coverageSql(inside), [Math.round(since), limit]);
      return coverageFrom(row);
    },
  };
}

const COLUMNS = "seq, record, verification";

function decisionsSql(query: DecisionQuery, inside: Json): { sql: string; params: Value[] } {
  const where: string[] = [];
  const params: Value[] = [];
  const add = (sql: string, ...values: Value[]): void => {
    where.push(sql);
    params.push(...values);
  };
  const { after, ticketId, accountId, state, tier } = query;
  if (after !== null)
    add("(decided_at < ? or (decided_at = ? and seq < ?))", after.decidedAt, after.decidedAt, after.seq);
  if (ticketId !== null) add("ticket_id = ?", ticketId);
  if (accountId !== null) add(`(${inside("record")} ->> 'accountId') = ?`, accountId);
  if (state !== null) add("state = ?", state);
  const base = `select ${COLUMNS}, decided_at from decisions${where.length === 0 ? "" : ` where ${where.join(" and ")}`}`;
  const order = "order by decided_at desc, seq desc limit ?";
  const late: string[] = [];
  const lateParams: Value[] = [];
  if (tier !== null) {
    late.push(`(${inside("record")} -> 'decision' ->> 'tier') = ?`);
    lateParams.push(tier);
  }
  if (query.unverifiedOnly) late.push(`${verified(inside)} in ('false', '0')`);
  if (late.length === 0) return { sql: `${base} ${order}`, params: [...params, query.limit] };
  return {
    sql: `select ${COLUMNS} from (${base} ${order}) as newest where ${late.join(" and ")} ${order}`,
    params: [...params, SCANNED, ...lateParams, query.limit],
  };
}

/** SQLite spells yes as the number 1, PostgreSQL as the word true. */
function verified(inside: Json): string {
  return `cast((${inside("verification")} ->> 'ok') as text)`;
}

function coverageSql(inside: Json): string {
  const attached = `${verified(inside)} in ('true', '1')`;
  // A ticket that was promised nothing, or is gone, is no promise that was or was not kept.
  const code = `(${inside("verification")} ->> 'code')`;
  const promised = `verification is not null and ${code} not in ('sla_not_promised', 'ticket_gone')`;
  return `select count(*) as tickets,
      coalesce(sum(case when (${inside("record")} ->> 'accountId') is not null then 1 else 0 end), 0) as tied,
      coalesce(sum(case when ${promised} then 1 else 0 end), 0) as promised,
      coalesce(sum(case when ${promised} and ${attached} then 1 else 0 end), 0) as attached
    from (select record, verification, row_number() over (partition by ticket_id order by decided_at desc, seq desc) as nth
      from (select * from decisions where decided_at >= ? and action = 'apply' and state <> 'intended'
        order by decided_at desc, seq desc limit ?) as newest) as latest
    where nth = 1`;
}

function coverageFrom(row: Row): Coverage {
  const count = (column: string): number => Number(row[column] ?? 0);
  return {
    tickets: count("tickets"),
    tied: count("tied"),
    promised: count("promised"),
    attached: count("attached"),
  };
}

function ledgerRowFrom(row: Row): LedgerRow {
  const record = object<Omit<DecisionRecord, "verification">>(row, "record");
  const verification = objectOrNull<Verification>(row, "verification");
  return { seq: number(row, "seq"), record: { ...record, verification } };
}

function customerLists(
  db: Database,
  inside: Json,
): Pick<ConsoleLists, "tierShares" | "accountIds" | "datedAccounts" | "paidNotServed" | "servedNotPaid"> {
  const ids = async (sql: string, params: readonly Value[]) =>
    (await db.read(sql, params)).map((row) => text(row, "id"));
  return {
    tierShares: async () => {
      const sql = "select tier, basis, count(*) as accounts from entitlements group by tier, basis";
      return (await db.read(sql, [])).map((row) => ({
        tier: text(row, "tier"),
        basis: text(row, "basis") as Basis,
        accounts: number(row, "accounts"),
      }));
    },
    accountIds: ({ text: part, tier, basis, after, limit }) => {
      const name = `lower(coalesce(${inside("a.account")} ->> 'name', ''))`;
      const sql = `select a.id from accounts a left join entitlements e on e.account_id = a.id
        where a.id > ? and (cast(? as text) is null or ${name} like ? escape '~' or lower(a.id) like ? escape '~')
          and (cast(? as text) is null or e.tier = ?) and (cast(? as text) is null or e.basis = ?)
        order by a.id limit ?`;
      const like = part === null ? null : `%${part.toLowerCase().replaceAll(/[~%_]/g, "~$&")}%`;
      return ids(sql, [after ?? "", like, like, like, tier, tier, basis, basis, limit]);
    },
    datedAccounts: (from, to, limit) => ids(datedSql(inside), [from, to, from, to, from, to, limit]),
    paidNotServed: (defaultTier, limit) =>
      ids(
        `select e.account_id as id from entitlements e join accounts a on a.id = e.account_id
          left join links l on l.account_id = e.account_id
          where e.tier <> ? and l.organization_id is null and a.gone_on is null order by e.account_id limit ?`,
        [defaultTier, limit],
      ),
    servedNotPaid: (key, defaultTier, limit) => {
      const tag = `(${inside("o.organization")} -> 'fields' ->> '${plainKey(key)}')`;
      const sql = `select o.id from organizations o left join links l on l.organization_id = o.id
        where l.account_id is null and ${tag} is not null and ${tag} <> '' and ${tag} <> ? order by o.id limit ?`;
      return ids(sql, [defaultTier, limit]);
    },
  };
}

/** Our own field names are letters, digits and underscores: the policy's prefix is checked when it is read. */
function plainKey(key: string): string {
  if (!/^\w+$/.test(key)) throw new Error("a field of ours has an impossible name");
  return key;
}

/** An account with add-ons is always looked at: their dates stand inside a list. */
function datedSql(inside: Json): string {
  const account = inside("account");
  return `select id from accounts where gone_on is null and (
      (${account} ->> 'contractEnd') between ? and ? or (${account} ->> 'contractStart') between ? and ?
      or (${account} -> 'trial' ->> 'end') between ? and ? or (${account} ->> 'addons') <> '[]')
    order by id limit ?`;
}
