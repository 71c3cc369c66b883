/** Our copy of the desk's organizations, how they can be found, and which account each belongs to. */
import type { Organization } from "../policy/model.ts";
import type { Organizations } from "../ports.ts";
import { byKey } from "./account.ts";
import { among, type Database, json, type Row, type Statement } from "./database.ts";
import { number, object, text } from "./rows.ts";

const PUT = `insert into organizations (id, organization)
  select r.value ->> 'id', r.value ->> 'organization' from {rows} where true
  on conflict (id) do update set organization = excluded.organization`;

const PUT_INDEX = `insert into organization_index (kind, value, organization_id)
  select r.value ->> 'kind', r.value ->> 'value', r.value ->> 'id' from {rows} where true on conflict do nothing`;

const CLEAR_INDEX = "delete from organization_index where organization_id in {list}";

const FIND = `select distinct o.id, o.organization from organization_index i
  join organizations o on o.id = i.organization_id where i.kind = ? and i.value in {list} order by o.id`;

const LINK = `insert into links (organization_id, account_id, how)
  select r.value ->> 'organizationId', r.value ->> 'accountId', r.value ->> 'how' from {rows} where true
  on conflict (organization_id) do update set account_id = excluded.account_id, how = excluded.how`;

const WITH_LINKS = "from organizations o left join links l on l.organization_id = o.id";

/**
 * The organizations on a database.
 *
 * A link is one to one: linking an account again moves it, linking an organization again gives it away.
 */
export function organizations(db: Database): Organizations {
  const find = async (kind: string, values: readonly string[]) =>
    (await db.read(FIND, [kind, json(values)])).map(organizationFrom);
  const pairs = async (from: string, to: string, ids: readonly string[]) => {
    const which = among(ids);
    const rows = await db.read(`select ${from}, ${to} from links where ${from} ${which.sql}`, which.params);
    return new Map(rows.map((row) => [text(row, from), text(row, to)]));
  };
  return {
    put: async (rows) => void (await db.write(putAll(rows))),
    remove: async (ids) => {
      const list = json(ids);
      await db.write([
        { sql: "delete from organizations where id in {list}", params: [list] },
        { sql: CLEAR_INDEX, params: [list] },
        { sql: "delete from links where organization_id in {list}", params: [list] },
      ]);
    },
    get: async (ids) => {
      const sql = "select id, organization from organizations where id in {list}";
      const rows = await db.read(sql, [json(ids)]);
      return new Map(rows.map((row) => [text(row, "id"), organizationFrom(row)]));
    },
    byExternalId: (externalIds) => find("external", externalIds.map(folded)),
    byDomain: (domains) => find("domain", domains.map(folded)),
    byAccountField: (field, accountIds) => find(`field:${field}`, accountIds),
    link: async (rows) => {
      // The last word counts, for an account as for an organization.
      const list = byKey(
        byKey(rows, (row) => row.accountId),
        (row) => row.organizationId,
      );
      await db.write([
        { sql: "delete from links where account_id in {list}", params: [json(rows.map((r) => r.accountId))] },
        { sql: LINK, params: [json(list)] },
      ]);
    },
    unlink: async (accountIds) => {
      const sql = "delete from links where account_id in {list}";
      await db.write([{ sql, params: [json(accountIds)] }]);
    },
    linksOf: (accountIds) => pairs("account_id", "organization_id", accountIds),
    accountOf: (organizationIds) => pairs("organization_id", "account_id", organizationIds),
    unlinked: async (limit) => {
      const [counts = {}] = await db.read(
        `select count(*) as total, coalesce(sum(case when l.account_id is null then 1 else 0 end), 0) as free ${WITH_LINKS}`,
        [],
      );
      const sql = `select o.id, o.organization ${WITH_LINKS} where l.account_id is null order by o.id limit ?`;
      const rows = await db.read(sql, [limit]);
      return {
        count: Number(counts.free ?? 0),
        all: number(counts, "total"),
        organizations: rows.map(organizationFrom),
      };
    },
  };
}

function putAll(rows: readonly Organization[]): readonly Statement[] {
  const unique = byKey(rows, (row) => row.id);
  return [
    { sql: PUT, params: [json(unique.map((row) => ({ id: row.id, organization: json(row) })))] },
    { sql: CLEAR_INDEX, params: [json(unique.map((row) => row.id))] },
    { sql: PUT_INDEX, params: [json(unique.flatMap(indexOf))] },
  ];
}

/**
 * Everything an organization is looked up by. Of our fields only the link (`<prefix>account`) is: the prefix is
 * the policy's, so it is known here by its end.
 */
function indexOf({ id, externalId, domains, fields }: Organization) {
  const links = Object.entries(fields).filter(([name, value]) => name.endsWith("account") && value);
  return [
    ...(externalId === null ? [] : [{ kind: "external", value: folded(externalId), id }]),
    ...domains.map((domain) => ({ kind: "domain", value: folded(domain), id })),
    ...links.map(([name, value]) => ({ kind: `field:${name}`, value, id })),
  ];
}

function folded(value: string): string {
  return value.toLowerCase();
}

function organizationFrom(row: Row): Organization {
  return object<Organization>(row, "organization");
}
