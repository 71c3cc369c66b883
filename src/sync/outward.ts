/**
 * Our store → both sides: organization fields in the help desk, the tier label in the CRM. One answer per record; what
 * failed stays marked and is tried again at the next run.
 */
import type { Log } from "../log.ts";
import type { CrmMapping, Policy } from "../policy/model.ts";
import type { Clock, Crm, Desk, RowOutcome, Store, SyncWrite } from "../ports.ts";
import { withoutHeld } from "../undo/holding.ts";
import { type Worked, workOut } from "./entitle.ts";
import { ownStamp } from "./intake.ts";
import { createMissing } from "./organization-creation.ts";

export interface OutwardPorts {
  readonly crm: Crm;
  readonly desk: Desk;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
  readonly mapping: CrmMapping;
  readonly runId: string;
  readonly simulating: boolean;
  /** Is this run still the one that may write, now? A process that stood still may have been replaced. */
  readonly mayWrite: () => Promise<boolean>;
  /** Makes sure that the label property exists; asks the CRM once a run. */
  readonly labelReady: () => Promise<void>;
}

/** What a run did outside, or would have done. */
export interface OutwardCounts {
  organizations: number;
  labels: number;
  /** Accounts of which a change was not made, because it had been taken back. */
  onHold: number;
  unmatched: { readonly accountId: string; readonly name: string | null }[];
  inReview: { readonly accountId: string; readonly code: string; readonly detail: string }[];
  failed: { readonly accountId: string; readonly name: string | null; readonly reason: string }[];
  changes: {
    readonly accountId: string;
    readonly name: string | null;
    readonly target: string;
    readonly before: SyncWrite["before"];
    readonly after: SyncWrite["after"];
  }[];
}

export const CHUNK = 500;

export function noCounts(): OutwardCounts {
  return { organizations: 0, labels: 0, onHold: 0, unmatched: [], inReview: [], failed: [], changes: [] };
}

/** Carries accounts to both sides, gathering what few of them need into full batches. */
export interface Outward {
  /**
   * Works accounts out and writes once enough differences have come together. Answers those that must come again when
   * the waiting lists are drawn up; they stay marked, and nothing is written about them before.
   */
  carry(accountIds: readonly string[]): Promise<readonly string[]>;
  /** Writes what still waits. Until then those accounts stay marked. */
  flush(): Promise<void>;
}

/** The outward step of one run. */
export function openOutward(ports: OutwardPorts, counts: OutwardCounts, signal: AbortSignal): Outward {
  const waiting: Worked[] = [];
  const unmade = new Set<string>();
  const flush = async (): Promise<void> => {
    const batch = waiting.splice(0);
    const ids = batch.map(idOf);
    if (batch.length === 0 || !(await ports.mayWrite())) return;
    const failed = new Set([...unmade, ...(await writeOrganizations(ports, batch, counts, signal))]);
    const mayLabel = await ports.mayWrite();
    if (mayLabel) for (const id of await writeLabels(ports, batch, counts, signal)) failed.add(id);
    // Whoever has taken over may have written something newer before us, and labels that a pause kept back are still to
    // be written, though it may be over by now: everybody is looked at again.
    if (mayLabel && (await ports.mayWrite()))
      await ports.store.accounts.clearPending(ids.filter((id) => !failed.has(id)));
    else await ports.store.accounts.markPending(ids);
  };
  const carry = async (accountIds: readonly string[]): Promise<readonly string[]> => {
    const { worked, undecided } = await drawUp(ports, accountIds, counts);
    for (const id of await createMissing(ports, worked, counts, signal)) unmade.add(id);
    const differing = ports.simulating ? [] : worked.filter((w) => w.change !== null || w.label !== null);
    // Those who are looked at for the day's sake are not marked yet: what waits here would end with this process.
    const unwritten = [...differing.map(idOf), ...undecided];
    if (unwritten.length > 0) await ports.store.accounts.markPending(unwritten);
    const open = new Set(unwritten);
    await ports.store.accounts.clearPending(
      accountIds.filter((id) => !open.has(id) && (ports.simulating || !unmade.has(id))),
    );
    waiting.push(...differing);
    if (waiting.length >= CHUNK) await flush();
    return undecided;
  };
  return { carry, flush };
}

function idOf(worked: Worked): string {
  return worked.stored.account.id;
}

/** Tier and differences of each account, with the writes they need put on record. */
async function drawUp(
  ports: OutwardPorts,
  accountIds: readonly string[],
  counts: OutwardCounts,
): Promise<{ readonly worked: readonly Worked[]; readonly undecided: readonly string[] }> {
  const now = ports.clock.now();
  const all = await workOut(ports.store, ports.policy, ports.mapping.label, accountIds, now);
  const decided = all.filter((one) => !one.undecided);
  const worked = await allowed(ports, decided, counts);
  await ports.store.runs.review(
    accountIds,
    all.flatMap((w) => w.reviews),
    now,
  );
  note(worked, counts);
  const writes = worked.flatMap((w) => writesOf(w, ports));
  await ports.store.runs.write(ports.runId, ports.policy.version, writes);
  const names = new Map(worked.map((w) => [idOf(w), w.stored.account.name]));
  counts.changes.push(
    ...writes.map(({ accountId, target, before, after }) => ({
      accountId,
      name: names.get(accountId) ?? null,
      target,
      before,
      after,
    })),
  );
  return { worked, undecided: all.filter((one) => one.undecided).map(idOf) };
}

/** Without what a person took back by `undo`. */
async function allowed(
  ports: OutwardPorts,
  worked: readonly Worked[],
  counts: OutwardCounts,
): Promise<readonly Worked[]> {
  const verdicts = await withoutHeld(
    ports,
    worked.map((one) => ({
      accountId: idOf(one),
      organizationId: one.match.organization?.id ?? null,
      change: one.change,
      companyId: one.stored.sourceId,
      label: one.label,
    })),
  );
  counts.onHold += verdicts.filter(({ held }) => held).length;
  return worked.map((one, at) => {
    const { change = one.change, label = one.label } = verdicts[at] ?? {};
    return { ...one, change, label };
  });
}

function note(worked: readonly Worked[], counts: OutwardCounts): void {
  for (const { stored, match, reviews } of worked) {
    const { id, name, goneOn } = stored.account;
    if (match.organization === null && match.code === "organization_missing" && goneOn === null)
      counts.unmatched.push({ accountId: id, name });
    counts.inReview.push(...reviews);
  }
}

function writesOf(one: Worked, ports: OutwardPorts): SyncWrite[] {
  const { stored, match, change, label } = one;
  const state = ports.simulating ? ("simulated" as const) : ("intended" as const);
  const common = { accountId: stored.account.id, state, reason: one.verdict.reasons.join(", ") };
  const rows: SyncWrite[] = [];
  if (match.organization !== null && change !== null) {
    const { fields, id } = match.organization;
    const before = Object.fromEntries(Object.keys(change).map((key) => [key, fields[key] ?? null]));
    rows.push({ ...common, target: "organization", targetId: id, before, after: change });
  }
  if (label !== null && ports.mapping.label !== null)
    rows.push({
      ...common,
      target: "company",
      targetId: stored.sourceId,
      before: { [ports.mapping.label]: stored.label },
      after: { [ports.mapping.label]: label },
    });
  return rows;
}

/** Account ids whose organization could not be written but may be next time. */
async function writeOrganizations(
  ports: OutwardPorts,
  worked: readonly Worked[],
  counts: OutwardCounts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = worked.flatMap((w) =>
    w.match.organization === null || w.change === null
      ? []
      : [{ organization: w.match.organization, change: w.change, worked: w }],
  );
  if (rows.length === 0) return [];
  const outcomes = await ports.desk.writeOrganizations(
    rows.map((r) => ({ id: r.organization.id, fields: r.change })),
    signal,
  );
  const byId = new Map(outcomes.map((o) => [o.id, o]));
  const written = rows.filter((r) => byId.get(r.organization.id)?.ok === true);
  await ports.store.organizations.put(
    written.map((r) => ({ ...r.organization, fields: { ...r.organization.fields, ...r.change } })),
  );
  await settle(
    ports,
    "organization",
    rows.map((r) => byId.get(r.organization.id) ?? unanswered(r.organization.id)),
  );
  counts.organizations += written.length;
  return rows.flatMap((r) =>
    failure(r.worked, byId.get(r.organization.id) ?? unanswered(r.organization.id), "organization", counts),
  );
}

/** Account ids whose label could not be written but may be next time. */
async function writeLabels(
  ports: OutwardPorts,
  worked: readonly Worked[],
  counts: OutwardCounts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const property = ports.mapping.label;
  const rows = worked.flatMap((w) =>
    w.label === null ? [] : [{ id: w.stored.sourceId, value: w.label, worked: w }],
  );
  if (property === null || rows.length === 0) return [];
  await ports.labelReady();
  const outcomes = await ports.crm.writeLabels(
    rows.map(({ id, value }) => ({ id, value })),
    property,
    signal,
  );
  const byId = new Map(outcomes.map((o) => [o.id, o]));
  for (const row of rows) {
    const outcome = byId.get(row.id);
    if (outcome?.ok !== true) continue;
    counts.labels += 1;
    await ports.store.accounts.setLabel(
      row.worked.stored.account.id,
      row.value,
      outcome.updatedAt === null ? null : ownStamp(outcome.updatedAt),
    );
  }
  await settle(
    ports,
    "company",
    rows.map((r) => byId.get(r.id) ?? unanswered(r.id)),
  );
  return rows.flatMap((r) => failure(r.worked, byId.get(r.id) ?? unanswered(r.id), "label", counts));
}

function unanswered(id: string): RowOutcome {
  return { id, ok: false, retry: true, reason: "no answer for this record" };
}

/** Notes a failed row by name; answers the account id when it is worth another try. */
function failure(worked: Worked, outcome: RowOutcome, what: string, counts: OutwardCounts): string[] {
  if (outcome.ok) return [];
  const { id, name } = worked.stored.account;
  counts.failed.push({ accountId: id, name, reason: `${what}: ${outcome.reason ?? "refused"}` });
  return outcome.retry ? [id] : [];
}

async function settle(
  ports: OutwardPorts,
  target: SyncWrite["target"],
  outcomes: readonly RowOutcome[],
): Promise<void> {
  await ports.store.runs.settle(
    ports.runId,
    outcomes.map((o) => ({
      target,
      targetId: o.id,
      state: o.ok ? ("written" as const) : ("failed" as const),
      reason: o.reason ?? "",
    })),
  );
}
