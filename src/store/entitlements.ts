/** The tier each account has by the last sync. */
import type { Accounts, Entitlement } from "../ports.ts";
import { byKey } from "./account.ts";
import { among, type Database, json, type Row } from "./database.ts";
import { HELD_COLUMNS, heldFrom, NOTHING_HELD } from "./held.ts";
import { number, text, texts } from "./rows.ts";

const PUT = `insert into entitlements (account_id, tier, basis, reasons, as_of, policy_version)
  select r.value ->> 'accountId', r.value ->> 'tier', r.value ->> 'basis', r.value ->> 'reasons',
    cast(r.value ->> 'asOf' as bigint), r.value ->> 'policyVersion'
  from {rows} where true
  on conflict (account_id) do update set tier = excluded.tier, basis = excluded.basis, reasons = excluded.reasons,
    as_of = excluded.as_of, policy_version = excluded.policy_version
  where entitlements.as_of <= excluded.as_of`;

/** Unlike a ticket's decision, the sync also sets the waiting list. */
const PUT_HELD = `insert into held (account_id, tier, basis, lower_since, waitlisted, as_of)
  select r.value ->> 'accountId', r.value ->> 'heldTier', r.value ->> 'heldBasis',
    cast(r.value ->> 'lowerSince' as bigint), r.value ->> 'waitlisted', cast(r.value ->> 'asOf' as bigint)
  from {rows} where true
  on conflict (account_id) do update set tier = excluded.tier, basis = excluded.basis,
    lower_since = excluded.lower_since, waitlisted = excluded.waitlisted, as_of = excluded.as_of
  where held.as_of <= excluded.as_of`;

const READ = `select e.account_id, e.tier, e.basis, e.reasons, e.as_of, e.policy_version, ${HELD_COLUMNS}
  from entitlements e left join held h on h.account_id = e.account_id where e.account_id`;

/** Asked for every webhook before it is stored: one statement, two look-ups by key. */
const TIER_OF = `select e.tier from links l join entitlements e on e.account_id = l.account_id
  where l.organization_id = ?`;

/** Few wait for a tier; for which one is looked at here. */
const HOLDERS_OR_WAITING = `in (select account_id from entitlements where tier = ? union
  select account_id from held where waitlisted <> '[]') order by e.account_id`;

/**
 * Held state is common to tickets and sync: whoever concluded last, by `asOf`, has set it. An older conclusion
 * that arrives late changes nothing.
 */
export function entitlements(
  db: Database,
): Pick<Accounts, "putEntitlements" | "entitlements" | "holders" | "inGrace" | "tierOfOrganization"> {
  return {
    putEntitlements: async (rows) => {
      const list = json(byKey(rows, (row) => row.accountId).map(columnsOf));
      await db.write([
        { sql: PUT, params: [list] },
        { sql: PUT_HELD, params: [list] },
      ]);
    },
    entitlements: async (accountIds) => {
      const which = among(accountIds);
      const found = (await db.read(`${READ} ${which.sql}`, which.params)).map(entitlementFrom);
      return new Map(found.map((entitlement) => [entitlement.accountId, entitlement]));
    },
    holders: async (tier) => {
      const found = await db.read(`${READ} ${HOLDERS_OR_WAITING}`, [tier]);
      return found
        .map(entitlementFrom)
        .filter((each) => each.tier === tier || each.held.waitlisted.includes(tier));
    },
    tierOfOrganization: async (organizationId) => {
      const [row] = await db.read(TIER_OF, [organizationId]);
      return row === undefined ? null : text(row, "tier");
    },
    inGrace: async () => {
      const sql = "select account_id from held where lower_since is not null order by account_id";
      return (await db.read(sql, [])).map((row) => text(row, "account_id"));
    },
  };
}

function columnsOf({ held, reasons, asOf, ...rest }: Entitlement) {
  return {
    ...rest,
    reasons: json(reasons),
    asOf: Math.round(asOf),
    heldTier: held.tier,
    heldBasis: held.basis,
    lowerSince: held.lowerSince === null ? null : Math.round(held.lowerSince),
    waitlisted: json(held.waitlisted),
  };
}

function entitlementFrom(row: Row): Entitlement {
  return {
    accountId: text(row, "account_id"),
    tier: text(row, "tier"),
    basis: text(row, "basis"),
    reasons: texts(row, "reasons"),
    held: heldFrom(row) ?? NOTHING_HELD,
    asOf: number(row, "as_of"),
    policyVersion: text(row, "policy_version"),
  };
}
