/** From a policy to the help desk it asks for: the plan, and carrying it out as a run that can be put back. */
import { randomUUID } from "node:crypto";
import type { Policy } from "../policy/model.ts";
import type { Clock, Inventory, OwnedRecord, Provisioning, Store } from "../ports.ts";
import { accountFacts } from "./account-facts.ts";
import { rememberApplied } from "./applied.ts";
import { type Carried, carryOut } from "./carry-out.ts";
import { desired } from "./desired.ts";
import { settledBy } from "./in-doubt.ts";
import { plan } from "./plan.ts";
import type { Plan, PlanOptions } from "./plan-model.ts";
import { stepsOf } from "./steps.ts";

/** What planning and applying need. */
export interface ApplyPorts {
  readonly desk: Provisioning;
  readonly store: Pick<Store, "provisionJournal" | "runs" | "register">;
  readonly clock: Clock;
  readonly policy: Policy;
  /** SHA-256 of what the policy says, hex. */
  readonly policyHash: string;
  /** Address under which the desk reaches the service; null = not known. */
  readonly publicUrl: string | null;
}

/** A plan beside what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly owned: readonly OwnedRecord[];
}

/** What an apply did. */
export interface Applied extends Carried {
  /** null = there was nothing to do. */
  readonly runId: string | null;
}

/** Calls of the desk a minute that a plan may count on: half of the smallest plan's 200 (rate-limits page, read 2026-11-22). */
const CALLS_PER_MINUTE = 100;

/** Reads the desk and says what would be done to it. Changes nothing. */
export async function planned(ports: ApplyPorts, adopt: PlanOptions["adopt"]): Promise<Planned> {
  const { desk, store, policy, publicUrl } = ports;
  const inventory = await desk.inventory();
  const owned = await store.provisionJournal.owned();
  const wanted = desired(policy, { publicUrl, account: accountFacts(inventory) });
  return {
    plan: plan(wanted, inventory, owned, { adopt, callsPerMinute: CALLS_PER_MINUTE }),
    inventory,
    owned,
  };
}

/**
 * Finds out what came of the steps that an earlier run left without an end, and which of our objects the journal lost.
 * Answers the plan that is then due. Writes the journal only.
 */
export async function caughtUp(ports: ApplyPorts, adopt: PlanOptions["adopt"]): Promise<Planned> {
  const { store, policy } = ports;
  const first = await planned(ports, adopt);
  const open = await settleDoubts(store.provisionJournal, first.inventory, policy.prefix);
  const known = new Set(first.owned.map(({ kind, id }) => `${kind} ${id}`));
  const found = first.plan.ours.filter(({ kind, id }) => !known.has(`${kind} ${id}`));
  if (open === 0 && found.length === 0) return first;
  await store.provisionJournal.know(found);
  const owned = await store.provisionJournal.owned();
  const wanted = desired(policy, {
    publicUrl: ports.publicUrl,
    account: accountFacts(first.inventory),
  });
  const again = plan(wanted, first.inventory, owned, { adopt, callsPerMinute: CALLS_PER_MINUTE });
  return { plan: again, inventory: first.inventory, owned };
}

/** Ends every step that is still `intended` by what the desk shows; answers how many there were. */
export async function settleDoubts(
  journal: Store["provisionJournal"],
  inventory: Inventory,
  prefix: string,
): Promise<number> {
  const open = (await journal.history()).filter(({ state }) => state === "intended");
  for (const entry of open) {
    const settled = settledBy(entry, inventory, prefix);
    await journal.settle(settled.entry, settled.whole?.fields ?? null);
  }
  return open.length;
}

/** Is our user no administrator? Half a set-up is worse than none, so then nothing is carried out. */
export function mayNotRead({ kinds }: Inventory): boolean {
  return Object.values(kinds).some((kind) => "because" in kind && kind.because === "role");
}

/** Carries a plan out as a run. A policy that was applied without a rest is remembered as applied. */
export async function applied(
  { plan: made, inventory }: Planned,
  ports: ApplyPorts,
  turn: Pick<Parameters<typeof carryOut>[2], "held" | "progress">,
): Promise<Applied> {
  const { store, clock, policy, desk } = ports;
  const steps = mayNotRead(inventory) ? [] : stepsOf(made);
  const carried = { journal: store.provisionJournal, prefix: policy.prefix, desk, clock, ...turn };
  const runId = randomUUID();
  const report =
    steps.length === 0
      ? { done: [], refused: [], stopped: null }
      : await asRun("apply", runId, { store, clock }, () =>
          carryOut(steps, { runId, inventory, ids: made.ids }, carried),
        );
  const complete =
    !mayNotRead(inventory) &&
    report.stopped === null &&
    report.refused.length === 0 &&
    made.changes.every(({ action }) => action !== "blocked");
  if (complete)
    await rememberApplied(store.register, {
      version: policy.version,
      contentHash: ports.policyHash,
      runId,
      at: clock.now(),
    });
  return { ...report, runId: steps.length === 0 ? null : runId };
}

/** Keeps a run in the list of runs, with what came of it. */
export async function asRun(
  kind: string,
  runId: string,
  { store, clock }: { readonly store: Pick<Store, "runs">; readonly clock: Clock },
  work: () => Promise<Carried>,
): Promise<Carried> {
  const run = { id: runId, kind, startedAt: clock.now(), endedAt: null, counts: {}, error: null };
  await store.runs.start(run);
  try {
    const carried = await work();
    const counts = { done: carried.done.length, refused: carried.refused.length };
    await store.runs.end(runId, clock.now(), counts, carried.stopped?.message ?? null);
    return carried;
  } catch (error) {
    await store.runs.end(runId, clock.now(), {}, error instanceof Error ? error.message : String(error));
    throw error;
  }
}
