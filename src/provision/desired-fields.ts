/** Our fields on organizations and tickets, and the groups the policy routes to. */
import type { Policy } from "../policy/model.ts";
import { nativeOutcome } from "../policy/native.ts";
import { tierTag } from "../policy/tags.ts";
import type { ProvisionOption } from "../ports.ts";
import type { WantedOf } from "./desired-model.ts";
import { marked } from "./marks.ts";

/** Fields of organizations: what they are called, of which type, and what they are for. */
const ORGANIZATION_FIELDS: readonly (readonly [name: string, title: string, type: string, why: string])[] = [
  [
    "tier",
    "Support tier",
    "dropdown",
    "The customer's tier. Written by the service: changes by hand are put back.",
  ],
  ["basis", "Support tier: why", "text", "Why the customer has this tier."],
  ["tam", "Technical account manager", "text", "Who looks after the customer."],
  ["renewal", "Contract renewal", "date", "The day the contract ends."],
  ["account", "CRM account", "text", "Which record of the CRM this organization belongs to."],
  ["changed_at", "Support tier: changed at", "text", "When the service last changed one of these fields."],
  ["arr", "Annual recurring revenue", "decimal", "Yearly revenue in the policy's currency."],
];

/** One option per tier, lowest first. Its tag is what the desk sets on organization and ticket. */
function tierOptions(policy: Policy): readonly ProvisionOption[] {
  return policy.tiers.map((tier) => ({ name: tier.name, tag: tierTag(tier.id, policy) }));
}

/** The fields a sync writes. ARR only where the policy copies it: every agent can read it. */
export function organizationFields(policy: Policy): readonly WantedOf<"organization_field">[] {
  const { prefix } = policy;
  return ORGANIZATION_FIELDS.filter(([name]) => name !== "arr" || policy.desk.writeArr).map(
    ([name, title, type, why]) => {
      const key = `${prefix}${name}`;
      const options = type === "dropdown" ? tierOptions(policy) : [];
      const description = marked(why, prefix, key);
      return {
        kind: "organization_field",
        key,
        name: key,
        fields: { key, title, type, description, active: true, options },
        place: null,
        why,
      };
    },
  );
}

/** The drop-down that shows the tier on the ticket; choosing an option sets its tag and takes the others away. */
export function tierTicketField(policy: Policy): WantedOf<"ticket_field"> {
  const why = "The customer's tier on this ticket. Written by the service.";
  return {
    kind: "ticket_field",
    key: "tier",
    name: "Support tier",
    fields: {
      title: "Support tier",
      type: "tagger",
      description: marked(why, policy.prefix, "tier"),
      active: true,
      options: tierOptions(policy),
    },
    place: null,
    why,
  };
}

/** Every group the policy names. A group of that name that is there already is used as it is. */
export function groups(policy: Policy): readonly WantedOf<"group">[] {
  const routed = policy.tiers.flatMap((tier) => [
    tier.routing.group,
    ...tier.routing.fallback,
    tier.routing.afterHours.group,
    nativeOutcome(tier)?.group ?? null,
  ]);
  const named = [...Object.keys(policy.groups), ...routed, ...policy.routing.reroutableGroups];
  return [...new Set(named)]
    .filter((name) => name !== null)
    .map((name) => ({
      kind: "group",
      key: name,
      name,
      fields: { name, description: marked("Named by the support policy.", policy.prefix, name) },
      place: null,
      why: "The policy sends tickets to it.",
    }));
}
