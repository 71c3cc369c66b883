/** Organizations: names and external ids that must be unique, and drop-down fields that set tags. */
import { invalid, refuse } from "./zendesk-answers.ts";
import { publishOrganization } from "./zendesk-events.ts";
import type { FieldRecord, Json, OrganizationRecord } from "./zendesk-records.ts";
import { asJson, asText, asTexts, tidyTags } from "./zendesk-wire.ts";
import { idOf, stamp, type World } from "./zendesk-world.ts";

/** Keys an organization write may carry. */
export const KNOWN_ORGANIZATION_KEYS: ReadonlySet<string> = new Set([
  ...[
    "id",
    "name",
    "external_id",
    "domain_names",
    "group_id",
    "tags",
    "organization_fields",
    "notes",
    "details",
  ],
  ...["shared_tickets", "shared_comments", "url", "created_at", "updated_at"],
]);

/** Creates an organization. @throws a 422 refusal when its name or external id is taken. */
export function createOrganization(
  world: World,
  input: Json,
  effect: (what: unknown) => void,
): OrganizationRecord {
  const at = stamp(world);
  const blank: OrganizationRecord = {
    id: idOf(input.id) ?? world.newId("other"),
    name: "",
    externalId: null,
    domainNames: [],
    groupId: null,
    tags: [],
    fields: {},
    notes: null,
    details: null,
    deletedAt: null,
    createdAt: at,
    updatedAt: at,
  };
  const created = organizationAfter(world, blank, input);
  if (created.name === "") refuse(invalid({ name: "Name: cannot be blank" }));
  return saveOrganization(world, null, created, effect);
}

/** Updates an organization. Changing its tags or fields does nothing to tickets it already has. */
export function updateOrganization(
  world: World,
  organization: OrganizationRecord,
  input: Json,
  effect: (what: unknown) => void,
): OrganizationRecord {
  return saveOrganization(world, organization, organizationAfter(world, organization, input), effect);
}

/** Marks an organization deleted. */
export function deleteOrganization(
  world: World,
  organization: OrganizationRecord,
  effect: (what: unknown) => void,
): void {
  saveOrganization(world, organization, { ...organization, deletedAt: stamp(world) }, effect);
}

/** The organization with this id unless it is deleted; null = none. */
export function liveOrganization(world: World, id: string | undefined): OrganizationRecord | null {
  const found = world.state.organizations.get(id ?? "");
  return found === undefined || found.deletedAt !== null ? null : found;
}

/** Every organization that is not deleted. */
export const liveOrganizations = (world: World): readonly OrganizationRecord[] =>
  [...world.state.organizations.values()].filter((row) => row.deletedAt === null);

function saveOrganization(
  world: World,
  before: OrganizationRecord | null,
  after: OrganizationRecord,
  effect: (what: unknown) => void,
): OrganizationRecord {
  const saved = { ...after, updatedAt: stamp(world) };
  world.state.organizations.set(saved.id, saved);
  occupy(world, before, saved);
  effect({
    kind: before === null ? "organization_created" : "organization_updated",
    organizationId: saved.id,
    fields: saved.fields,
    tags: saved.tags,
  });
  publishOrganization(world, before, saved);
  return saved;
}

function organizationAfter(world: World, organization: OrganizationRecord, input: Json): OrganizationRecord {
  const name = "name" in input ? (asText(input.name) ?? "").trim() : organization.name;
  const externalId = "external_id" in input ? asText(input.external_id) : organization.externalId;
  assertUnique(world, { ...organization, name, externalId });
  const groupId = "group_id" in input ? idOf(input.group_id) : organization.groupId;
  if (groupId !== null && world.state.groups.get(groupId)?.deleted !== false)
    refuse(invalid({ group: `Group: ${groupId} does not exist` }));
  const plain: OrganizationRecord = {
    ...organization,
    name,
    externalId,
    groupId,
    // The whole list is replaced, never added to.
    domainNames: "domain_names" in input ? asTexts(input.domain_names) : organization.domainNames,
    tags: "tags" in input ? tidyTags(asTexts(input.tags)) : organization.tags,
    notes: "notes" in input ? asText(input.notes) : organization.notes,
    details: "details" in input ? asText(input.details) : organization.details,
  };
  return Object.entries(asJson(input.organization_fields) ?? {}).reduce(
    (current, [key, value]) => withField(world, current, key, value),
    plain,
  );
}

function withField(
  world: World,
  organization: OrganizationRecord,
  key: string,
  value: unknown,
): OrganizationRecord {
  const field = [...world.state.organizationFields.values()].find((known) => known.key === key);
  // Keys nobody defined are dropped without a word (remembered, not verified).
  if (field === undefined) return organization;
  const fields = { ...organization.fields, [key]: valueFor(field, value) };
  if (typeof field.tag === "string") {
    const others = organization.tags.filter((tag) => tag !== field.tag);
    return {
      ...organization,
      fields,
      tags: fields[key] === true ? tidyTags([...others, field.tag]) : others,
    };
  }
  if (field.options.length === 0) return { ...organization, fields };
  const options = field.options.map((option) => option.value);
  const others = organization.tags.filter((tag) => !options.includes(tag));
  const tag = asText(fields[key]);
  return { ...organization, fields, tags: tidyTags(tag === null ? others : [...others, tag]) };
}

function valueFor(field: FieldRecord, value: unknown): unknown {
  const text = asText(value);
  const refused = (): never => refuse(invalid({ [field.key]: `${field.title}: ${text} is not valid` }));
  if (field.type === "checkbox") return value === true || value === "true";
  if (text === null) return null;
  if (field.options.length > 0 && !field.options.some((option) => option.value === text)) refused();
  if (field.type === "date" && Number.isNaN(Date.parse(text))) refused();
  if ((field.type === "decimal" || field.type === "integer") && !/^-?\d+(\.\d+)?$/.test(text)) refused();
  return field.type === "date" ? text.slice(0, 10) : text;
}

function assertUnique(world: World, wanted: OrganizationRecord): void {
  const { names, externalIds } = world.taken;
  if ((names.get(wanted.name.toLowerCase()) ?? wanted.id) !== wanted.id)
    refuse(invalid({ name: `Name: ${wanted.name} has already been taken` }));
  const externalId = wanted.externalId?.toLowerCase();
  if (externalId !== undefined && (externalIds.get(externalId) ?? wanted.id) !== wanted.id)
    refuse(invalid({ external_id: `External: ${wanted.externalId} has already been taken` }));
}

function occupy(world: World, before: OrganizationRecord | null, after: OrganizationRecord): void {
  const { names, externalIds } = world.taken;
  if (before !== null) {
    names.delete(before.name.toLowerCase());
    if (before.externalId !== null) externalIds.delete(before.externalId.toLowerCase());
  }
  if (after.deletedAt !== null) return;
  names.set(after.name.toLowerCase(), after.id);
  if (after.externalId !== null) externalIds.set(after.externalId.toLowerCase(), after.id);
}
