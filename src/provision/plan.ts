/** What to do so that the desk is as the policy wants it. Pure: wanted, found and owned in, steps out. */
import type { Inventory, ProvisionKind } from "../ports.ts";
import { type Desired, KINDS, type Wanted } from "./desired-model.ts";
import { KIND_WORDS } from "./kind-words.ts";
import { firstMatchOrder } from "./plan-first-match.ts";
import { type Match, matches, objectsOf, unavailable } from "./plan-matching.ts";
import type { OwnedObject, Plan, PlannedChange, PlanOptions, Standing } from "./plan-model.ts";
import { namesIn, refOf } from "./plan-names.ts";
import { triggerOrders } from "./plan-order.ts";
import { remarksOn } from "./plan-remarks.ts";
import { removals } from "./plan-removals.ts";
import { stepFor } from "./plan-steps.ts";

/**
 * The steps from the desk as it is (`inventory`) to the one the policy wants, in the order they are carried out.
 *
 * Ours are known by the ledger (`owned`) or by their mark; nothing else is changed unless adopting. Carried out, the next
 * plan is empty but for what was blocked.
 */
export function plan(
  wanted: Desired,
  inventory: Inventory,
  owned: readonly OwnedObject[],
  options: PlanOptions,
): Plan {
  const desired = without(wanted, inventory);
  const found = matches(desired, inventory, owned);
  const names = namesIn(inventory, found);
  const { steps, standing } = stepsOf(found, inventory, names, options);
  const gone = removals(desired, found, inventory, owned);
  const left = withoutRemoved(inventory, gone.changes);
  const ordered = found.filter((match) => standing.includes(match) || match.ours);
  const sla = firstMatchOrder("sla_policy", ordered, left, options);
  const queues = firstMatchOrder("queue", ordered, left, options);
  const changes = [
    ...unreadable(wanted, inventory),
    ...steps,
    ...gone.changes,
    ...triggerOrders(ordered, left, names.idOf),
    ...sla.changes,
    ...queues.changes,
  ];
  const remarks = [
    ...wanted.remarks,
    ...remarksOn(wanted, found, inventory, owned),
    ...sla.remarks,
    ...queues.remarks,
    ...gone.remarks,
  ];
  const calls = changes.reduce((sum, change) => sum + callsFor(change), 0);
  const minutes = Math.ceil(calls / options.callsPerMinute);
  return { changes, remarks, ours: found.flatMap(standingOf), ids: names.ids, calls, minutes };
}

function stepsOf(
  found: readonly Match[],
  inventory: Inventory,
  names: ReturnType<typeof namesIn>,
  options: PlanOptions,
): { readonly steps: readonly PlannedChange[]; readonly standing: readonly Match[] } {
  const steps: PlannedChange[] = [];
  const standing: Match[] = [];
  const refs = new Set<string>();
  for (const match of found) {
    const step = stepFor(match, { inventory, names, options, standing: refs });
    if (step !== null) steps.push(step);
    if (step?.action === "blocked") continue;
    standing.push(match);
    refs.add(refOf(match.wanted));
  }
  return { steps, standing };
}

/** The desk as the orders will find it. */
function withoutRemoved(inventory: Inventory, removed: readonly PlannedChange[]): Inventory {
  const ids = new Set(
    removed.map(({ kind, write }) => (write?.do === "remove" ? `${kind} ${write.id}` : "")),
  );
  const kinds = Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      unavailable(inventory, kind) ??
        objectsOf(inventory, kind).filter((object) => !ids.has(`${kind} ${object.id}`)),
    ]),
  );
  return { ...inventory, kinds: kinds as Inventory["kinds"] };
}

/** What can be had in this account: kinds that can be read, and no category where there are none. */
function without(wanted: Desired, inventory: Inventory): Desired {
  const uncategorised = unavailable(inventory, "trigger_category")?.because === "plan";
  const objects = wanted.objects
    .filter(({ kind }) => unavailable(inventory, kind) === null)
    .map(
      (one): Wanted =>
        one.kind === "trigger" && uncategorised ? { ...one, fields: { ...one.fields, category: null } } : one,
    );
  return { ...wanted, objects };
}

/** One step for each kind that our user may not read; what the plan lacks is a remark. */
function unreadable(wanted: Desired, inventory: Inventory): readonly PlannedChange[] {
  const asked = new Set(wanted.objects.map(({ kind }) => kind));
  const closed = (kind: ProvisionKind): boolean => unavailable(inventory, kind)?.because === "role";
  return KINDS.filter((kind) => asked.has(kind) && closed(kind)).map((kind) => ({
    action: "blocked",
    kind,
    key: null,
    name: KIND_WORDS[kind].many,
    fields: [],
    why: `The ${KIND_WORDS[kind].many} cannot be read with this user's role, so nothing is planned for them.`,
    fix: "Use the API token of an administrator (ZENDESK_EMAIL and ZENDESK_API_TOKEN).",
    write: null,
  }));
}

function standingOf({ wanted, object, ours }: Match): readonly Standing[] {
  return object === null || !ours ? [] : [{ kind: wanted.kind, key: wanted.key, id: object.id }];
}

/** A write and reading it back; a new webhook's signing secret is one more. */
function callsFor({ kind, write }: PlannedChange): number {
  if (write === null) return 0;
  if (write.do === "remove") return 1;
  return kind === "webhook" && write.do === "create" ? 3 : 2;
}
