/** What would be lost with our objects: values in our fields, people in our groups. */
import type {
  Clock,
  Desk,
  FieldsImage,
  Ledger,
  LeftLine,
  Provisioning,
  ProvisionKind,
  Runs,
} from "../ports.ts";
import { KIND_WORDS } from "./kind-words.ts";

/** What hangs on our objects. */
export interface Hanging {
  /** Organizations or tickets have values of our fields. */
  readonly values: boolean;
  /** Group id → people in it; groups without anybody are left out. */
  readonly members: ReadonlyMap<string, number>;
}

/** One of ours that might be taken away. */
export interface Endangered {
  readonly kind: ProvisionKind;
  readonly id: string;
}

/** What looking needs. */
export interface HangingPorts {
  readonly desk: Pick<Provisioning, "members">;
  readonly organizations: Desk["organizations"];
  readonly ledger: Pick<Ledger, "recentDecisions">;
  readonly store: { readonly runs: Pick<Runs, "recent"> };
  readonly clock: Clock;
}

/** Looks only where something is in danger: nothing is asked for a trigger. */
export async function hangingOn(objects: readonly Endangered[], ports: HangingPorts): Promise<Hanging> {
  const members = new Map<string, number>();
  for (const { kind, id } of objects) {
    if (kind !== "group") continue;
    const people = await ports.desk.members(id);
    if (people > 0) members.set(id, people);
  }
  const fields = objects.some(({ kind }) => isField(kind));
  return { values: fields && (await hasValues(ports)), members };
}

/** Does it hold values that go with it? */
export function isField(kind: ProvisionKind): boolean {
  return kind === "organization_field" || kind === "ticket_field";
}

/** Exports of organizations leave out what changed in the last minute; a sync that is that young may have written. */
const UNSEEN_MS = 120_000;

/** One organization with a value, or one decision, is enough: fields go together. */
async function hasValues({ organizations, ledger, store, clock }: HangingPorts): Promise<boolean> {
  if ((await ledger.recentDecisions(1)).length > 0) return true;
  const since = clock.now() - UNSEEN_MS;
  const runs = await store.runs.recent(10);
  if (runs.some(({ kind, endedAt }) => WRITERS.test(kind) && (endedAt ?? since) >= since)) return true;
  const stop = new AbortController();
  for await (const page of organizations(null, stop.signal))
    if (page.organizations.some(({ fields }) => holdsValue(fields))) return true;
  return false;
}

/** Runs that write values: syncs and backfills. */
const WRITERS = /^(sync|backfill)/;

/** Has an organization a value in one of our fields? */
export function holdsValue(fields: Readonly<Record<string, string | null>>): boolean {
  return Object.values(fields).some((value) => value !== null && value !== "");
}

const CLEAR = "`priority-support uninstall --clear-values` removes it together with its values.";

/** Why an object is better left; null = nothing hangs on it. */
export function heldBack({ kind, id }: Endangered, hanging: Hanging): Pick<LeftLine, "why" | "fix"> | null {
  if (isField(kind) && hanging.values)
    return { why: "values have been written to it, and would be lost with it", fix: CLEAR };
  const people = hanging.members.get(id) ?? 0;
  if (kind === "group" && people > 0)
    return {
      why: `${people === 100 ? "100 or more" : people} people are in it`,
      fix: `Delete it by hand when its tickets have another group (${KIND_WORDS.group.where}).`,
    };
  return null;
}

/** Options that `to` no longer has: their values would be lost. */
export function lostOptions(from: FieldsImage, to: FieldsImage): readonly string[] {
  if (!("options" in from) || !("options" in to)) return [];
  const kept = new Set((to.options ?? []).map(({ tag }) => tag));
  return (from.options ?? []).map(({ tag }) => tag).filter((tag) => !kept.has(tag));
}
