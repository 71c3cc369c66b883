/** What must be written on a ticket so that it is as it was before our writes, and what stays. Pure. */
import type { Policy, TicketChange } from "../policy/model.ts";
import type { DecisionRecord, LeftLine, TicketReading } from "../ports.ts";

/** What is to be done about one ticket. */
export interface TicketBack {
  /** null = nothing can or need be written. */
  readonly change: TicketChange | null;
  /** `priority: high → normal`, one for each field that goes back. */
  readonly did: readonly string[];
  readonly left: readonly Omit<LeftLine, "what">[];
}

/** A ticket with our writes that are taken back, oldest first, and everything we wrote after them. */
export interface Written {
  readonly reading: TicketReading;
  readonly writes: readonly DecisionRecord[];
  readonly later: readonly DecisionRecord[];
}

/** One field: what it was before our first write of it, and what we wrote last. */
interface Span {
  readonly before: string | null;
  readonly ours: string;
}

interface Field extends Span {
  readonly name: "priority" | "group" | "tier";
  readonly now: string | null;
}

/** Field by field: back where it still is what we wrote, left where somebody changed it since. */
export function backOf({ reading, writes, later }: Written, policy: Policy): TicketBack {
  const fields: readonly Field[] = [
    ...spanOf(writes, "priority", (one) => one.before.priority).map(
      (span): Field => ({ ...span, name: "priority", now: reading.priority }),
    ),
    ...spanOf(writes, "group", (one) => one.before.group).map(
      (span): Field => ({ ...span, name: "group", now: reading.group }),
    ),
    ...(reading.tierField === undefined ? [] : tierSpan(writes, reading.tierField, policy)),
  ];
  const changed = fields.filter((one) => one.now !== one.before);
  const left = changed.flatMap((one) => leftBecause(one, reading, later));
  const back = changed.filter((one) => leftBecause(one, reading, later).length === 0);
  const tags = tagsBack(writes, reading.tags);
  const followersRemove = followersBack(writes, reading);
  const change = {
    ...Object.fromEntries(back.map((one) => [one.name, one.before])),
    ...(tags.add.length > 0 ? { tagsAdd: tags.add } : {}),
    ...(tags.remove.length > 0 ? { tagsRemove: tags.remove } : {}),
    ...(followersRemove.length > 0 ? { followersRemove } : {}),
  };
  const did = [
    ...back.map((one) => `${one.name}: ${one.now ?? "none"} → ${one.before ?? "none"}`),
    ...(tags.remove.length > 0 ? [`tags removed: ${tags.remove.join(" ")}`] : []),
    ...(tags.add.length > 0 ? [`tags added: ${tags.add.join(" ")}`] : []),
    ...(followersRemove.length > 0 ? [`followers removed: ${followersRemove.join(" ")}`] : []),
  ];
  return { change: did.length === 0 ? null : change, did, left };
}

function spanOf(
  writes: readonly DecisionRecord[],
  name: "priority" | "group",
  image: (record: DecisionRecord) => string | null,
): readonly Span[] {
  const touching = writes.filter((one) => one.change?.[name] !== undefined);
  const [first] = touching;
  const ours = touching.at(-1)?.change?.[name];
  return first === undefined || ours === undefined ? [] : [{ before: image(first), ours }];
}

/** The drop-down's value before us is told by its tag: Zendesk keeps an option's tag on the ticket with it. */
function tierSpan(
  writes: readonly DecisionRecord[],
  now: string | null,
  { tiers, prefix }: Policy,
): readonly Field[] {
  const touching = writes.filter((one) => typeof one.change?.tier === "string");
  const [first] = touching;
  const ours = touching.at(-1)?.change?.tier;
  if (first === undefined || typeof ours !== "string") return [];
  const before = tiers.find(({ id }) => first.before.tags.includes(`${prefix}tier_${id}`))?.id ?? null;
  return [{ name: "tier", before, ours, now }];
}

/** Why a field stays as it is; empty = it goes back. */
function leftBecause(
  { name, now, before, ours }: Field,
  { assigneeId }: TicketReading,
  later: readonly DecisionRecord[],
): readonly Omit<LeftLine, "what">[] {
  if (now !== ours) {
    const again = name !== "tier" && later.some((one) => one.change?.[name] === now);
    return again
      ? [
          {
            why: `${name} was written again since: it is ${now ?? "none"} now`,
            fix: "Undo that later write first: `explain` on this ticket shows it.",
          },
        ]
      : [{ why: `${name} was changed by somebody since: it is ${now ?? "none"} now`, fix: null }];
  }
  // Zendesk refuses to empty a priority (facts on ticket writes, read 2026-11-22).
  if (name === "priority" && before === null)
    return [
      {
        why: `priority was empty before, and a priority cannot be emptied: it stays ${ours}`,
        fix: "Set the priority by hand where another one suits better.",
      },
    ];
  if (name === "group" && before === null)
    return [{ why: `the ticket was in no group before: it stays in ${ours}`, fix: "Move it by hand." }];
  // Another group may take the assignee away.
  if (name === "group" && assigneeId !== null)
    return [{ why: `group stays ${ours}, because somebody has the ticket`, fix: null }];
  return [];
}

/** A tag that we added and that was not there goes, one that we removed comes back; a person's own hand stays. */
function tagsBack(
  writes: readonly DecisionRecord[],
  present: readonly string[],
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const touched = new Map<string, { readonly before: boolean; readonly last: "added" | "removed" }>();
  for (const { before, change } of writes) {
    const { tagsAdd = [], tagsRemove = [] } = change ?? {};
    const note = (tag: string, last: "added" | "removed"): void => {
      touched.set(tag, { before: touched.get(tag)?.before ?? before.tags.includes(tag), last });
    };
    for (const tag of tagsAdd) note(tag, "added");
    for (const tag of tagsRemove) note(tag, "removed");
  }
  const all = [...touched];
  return {
    add: all.flatMap(([tag, { before, last }]) =>
      last === "removed" && before && !present.includes(tag) ? [tag] : [],
    ),
    remove: all.flatMap(([tag, { before, last }]) =>
      last === "added" && !before && present.includes(tag) ? [tag] : [],
    ),
  };
}

/** Only those who did not follow yet are ever added. */
function followersBack(writes: readonly DecisionRecord[], { followerIds }: TicketReading): readonly string[] {
  const added = new Set(writes.flatMap(({ change }) => change?.followersAdd ?? []));
  return followerIds.filter((id) => added.has(id));
}
