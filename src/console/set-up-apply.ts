/** Carrying a plan out from the console: begun by a person who saw it, watched by anybody, told from the store. */
import { createHash } from "node:crypto";
import { TryAgain } from "../errors.ts";
import { errorFields, type Log } from "../log.ts";
import type { Instant, Policy } from "../policy/model.ts";
import type { Clock, LeftLine, Provisioning, RunRecord, Store } from "../ports.ts";
import { alone, isFree } from "../provision/alone.ts";
import { type Applied, type ApplyPorts, applied, caughtUp, mayNotRead, planned } from "../provision/apply.ts";
import type { Plan, PlanOptions } from "../provision/plan-model.ts";
import { calledBy, failedLines } from "../provision/step-text.ts";
import { stepsOf } from "../provision/steps.ts";
import type { SecretState } from "../provision/webhook-secret.ts";
import { conflict } from "./problem.ts";

/** What applying needs. */
export interface SetUpApplyPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly provisioning: Provisioning;
  readonly policy: () => Policy;
  /** Address under which the desk reaches the service; null = not known. */
  readonly publicUrl: string | null;
  /** Sees to it that the service has what the webhook signs with. */
  readonly deliver: () => Promise<SecretState>;
  /** The service is being stopped. */
  readonly stopping: AbortSignal;
}

/** What a person agreed to. */
export interface ApplyWish {
  readonly adopt: PlanOptions["adopt"];
  /** Of the plan that was shown. */
  readonly digest: string;
  /** Tickets, organizations and labels are only simulated from before the first step on. */
  readonly simulate: boolean;
}

/** A plan with what it takes to agree to it. */
export interface PlanSeen {
  readonly plan: Plan;
  readonly digest: string;
  /** Writes to come. */
  readonly steps: number;
  /** The token's user is no administrator: nothing will be carried out. */
  readonly barred: boolean;
}

/**
 * `running`: here or on another machine. `interrupted`: it began, and whoever ran it is gone. `unfinished`: it ended with
 * steps left over.
 */
export interface ApplyState {
  readonly state: "never" | "running" | "interrupted" | "unfinished" | "done";
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Who began it; null = not from this service. */
  readonly by: string | null;
  /** Steps that were done. */
  readonly done: number;
  /** null = not known. */
  readonly total: number | null;
  readonly runId: string | null;
  /** What was not done, each with why and what to do. */
  readonly left: readonly LeftLine[];
  /** Has the service the webhook's secret? null = it was not looked at. */
  readonly secret: SecretState;
}

/** Applying, as the console offers it. */
export interface SetUpApply {
  readonly plan: (adopt: PlanOptions["adopt"]) => Promise<PlanSeen>;
  /** Answers when the first step begins. @throws ApiProblem 409 the plan is another one by now, or a run is under way */
  readonly begin: (wish: ApplyWish, by: string) => Promise<void>;
  readonly state: () => Promise<ApplyState>;
  /** When nothing of it is under way here any more. */
  readonly idle: () => Promise<void>;
}

const STOPPED = "The service was stopped.";
const AGAIN = "Look at the plan and apply it again: it goes on where it stopped.";

/** Applying for one running service. */
export function openSetUpApply(ports: SetUpApplyPorts): SetUpApply {
  let here: ApplyState | null = null;
  let isBusy = false;
  let running: Promise<void> = Promise.resolve();
  const begin: SetUpApply["begin"] = async (wish, by) => {
    if (isBusy) throw conflict("A plan is being carried out already.", "Wait for its end.");
    isBusy = true;
    const began = Promise.withResolvers<void>();
    const note = (state: ApplyState): void => {
      here = state;
      began.resolve();
    };
    running = run(ports, wish, by, note)
      .catch((error: unknown) => {
        began.reject(error);
        if (here?.state !== "running") return;
        ports.log.error(errorFields(error), "applying from the console failed");
        here = broken(here, error, ports.clock.now());
      })
      .finally(() => {
        isBusy = false;
      });
    await began.promise;
  };
  return {
    plan: async (adopt) => seen((await planned(await applyPorts(ports), adopt)).plan, false),
    begin,
    state: async () => newest(here, await kept(ports.store)),
    idle: () => running,
  };
}

function broken(state: ApplyState, error: unknown, at: Instant): ApplyState {
  const why = error instanceof Error ? error.message : String(error);
  return {
    ...state,
    state: "unfinished",
    endedAt: at,
    left: [{ what: "everything behind that", why, fix: AGAIN }],
  };
}

function seen(plan: Plan, barred: boolean): PlanSeen {
  const digest = createHash("sha256").update(JSON.stringify(plan.changes)).digest("hex");
  return { plan, digest, steps: barred ? 0 : stepsOf(plan).length, barred };
}

async function applyPorts(ports: SetUpApplyPorts): Promise<ApplyPorts> {
  const { store, clock, stopping, publicUrl } = ports;
  const policy = ports.policy();
  const text = await store.console.policies.get(policy.version);
  return {
    desk: ports.provisioning,
    store,
    clock: stoppable(clock, stopping),
    policy,
    policyHash: text?.contentHash ?? "",
    publicUrl,
  };
}

/** Whoever waits is told when the service is being stopped. */
export function stoppable(clock: Clock, stopping: AbortSignal): Clock {
  return {
    now: clock.now,
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal === undefined ? stopping : AbortSignal.any([stopping, signal]));
      if (stopping.aborted) throw new TryAgain(STOPPED);
    },
  };
}

async function run(
  ports: SetUpApplyPorts,
  wish: ApplyWish,
  by: string,
  note: (state: ApplyState) => void,
): Promise<void> {
  const { store, clock, stopping } = ports;
  const turn = await alone(store.register, clock, async (held) => {
    const around = await applyPorts(ports);
    const made = await caughtUp(around, wish.adopt);
    const { digest, steps } = seen(made.plan, mayNotRead(made.inventory));
    if (digest !== wish.digest)
      throw conflict(
        "The help desk has changed while you looked; nothing was done.",
        "Look at the new plan.",
      );
    if (wish.simulate) await store.register.setSetting("mode", "simulate");
    let state: ApplyState = { ...NEVER, state: "running", startedAt: clock.now(), by, total: steps };
    const now = (change: Partial<ApplyState>): void => {
      state = { ...state, ...change };
      note(state);
    };
    now({});
    const report = await applied(made, around, {
      held: () => (stopping.aborted ? Promise.reject(new TryAgain(STOPPED)) : held()),
      progress: (done) => now({ done }),
    });
    const secret = await ports.deliver();
    now({ ...ended(report), endedAt: clock.now(), secret });
  });
  if (turn === null)
    throw conflict(
      "Another run is changing the help desk's set-up right now.",
      "Wait for it, then try again.",
    );
}

const NEVER: ApplyState = {
  state: "never",
  startedAt: null,
  endedAt: null,
  by: null,
  done: 0,
  total: null,
  runId: null,
  left: [],
  secret: null,
};

function ended(report: Applied): Partial<ApplyState> {
  const left = failedLines(report);
  return {
    state: left.length === 0 ? "done" : "unfinished",
    done: report.done.length,
    runId: report.runId,
    left,
  };
}

/** The last run as the store has it: of whatever machine, and before whatever restart. */
async function kept({ runs, provisionJournal, register }: Store): Promise<ApplyState> {
  const last = await runs.last("apply");
  if (last === null) return NEVER;
  const entries = await provisionJournal.entries(last.id);
  const failed = entries.filter(({ state }) => state === "failed");
  const left = failed.map((entry) => ({ what: calledBy(entry), why: entry.detail, fix: AGAIN }));
  const stopped =
    last.error === null ? [] : [{ what: "everything behind that", why: last.error, fix: AGAIN }];
  return {
    ...NEVER,
    state: await stateOf(last, left.length + stopped.length, () => isFree(register)),
    startedAt: last.startedAt,
    endedAt: last.endedAt,
    done: entries.filter(({ state }) => state === "done").length,
    runId: last.id,
    left: [...left, ...stopped],
  };
}

async function stateOf(
  last: RunRecord,
  left: number,
  nobodyRuns: () => Promise<boolean>,
): Promise<ApplyState["state"]> {
  if (last.endedAt !== null) return left === 0 ? "done" : "unfinished";
  return (await nobodyRuns()) ? "interrupted" : "running";
}

/** What this process knows says more; a later run of somebody else is newer. */
function newest(here: ApplyState | null, store: ApplyState): ApplyState {
  if (here === null) return store;
  if (here.state === "running" || store.runId === here.runId) return here;
  return (store.startedAt ?? 0) > (here.startedAt ?? 0) ? store : here;
}
