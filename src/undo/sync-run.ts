/**
 * Takes back what a sync wrote: organization fields in the help desk, labels in the CRM.
 *
 * It takes the sync's own turn, so that no sync writes meanwhile. Every value is looked at where it stands now: what is
 * no longer ours stays. Organizations that a sync made stay, too: tickets and people may hang on them.
 */
import type { Hold, LeftLine, RowOutcome, RunRecord, SyncWrite, UndoReport } from "../ports.ts";
import { ownStamp } from "../sync/intake.ts";
import { keepLease, permission } from "../sync/permission.ts";
import { digests } from "./facts-digest.ts";
import { AGAIN, asUndo, type Gathered } from "./report.ts";
import { type Back, companiesBack, organizationsBack, type SyncUndoPorts } from "./sync-values.ts";

/** How an undo of a sync is carried out. */
export interface SyncTurn {
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/** Rows written together; what a kill in between leaves undone is small, and found by the next undo. */
const CHUNK = 500;
const PATIENCE_MS = 20_000;
const LOOK_MS = 200;

/** Takes it back, or only looks. null = a sync is at work, and was still after twenty seconds. */
export async function undoSync(
  run: RunRecord,
  ports: SyncUndoPorts,
  turn: SyncTurn,
): Promise<UndoReport | null> {
  const undoing = { runId: run.id, kind: "sync", dryRun: turn.dryRun };
  if (turn.dryRun)
    return asUndo(ports, undoing, (undoRunId, into) => takeBack(ports, run, { ...turn, undoRunId }, into));
  const name = `sync:${ports.crm.name}`;
  const { register } = ports.store;
  const owner = `undo:${run.id}:${ports.clock.now()}`;
  for (let waited = 0; !(await register.lease(name, owner, LEASE_MS)); waited += LOOK_MS) {
    if (waited >= PATIENCE_MS) return null;
    await ports.clock.sleep(LOOK_MS);
  }
  const ended = new AbortController();
  const kept = keepLease(ports, name, owner, ended.signal, LEASE_MS);
  const ours = permission(ports, name, owner, LEASE_MS);
  const mayWrite = async (): Promise<boolean> => (await ours()) && (await ports.mayWrite());
  try {
    return await asUndo(ports, undoing, (undoRunId, into) =>
      takeBack({ ...ports, mayWrite }, run, { ...turn, undoRunId }, into),
    );
  } finally {
    ended.abort();
    await kept;
    await register.releaseLease(name, owner);
  }
}

/** Short, so that an undo that was killed keeps the next one waiting no longer than it waits anyway. */
const LEASE_MS = 12_000;

interface Turn extends SyncTurn {
  readonly undoRunId: string;
}

async function takeBack(ports: SyncUndoPorts, run: RunRecord, turn: Turn, into: Gathered): Promise<void> {
  const all = await ports.store.runs.writesOf(run.id);
  const made = all.filter((one) => one.state === "written" && isNew(one));
  into.left.push(...made.map(stays));
  const rows = all.filter((one) => (one.state === "written" || one.state === "intended") && !isNew(one));
  const holds = await holdsFor(ports, run.id, rows);
  // Before anything is written: nothing may be made again in between.
  if (!turn.dryRun) await ports.store.holds.put(holds);
  into.onHold = holds.length;
  for (let from = 0; from < rows.length; from += CHUNK) {
    turn.progress(from, rows.length);
    const some = rows.slice(from, from + CHUNK);
    const of = (target: SyncWrite["target"]) => some.filter((one) => one.target === target);
    const organizations = await organizationsBack(ports, of("organization"), run.id, turn.signal);
    await carry(ports, "organization", organizations, turn, into);
    const companies = await companiesBack(ports, of("company"), run.id, turn.signal);
    await carry(ports, "company", companies, turn, into);
  }
  turn.progress(rows.length, rows.length);
}

/** An organization that the run made has no image from before. */
function isNew({ target, targetId }: SyncWrite): boolean {
  return target === "organization" && targetId.startsWith("new:");
}

function stays({ accountId, reason }: SyncWrite): LeftLine {
  const id = /\d+$/.exec(reason)?.[0] ?? "";
  return {
    what: `organization ${id} of ${accountId}`,
    why: "it was made by this run and stays, because people and tickets may belong to it by now",
    fix: "Delete it by hand in Zendesk where nobody does; the policy's `create_organizations: never` stops new ones.",
  };
}

async function carry(
  ports: SyncUndoPorts,
  target: SyncWrite["target"],
  { rows, left, already }: Back,
  turn: Turn,
  into: Gathered,
): Promise<void> {
  into.left.push(...left);
  into.already += already;
  if (rows.length === 0) return;
  if (turn.dryRun) {
    into.undone.push(...rows.map(({ line }) => line));
    return;
  }
  if (!(await ports.mayWrite())) {
    const why = "not tried: writing outside was paused, or a sync took over";
    into.failed.push(...rows.map(({ line }) => ({ what: line.what, why, fix: AGAIN })));
    return;
  }
  const reason = `undone by ${turn.undoRunId}`;
  const writes = rows.map(({ write }): SyncWrite => ({ ...write, state: "intended", reason }));
  await ports.store.runs.write(turn.undoRunId, ports.policy.version, writes);
  const write = target === "organization" ? writeOrganizations : writeLabels;
  const outcomes = new Map((await write(ports, writes, turn.signal)).map((one) => [one.id, one]));
  const settled = writes.map(({ targetId }) => {
    const { ok = false, reason: why = "no answer for this record" } = outcomes.get(targetId) ?? {};
    return { target, targetId, state: ok ? ("written" as const) : ("failed" as const), reason: why ?? "" };
  });
  await ports.store.runs.settle(turn.undoRunId, settled);
  for (const [at, { line }] of rows.entries())
    if (settled[at]?.state === "written") into.undone.push(line);
    else into.failed.push({ what: line.what, why: settled[at]?.reason || "refused", fix: AGAIN });
}

/** Writes them, reads them back, and brings our copy up to date with what stands there now. */
async function writeOrganizations(
  { desk, store }: SyncUndoPorts,
  writes: readonly SyncWrite[],
  signal: AbortSignal,
): Promise<readonly RowOutcome[]> {
  const answers = await desk.writeOrganizations(
    writes.map(({ targetId, after }) => ({ id: targetId, fields: after })),
    signal,
  );
  const now = await desk.readOrganizations(
    writes.map(({ targetId }) => targetId),
    signal,
  );
  await store.organizations.put(now);
  return answers;
}

async function writeLabels(
  { crm, mapping, store }: SyncUndoPorts,
  writes: readonly SyncWrite[],
  signal: AbortSignal,
): Promise<readonly RowOutcome[]> {
  const property = mapping.label;
  if (property === null) return [];
  const rows = writes.map(({ targetId, after }) => ({ id: targetId, value: after[property] ?? "" }));
  const answers = await crm.writeLabels(rows, property, signal);
  for (const { id, ok, updatedAt } of answers) {
    const write = writes.find(({ targetId }) => targetId === id);
    if (!ok || write === undefined) continue;
    const stamp = updatedAt === null ? null : ownStamp(updatedAt);
    await store.accounts.setLabel(write.accountId, write.after[property] ?? null, stamp);
  }
  return answers;
}

async function holdsFor(
  { store, policy }: SyncUndoPorts,
  runId: string,
  rows: readonly SyncWrite[],
): Promise<readonly Hold[]> {
  const digest = digests(store);
  const holds: Hold[] = [];
  for (const { target, targetId, accountId, after } of rows) {
    const values = Object.fromEntries(
      Object.entries(after).filter(([key]) => key !== `${policy.prefix}changed_at`),
    );
    const facts = await digest(accountId);
    holds.push({ target, targetId, accountId, runId, values, facts, policyVersion: policy.version });
  }
  return holds;
}
