/** What triggers and macros may do to a ticket. */
import { invalid, refuse } from "./zendesk-answers.ts";
import type { Action, Json } from "./zendesk-records.ts";
import {
  type Choice,
  named,
  PRIORITY_CHOICES,
  STATUS_CHOICES,
  type Subject,
  TYPE_CHOICES,
} from "./zendesk-rules.ts";
import { asJson, asList, asText } from "./zendesk-wire.ts";
import type { World } from "./zendesk-world.ts";

/** Who acts: a trigger by itself, a macro by an agent's hand. */
export type ActionUse = "trigger" | "macro";

/** Words that stand for people and groups of the moment. */
const STAND_INS = ["current_user", "requester_id", "assignee_id", "current_groups", "all_agents"];

/** Everything an action may set in this account. Without several schedules nothing can set one. */
export function actionSubjects(world: World, use: ActionUse): readonly Subject[] {
  const { groups, brands, forms, schedules, ticketFields } = world.state;
  const live = [...groups.values()].filter((group) => !group.deleted);
  const one = (subject: string, choices: readonly Choice[] | null = null): Subject => ({
    subject,
    title: subject.replaceAll("_", " "),
    operators: [],
    choices,
  });
  const own =
    use === "trigger"
      ? [
          one("follower"),
          one("notification_webhook"),
          ...(world.behaviour.multipleSchedules ? [one("set_schedule", named(schedules.values()))] : []),
        ]
      : ["subject", "comment_value", "comment_value_html", "comment_mode_is_public"].map((name) => one(name));
  return [
    one("status", STATUS_CHOICES),
    one("priority", PRIORITY_CHOICES),
    one("type", TYPE_CHOICES),
    one("group_id", named(live)),
    one("assignee_id"),
    one("brand_id", named(brands.values())),
    one("ticket_form_id", named(forms.values())),
    ...["set_tags", "current_tags", "remove_tags"].map((name) => one(name)),
    ...own,
    ...[...ticketFields.values()].map(
      (field): Subject => ({
        ...one(
          `custom_fields_${field.id}`,
          field.options.length === 0
            ? null
            : field.options.map(({ value, name }) => ({ value, title: name })),
        ),
        title: field.title,
      }),
    ),
  ];
}

/**
 * Actions, checked against what this account knows.
 *
 * @throws a 422 refusal for an unknown action, a value that is gone (deleted group, webhook, option), or a webhook
 * action whose value is no list.
 */
export function actionsOf(world: World, use: ActionUse, rows: readonly unknown[]): readonly Action[] {
  const known = new Map(actionSubjects(world, use).map((subject) => [subject.subject, subject]));
  return rows.map((row) => checked(world, known, asJson(row) ?? {}));
}

function checked(world: World, known: ReadonlyMap<string, Subject>, row: Json): Action {
  const field = asText(row.field) ?? "";
  const subject = known.get(field);
  if (subject === undefined) refuse(invalid({ actions: `Actions: ${field} is not a valid field` }));
  if (field === "notification_webhook") assertWebhook(world, row.value);
  else if (Array.isArray(row.value) && !field.startsWith("custom_fields_") && !field.startsWith("comment_"))
    refuse(invalid({ actions: `Actions: ${field} takes one value` }));
  const value = asText(row.value) ?? "";
  const offered = subject.choices;
  if (
    offered !== null &&
    value !== "" &&
    !STAND_INS.includes(value) &&
    !offered.some((one) => one.value === value)
  )
    refuse(invalid({ actions: `Actions: ${value} is not a valid value for ${field}` }));
  return { field, value: row.value };
}

/** The value must be a list of webhook id and body; the webhook must be one for triggers. */
function assertWebhook(world: World, value: unknown): void {
  const [id, body] = asList(value) ?? [];
  if (typeof id !== "string" || typeof body !== "string")
    refuse(invalid({ actions: "Actions: notification_webhook needs a webhook id and a body" }));
  if (world.state.webhooks.get(id)?.subscriptions.includes("conditional_ticket_events") !== true)
    refuse(invalid({ actions: `Actions: webhook ${id} cannot be used in a trigger` }));
}
