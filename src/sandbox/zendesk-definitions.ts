/** Which conditions an SLA filter may use. Priority and status are not among them. */
import { invalid, refuse } from "./zendesk-answers.ts";
import { channelChoices } from "./zendesk-channels.ts";
import type { Condition, FieldRecord, Json } from "./zendesk-records.ts";
import { asJson, asList, asText } from "./zendesk-wire.ts";
import { numeric, type World } from "./zendesk-world.ts";

const IS: readonly string[] = ["is", "is_not"];
const TAGS = ["includes", "not_includes"];
const NUMBERS = ["is", "less_than", "less_than_equal", "greater_than", "greater_than_equal", "is_not"];
const TITLES: Readonly<Record<string, string>> = {
  is: "Is",
  is_not: "Is not",
  includes: "Includes",
  not_includes: "Does not include",
  less_than: "Less than",
  less_than_equal: "Less than or equal to",
  greater_than: "Greater than",
  greater_than_equal: "Greater than or equal to",
};

/** Fixed filter fields and their operators, as a real account's definitions listed them (recorded 2021-2022). */
const FIXED: readonly (readonly [
  field: string,
  title: string,
  operators: readonly string[],
  group: string,
])[] = [
  ["brand_id", "Brand", IS, "ticket"],
  ["ticket_form_id", "Form", IS, "ticket"],
  ["ticket_type_id", "Type", IS, "ticket"],
  ["group_id", "Group", IS, "ticket"],
  ["assignee_id", "Assignee", IS, "ticket"],
  ["requester_id", "Requester", IS, "ticket"],
  ["organization_id", "Organization", IS, "ticket"],
  ["current_tags", "Tags", TAGS, "ticket"],
  ["via_id", "Channel", IS, "ticket"],
  ["current_via_id", "Update via", IS, "ticket"],
  ["recipient", "Received at", ["is"], "ticket"],
  ["ticket_is_public", "Privacy", ["is"], "ticket"],
  ["exact_created_at", "Created", NUMBERS.slice(1, 5), "ticket"],
  ["requester_role", "Role", IS, "requester"],
];

interface Definition {
  readonly field: string;
  readonly title: string;
  readonly operators: readonly string[];
  readonly group: string;
  /** Allowed values; null = free text. */
  readonly values: readonly { readonly value: unknown; readonly title: string }[] | null;
}

/** The body of `GET /slas/policies/definitions`. */
export function definitionsView(world: World): Json {
  const list = definitions(world).map((definition) => ({
    title: definition.title,
    value: definition.field,
    group: definition.group,
    title_for_field: definition.title,
    target: null,
    operators: definition.operators.map((value) => ({ value, title: TITLES[value] ?? value })),
    values: { type: definition.values === null ? "text" : "list", list: definition.values ?? [] },
  }));
  return { definitions: { all: list, any: list } };
}

/** The conditions of a filter, checked. @throws a 422 refusal for a field, operator or drop-down value that is not legal. */
export function filterConditions(world: World, value: unknown): readonly Condition[] {
  const known = new Map(definitions(world).map((definition) => [definition.field, definition]));
  return (asList(value) ?? []).map((row) => {
    const condition = asJson(row) ?? {};
    const field = asText(condition.field) ?? "";
    const operator = asText(condition.operator) ?? "";
    const definition = known.get(field);
    if (definition === undefined) refuse(invalid({ filter: `Filter: ${field} is not a valid filter field` }));
    if (!definition.operators.includes(operator))
      refuse(invalid({ filter: `Filter: ${operator} is not a valid operator for ${field}` }));
    assertValue(definition, condition.value);
    return { field, operator, value: condition.value };
  });
}

/** Where a list is offered, nothing else is taken: a deleted group, a drop-down's tag instead of its option id. */
function assertValue(definition: Definition, value: unknown): void {
  if (definition.values === null) return;
  const allowed = definition.values.map((entry) => JSON.stringify(entry.value)?.replaceAll('"', ""));
  for (const one of Array.isArray(value) ? value : [value])
    if (!allowed.includes(one === "" ? "null" : String(one)))
      refuse(invalid({ filter: `Filter: ${String(one)} is not an option of ${definition.field}` }));
}

function definitions(world: World): readonly Definition[] {
  const { ticketFields, organizationFields, userFields } = world.state;
  const lists = choicesOf(world);
  const fixed = FIXED.map(
    ([field, title, operators, group]): Definition => ({
      field,
      title,
      operators,
      group,
      values: lists[field] ?? null,
    }),
  );
  const tickets = [...ticketFields.values()]
    .filter((field) => field.options.length > 0)
    .map((field): Definition => ({ ...own(field, `ticket_fields_${field.id}`, "ticket"), operators: TAGS }));
  const requesters = [...userFields.values()].map((field) =>
    own(field, `requester.custom_fields.${field.key}`, "requester"),
  );
  const organizations = [...organizationFields.values()].map((field) =>
    own(field, `organization.custom_fields.${field.key}`, "organization"),
  );
  return [...fixed, ...tickets, ...requesters, ...organizations];
}

/** What the fixed fields offer. Numbers of types, channels and roles are numbers here, not text (recorded). */
function choicesOf(world: World): Readonly<Record<string, Definition["values"]>> {
  const { groups, brands, forms } = world.state;
  const rows = (map: ReadonlyMap<string, { readonly name: string }>): NonNullable<Definition["values"]> =>
    [...map].map(([id, row]) => ({ value: numeric(id), title: row.name }));
  const live = new Map([...groups].filter(([, group]) => !group.deleted));
  const numbered = (...titles: readonly string[]): NonNullable<Definition["values"]> =>
    titles.map((title, value) => ({ value, title }));
  const channels = channelChoices().map(({ value, title }) => ({ value: Number(value), title }));
  return {
    brand_id: rows(brands),
    ticket_form_id: rows(forms),
    ticket_type_id: numbered("-", "Question", "Incident", "Problem", "Task"),
    group_id: [{ value: null, title: "-" }, ...rows(live)],
    via_id: channels,
    current_via_id: channels,
    ticket_is_public: [
      { value: "public", title: "Ticket has public comments" },
      { value: "private", title: "Ticket has no public comments" },
    ],
    requester_role: [
      { value: 4, title: "(agent)" },
      { value: 0, title: "(end-user)" },
      { value: 2, title: "(admin)" },
    ],
  };
}

/** Drop-downs list the ids of their options, not the tags. */
function own(field: FieldRecord, name: string, group: string): Definition {
  const base = { field: name, title: field.title, group };
  if (field.type === "checkbox")
    return {
      ...base,
      operators: ["is"],
      values: [
        { value: "true", title: "Checked" },
        { value: "false", title: "Unchecked" },
      ],
    };
  if (field.options.length > 0)
    return {
      ...base,
      operators: IS,
      values: [
        { value: null, title: "-" },
        ...field.options.map((option) => ({ value: numeric(option.id), title: option.name })),
      ],
    };
  const operators = ["integer", "decimal", "date"].includes(field.type) ? NUMBERS : IS;
  return { ...base, operators, values: null };
}
