/** Customers who are not doing well: one list for whoever is to look at them, of what is new or has become worse. */
import { dayOf } from "../console/shown.ts";
import { DAY_MS } from "../policy/dates.ts";
import type { Instant, Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { momentText } from "../report/figures.ts";
import { healthReport } from "../report/health.ts";
import { type HealthAlert, toTell } from "../report/health-alerts.ts";
import { leadsOf } from "./clocks.ts";
import { listTelling } from "./lists.ts";
import type { Telling } from "./tell.ts";

/** An alert is open for this long: it is told again before then only when it has become worse. */
const OPEN_MS = 30 * DAY_MS;
/** Separates an alert's key from the level at which it was told. */
const LEVEL = "#";

/** One list for each owner of alerts: the account manager, else the account's owner in the CRM, else the tier's lead. */
export async function healthTellings(
  store: Store,
  policy: Policy,
  publicUrl: string | null,
  now: Instant,
): Promise<readonly Telling[]> {
  const window = { from: now - 90 * DAY_MS, until: now };
  const { alerts } = await healthReport({ facts: store.facts, store, policy, window, at: now });
  const fresh = toTell(alerts, levelsOf(await store.notices.covered("health", now - OPEN_MS)));
  const byOwner = new Map<string, HealthAlert[]>();
  for (const alert of fresh)
    for (const email of ownersOf(alert, policy)) byOwner.set(email, [...(byOwner.get(email) ?? []), alert]);
  return [...byOwner].map(([email, own]) => {
    const notice = {
      key: `health:${dayOf(now, policy)}:${email}`,
      title: `Customers to look at: ${new Set(own.map(({ accountId }) => accountId)).size}`,
      lines: own.map((alert) => lineOf(alert, policy)),
      severity: "warning" as const,
      covers: own.map(({ key, level }) => `${key}${LEVEL}${level}`),
    };
    return listTelling("health", [email], notice, publicUrl, "/customers");
  });
}

/** Key of an alert → the worst level at which it was told. */
function levelsOf(covered: ReadonlySet<string>): ReadonlyMap<string, number> {
  const worst = new Map<string, number>();
  for (const one of covered) {
    const cut = one.lastIndexOf(LEVEL);
    const [key, level] = [one.slice(0, cut), Number(one.slice(cut + LEVEL.length))];
    worst.set(key, Math.max(level, worst.get(key) ?? level));
  }
  return worst;
}

function ownersOf({ owner, tier }: HealthAlert, policy: Policy): readonly string[] {
  return owner?.includes("@") === true ? [owner.toLowerCase()] : leadsOf(tier, policy);
}

function lineOf(
  { accountName, accountId, text, acknowledgeBy, renewsOn }: HealthAlert,
  policy: Policy,
): string {
  const renewal = renewsOn === null ? "" : ` The contract ends ${renewsOn}.`;
  return `${accountName ?? accountId}: ${text}${renewal} Look at it by ${momentText(acknowledgeBy, policy.timezone)}.`;
}
