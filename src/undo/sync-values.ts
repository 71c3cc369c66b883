/** What of a sync's writes still stands as it was written, and what must be written to put it back. */
import type { CrmMapping, OrganizationChange } from "../policy/model.ts";
import { reconcile } from "../policy/reconcile.ts";
import type { Crm, LeftLine, SyncWrite, UndoneLine } from "../ports.ts";
import type { TicketUndoPorts } from "./one-ticket.ts";

export interface SyncUndoPorts extends TicketUndoPorts {
  readonly crm: Crm;
  readonly mapping: CrmMapping;
}

/** A record to be put back, with the write that does it. */
export interface BackRow {
  readonly write: SyncWrite;
  readonly line: UndoneLine;
}

/** What is to be done about some records. */
export interface Back {
  readonly rows: readonly BackRow[];
  readonly left: readonly LeftLine[];
  readonly already: number;
}

type Values = SyncWrite["after"];

/** Organizations, field by field, as they stand in the help desk now. */
export async function organizationsBack(
  ports: SyncUndoPorts,
  writes: readonly SyncWrite[],
  runId: string,
  signal: AbortSignal,
): Promise<Back> {
  if (writes.length === 0) return { rows: [], left: [], already: 0 };
  const ids = writes.map(({ targetId }) => targetId);
  const found = new Map((await ports.desk.readOrganizations(ids, signal)).map((one) => [one.id, one]));
  const { policy } = ports;
  const changedAt = `${policy.prefix}changed_at`;
  return gather(ports, writes, runId, (write) => {
    const organization = found.get(write.targetId);
    if (organization === undefined) return null;
    const differs = (from: OrganizationChange): readonly string[] =>
      Object.keys(reconcile(from, organization, 0, policy) ?? {}).filter((key) => key !== changedAt);
    const others = differs(write.after);
    const toBefore = differs(write.before);
    const keys = toBefore.filter((key) => !others.includes(key));
    // The moment of the change goes back with the last of what it told of.
    const stamp = keys.length > 0 && others.every((key) => !toBefore.includes(key)) ? [changedAt] : [];
    const stampKey = stamp.filter((key) => Object.hasOwn(write.after, key));
    return {
      now: organization.fields,
      back: [...keys, ...stampKey],
      others: others.filter((key) => toBefore.includes(key)),
    };
  });
}

/** Labels, as they stand in the CRM now. */
export async function companiesBack(
  ports: SyncUndoPorts,
  writes: readonly SyncWrite[],
  runId: string,
  signal: AbortSignal,
): Promise<Back> {
  const properties = [...new Set(writes.flatMap(({ after }) => Object.keys(after)))];
  if (properties.length === 0) return { rows: [], left: [], already: 0 };
  const { label } = ports.mapping;
  const ids = writes.map(({ targetId }) => targetId);
  const { accounts } = await ports.crm.read(ids, properties, signal);
  const found = new Map(accounts.map((one) => [one.id, one.values]));
  return gather(ports, writes, runId, (write) => {
    const now = found.get(write.targetId);
    if (now === undefined) return null;
    // A label that the policy has since moved to another property is not ours to write any more.
    const keys = Object.keys(write.after).filter((key) => !same(now[key], write.before[key]));
    const back = keys.filter((key) => key === label && same(now[key], write.after[key]));
    return { now, back, others: keys.filter((key) => !back.includes(key)) };
  });
}

function same(a: string | null | undefined, b: string | null | undefined): boolean {
  return (a ?? "") === (b ?? "");
}

interface Compared {
  readonly now: Values;
  /** Fields that are still as we wrote them. */
  readonly back: readonly string[];
  /** Fields that are neither as we wrote them nor as they were before. */
  readonly others: readonly string[];
}

async function gather(
  ports: SyncUndoPorts,
  writes: readonly SyncWrite[],
  runId: string,
  compare: (write: SyncWrite) => Compared | null,
): Promise<Back> {
  const rows: BackRow[] = [];
  const left: LeftLine[] = [];
  let already = 0;
  for (const write of writes) {
    const what = `${write.target} ${write.targetId}`;
    const compared = compare(write);
    if (compared === null) {
      left.push({ what, why: "it is gone", fix: null });
      continue;
    }
    const { now, back, others } = compared;
    if (others.length > 0) left.push(await changedSince(ports, write, runId, others, now));
    if (back.length > 0) rows.push(rowOf(write, what, back, now));
    if (others.length + back.length === 0) already += 1;
  }
  return { rows, left, already };
}

function rowOf(write: SyncWrite, what: string, back: readonly string[], now: Values): BackRow {
  const image = (from: Values): Values => Object.fromEntries(back.map((key) => [key, from[key] ?? null]));
  const told = back.filter((key) => !key.endsWith("changed_at"));
  const did = told.map((key) => `${key}: ${shown(now[key])} → ${shown(write.before[key])}`).join("; ");
  return { write: { ...write, before: image(now), after: image(write.before) }, line: { what, did } };
}

/** By somebody, or by a later run of ours, which is then to be undone first. */
async function changedSince(
  { store }: SyncUndoPorts,
  write: SyncWrite,
  runId: string,
  keys: readonly string[],
  now: Values,
): Promise<LeftLine> {
  const what = `${write.target} ${write.targetId}`;
  const values = keys.map((key) => `${key} is ${shown(now[key])}`).join(", ");
  const history = await store.runs.writesFor(write.accountId, HISTORY);
  const own = history.findIndex((one) => one.runId === runId && one.targetId === write.targetId);
  const later = history
    .slice(0, own < 0 ? 0 : own)
    .find(
      (one) =>
        one.target === write.target &&
        one.targetId === write.targetId &&
        one.state === "written" &&
        keys.some((key) => Object.hasOwn(one.after, key) && same(one.after[key], now[key])),
    );
  return later === undefined
    ? { what, why: `changed by somebody since: ${values}`, fix: null }
    : {
        what,
        why: `written again since, by run ${later.runId}: ${values}`,
        fix: `Undo that one first: priority-support undo ${later.runId}`,
      };
}

/** Writes of an account that are looked through for a later one. */
const HISTORY = 200;

function shown(value: string | null | undefined): string {
  return value === null || value === undefined || value === "" ? "empty" : value;
}
