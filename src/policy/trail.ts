/** What a decision leaves behind on its way: reasons in order, flags, and the facts it rested on. */
import type { FactUsed } from "./model.ts";

/** The flags that can stand on a ticket, without prefix. `skip` and `native` are not ours to manage. */
export const FLAGS = [
  "review",
  "unmatched",
  "grace",
  "stale",
  "suspended",
  "override",
  "capped",
  "vip",
  "after_hours",
  "attention",
] as const;

/** One managed flag, without prefix. */
export type Flag = (typeof FLAGS)[number];

/** Notes of one decision, written while it is made. */
export interface Trail {
  readonly reasons: Set<string>;
  readonly flags: Set<Flag>;
  readonly facts: FactUsed[];
}

/** A trail with nothing on it yet. */
export function newTrail(): Trail {
  return { reasons: new Set(), flags: new Set(), facts: [] };
}

/** Notes a reason and the flags that come with it; a reason already there keeps its first place. */
export function note(trail: Trail, reason: string, ...flags: readonly Flag[]): void {
  trail.reasons.add(reason);
  for (const flag of flags) trail.flags.add(flag);
}

/** The same notes, to be continued in another way. */
export function copyOf(trail: Trail): Trail {
  return { reasons: new Set(trail.reasons), flags: new Set(trail.flags), facts: [...trail.facts] };
}
