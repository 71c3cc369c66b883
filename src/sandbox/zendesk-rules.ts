/** What rules may look at: the conditions of triggers, views and queues, and their definitions endpoints. */
import { invalid, refuse } from "./zendesk-answers.ts";
import { channelChoices } from "./zendesk-channels.ts";
import type { Condition, Conditions, FieldRecord, Json } from "./zendesk-records.ts";
import { asJson, asList, asText } from "./zendesk-wire.ts";
import type { World } from "./zendesk-world.ts";

/** Who the conditions belong to. */
export type RuleUse = "trigger" | "view" | "queue";

/** A value that a rule offers. */
export interface Choice {
  readonly value: string;
  readonly title: string;
}

/** A thing a rule may look at or set; `choices: null` = free text. */
export interface Subject {
  readonly subject: string;
  readonly title: string;
  readonly operators: readonly string[];
  readonly choices: readonly Choice[] | null;
}

const PLAIN = ["is", "is_not"];
const MOVES = [
  ...["changed", "not_changed", "value", "not_value"],
  ...["value_previous", "not_value_previous"],
];
const ORDER = ["less_than", "less_than_equal", "greater_than", "greater_than_equal"];
const TAGS = ["includes", "not_includes"];
const TEXT = [...PLAIN, "present", "not_present", "includes_words", "not_includes_words"];

const choices = (...values: readonly string[]): readonly Choice[] =>
  values.map((value) => ({ value, title: value === "" ? "-" : value }));

/** Priorities, statuses and types as rules list them; "" = none. */
export const PRIORITY_CHOICES = choices("", "low", "normal", "high", "urgent");
export const STATUS_CHOICES = choices("new", "open", "pending", "hold", "solved", "closed");
export const TYPE_CHOICES = choices("", "question", "incident", "problem", "task");

/** Things with an id and a name as a list of choices, "none" first. */
export const named = (rows: Iterable<{ readonly id: string; readonly name: string }>): readonly Choice[] => [
  { value: "", title: "-" },
  ...[...rows].map(({ id, name }) => ({ value: id, title: name })),
];

/** Everything the conditions of a rule may look at in this account. */
export function conditionSubjects(world: World, use: RuleUse): readonly Subject[] {
  const { groups, brands, forms, ticketFields, organizationFields, userFields } = world.state;
  const live = [...groups.values()].filter((group) => !group.deleted);
  const moving = use === "trigger" ? MOVES : [];
  const one = (subject: string, operators: readonly string[], list: Subject["choices"] = null): Subject => ({
    subject,
    title: subject.replaceAll("_", " "),
    operators,
    choices: list,
  });
  const custom = (field: FieldRecord, subject: string): Subject => ({
    subject,
    title: field.title,
    operators: [...customOperators(field), ...moving],
    choices:
      field.options.length === 0 ? null : field.options.map(({ id, name }) => ({ value: id, title: name })),
  });
  return [
    one("status", [...PLAIN, ...ORDER, ...moving], STATUS_CHOICES),
    one("priority", [...PLAIN, ...ORDER, ...moving], PRIORITY_CHOICES),
    one("type", [...PLAIN, ...moving], TYPE_CHOICES),
    one("group_id", [...PLAIN, ...moving], named(live)),
    one("assignee_id", [...PLAIN, ...moving]),
    one("requester_id", [...PLAIN, ...moving]),
    one("organization_id", [...PLAIN, ...moving]),
    one("brand_id", [...PLAIN, ...moving], named(brands.values())),
    one("ticket_form_id", [...PLAIN, ...moving], named(forms.values())),
    one("current_tags", TAGS),
    one("via_id", PLAIN, channelChoices()),
    one("recipient", PLAIN),
    one("requester_role", PLAIN),
    one("ticket_is_public", ["is"]),
    one("exact_created_at", ORDER),
    ...onlyFor(use).map((subject) => one(subject, [...PLAIN, ...ORDER])),
    ...(use === "trigger" ? [one("update_type", ["is"], UPDATE_TYPES)] : []),
    ...[...ticketFields.values()].map((field) => custom(field, `custom_fields_${field.id}`)),
    ...[...organizationFields.values()].map((field) =>
      custom(field, `organization.custom_fields.${field.key}`),
    ),
    ...[...userFields.values()].map((field) => custom(field, `requester.custom_fields.${field.key}`)),
  ];
}

const UPDATE_TYPES: readonly Choice[] = [
  { value: "Create", title: "Created" },
  { value: "Change", title: "Updated" },
];

/** What only one kind of rule knows: who acts now (triggers), how long ago it was (views). */
function onlyFor(use: RuleUse): readonly string[] {
  if (use === "trigger") return ["current_via_id", "role", "comment_is_public", "current_user_id"];
  if (use === "view")
    return [
      "NEW",
      "OPEN",
      "PENDING",
      "SOLVED",
      "CLOSED",
      "assigned_at",
      "updated_at",
      "due_date",
      "sla_next_breach_at",
      "until_sla_next_breach_at",
    ];
  return ["locale_id"];
}

function customOperators(field: FieldRecord): readonly string[] {
  if (field.type === "checkbox") return ["is"];
  if (field.options.length > 0) return [...PLAIN, "present", "not_present"];
  if (["integer", "decimal", "date"].includes(field.type))
    return [...PLAIN, ...ORDER, "present", "not_present"];
  return TEXT;
}

/**
 * Conditions, checked against what this account knows. The value of a custom drop-down is not checked: a wrong one
 * simply never holds.
 *
 * @throws a 422 refusal for an unknown subject, an operator it does not have, or a group, brand or form that is gone.
 */
export function conditionsOf(world: World, use: RuleUse, every: unknown, some: unknown): Conditions {
  const known = new Map(conditionSubjects(world, use).map((subject) => [subject.subject, subject]));
  const list = (rows: unknown): readonly Condition[] =>
    (asList(rows) ?? []).map((row) => checked(known, asJson(row) ?? {}));
  return { all: list(every), any: list(some) };
}

function checked(known: ReadonlyMap<string, Subject>, row: Json): Condition {
  const field = asText(row.field) ?? "";
  const operator = asText(row.operator) ?? "is";
  const subject = known.get(field);
  if (subject === undefined) refuse(invalid({ conditions: `Conditions: ${field} is not a valid field` }));
  if (!subject.operators.includes(operator))
    refuse(invalid({ conditions: `Conditions: ${operator} is not a valid operator for ${field}` }));
  const offered =
    field.includes("custom_fields") || ["changed", "not_changed"].includes(operator) ? null : subject.choices;
  const wanted = Array.isArray(row.value) ? row.value.map(String) : [asText(row.value) ?? ""];
  const wrong =
    offered === null
      ? undefined
      : wanted.find((value) => value !== "" && !offered.some((one) => one.value === value));
  if (wrong !== undefined)
    refuse(invalid({ conditions: `Conditions: ${wrong} is not a valid value for ${field}` }));
  return { field, operator, value: row.value };
}

/** A list of subjects as the definitions endpoints show it. */
export const definitionRows = (subjects: readonly Subject[]): readonly Json[] =>
  subjects.map(({ subject, title, operators, choices: offered }) => ({
    subject,
    title,
    type: offered === null ? "text" : "list",
    group: "ticket",
    nullable: false,
    repeatable: false,
    ...(operators.length === 0
      ? {}
      : {
          operators: operators.map((value) => ({
            value,
            title: value.replaceAll("_", " "),
            terminal: false,
          })),
        }),
    ...(offered === null ? {} : { values: offered.map((choice) => ({ ...choice, enabled: true })) }),
  }));
