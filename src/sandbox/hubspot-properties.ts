/** Property definitions: list, create, change, archive, with the answers of the real API. */
import { invalid, notFound, refusal } from "./hubspot-answers.ts";
import { choices, definition } from "./hubspot-definitions.ts";
import { asList, asObject, asText } from "./hubspot-json.ts";
import type { PropertyDefinition, PropertyOption, PropertyType } from "./hubspot-model.ts";
import type { Call, Reply } from "./server.ts";

/** The definitions of one object type. */
export interface Definitions {
  /** The definition in use; null = unknown or archived. */
  get(name: string): PropertyDefinition | null;
  all(): readonly PropertyDefinition[];
  /** Adds or replaces one. */
  put(property: PropertyDefinition): void;
  /** The archived definition of this name, or null. */
  archived(name: string): PropertyDefinition | null;
}

/** Definitions from a list. */
export function definitionsOf(initial: readonly PropertyDefinition[]): Definitions {
  const byName = new Map(initial.map((property) => [property.name, property]));
  const of = (name: string, archived: boolean) => {
    const property = byName.get(name);
    return property === undefined || property.archived !== archived ? null : property;
  };
  return {
    get: (name) => of(name, false),
    archived: (name) => of(name, true),
    all: () => [...byName.values()],
    put: (property) => {
      byName.set(property.name, property);
    },
  };
}

/** Answers `GET …/properties/…/companies`, archived ones only with `archived=true`. */
export function listProperties(definitions: Definitions, call: Call): Reply {
  const archived = call.query.get("archived") === "true";
  return {
    status: 200,
    body: { results: definitions.all().filter((property) => property.archived === archived) },
  };
}

/** Answers `GET …/:name`. */
export function readProperty(definitions: Definitions, call: Call): Reply {
  const property = definitions.get(call.params.name ?? "");
  return property === null ? unknownProperty(call) : { status: 200, body: property };
}

/** Answers `POST`: 201, 409 when the name is taken; the name of an archived property brings that one back. */
export function createProperty(definitions: Definitions, call: Call): Reply {
  const body = asObject(call.body) ?? {};
  const [name, label, type] = [asText(body.name) ?? "", asText(body.label) ?? "", asText(body.type) ?? ""];
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return invalid(`"${name}" is not a property name`);
  if (label === "" || asText(body.groupName) === null) return invalid("label and groupName are required");
  if (!isType(type)) return invalid(`"${type}" is not a property type`);
  if (definitions.get(name) !== null)
    return refusal(409, "OBJECT_ALREADY_EXISTS", `Property named "${name}" already exists.`, [
      { message: `Property named "${name}" already exists.`, code: "Properties.PROPERTY_WITH_NAME_EXISTS" },
    ]);
  const old = definitions.archived(name);
  const made = old === null ? definition(name, label, type, given(body)) : { ...old, archived: false };
  definitions.put(made);
  call.effect({ property: name, did: old === null ? "created" : "restored" });
  return { status: 201, body: made };
}

/** Answers `PATCH …/:name`. `options` replaces the whole list: an option left out is gone. */
export function changeProperty(definitions: Definitions, call: Call): Reply {
  const property = definitions.get(call.params.name ?? "");
  if (property === null) return unknownProperty(call);
  if (property.modificationMetadata.readOnlyDefinition)
    return invalid(`Property "${property.name}" is defined by HubSpot and cannot be changed`);
  const changed = { ...property, ...given(asObject(call.body) ?? {}) };
  definitions.put(changed);
  call.effect({ property: property.name, did: "changed" });
  return { status: 200, body: changed };
}

/** Answers `DELETE …/:name`: archives it. */
export function archiveProperty(definitions: Definitions, call: Call): Reply {
  const property = definitions.get(call.params.name ?? "");
  if (property === null) return unknownProperty(call);
  definitions.put({ ...property, archived: true });
  call.effect({ property: property.name, did: "archived" });
  return { status: 204 };
}

function unknownProperty(call: Call): Reply {
  return notFound(`Property "${call.params.name}" does not exist`);
}

function given(body: Readonly<Record<string, unknown>>): Partial<PropertyDefinition> {
  const texts = ["label", "fieldType", "groupName", "description"] as const;
  const named = texts.flatMap((key) => {
    const text = asText(body[key]);
    return text === null ? [] : [[key, text] as const];
  });
  const options = body.options === undefined ? {} : { options: optionsOf(body.options) };
  return { ...Object.fromEntries(named), ...options };
}

function optionsOf(value: unknown): readonly PropertyOption[] {
  const rows = asList(value).flatMap((row) => {
    const object = asObject(row);
    const option = asText(object?.value);
    return option === null ? [] : [[option, asText(object?.label) ?? option] as const];
  });
  return choices(...rows);
}

function isType(text: string): text is PropertyType {
  return ["string", "number", "date", "datetime", "bool", "enumeration"].includes(text);
}
