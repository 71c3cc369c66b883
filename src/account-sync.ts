/**
 * CRM → help desk and label back, once: take in what changed, work out tiers, carry the differences outward.
 *
 * One run at a time per CRM (a lease in the store). Running again at once writes nothing.
 */
import { randomUUID } from "node:crypto";
import { NeedsAdmin } from "./errors.ts";
import { errorFields, type Log } from "./log.ts";
import type { CrmMapping, Policy } from "./policy/model.ts";
import type { Clock, Crm, Desk, RefusedRecord, Store } from "./ports.ts";
import { forgetEvaluation, isEvaluated, noteEvaluated } from "./sync/evaluation.ts";
import type { HeldChanges } from "./sync/guard-judge.ts";
import { type Brake, openBrake } from "./sync/guard-step.ts";
import {
  type IntakeCounts,
  type IntakePorts,
  localDay,
  takeInChanges,
  takeInRecords,
} from "./sync/intake.ts";
import { unknownProperties } from "./sync/mapped-properties.ts";
import { refreshOrganizations } from "./sync/organization-copy.ts";
import type { OtherSource } from "./sync/other-source.ts";
import { CHUNK, noCounts, type OutwardCounts, type OutwardPorts, openOutward } from "./sync/outward.ts";
import { keepLease, LEASE_MS, permission, whileMine } from "./sync/permission.ts";
import { mergeRead, type SourcePorts, takeInOthers } from "./sync/sources.ts";
import { refreshWaitlists } from "./sync/waitlists.ts";

export interface SyncPorts {
  readonly crm: Crm;
  readonly desk: Desk;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
  readonly mapping: CrmMapping;
  /** Sources that fill in facts of the same accounts; left out = none. */
  readonly others?: readonly OtherSource[];
  readonly simulating: boolean;
  /** true = read, but write nothing outside at present: what is due stays marked. Left out = never. */
  readonly paused?: () => Promise<boolean>;
  readonly progress: (step: "reading" | "writing", done: number) => void;
}

/** `changed` = since the cursor; `full` = every record; a list = these CRM record ids only. */
export type SyncScope = "changed" | "full" | readonly string[];

export interface SyncReport extends OutwardCounts {
  readonly runId: string;
  readonly intake: IntakeCounts;
  /** Demotions of this run that the brake set aside; null = none. */
  readonly held: HeldChanges | null;
  /** Records that wait for a person, of this run and earlier ones. */
  readonly waiting: number;
  /** Another process is syncing this CRM right now; nothing was done. */
  readonly busy: boolean;
  readonly calls: Readonly<Record<string, number>>;
  readonly ms: number;
}

/** Runs one sync. @throws what stopped it; what was settled until then stays settled. */
export async function syncAccounts(
  ports: SyncPorts,
  scope: SyncScope,
  signal: AbortSignal,
): Promise<SyncReport> {
  const { store, clock, crm } = ports;
  const started = clock.now();
  const runId = randomUUID();
  const before = callsNow(ports);
  const report = (done: Done, busy: boolean): SyncReport => ({
    ...done.counts,
    runId,
    intake: done.intake,
    held: done.held,
    waiting: done.waiting,
    busy,
    calls: since(before, callsNow(ports)),
    ms: clock.now() - started,
  });
  if (!(await store.register.lease(`sync:${crm.name}`, runId, LEASE_MS))) {
    const intake: IntakeCounts = { read: 0, changed: 0, unchanged: 0, gone: 0 };
    return report({ intake, counts: noCounts(), held: null, waiting: 0 }, true);
  }
  await store.runs.start({
    id: runId,
    kind: `sync:${crm.name}`,
    startedAt: started,
    endedAt: null,
    counts: {},
    error: null,
  });
  const ended = new AbortController();
  const kept = keepLease(ports, `sync:${crm.name}`, runId, ended.signal);
  try {
    const done = report(await run(ports, scope, runId, signal), false);
    await store.runs.end(runId, clock.now(), countsOf(done), null);
    return done;
  } catch (error) {
    await store.runs.end(runId, clock.now(), {}, errorFields(error).message);
    throw error;
  } finally {
    ended.abort();
    await kept;
    await store.register.releaseLease(`sync:${crm.name}`, runId);
  }
}

interface Done extends Pick<SyncReport, "intake" | "held" | "waiting"> {
  readonly counts: OutwardCounts;
}

async function run(ports: SyncPorts, scope: SyncScope, runId: string, signal: AbortSignal): Promise<Done> {
  await checkMapping(ports);
  await refreshOrganizations(ports, signal);
  const people: IntakePorts["people"] = (wanted) => ports.crm.people(wanted);
  const brake = brakeOf(ports, runId);
  const progress = (read: number): void => ports.progress("reading", read);
  const counts = noCounts();
  const refused = (source: string, records: readonly RefusedRecord[]): void =>
    noteRefused(source, records, counts);
  const sources: SourcePorts = { ...ports, others: ports.others ?? [], brake, refused };
  const { failure, ...more } = await besides(sources, scope, signal);
  const intakePorts = { ...ports, ...more, brake, people, progress, refused };
  const intake = Array.isArray(scope)
    ? await takeInRecords(intakePorts, scope, signal)
    : await takeInChanges(intakePorts, scope === "full", signal);
  const mayWrite = permission(ports, `sync:${ports.crm.name}`, runId);
  const outward: OutwardPorts = { ...ports, runId, mayWrite, labelReady: labelMaker(ports) };
  const only = Array.isArray(scope) ? new Set(scope.map((id) => `${ports.crm.name}:${id}`)) : null;
  await workThrough(outward, ports, counts, only, signal);
  if (failure !== null) throw failure;
  const waiting = (await ports.store.guard.waiting()).reduce((sum, one) => sum + one.records, 0);
  return { intake, counts, held: brake.held(), waiting };
}

/** What the other sources say, read first: the first source's records are put together with it. */
async function besides(
  sources: SourcePorts,
  scope: SyncScope,
  signal: AbortSignal,
): Promise<Pick<IntakePorts, "merge" | "confirmed"> & { readonly failure: unknown }> {
  if (sources.others.length === 0) return { failure: null };
  const merge: IntakePorts["merge"] = (records, rows) => mergeRead(sources, records, rows);
  // Named records of the first source are wanted at once: the others have their turn with the next whole sync.
  if (Array.isArray(scope)) return { merge, failure: null };
  const { failure } = await takeInOthers(sources, scope === "full", signal);
  return { merge, confirmed: failure === null, failure };
}

function noteRefused(source: string, records: readonly RefusedRecord[], counts: OutwardCounts): void {
  for (const { id, where, reason } of records)
    counts.failed.push({ accountId: id === null ? source : `${source}:${id}`, name: where, reason });
}

function brakeOf(ports: SyncPorts, runId: string): Brake {
  const today = (): string => localDay(ports.policy, ports.clock.now());
  const { store, clock, crm } = ports;
  const mine = permission({ store, clock }, `sync:${crm.name}`, runId);
  return whileMine(openBrake({ ...ports, runId, source: crm.name, today }), mine);
}

type Ask<T> = () => Promise<T>;

/** Asks when first needed, and never again. */
function once<T>(ask: Ask<T>): Ask<T> {
  const answers: Promise<T>[] = [];
  return () => {
    const answer = answers[0] ?? ask();
    answers[0] = answer;
    return answer;
  };
}

/** The label property with an option for every tier, made sure of once a run. */
function labelMaker(ports: SyncPorts): OutwardPorts["labelReady"] {
  const options = ports.policy.tiers.map((tier) => ({ value: tier.id, label: tier.name }));
  const label = ports.mapping.label;
  const ready = once(async () => (label === null ? null : ports.crm.ensureLabel(label, options)));
  return async () => void (await ready());
}

/** Every marked account, then those whose result time or the others' places may have changed. */
async function workThrough(
  outward: OutwardPorts,
  ports: SyncPorts,
  counts: OutwardCounts,
  only: ReadonlySet<string> | null,
  signal: AbortSignal,
): Promise<void> {
  const { accounts } = ports.store;
  const both = openOutward(outward, counts, signal);
  const done = new Set<string>();
  const undecided = new Set<string>();
  const halted = new AbortController();
  const cut = AbortSignal.any([signal, halted.signal]);
  const carry = async (ids: readonly string[]): Promise<void> => {
    if (cut.aborted || !(await outward.mayWrite())) return halted.abort();
    const fresh = ids.filter((id) => !done.has(id) && (only === null || only.has(id)));
    for (const id of fresh) done.add(id);
    if (fresh.length > 0) for (const id of await both.carry(fresh)) undecided.add(id);
    ports.progress("writing", done.size);
  };
  // Paused or stopped, what still waits stays marked for the next run.
  const finish = async (): Promise<void> => (cut.aborted ? undefined : both.flush());
  if (ports.simulating) await forgetEvaluation(ports);
  await eachPage((after) => accounts.pending(after, CHUNK), carry, cut);
  if (only === null) await carryByTime(ports, carry, cut);
  if (cut.aborted) return;
  // Marked like those who were undecided, so that a pause or a crash from here on loses none of them.
  const moved = await refreshWaitlists(ports.store, ports.policy, ports.clock.now());
  const again = [...new Set([...undecided, ...moved])];
  for (const id of again) done.delete(id);
  await inChunks(again, carry);
  await finish();
}

type Carry = (accountIds: readonly string[]) => Promise<void>;

/** Accounts that time alone may have changed: those in a grace, and everybody on another day or under another policy. */
async function carryByTime(ports: SyncPorts, carry: Carry, signal: AbortSignal): Promise<void> {
  const { accounts } = ports.store;
  await inChunks(await accounts.inGrace(), carry);
  if (await isEvaluated(ports)) return;
  await eachPage((after) => accounts.page(after, CHUNK), carry, signal);
  // Cut short, the rest must still be looked at.
  if (!signal.aborted) await noteEvaluated(ports);
}

async function inChunks(accountIds: readonly string[], carry: Carry): Promise<void> {
  for (let i = 0; i < accountIds.length; i += CHUNK) await carry(accountIds.slice(i, i + CHUNK));
}

async function eachPage(
  next: (after: string | null) => Promise<readonly string[]>,
  work: (ids: readonly string[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let after: string | null = null;
  while (!signal.aborted) {
    const page: readonly string[] = await next(after);
    if (page.length === 0) return;
    await work(page);
    after = page[page.length - 1] ?? null;
  }
}

/** A mapped property that the CRM does not have would read as "empty" for every customer: refuse before reading. */
async function checkMapping(ports: SyncPorts): Promise<void> {
  const problems = unknownProperties(ports.mapping, await ports.crm.fields());
  if (problems.length === 0) return;
  throw new NeedsAdmin(
    `the policy maps facts to ${ports.crm.name} fields that do not exist: ${problems.map((p) => p.what).join("; ")}`,
    {
      fix: problems.map((p) => p.fix).join(" "),
    },
  );
}

function callsNow(ports: SyncPorts): Record<string, number> {
  const named = (name: string, calls: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(calls).map(([k, v]) => [`${name}.${k}`, v]);
  return Object.fromEntries([
    ...named(ports.crm.name, ports.crm.calls()),
    ...(ports.others ?? []).flatMap(({ port }) => named(port.name, port.calls())),
    ...named(ports.desk.name, ports.desk.calls()),
  ]);
}

function since(before: Record<string, number>, now: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(now)
      .map(([k, v]): [string, number] => [k, v - (before[k] ?? 0)])
      .filter(([, v]) => v > 0),
  );
}

function countsOf(report: SyncReport): Record<string, number> {
  const { intake, organizations, labels, onHold, unmatched, inReview, failed } = report;
  return {
    ...intake,
    organizations,
    labels,
    onHold,
    unmatched: unmatched.length,
    inReview: inReview.length,
    failed: failed.length,
    held: report.held?.demotions.length ?? 0,
  };
}
