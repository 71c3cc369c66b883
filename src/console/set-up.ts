/** Where set-up stands: read anew from settings, store and switches each time, so there is nothing else to be wrong. */
import type { z } from "zod";
import { CANARY_REQUESTER } from "../canary.ts";
import type { Store } from "../ports.ts";
import { appliedPolicy } from "../provision/applied.ts";
import type { Plan } from "../provision/plan-model.ts";
import { planLines } from "../provision/plan-text.ts";
import { EVERY_DECISION } from "./decision-shown.ts";
import { lastCheckOf, switchesOf } from "./overview.ts";
import type { ConsoleParts } from "./parts.ts";
import { currentText, restartNeeded } from "./policy-text.ts";
import { type planShown, SET_UP_STEPS, type setUp } from "./schemas-set-up.ts";
import type { PlanSeen } from "./set-up-apply.ts";
import { iso, isoOrNull } from "./shown.ts";

type Shown = z.input<typeof setUp>;
type Barred = Shown["applyBarred"];

const SIMULATED = 200;

/** Everything the wizard shows. */
export async function setUpOf(parts: ConsoleParts): Promise<Shown> {
  const { jobs } = parts.setUp;
  const [policy, check, apply, switches, simulated, canary] = await Promise.all([
    policyOf(parts),
    checkOf(parts),
    applyOf(parts),
    switchesOf(parts),
    simulatedIn(parts.store),
    jobs.canary.state(),
  ]);
  const known = {
    mode: parts.setUp.isSetUpMode ? ("setup" as const) : ("serve" as const),
    settings: parts.setUp.settings().map((one) => ({ ...one })),
    ...{ policy, check, apply, switches, simulated },
    canary:
      canary === null
        ? null
        : { ...canary, at: iso(canary.at), reached: canary.reached.map((r) => ({ ...r })) },
    canaryRequester: CANARY_REQUESTER.email,
    applyBarred: applyBarred(parts, switches),
    canaryBarred: canaryBarred(parts, switches),
  };
  const done = stepsDone(known, parts.policy.policy().version);
  return {
    ...known,
    steps: SET_UP_STEPS.map((name) => ({ name, done: done[name] })),
    step: SET_UP_STEPS.find((name) => !done[name]) ?? null,
  };
}

type Known = Omit<Shown, "steps" | "step">;

function stepsDone(known: Known, version: string): Readonly<Record<(typeof SET_UP_STEPS)[number], boolean>> {
  const { settings, policy, check, apply, switches, simulated, canary, mode } = known;
  const isApplied = apply.applied?.version === version && apply.secret !== "hidden";
  const isLive = mode === "serve" && !switches.simulating && switches.pausedSince === null && isApplied;
  return {
    credentials: settings.every((one) => one.state !== "refused" && (!one.needed || one.state === "set")),
    policy: policy.from !== "nowhere" && policy.errors === 0,
    check: check.isReached,
    apply: isApplied,
    simulate: isLive || (isApplied && simulated > 0),
    live: isLive,
    canary: isLive && canary?.state === "passed",
  };
}

async function policyOf(parts: ConsoleParts): Promise<Shown["policy"]> {
  const text = await currentText(parts);
  const { findings } = parts.lint(text.yaml);
  const policy = parts.policy.policy();
  const errors = findings.filter((one) => one.severity === "error").length;
  return {
    version: policy.version,
    from: text.from,
    file: parts.policySource.explicit ? parts.policySource.path : null,
    tiers: policy.tiers.map((tier) => tier.name),
    errors,
    warnings: findings.length - errors,
    restartNeeded: [...restartNeeded(parts.connectedWith, policy)],
  };
}

/** Both sides answered when they were last asked. What `apply` is going to make may still be missing. */
async function checkOf(parts: ConsoleParts): Promise<Shown["check"]> {
  const { at, lines } = await lastCheckOf(parts);
  const shut = lines.some(
    ({ state, area, name }) =>
      state === "fail" && (["settings", "store", "crm"].includes(area) || /(^| )token$/.test(name)),
  );
  return { at, isReached: at !== null && !shut, lines: [...lines] };
}

async function applyOf({ setUp: { jobs }, store }: ConsoleParts): Promise<Shown["apply"]> {
  const [state, last] = await Promise.all([jobs.apply.state(), appliedPolicy(store.register)]);
  return {
    ...state,
    startedAt: isoOrNull(state.startedAt),
    endedAt: isoOrNull(state.endedAt),
    left: state.left.map((one) => ({ ...one })),
    applied: last === null ? null : { version: last.version, at: iso(last.at) },
  };
}

async function simulatedIn({ console: { lists } }: Store): Promise<number> {
  const rows = await lists.decisions({ ...EVERY_DECISION, state: "simulated", limit: SIMULATED });
  return rows.length;
}

/** Why nothing may be set up from here now; null = it may. The switch may simulate: that is the careful way to begin. */
function applyBarred(
  { setUp: { isSetUpMode, isSimulateFlag } }: ConsoleParts,
  now: Shown["switches"],
): Barred {
  if (isSetUpMode)
    return {
      message: "The service was started with --setup, so nothing is written outside.",
      fix: "Set ZENDESK_WEBHOOK_SECRET_FILE to a file of its own and run `priority-support apply` in a terminal, which puts the webhook's secret there; then start `priority-support serve` and come back here.",
    };
  if (isSimulateFlag)
    return {
      message: "The service was started with --simulate, so nothing is written outside.",
      fix: "Run `priority-support apply` in a terminal, or start the service without --simulate.",
    };
  if (now.pausedSince === null) return null;
  return { message: "Writing outside is paused.", fix: "Resume writing on the overview, then apply." };
}

/** A test ticket that nobody may write would only wait. */
function canaryBarred(parts: ConsoleParts, now: Shown["switches"]): Barred {
  const { isSetUpMode, isSimulateFlag } = parts.setUp;
  if (isSetUpMode)
    return {
      message: "The service was started with --setup, so no ticket is written.",
      fix: "Start `priority-support serve`, go live, then send it.",
    };
  if (now.pausedSince !== null)
    return { message: "Writing outside is paused.", fix: "Resume writing on the overview, then send it." };
  if (!now.simulating) return null;
  return isSimulateFlag
    ? {
        message: "The service was started with --simulate, so no ticket is written.",
        fix: "Start it without --simulate, then send it.",
      }
    : { message: "The service simulates, so no ticket is written.", fix: "Go live first, then send it." };
}

/** The plan as `plan` prints it, and what it takes to agree to it. */
export function planAsShown({ plan, digest, steps, barred }: PlanSeen): z.input<typeof planShown> {
  return {
    digest,
    steps,
    barred,
    blocked: plan.changes.filter(({ action }) => action === "blocked").length,
    calls: plan.calls,
    minutes: plan.minutes,
    actions: countsOf(plan),
    // Its last line adds up what stands above already.
    lines: planLines(plan)
      .slice(0, -1)
      .map((line) => ({ ...line })),
  };
}

function countsOf({ changes }: Plan): { action: string; count: number }[] {
  const actions = [...new Set(changes.map(({ action }) => action))];
  return actions.map((action) => ({
    action,
    count: changes.filter((change) => change.action === action).length,
  }));
}
