/** At risk now, the next breach first; and per tier: what runs, what attached, how much room is left. */
import type { z } from "zod";
import { compilePolicy } from "../policy/compiled.ts";
import type { Account, ApplyDecision, Instant, Policy, SlaMetric, TierId } from "../policy/model.ts";
import { targetUsed } from "../policy/target-used.ts";
import { tierLoadsOf } from "./customers.ts";
import type { ConsoleParts } from "./parts.ts";
import { signsOf } from "./promise-signs.ts";
import type { RunningClocks } from "./running-clocks.ts";
import type { promises } from "./schemas-promises.ts";
import { accountShown, deskUrl, iso, tierShown } from "./shown.ts";

type Shown = z.input<typeof promises>;
type Clock = Shown["clocks"][number];

/** Part of a target from which it is at risk (the glossary's `atRisk`). */
const AT_RISK_FROM = 0.75;
const METRICS = ["first_reply", "next_reply", "resolution"] as const satisfies readonly SlaMetric[];
/** A clock that runs is in this stage. */
const RUNNING = "active";

/** The whole page. @throws Paused, TryAgain the help desk never told its clocks and does not answer. */
export async function promisesOf(parts: ConsoleParts, now: Instant): Promise<Shown> {
  const policy = parts.policy.policy();
  const told = await parts.clocks();
  const ids = told.tickets.flatMap(({ record }) => (record.accountId === null ? [] : [record.accountId]));
  const names = await parts.store.accounts.many([...new Set(ids)]);
  const clocks = told.tickets
    .flatMap((ticket) => clocksOf(ticket, { policy, now, names, origin: parts.apps.origin }))
    .toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt));
  return {
    at: iso(now),
    clocksAt: iso(told.at),
    looked: told.tickets.length,
    complete: told.complete,
    atRiskFrom: AT_RISK_FROM,
    clocks,
    tiers: await tiersOf(parts, policy, told, clocks),
    signs: signsOf(told.tickets.map(({ record }) => record)),
  };
}

interface Around {
  readonly policy: Policy;
  readonly now: Instant;
  readonly names: ReadonlyMap<string, { readonly account: Account }>;
  readonly origin: string;
}

function clocksOf({ record, reading }: RunningClocks["tickets"][number], around: Around): readonly Clock[] {
  const { decision, ticketId, accountId } = record;
  if (decision.action !== "apply" || reading === null) return [];
  const { policy, now, names, origin } = around;
  return METRICS.flatMap((metric) => {
    const name = policy.slaMetricMap[metric];
    const clock = reading.clocks.find((one) => one.metric === name && one.stage === RUNNING);
    if (clock === undefined || clock.breachAt === null) return [];
    const used = usedOf(decision, metric, clock.breachAt, around);
    const late = clock.breachAt <= now;
    return [
      {
        ticketId,
        url: deskUrl(origin, "tickets", ticketId),
        account: accountId === null ? null : accountShown(accountId, names.get(accountId)?.account),
        tier: tierShown(decision.tier, policy),
        priority: record.change?.priority ?? record.before.priority,
        metric,
        slaPolicy: decision.slaPolicy ?? "",
        dueAt: iso(clock.breachAt),
        minutes: decision.due[metric].minutes,
        used,
        state: late ? "late" : used !== null && used >= AT_RISK_FROM ? "at risk" : "running",
      } satisfies Clock,
    ];
  });
}

function usedOf(
  decision: ApplyDecision,
  metric: SlaMetric,
  breachAt: Instant,
  { policy, now }: Around,
): number | null {
  const used = targetUsed(decision.due[metric], breachAt, compilePolicy(policy).schedules, now);
  return used === null ? null : Math.min(1, used);
}

async function tiersOf(
  { store }: ConsoleParts,
  policy: Policy,
  told: RunningClocks,
  clocks: readonly Clock[],
): Promise<Shown["tiers"]> {
  const { tiers } = await tierLoadsOf(store, policy);
  return tiers.map(({ tier, accounts, cap, waiting }) => {
    const own = clocks.filter((one) => one.tier.id === tier.id);
    const count = (state: Clock["state"]): number => own.filter((one) => one.state === state).length;
    return {
      tier,
      running: own.length,
      atRisk: count("at risk"),
      late: count("late"),
      attached: attachedOf(told, tier.id),
      accounts,
      cap,
      waiting,
    };
  });
}

function attachedOf(told: RunningClocks, tier: TierId): { part: number; whole: number } {
  const readBack = told.tickets.flatMap(({ record: { decision, verification } }) =>
    decision.action === "apply" && decision.tier === tier && verification !== null ? [verification] : [],
  );
  return { part: readBack.filter((one) => one.ok).length, whole: readBack.length };
}
