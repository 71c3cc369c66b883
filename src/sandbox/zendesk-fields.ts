/** Custom fields of tickets, organizations and users: what a write makes of one, and what its removal leaves behind. */
import { invalid, refuse } from "./zendesk-answers.ts";
import type { FieldOption, FieldRecord, Json } from "./zendesk-records.ts";
import { asJson, asList, asText } from "./zendesk-wire.ts";
import { stamp, type World } from "./zendesk-world.ts";

/** Which family of fields. */
export type FieldKind = "ticket_field" | "organization_field" | "user_field";

/** Types that Zendesk publishes (OpenAPI file of 2026-04-28, Create Ticket Field and Create Organization Field, read 2026-11-22). */
const SHARED = ["text", "textarea", "checkbox", "date", "integer", "decimal", "regexp", "lookup"];
const TYPES: Readonly<Record<FieldKind, readonly string[]>> = {
  ticket_field: [...SHARED, "partialcreditcard", "multiselect", "tagger"],
  organization_field: [...SHARED, "dropdown", "multiselect"],
  user_field: [...SHARED, "dropdown", "multiselect"],
};
const WITH_OPTIONS = ["tagger", "dropdown", "multiselect"];

/** Where the fields of a family are kept. */
export function fieldsOf(world: World, kind: FieldKind): Map<string, FieldRecord> {
  const { ticketFields, organizationFields, userFields } = world.state;
  return { ticket_field: ticketFields, organization_field: organizationFields, user_field: userFields }[kind];
}

/**
 * A field after a write. Key and type are fixed at creation: a PUT that names others changes nothing and says nothing
 * (immutable: remembered; silent: assumed).
 *
 * @throws a 422 refusal for a taken or impossible key, an unknown type, or a tag that another field has.
 */
export function fieldAfter(
  world: World,
  kind: FieldKind,
  input: Json,
  before: FieldRecord | null,
): FieldRecord {
  const at = stamp(world);
  const title = asText(input.title) ?? before?.title ?? "";
  if (title.trim() === "") refuse(invalid({ title: "Title: cannot be blank" }));
  const type = before?.type ?? asText(input.type) ?? "text";
  if (!TYPES[kind].includes(type)) refuse(invalid({ type: `Type: ${type} is not a valid field type` }));
  const after: FieldRecord = {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    key: before?.key ?? (kind === "ticket_field" ? "" : newKey(world, kind, input)),
    title,
    description: ("description" in input ? asText(input.description) : before?.description) ?? "",
    agentDescription:
      ("agent_description" in input ? asText(input.agent_description) : before?.agentDescription) ?? "",
    type,
    active: input.active === undefined ? (before?.active ?? true) : input.active === true,
    options: optionsAfter(world, kind, input, before),
    tag: type === "checkbox" ? (asText(input.tag) ?? before?.tag ?? null) : null,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
  if (WITH_OPTIONS.includes(type) && after.options.length === 0)
    refuse(invalid({ custom_field_options: "Custom field options: cannot be blank" }));
  assertTags(world, kind, after);
  return after;
}

/** Letters, digits and underscores, not digits alone, and nobody else's. */
function newKey(world: World, kind: FieldKind, input: Json): string {
  const key = asText(input.key) ?? "";
  if (!/^\w+$/.test(key) || /^\d+$/.test(key)) refuse(invalid({ key: "Key: is invalid" }));
  if ([...fieldsOf(world, kind).values()].some((field) => field.key === key))
    refuse(invalid({ key: `Key: ${key} has already been taken` }));
  return key;
}

/** The list replaces the old one; options that are left out are gone. */
function optionsAfter(
  world: World,
  kind: FieldKind,
  input: Json,
  before: FieldRecord | null,
): readonly FieldOption[] {
  const rows = asList(input.custom_field_options);
  if (rows === null) return before?.options ?? [];
  return rows.map((row) => optionAfter(world, kind, asJson(row) ?? {}, before));
}

/**
 * An option of a ticket field is known by its id or its tag; one of an organization or user field by its id alone: sent
 * without, it is a new option with a new id, and conditions on the old id never hold again (OpenAPI file of 2026-04-28,
 * Update Organization Field: "to create a new option, pass a null id"; read 2026-11-22).
 */
export function optionAfter(
  world: World,
  kind: FieldKind,
  row: Json,
  before: FieldRecord | null,
): FieldOption {
  const id = asText(row.id);
  const known = before?.options.find(
    (option) => option.id === id || (kind === "ticket_field" && option.value === asText(row.value)),
  );
  if (before !== null && id !== null && known === undefined)
    refuse(invalid({ custom_field_options: `Custom field options: ${id} does not exist` }));
  const value = asText(row.value) ?? known?.value ?? "";
  if (value === "") refuse(invalid({ custom_field_options: "Value: cannot be blank" }));
  return {
    id: known?.id ?? id ?? world.newId("other"),
    name: asText(row.name) ?? known?.name ?? value,
    value: value.toLowerCase(),
  };
}

/**
 * No tag twice in one field, and none that another ticket field has. (The OpenAPI file says both "can't be re-used across
 * custom ticket fields" and that this "isn't validated"; the stricter reading is taken here. Organization drop-downs may
 * share tags with ticket fields.)
 */
function assertTags(world: World, kind: FieldKind, field: FieldRecord): void {
  const tags = tagsOf(field);
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
  if (twice !== undefined)
    refuse(invalid({ custom_field_options: `Value: ${twice} has already been taken` }));
  if (kind !== "ticket_field") return;
  for (const other of world.state.ticketFields.values()) {
    const shared = other.id === field.id ? undefined : tagsOf(other).find((tag) => tags.includes(tag));
    if (shared !== undefined)
      refuse(invalid({ custom_field_options: `Value: ${shared} is already used in ${other.title}` }));
  }
}

const tagsOf = (field: FieldRecord): readonly string[] => [
  ...field.options.map((option) => option.value),
  ...(typeof field.tag === "string" ? [field.tag] : []),
];

/** Keeps a field. Values whose option is gone are emptied everywhere; the tags they had set stay (assumed). */
export function saveField(
  world: World,
  kind: FieldKind,
  before: FieldRecord | null,
  after: FieldRecord,
): void {
  fieldsOf(world, kind).set(after.id, after);
  const left = new Set(after.options.map((option) => option.value));
  const gone = (before?.options ?? []).map((option) => option.value).filter((tag) => !left.has(tag));
  if (gone.length > 0) emptied(world, kind, after, gone);
}

/** Forgets a field and its values; tags that a drop-down had set stay on the records. */
export function removeField(world: World, kind: FieldKind, field: FieldRecord): void {
  fieldsOf(world, kind).delete(field.id);
  emptied(world, kind, field, null);
}

/** `values: null` = whatever they are. */
function emptied(world: World, kind: FieldKind, field: FieldRecord, values: readonly string[] | null): void {
  const { tickets, organizations } = world.state;
  const rest = (held: Json, key: string): Json | null => {
    if (!(key in held) || (values !== null && !values.includes(String(held[key])))) return null;
    const { [key]: _gone, ...others } = held;
    return values === null ? others : { ...others, [key]: null };
  };
  if (kind === "ticket_field")
    for (const ticket of tickets.values()) {
      const customFields = rest(ticket.customFields, field.id);
      if (customFields !== null) tickets.set(ticket.id, { ...ticket, customFields });
    }
  if (kind === "organization_field")
    for (const organization of organizations.values()) {
      const fields = rest(organization.fields, field.key);
      if (fields !== null) organizations.set(organization.id, { ...organization, fields });
    }
}
