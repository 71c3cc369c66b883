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
 * Creates the drop-down property for our label, or adds the options it lacks. Doing it twice changes nothing. `lately` =
 * all properties as they were read shortly before (null = not read): where they show that nothing is missing, nothing is
 * asked. Whatever is changed is changed by a fresh reading.
 *
 * @throws NeedsAdmin a property of this name exists and is neither text nor a drop-down that can be written.
 */
export async function ensureLabel(
  client: Client,
  property: string,
  options: readonly Option[],
  lately: readonly Property[] | null = null,
): Promise<LabelEnsured> {
  const seen = lately?.find((one) => one.name === property);
  if (seen !== undefined && isUsable(seen) && missingIn(seen, options).length === 0)
    return { created: false, added: [] };
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
  const missing = missingIn(existing, options);
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

function missingIn(existing: Property, options: readonly Option[]): readonly Option[] {
  if (isText(existing)) return [];
  const known = new Set(existing.options.map((option) => option.value));
  return options.filter((option) => !known.has(option.value));
}

/** A text property serves as well: it takes every label without a list of options. */
function isText(existing: Property): boolean {
  return existing.type === "string";
}

function isReadOnly(existing: Property): boolean {
  return existing.calculated || existing.modificationMetadata?.readOnlyValue === true;
}

function isUsable(existing: Property): boolean {
  const dropDown = existing.type === "enumeration" && existing.fieldType !== "checkbox";
  return (dropDown || isText(existing)) && !isReadOnly(existing);
}

function refuseUnusable(existing: Property): void {
  if (isUsable(existing)) return;
  throw new NeedsAdmin(
    `The HubSpot company property ${existing.name} exists and is ${isReadOnly(existing) ? "read-only" : "neither text nor a single-choice drop-down"}`,
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
