/** Writing companies in batches, with the refusals of the real API: some for the whole batch, some for one record. */
import { type ErrorDetail, invalid } from "./hubspot-answers.ts";
import { asList, asObject, asText } from "./hubspot-json.ts";
import type { PropertyDefinition, RequiredRule, Values } from "./hubspot-model.ts";
import { type BatchError, batchIds, batchReply, idsNotFound } from "./hubspot-read.ts";
import { type Companies, liveOf } from "./hubspot-records.ts";
import { recordOnWire } from "./hubspot-wire.ts";
import type { Call, Reply } from "./server.ts";

/** What a write is judged by. */
export interface WriteContext {
  readonly companies: Companies;
  readonly definitionOf: (name: string) => PropertyDefinition | null;
  /** Rules the customer's administrator made; they bind API writes since 2026-09. */
  readonly rules: readonly RequiredRule[];
}

/**
 * Answers `POST …/companies/batch/update`.
 *
 * A value no property can hold refuses the whole batch (400, nothing written). An unknown id or a broken rule of the
 * customer refuses one record (207); when no record passes a rule, the answer is 400.
 */
export function batchUpdate(context: WriteContext, call: Call): Reply {
  const ids = batchIds(call);
  if ("wrong" in ids) return invalid(ids.wrong);
  const twice = ids.ids.find((id, at) => ids.ids.indexOf(id) !== at);
  if (twice !== undefined) return invalid(`Duplicate IDs found in batch input: [${twice}]`);
  const inputs = asList(asObject(call.body)?.inputs).map(
    (input) => asObject(asObject(input)?.properties) ?? {},
  );
  const details = inputs.flatMap((properties) => wrongValues(context, properties));
  if (details.length > 0)
    return invalid(
      `Property values were not valid: ${details.map((row) => row.message).join("; ")}`,
      details,
    );
  const written: unknown[] = [];
  const isProperty = (name: string) => context.definitionOf(name) !== null;
  const missing: string[] = [];
  const refused: BatchError[] = [];
  for (const [at, id] of ids.ids.entries()) {
    const record = context.companies.find(id);
    const values = inputs[at] as Values;
    if (record === null || liveOf(record).state !== "live") missing.push(id);
    else {
      const broken = brokenRule(context.rules, { ...liveOf(record).values, ...values }, id);
      if (broken === null) {
        const changed = context.companies.write(id, values, "INTEGRATION");
        call.effect({ company: changed.id, wrote: values });
        written.push(recordOnWire(changed, Object.keys(values), isProperty));
      } else refused.push(broken);
    }
  }
  if (refused.length > 0 && refused.length === ids.ids.length) return allRefused(refused);
  const errors = [...(missing.length === 0 ? [] : [idsNotFound(missing, "update")]), ...refused];
  return batchReply(call, written, errors);
}

function wrongValues(context: WriteContext, properties: Readonly<Record<string, unknown>>): ErrorDetail[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const wrong = wrongValue(context.definitionOf(name), name, value);
    return wrong === null ? [] : [wrong];
  });
}

function wrongValue(property: PropertyDefinition | null, name: string, value: unknown): ErrorDetail | null {
  const wrong = (code: string, message: string) => ({ code, message, context: { propertyName: [name] } });
  if (property === null) return wrong("PROPERTY_DOESNT_EXIST", `Property "${name}" does not exist`);
  if (property.modificationMetadata.readOnlyValue)
    return wrong("READ_ONLY_VALUE", `"${name}" is a read only property; its value cannot be set.`);
  const text = asText(value);
  if (text === null) return wrong("INVALID_VALUE", `"${name}" must be text; write "" to clear it`);
  if (text === "") return null;
  if (property.type === "number" && !Number.isFinite(Number(text)))
    return wrong("INVALID_LONG", `"${text}" was not a valid number for "${name}".`);
  const free = property.type !== "enumeration" && property.type !== "bool";
  if (free || property.externalOptions) return null;
  const allowed = property.options.map((option) => option.value);
  const chosen = property.fieldType === "checkbox" ? text.split(";").filter((item) => item !== "") : [text];
  const odd = chosen.find((item) => !allowed.includes(item));
  if (odd === undefined) return null;
  return wrong("INVALID_OPTION", `"${odd}" was not one of the allowed options of "${name}": [${allowed}]`);
}

function brokenRule(rules: readonly RequiredRule[], values: Values, id: string): BatchError | null {
  for (const { property, when } of rules) {
    if (when !== undefined && values[when.property] !== when.value) continue;
    if ((values[property] ?? "") !== "") continue;
    const code = when === undefined ? "MISSING_REQUIRED_PROPERTY" : "MISSING_CONDITIONAL_REQUIRED_PROPERTY";
    const message = `"${property}" is required${when === undefined ? "" : ` when "${when.property}" is "${when.value}"`}`;
    return {
      status: "error",
      category: "VALIDATION_ERROR",
      message,
      context: { ids: [id] },
      errors: [{ code, message }],
    };
  }
  return null;
}

function allRefused(refused: readonly BatchError[]): Reply {
  const details = refused.flatMap(({ errors, context }) =>
    (errors ?? []).map(({ code, message }) => ({ code, message, context: { ids: context.ids } })),
  );
  return invalid(details[0]?.message ?? "the records were refused", details);
}
