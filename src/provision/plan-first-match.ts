/** The order of what is tried from the top until one fits (SLA policies, queues), and who stands in the way. */
import type { Inventory } from "../ports.ts";
import type { Remark, Wanted } from "./desired-model.ts";
import { KIND_WORDS } from "./kind-words.ts";
import { type Overlap, overlapOf } from "./overlap.ts";
import { type Match, objectsOf } from "./plan-matching.ts";
import type { PlannedChange, PlanOptions } from "./plan-model.ts";
import { type Entry, entriesOf, reordering } from "./plan-order.ts";

/** Steps and remarks about one order. */
export interface FirstMatch {
  readonly changes: readonly PlannedChange[];
  readonly remarks: readonly Remark[];
}

type Kind = "sla_policy" | "queue";

/**
 * Ours in the order of the tiers, in the places that ours have. Somebody else's that takes our tickets first is passed
 * only when adopting; otherwise it is named and left.
 */
export function firstMatchOrder(
  kind: Kind,
  standing: readonly Match[],
  inventory: Inventory,
  options: PlanOptions,
): FirstMatch {
  const wanted = standing.filter((match) => match.wanted.kind === kind);
  if (wanted.length === 0) return { changes: [], remarks: [] };
  const from = entriesOf(objectsOf(inventory, kind), wanted);
  const sorted = inOurOrder(from, wanted);
  const obstacles = obstaclesIn(sorted);
  const [first] = obstacles;
  const adopting = options.adopt === "when_needed";
  const to = adopting && first !== undefined ? before(first.entry, sorted) : sorted;
  const movesOthers = !adopting && movedForeign(from, to).length > 0;
  return {
    changes: [
      ...(movesOthers ? [notOurs(kind, from, to)] : []),
      ...(movesOthers
        ? []
        : [reordering(kind, from, to, null, orderWhy(kind))].filter((one) => one !== null)),
      ...(adopting ? [] : obstacles.map((one) => inTheWay(kind, one))),
    ],
    remarks: partial(to).map((one) => maybeFirst(kind, one)),
  };
}

function orderWhy(kind: Kind): string {
  return `The first ${KIND_WORDS[kind].one} that fits is applied, so the highest tier stands first.`;
}

/** Ours sorted into the places that ours occupy; everybody else's stay where they are. */
function inOurOrder(from: readonly Entry[], wanted: readonly Match[]): readonly Entry[] {
  const queue = wanted.flatMap((match) => from.filter((entry) => entry.match === match));
  let next = 0;
  return from.map((entry) => {
    if (entry.match === null) return entry;
    next += 1;
    return queue[next - 1] ?? entry;
  });
}

/** Somebody else's above ours, and whose tickets it takes. */
interface Obstacle {
  readonly entry: Entry;
  readonly below: readonly Entry[];
}

function obstaclesIn(entries: readonly Entry[]): readonly Obstacle[] {
  return overlapping(entries, "always");
}

function partial(entries: readonly Entry[]): readonly Obstacle[] {
  return overlapping(entries, "sometimes");
}

function overlapping(entries: readonly Entry[], wanted: Overlap): readonly Obstacle[] {
  return entries.flatMap((entry, place) => {
    if (entry.match !== null) return [];
    const below = entries.slice(place + 1).filter(({ match }) => match !== null);
    const hit = below.filter(({ match }) => match !== null && strongest(entry, match.wanted) === wanted);
    return hit.length === 0 ? [] : [{ entry, below: hit }];
  });
}

function strongest({ object }: Entry, wanted: Wanted): Overlap {
  const conditions =
    object?.kind === "sla_policy"
      ? object.fields.filter
      : object?.kind === "queue"
        ? object.fields.conditions
        : null;
  if (conditions === null) return "never";
  const found = tagsOf(wanted).map((tag) => overlapOf(conditions, tag));
  return found.includes("always") ? "always" : found.includes("sometimes") ? "sometimes" : "never";
}

function tagsOf(wanted: Wanted): readonly string[] {
  const conditions =
    wanted.kind === "sla_policy"
      ? wanted.fields.filter
      : wanted.kind === "queue"
        ? wanted.fields.conditions
        : null;
  const value = conditions?.all.find(({ field }) => field === "current_tags")?.value;
  return typeof value === "string" ? value.split(" ") : [];
}

/** Ours directly above `obstacle`, where they are not above it already. */
function before(obstacle: Entry, entries: readonly Entry[]): readonly Entry[] {
  const others = entries.filter(({ match }) => match === null);
  const ours = entries.filter(({ match }) => match !== null);
  const place = others.indexOf(obstacle);
  return [...others.slice(0, place), ...ours, ...others.slice(place)];
}

/** Objects that serve us and are not ours, and would have to move. */
function movedForeign(from: readonly Entry[], to: readonly Entry[]): readonly Entry[] {
  return from.filter(
    (entry, place) =>
      to[place] !== entry && entry.match !== null && !entry.match.ours && entry.match.object !== null,
  );
}

function notOurs(kind: Kind, from: readonly Entry[], to: readonly Entry[]): PlannedChange {
  const names = (list: readonly Entry[]): readonly string[] => list.map((one) => one.name);
  return {
    action: "blocked",
    kind,
    key: null,
    name: "order",
    fields: [{ field: "order", from: names(from), to: names(to) }],
    why: `${orderWhy(kind)} That would move ${movedForeign(from, to)
      .map((one) => one.name)
      .join(", ")}, which are not ours.`,
    fix: `Plan with --adopt, or put them in this order (${KIND_WORDS[kind].where}).`,
    write: null,
  };
}

function inTheWay(kind: Kind, { entry, below }: Obstacle): PlannedChange {
  return {
    action: "blocked",
    kind,
    key: null,
    name: entry.name,
    fields: [],
    why: `It is not ours, stands above ${below.map((one) => one.name).join(", ")} and fits all of their tickets: those are never applied.`,
    fix: `Plan with --adopt to move ours above it, or move it down or narrow its conditions (${KIND_WORDS[kind].where}).`,
    write: null,
  };
}

function maybeFirst(kind: Kind, { entry, below }: Obstacle): Remark {
  return {
    about: `${KIND_WORDS[kind].one} ${entry.name}`,
    message: `It is not ours and stands above ${below.map((one) => one.name).join(", ")}: a ticket that meets its conditions gets it instead of its tier's.`,
    fix: `If that is not meant, move it down (${KIND_WORDS[kind].where}).`,
    mayBeMeant: true,
  };
}
