/** Entitlements with dates: what ends soon, and what was bought and is not given. For whoever looks after contracts. */
import { movementsOf } from "../console/movements.ts";
import { dayOf } from "../console/shown.ts";
import { addDays, DAY_MS, dayNumber } from "../policy/dates.ts";
import type { CalendarDate, Instant, Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { listTelling } from "./lists.ts";
import type { Telling } from "./tell.ts";

/** Days before the end at which people hear: of a tier that goes, and twice of an override. */
const TIER_DAYS = 7;
const OVERRIDE_DAYS = [14, 30] as const;
/** Items of lists of this long ago are not told again. */
const REMEMBERED_MS = 60 * DAY_MS;
/** Accounts with a date in the next week that are looked at for a trial. */
const TRIALS = 5_000;
/** Customers of a tier with an account manager that are looked at. */
const HOLDERS = 2_000;

/** One thing with a date. */
interface Item {
  /** The same thing has the same key. */
  readonly key: string;
  readonly line: string;
  readonly on: CalendarDate;
}

/** One list of what is new since the last one; null = nothing is. */
export async function datesTelling(
  store: Store,
  policy: Policy,
  publicUrl: string | null,
  now: Instant,
): Promise<Telling | null> {
  const to = policy.people?.revops ?? [];
  if (to.length === 0) return null;
  const items = [
    ...(await tiersThatEnd(store, policy, now)),
    ...(await trialsThatEnd(store, policy, now)),
    ...(await overridesThatEnd(store, policy, now)),
    ...(await withoutManager(store, policy, now)),
  ];
  const told = await store.notices.covered("entitlement", now - REMEMBERED_MS);
  const fresh = items.filter(({ key }) => !told.has(key)).toSorted((a, b) => (a.on < b.on ? -1 : 1));
  if (fresh.length === 0) return null;
  const notice = {
    key: `entitlement:${dayOf(now, policy)}`,
    title: `Entitlements that need a look: ${fresh.length}`,
    lines: fresh.map(({ line }) => line),
    severity: "info" as const,
    covers: fresh.map(({ key }) => key),
  };
  return listTelling("entitlement", to, notice, publicUrl, "/customers/movements");
}

/** Graces, trials, contracts and add-ons that end within the week, as far as a tier goes with them. */
async function tiersThatEnd(store: Store, policy: Policy, now: Instant): Promise<readonly Item[]> {
  const until = addDays(dayOf(now, policy), TIER_DAYS);
  const { movements } = await movementsOf(store, policy, now);
  return movements
    .filter(({ direction, on }) => direction === "down" && on <= until)
    .map(({ account, on, from, to, reasons }) => ({
      key: `tier:${account.id}:${on}:${to.id}`,
      on,
      line: `${on}: ${account.name ?? account.id} goes from ${from.name} to ${to.name}. ${reasons.map(({ words }) => words).join(" ")}`,
    }));
}

/** Trials that end within the week, whether a tier goes with them or not. */
async function trialsThatEnd(store: Store, policy: Policy, now: Instant): Promise<readonly Item[]> {
  const today = dayOf(now, policy);
  const until = addDays(today, TIER_DAYS);
  const ids = await store.console.lists.datedAccounts(today, until, TRIALS);
  return [...(await store.accounts.many(ids)).values()].flatMap(({ account }): readonly Item[] => {
    const end = account.status === "trial" ? (account.trial?.end ?? null) : null;
    if (end === null || end < today || end > until) return [];
    const line = `${end}: the trial of ${account.name ?? account.id} ends.`;
    return [{ key: `trial:${account.id}:${end}`, on: end, line }];
  });
}

/** Overrides that end within two weeks, and within a month. */
async function overridesThatEnd(store: Store, policy: Policy, now: Instant): Promise<readonly Item[]> {
  const [near, far] = OVERRIDE_DAYS;
  const accountIds = await store.overrides.turning(now, now + far * DAY_MS);
  const all = [...(await store.overrides.of(accountIds)), ...policy.overrides.items];
  const names = await store.accounts.many([...new Set(all.map((one) => one.accountId))]);
  return all.flatMap(({ id, accountId, kind, tier, expiresAt, approvedBy }): readonly Item[] => {
    if (expiresAt === null || expiresAt <= now || expiresAt > now + far * DAY_MS) return [];
    const on = dayOf(expiresAt, policy);
    const left = dayNumber(on) - dayNumber(dayOf(now, policy));
    const stage = left <= near ? near : far;
    return [
      {
        key: `override:${id}:${expiresAt}:${stage}`,
        on,
        line: `${on}: the override ${kind} ${tier} of ${names.get(accountId)?.account.name ?? accountId} ends, in ${left} days. Approved by ${approvedBy}.`,
      },
    ];
  });
}

/** Customers who bought an add-on of a tier with a named account manager, and have none. */
async function withoutManager(store: Store, policy: Policy, now: Instant): Promise<readonly Item[]> {
  const on = dayOf(now, policy);
  const found: Item[] = [];
  for (const tier of policy.tiers.filter(({ entitlements }) => entitlements.namedTam)) {
    const query = { text: null, tier: tier.id, basis: null, after: null, limit: HOLDERS };
    const facts = await store.accounts.many(await store.console.lists.accountIds(query));
    for (const { account } of facts.values()) {
      const bought = account.addons.some(({ sku }) => tier.eligibility.addons.includes(sku));
      if (!bought || account.tam !== null || account.goneOn !== null) continue;
      const line = `${account.name ?? account.id} has ${tier.name} and no account manager: name one in the CRM.`;
      found.push({ key: `no_manager:${account.id}:${on.slice(0, 7)}`, on, line });
    }
  }
  return found;
}
