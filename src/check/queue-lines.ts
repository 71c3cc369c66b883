/** Does the group we write decide where a ticket goes? Omnichannel queues of the account's own do not look at it. Pure. */
import type { Policy, Tier } from "../policy/model.ts";
import { tierTag } from "../policy/tags.ts";
import type { DeskObjectOf, Inventory, ProvisionCondition } from "../ports.ts";
import { keyOf } from "../provision/marks.ts";
import { overlapOf } from "../provision/overlap.ts";
import { type CheckLine, doubtful, fine } from "./line.ts";

type Queue = DeskObjectOf<"queue">;

/**
 * A line for every tier whose tickets a queue may take that is not ours: such a queue gives them to its own groups
 * (https://support.zendesk.com/hc/en-us/articles/6712096584090, by way of the domain's sources, read 2026-11-22).
 */
export function queueLines(policy: Policy, { kinds }: Pick<Inventory, "kinds">): readonly CheckLine[] {
  const queues: Inventory["kinds"]["queue"] = kinds.queue;
  if ("because" in queues) return [fine("desk", "routing", "no omnichannel queues: the group decides")];
  if (queues.length === 0)
    return [fine("desk", "routing", "no queues of its own: the group on the ticket decides")];
  const routed = policy.tiers.filter(({ routing }) => routing.group !== null);
  const lines = routed.flatMap((tier) => lineFor(tier, queues, policy));
  return lines.length > 0
    ? lines
    : [fine("desk", "routing", "queues decide, and each tier has one that looks at its tag")];
}

function lineFor(tier: Tier, queues: readonly Queue[], policy: Policy): readonly CheckLine[] {
  const tag = tierTag(tier.id, policy);
  const fitting = queues.filter((one) => overlapOf(one.fields.conditions, tag) !== "never");
  const own = fitting.findIndex((one) => keyOf(one, policy.prefix) === `tier/${tier.id}`);
  const before = own < 0 ? fitting : fitting.slice(0, own);
  const [first] = before;
  if (first === undefined) return [];
  const all = overlapOf(first.fields.conditions, tag) === "always";
  const which = all ? `All tickets of ${tier.name}` : `Tickets of ${tier.name} with ${shown(first)}`;
  return [
    doubtful(
      "desk",
      `routing of ${tier.name}`,
      `${which} are taken by the queue ${first.name}, which does not look at the group we write (${tier.routing.group}).`,
      own < 0
        ? `Run \`priority-support plan\`: it offers a queue that looks at the tag ${tag}.`
        : `Move the queue ${first.name} below ours, or exclude the tag ${tag} from it.`,
    ),
  ];
}

function shown({ fields }: Queue): string {
  const words = ({ field, operator, value }: ProvisionCondition<string>): string =>
    `${field} ${operator} ${value === "" ? "blank" : value}`.replaceAll("_", " ");
  const { conditions } = fields;
  const some = conditions.any.map(words);
  const parts = [...conditions.all.map(words), ...(some.length === 0 ? [] : [some.join(" or ")])];
  return parts.length === 0 ? "any condition" : parts.join(" and ");
}
