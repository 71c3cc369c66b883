/** Whether tiers are really served differently, and whether the teams can carry them: for whoever leads support. */

import { DAY_MS } from "../policy/dates.ts";
import type { Instant, Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { type CapacityStore, capacityReport } from "../report/capacity.ts";
import type { TeamLoad } from "../report/capacity-teams.ts";
import { differentiationReport } from "../report/differentiation.ts";
import { counted, percent } from "../report/figures.ts";
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

/** Teams whose work comes near, or above, what they can do, by plan or by what came in; once a month, null = none does. */
export async function capacityTelling(
  store: CapacityStore & Pick<Store, "facts" | "notices">,
  policy: Policy,
  publicUrl: string | null,
  month: string,
  now: Instant,
): Promise<Telling | null> {
  const to = policy.people?.lead ?? [];
  const key = `capacity:${month}`;
  const asked = to.length > 0 && policy.capacityAssumptions !== null;
  if (!asked || (await store.notices.known([key])).has(key)) return null;
  const window = { from: now - MEASURED_MS, until: now };
  const { teams } = await capacityReport({ facts: store.facts, store, policy, window, at: now, enter: [] });
  const full = teams.filter(({ verdict }) => verdict === "tight" || verdict === "does_not_fit");
  if (full.length === 0) return null;
  const notice = {
    key,
    title: `Teams that are nearly or more than full: ${full.length}`,
    lines: [
      ...full.map(teamLine),
      "Plan more people, or close the door of the tier (max_accounts) before more come in. `priority-support report capacity` shows what is needed.",
    ],
    severity: "warning" as const,
  };
  return listTelling("capacity", to, notice, publicUrl, "/promises");
}

/** What came in lately is measured over this long. */
const MEASURED_MS = 90 * DAY_MS;

function teamLine({ team, accounts, planned, measured, verdict }: TeamLoad): string {
  const used = [
    ...(planned?.utilisation == null ? [] : [`${percent(planned.utilisation)} of its capacity by plan`]),
    ...(measured?.utilisation == null ? [] : [`${percent(measured.utilisation)} by what came in`]),
  ].join(", ");
  const word = verdict === "tight" ? "close to its limit" : "more than it can carry";
  return `${team}: ${counted(accounts, "customer")}, ${used === "" ? word : `${used}: ${word}`}.`;
}
