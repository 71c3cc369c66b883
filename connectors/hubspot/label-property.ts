/** Makes sure that the label property exists and knows every tier; never takes an option away. */
import { NeedsAdmin } from "../../src/errors.ts";
import { type Call, type Client, shaped } from "./client.ts";
import { type Property, propertySchema } from "./schemas.ts";
import { createDropDown, readProperty, replaceOptions, type WrittenOption } from "./sdk.ts";

interface Option {
  readonly value: string;
  readonly label: string;
}

/** What `ensureLabel` did: `added` are the values of options that were missing. */
export interface LabelEnsured {
  readonly created: boolean;
  readonly added: readonly string[];
}

/**
 * Creates the drop-down property for our label, or adds the options it lacks. Doing it twice changes nothing.
 * @throws NeedsAdmin a property of this name exists and is neither text nor a drop-down that can be written.
 */
export async function ensureLabel(
  client: Client,
  property: string,
  options: readonly Option[],
): Promise<LabelEnsured> {
  const existing = await find(client, property);
  if (existing !== null) return { created: false, added: await complete(client, existing, options) };
  const definition = {
    name: property,
    label: titleOf(property),
    description: "Support tier, written by priority-support. Changes made here are overwritten.",
    groupName: "companyinformation",
    options: options.map((option, index) => fresh(option, index)),
  };
  const call: Call = { request: createDropDown(definition), lane: "live", expected: [409] };
  const answer = await client.exchange(call);
  if (answer.status !== 409) {
    // Creating a property under the name of an archived one brings that one back, with the options it had.
    const now = shaped(answer, propertySchema);
    const missing = await complete(client, now, options);
    return { created: true, added: missing };
  }
  // Somebody else created it in this moment.
  const theirs = await find(client, property);
  if (theirs === null) throw await client.failureOf(answer, call);
  return { created: false, added: await complete(client, theirs, options) };
}

async function find(client: Client, name: string): Promise<Property | null> {
  const answer = await client.exchange({ request: readProperty(name), lane: "live", expected: [404] });
  return answer.status === 404 ? null : shaped(answer, propertySchema);
}

async function complete(
  client: Client,
  existing: Property,
  options: readonly Option[],
): Promise<readonly string[]> {
  refuseUnusable(existing);
  if (isText(existing)) return [];
  const known = new Set(existing.options.map((option) => option.value));
  const missing = options.filter((option) => !known.has(option.value));
  if (missing.length === 0) return [];
  const kept = existing.options.map(
    (option, index): WrittenOption => ({
      value: option.value,
      label: option.label ?? option.value,
      ...(option.description === null ? {} : { description: option.description }),
      displayOrder: option.displayOrder ?? index,
      hidden: option.hidden,
    }),
  );
  const last = Math.max(-1, ...kept.map((option) => option.displayOrder));
  // The list that is sent replaces the list that is there, so it must hold both.
  const all = [...kept, ...missing.map((option, index) => fresh(option, last + 1 + index))];
  await client.exchange({ request: replaceOptions(existing.name, all), lane: "live" });
  return missing.map((option) => option.value);
}

/** A text property serves as well: it takes every label without a list of options. */
function isText(existing: Property): boolean {
  return existing.type === "string";
}

function refuseUnusable(existing: Property): void {
  const readOnly = existing.calculated || existing.modificationMetadata?.readOnlyValue === true;
  const dropDown = existing.type === "enumeration" && existing.fieldType !== "checkbox";
  if ((dropDown || isText(existing)) && !readOnly) return;
  throw new NeedsAdmin(
    `The HubSpot company property ${existing.name} exists and is ${readOnly ? "read-only" : "neither text nor a single-choice drop-down"}`,
    {
      fix: "Name another property under crm.hubspot.label in the policy; it is created if it does not exist.",
    },
  );
}

function fresh(option: Option, displayOrder: number): WrittenOption {
  return { value: option.value, label: option.label, displayOrder, hidden: false };
}

function titleOf(property: string): string {
  const words = property.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
