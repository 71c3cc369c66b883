/** Everything known about one customer in two indexed queries: candidates, their ancestors, their families. */
import { NeedsAdmin } from "../errors.ts";
import type { Account, HeldState } from "../policy/model.ts";
import type { Accounts } from "../ports.ts";
import { ACCOUNT_COLUMNS, accountFrom, CONFIRMED } from "./account.ts";
import { type Database, json } from "./database.ts";
import { HELD_COLUMNS, heldFrom } from "./held.ts";
import { text } from "./rows.ts";

/**
 * More accounts than this around one customer is refused. No company has such a family: a wrong parent record
 * or a shared domain joins strangers, and a sum of their ARR would be nonsense. Refusing is loud, cutting the
 * family off would be a wrong tier in silence.
 */
export const MOST_RELATIVES = 10_000;

/**
 * From `seed` up to every ancestor, then down to everybody below. How far rules reach is the policy's to say;
 * this is all they can reach. A union keeps each id once: parents in a circle end the walk.
 */
const FAMILY = `up (id) as (
    select id from seed union
    select a.parent_id from up join accounts a on a.id = up.id where a.parent_id is not null),
  family (id) as (
    select id from up union
    select child.id from family join accounts child on child.parent_id = family.id)`;

/** The organization's account, those that list one of the domains, and those named. */
const AROUND = `with recursive seed (id) as (
    select account_id from links where organization_id = ? union
    select account_id from account_domains where domain in {list} union
    select id from accounts where id in {list}),
  ${FAMILY}
  select ${ACCOUNT_COLUMNS}, ${HELD_COLUMNS}
  from (select id from family limit ${MOST_RELATIVES + 1}) as near
  join accounts a on a.id = near.id ${CONFIRMED} left join held h on h.account_id = a.id`;

const FAMILIES = `with recursive seed (id) as (select id from accounts where id in {list}), ${FAMILY}
  select a.id from family join accounts a on a.id = family.id order by a.id`;

/** The part of the accounts that answers about a whole customer. */
export function customers(db: Database): Pick<Accounts, "around" | "families"> {
  return {
    around: async ({ organizationId = null, domain = null, accountIds = [] }) => {
      const params = [organizationId, json(domain ? withParents(domain) : []), json(accountIds)];
      const [rows, orgLinks] = await Promise.all([db.read(AROUND, params), linkOf(db, organizationId)]);
      if (rows.length > MOST_RELATIVES) throw tooMany(organizationId, domain);
      const known = new Map<string, Account>();
      const held = new Map<string, HeldState>();
      for (const row of rows) {
        const account = accountFrom(row);
        known.set(account.id, account);
        const state = heldFrom(row);
        if (state) held.set(account.id, state);
      }
      return { orgLinks, accounts: known, held };
    },
    families: async (accountIds) =>
      (await db.read(FAMILIES, [json(accountIds)])).map((row) => text(row, "id")),
  };
}

async function linkOf(db: Database, organizationId: string | null): Promise<ReadonlyMap<string, string>> {
  if (organizationId === null) return new Map();
  const rows = await db.read("select account_id from links where organization_id = ?", [organizationId]);
  return new Map(rows.map((row) => [organizationId, text(row, "account_id")]));
}

/** `mail.eu.acme.com` and every domain above it that has at least two labels. */
function withParents(domain: string): readonly string[] {
  const labels = domain.toLowerCase().split(".");
  return labels
    .slice(0, Math.max(1, labels.length - 1))
    .map((_label, index) => labels.slice(index).join("."));
}

function tooMany(organizationId: string | null, domain: string | null): NeedsAdmin {
  const whom = organizationId === null ? `the domain ${domain}` : `organization ${organizationId}`;
  return new NeedsAdmin(`more than ${MOST_RELATIVES} accounts are related to ${whom}`, {
    fix: "Correct the parent companies in the CRM, or list the shared domain under matching.public_domains.",
  });
}
