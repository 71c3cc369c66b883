/** How the desk tells us of tickets: one webhook, and a trigger for each thing that may change a decision. */
import type { Policy, TicketEvent } from "../policy/model.ts";
import type { AccountFacts } from "./account-facts.ts";
import { CHANGED, type Condition, CREATED, inScope, ofBrands, where } from "./conditions.ts";
import { type Remark, refTo, type WantedOf } from "./desired-model.ts";
import { CATEGORY_TEXT, categoryName, marked } from "./marks.ts";

/** Path of the webhook below PUBLIC_URL. */
const PATH = "/webhooks/zendesk";

/** The two categories our triggers stand in: before everybody else's, and after. */
export function triggerCategories(policy: Policy): readonly WantedOf<"trigger_category">[] {
  const category = (key: "first" | "last", why: string): WantedOf<"trigger_category"> => {
    const name = categoryName(CATEGORY_TEXT[key], policy.prefix);
    return { kind: "trigger_category", key, name, fields: { name }, place: key, why };
  };
  return [
    category("first", "Triggers that come before all others."),
    category("last", "Triggers that come after all others."),
  ];
}

/** The webhook our triggers call. Its signing secret is made by the desk and fetched by whoever applies the plan. */
export function webhook(policy: Policy, publicUrl: string): WantedOf<"webhook"> {
  const why = "Tells priority-support of new and changed tickets.";
  return {
    kind: "webhook",
    key: "webhook",
    name: "priority-support",
    fields: {
      name: "priority-support",
      description: marked(why, policy.prefix, "webhook"),
      endpoint: `${publicUrl.replace(/\/+$/, "")}${PATH}`,
      active: true,
      readable: true,
      firedBy: "triggers",
      events: [],
    },
    place: null,
    why,
  };
}

interface Occasion {
  readonly event: TicketEvent;
  readonly title: string;
  readonly conditions: readonly Condition[];
  /** The ticket field whose change a trigger must be able to see; null = none. */
  readonly tells: string | null;
  readonly why: string;
}

const OCCASIONS: readonly Occasion[] = [
  {
    event: "created",
    title: "new tickets",
    conditions: [CREATED],
    tells: null,
    why: "Tells priority-support of every new ticket.",
  },
  {
    event: "organization_changed",
    title: "tickets of another organization",
    conditions: [CHANGED, where("organization_id", "changed", "")],
    tells: "organization_id",
    why: "Tells priority-support that a ticket now belongs to another customer.",
  },
  {
    event: "requester_changed",
    title: "tickets of another requester",
    conditions: [CHANGED, where("requester_id", "changed", "")],
    tells: "requester_id",
    why: "Tells priority-support that a ticket now belongs to another person.",
  },
];

/** Triggers that call the webhook, last of all. What the account's triggers cannot see is left out and remarked. */
export function notifyTriggers(
  policy: Policy,
  account: AccountFacts,
): { readonly triggers: readonly WantedOf<"trigger">[]; readonly remarks: readonly Remark[] } {
  const seen = ({ tells }: Occasion): boolean => tells === null || account.tellsChange.includes(tells);
  const unseen = OCCASIONS.filter((occasion) => !seen(occasion));
  return {
    triggers: OCCASIONS.filter(seen).map((occasion) => triggerOf(occasion, policy, account)),
    remarks:
      unseen.length === 0
        ? []
        : [
            {
              about: "triggers",
              message: `Triggers of this account cannot see ${unseen.map((one) => one.tells?.replace("_id", "")).join(" and ")} change: a ticket that moves to another customer keeps its tier until the next backfill.`,
              fix: null,
            },
          ],
  };
}

function triggerOf(occasion: Occasion, policy: Policy, account: AccountFacts): WantedOf<"trigger"> {
  const key = `tell/${occasion.event}`;
  const name = `Priority support: tell of ${occasion.title}`;
  return {
    kind: "trigger",
    key,
    name,
    fields: {
      title: name,
      description: marked(occasion.why, policy.prefix, key),
      active: true,
      category: refTo("trigger_category", "last"),
      conditions: {
        all: [...occasion.conditions, ...inScope(policy, account)],
        any: ofBrands(policy),
      },
      actions: [
        {
          field: "notification_webhook",
          value: [refTo("webhook", "webhook"), payload(occasion.event)],
        },
      ],
    },
    place: "last",
    why: occasion.why,
  };
}

/**
 * What the webhook sends: ids, words from lists and tags, no free text, for placeholders are not safely escaped. The
 * names of the placeholders are remembered, not verified.
 */
function payload(event: TicketEvent): string {
  return JSON.stringify({
    schema: "priority-support/1",
    event,
    ticket_id: "{{ticket.id}}",
    updated_at: "{{ticket.updated_at_with_timestamp}}",
    priority: "{{ticket.priority}}",
    group_id: "{{ticket.group.id}}",
    organization_id: "{{ticket.organization.id}}",
    requester_id: "{{ticket.requester.id}}",
    actor_id: "{{current_user.id}}",
    tags: "{{ticket.tags}}",
  });
}
