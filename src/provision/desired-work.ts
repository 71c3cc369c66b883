/** What agents work with: a view per tier, macros that escalate without stopping a clock, queues where the desk uses them. */
import type { Policy, Tier } from "../policy/model.ts";
import { tierTag } from "../policy/tags.ts";
import type { ProvisionAction } from "../ports.ts";
import { where } from "./conditions.ts";
import { type Ref, refTo, type WantedOf } from "./desired-model.ts";
import { marked } from "./marks.ts";

/**
 * Columns of a tier's view, by the names the Views API gives them: the subject's is `description`
 * (https://developer.zendesk.com/api-reference/ticketing/business-rules/views/, remembered, not verified). Under another
 * name the view would read back differently, and every plan would show drift.
 */
const COLUMNS: readonly string[] = ["nice_id", "description", "requester", "priority", "group", "created"];

/** Unsolved tickets of each tier, most pressing first; highest tier first. */
export function tierViews(policy: Policy): readonly WantedOf<"view">[] {
  return policy.tiers.toReversed().map((tier) => {
    const key = `tier/${tier.id}`;
    const name = `Support tier: ${tier.name}`;
    const why = `Unsolved tickets of ${tier.name}, most pressing first.`;
    return {
      kind: "view",
      key,
      name,
      fields: {
        title: name,
        description: marked(why, policy.prefix, key),
        active: true,
        conditions: {
          all: [
            where("status", "less_than", "solved"),
            where("current_tags", "includes", tierTag(tier.id, policy)),
          ],
          any: [],
        },
        columns: COLUMNS,
        sortBy: "priority",
        sortOrder: "desc",
      },
      place: null,
      why,
    };
  });
}

/**
 * Escalating: an internal note and a tag, and for each after-hours group a hand-over. No public reply (it would count as
 * the first answer) and no status (pending would stop the clock).
 */
export function escalationMacros(policy: Policy): readonly WantedOf<"macro">[] {
  const onCall = policy.tiers.map((tier) => tier.routing.afterHours.group).filter((group) => group !== null);
  const note = "Escalated. Why: \nWhat was tried: \nWhat is needed, and by when: ";
  return [
    macro(
      policy,
      "escalate",
      "Support tier: escalate (the clock keeps running)",
      "Escalates with an internal note.",
      [...internal(note, policy)],
    ),
    ...[...new Set(onCall)].map((group) =>
      macro(
        policy,
        `hand-over/${group}`,
        `Support tier: hand over to ${group} (the clock keeps running)`,
        `Hands the ticket to ${group} with an internal note.`,
        [...internal(note, policy), { field: "group_id", value: refTo("group", group) }],
      ),
    ),
  ];
}

function internal(note: string, policy: Policy): readonly ProvisionAction<Ref>[] {
  return [
    { field: "comment_value", value: note },
    { field: "comment_mode_is_public", value: "false" },
    { field: "current_tags", value: `${policy.prefix}escalated` },
  ];
}

function macro(
  policy: Policy,
  key: string,
  name: string,
  why: string,
  actions: readonly ProvisionAction<Ref>[],
): WantedOf<"macro"> {
  const description = marked(why, policy.prefix, key);
  return {
    kind: "macro",
    key,
    name,
    fields: { title: name, description, active: true, actions },
    place: null,
    why,
  };
}

/**
 * A queue per tier with a group, highest first: where the desk routes by queues of its own it looks at these groups and
 * not at the ticket's.
 */
export function tierQueues(policy: Policy): readonly WantedOf<"queue">[] {
  return policy.tiers.toReversed().flatMap((tier, index) => {
    const { group } = tier.routing;
    return group === null ? [] : [queueOf(tier, group, index + 1, policy)];
  });
}

function queueOf(tier: Tier, group: string, priority: number, policy: Policy): WantedOf<"queue"> {
  const key = `tier/${tier.id}`;
  const name = `Support tier: ${tier.name}`;
  const why = `Sends tickets of ${tier.name} to ${group}.`;
  return {
    kind: "queue",
    key,
    name,
    fields: {
      name,
      description: marked(why, policy.prefix, key),
      priority,
      conditions: { all: [where("current_tags", "includes", tierTag(tier.id, policy))], any: [] },
      primaryGroups: [refTo("group", group)],
      secondaryGroups: tier.routing.fallback.map((name) => refTo("group", name)),
    },
    place: null,
    why,
  };
}
