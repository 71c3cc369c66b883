/** Conditions and actions that this account would refuse, known before anything is written. */
import type { Inventory, ProvisionDefinitions } from "../ports.ts";
import type { Wanted } from "./desired-model.ts";
import { objectsOf } from "./plan-matching.ts";

interface Used {
  readonly field: string;
  readonly operator: string;
}

/** What the object uses and the account does not offer: `current_tags includes`; [] = all is legal, or it does not say. */
export function illegalIn(wanted: Wanted, inventory: Inventory): readonly string[] {
  const { definitions } = inventory;
  const made = new Set(objectsOf(inventory, "organization_field").map(({ name }) => name));
  // A field that this very plan makes is not among the account's definitions yet.
  const known = ({ field }: Used): boolean =>
    !field.startsWith("organization.custom_fields.") ||
    made.has(field.replace("organization.custom_fields.", ""));
  return [...refused(wanted, definitions, known), ...refusedActions(wanted, definitions)];
}

function refused(
  wanted: Wanted,
  definitions: ProvisionDefinitions,
  known: (used: Used) => boolean,
): readonly string[] {
  const used = conditionsOf(wanted).filter(known);
  if (wanted.kind === "sla_policy") return unlisted(used, definitions.slaFilter);
  if (wanted.kind === "trigger") return unlisted(used, definitions.triggerConditions);
  if (wanted.kind !== "queue") return [];
  const fields = definitions.queueConditions;
  return fields === null ? [] : used.map(({ field }) => field).filter((field) => !fields.includes(field));
}

function unlisted(
  used: readonly Used[],
  legal: Readonly<Record<string, readonly string[]>> | null,
): readonly string[] {
  if (legal === null) return [];
  const wrong = used.filter(({ field, operator }) => {
    const operators = legal[field];
    return operators === undefined || (operators.length > 0 && !operators.includes(operator));
  });
  return [...new Set(wrong.map(({ field, operator }) => `${field} ${operator}`))];
}

function refusedActions(wanted: Wanted, { triggerActions }: ProvisionDefinitions): readonly string[] {
  if (wanted.kind !== "trigger" || triggerActions === null) return [];
  return wanted.fields.actions.map(({ field }) => field).filter((field) => !triggerActions.includes(field));
}

function conditionsOf(wanted: Wanted): readonly Used[] {
  switch (wanted.kind) {
    case "sla_policy":
      return [...wanted.fields.filter.all, ...wanted.fields.filter.any];
    case "trigger":
    case "queue":
      return [...wanted.fields.conditions.all, ...wanted.fields.conditions.any];
    default:
      return [];
  }
}
