/** Whether tiers are really served differently, and whether the teams can carry them: for whoever leads support. */
import type { Instant, Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { differentiationReport } from "../report/differentiation.ts";
import { percent } from "../report/figures.ts";
import { utilisationOf } from "../report/staffing.ts";
import { windowOf } from "./calendar.ts";
import { listTelling } from "./lists.ts";
import type { Telling } from "./tell.ts";

/**
 * What the month says of the tiers, once: a tier that is the wrong way round, or a label only for the second month running,
 * or that standard customers pay for. null = nothing to tell, or nobody to tell it to.
 */
export async function differenceTelling(
  store: Pick<Store, "facts" | "notices">,
  policy: Policy,
  publicUrl: string | null,
  month: string,
  now: Instant,
): Promise<Telling | null> {
  const to = policy.people?.lead ?? [];
  const key = `differentiation:${month}`;
  if (to.length === 0 || (await store.notices.known([key])).has(key)) return null;
  const window = windowOf(month, policy.timezone);
  const { alerts } = await differentiationReport({ facts: store.facts, policy, window, at: now });
  if (alerts.length === 0) return null;
  const inverted = alerts.some(({ kind }) => kind === "inverted");
  const notice = {
    key,
    title: `Tiers that are not served as promised in ${month}`,
    lines: [
      ...alerts.map(({ text }) => text),
      "`priority-support report differentiation` shows shares, intervals and numbers.",
    ],
    severity: inverted ? ("critical" as const) : ("warning" as const),
  };
  return listTelling("differentiation", to, notice, publicUrl, "");
}

/** Teams whose planned work comes near, or above, what they can do, once a month; null = none does. */
export async function capacityTelling(
  store: Pick<Store, "console" | "notices">,
  policy: Policy,
  publicUrl: string | null,
  month: string,
): Promise<Telling | null> {
  const to = policy.people?.lead ?? [];
  const assumed = policy.capacityAssumptions;
  const key = `capacity:${month}`;
  if (to.length === 0 || assumed === null || (await store.notices.known([key])).has(key)) return null;
  const shares = await store.console.lists.tierShares();
  const { utilisationWarn, utilisationStop } = assumed.programmeLimits;
  const lines = Object.entries(assumed.teams).flatMap(([group, team]) => {
    const tiers = policy.tiers.filter((tier) => tier.routing.group === group).map(({ id }) => id);
    const accounts = shares
      .filter((share) => tiers.includes(share.tier))
      .reduce((sum, share) => sum + share.accounts, 0);
    const { utilisation } = utilisationOf(accounts, team, assumed);
    if (utilisation === null || utilisation < utilisationWarn) return [];
    const over = utilisation > utilisationStop ? "more than it can carry" : "close to its limit";
    return [`${group}: ${accounts} customers are ${percent(utilisation)} of its capacity, ${over}.`];
  });
  if (lines.length === 0) return null;
  const advice = "Plan more people, or close the door of the tier (max_accounts) before more come in.";
  const notice = {
    key,
    title: "Teams that are nearly or more than full",
    lines: [...lines, advice],
    severity: "warning" as const,
  };
  return listTelling("capacity", to, notice, publicUrl, "/promises");
}
