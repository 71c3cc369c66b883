/** What happens to what we know about a CRM record when it is merged into another one. */
import { byKey } from "./account.ts";
import { json, type Statement } from "./database.ts";
import { waitlistsDue } from "./waitlists.ts";

/** One merge, in the source's own ids. */
export interface Merge {
  readonly source: string;
  readonly from: string;
  readonly into: string;
}

const REMEMBER = `insert into account_aliases (source, old_id, new_id)
  select r.value ->> 'source', r.value ->> 'from', r.value ->> 'into' from {rows} where true
  on conflict (source, old_id) do update set new_id = excluded.new_id`;

/** Merges whose both ends are accounts here, as `old_id` and `new_id`. */
const BOTH_KNOWN = `select o.id as old_id, n.id as new_id from {rows}
  join accounts o on o.source = r.value ->> 'source' and o.source_id = r.value ->> 'from'
  join accounts n on n.source = r.value ->> 'source' and n.source_id = r.value ->> 'into'`;

/** The customer record follows, unless the other account has one already. */
const MOVE_LINK = `update links set account_id = (
    select min(m.new_id) from (${BOTH_KNOWN}) m where m.old_id = links.account_id)
  where organization_id in (
    select min(l.organization_id) from links l join (${BOTH_KNOWN}) m on m.old_id = l.account_id
    where not exists (select 1 from links other where other.account_id = m.new_id)
    group by m.new_id)`;

/** So does what is held for it, where nothing is held for the other: a merge must not cost anybody a grace. */
const MOVE_HELD = `insert into held (account_id, tier, basis, lower_since, waitlisted, as_of)
  select m.new_id, h.tier, h.basis, h.lower_since, h.waitlisted, h.as_of
  from (select new_id, min(old_id) as old_id from (${BOTH_KNOWN}) pairs group by new_id) m
  join held h on h.account_id = m.old_id where true on conflict do nothing`;

const OLD = `(select old_id from (${BOTH_KNOWN}) m)`;

/**
 * Remembers merges and, where both accounts are known, moves link and held state and drops the old account:
 * counted on, its ARR would be in the family twice. While the new record is not stored yet the old one stays.
 */
export function merged(merges: readonly Merge[]): readonly Statement[] {
  const rows = byKey(
    merges.filter(({ from, into }) => from !== into),
    ({ source, from }) => JSON.stringify([source, from]),
  );
  const list = json(rows);
  return [
    { sql: REMEMBER, params: [list] },
    { sql: MOVE_LINK, params: [list, list] },
    { sql: MOVE_HELD, params: [list] },
    { sql: `delete from account_domains where account_id in ${OLD}`, params: [list] },
    { sql: `delete from entitlements where account_id in ${OLD}`, params: [list] },
    { sql: `delete from links where account_id in ${OLD}`, params: [list] },
    { sql: `delete from held where account_id in ${OLD}`, params: [list] },
    { sql: `delete from waitlist_standings where account_id in ${OLD}`, params: [list] },
    waitlistsDue(),
    { sql: `delete from accounts where id in ${OLD}`, params: [list] },
  ];
}
