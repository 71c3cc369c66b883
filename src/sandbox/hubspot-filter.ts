/** Filters of a search: from JSON to a test of one record as the index sees it. */
import { compareIds, type IdOrder } from "./hubspot-ids.ts";
import { asList, asObject, asText, asTexts } from "./hubspot-json.ts";
import type { CompanyRecord, PropertyType, Version } from "./hubspot-model.ts";
import { textOf } from "./hubspot-wire.ts";

/** Does this version of the record pass? */
export type Test = (record: CompanyRecord, version: Version) => boolean;

/** What a filter needs to know about a property; null = there is none of this name. */
export type TypeOf = (name: string) => PropertyType | null;

/** Largest filters of one search. https://developers.hubspot.com/docs/api-reference/search/guide, read 2026-11-22 */
const MAX = { groups: 5, perGroup: 6, filters: 18 } as const;

/** A test for the whole `filterGroups` (groups are alternatives), or what is wrong with them. */
export function testOf(
  filterGroups: unknown,
  typeOf: TypeOf,
  idOrder: IdOrder,
): { readonly test: Test } | { readonly wrong: string } {
  const groups = asList(filterGroups).map((group) => asList(asObject(group)?.filters));
  if (groups.length > MAX.groups) return { wrong: `at most ${MAX.groups} filterGroups are allowed` };
  if (groups.some((group) => group.length > MAX.perGroup))
    return { wrong: `at most ${MAX.perGroup} filters are allowed in a filterGroup` };
  if (groups.flat().length > MAX.filters)
    return { wrong: `at most ${MAX.filters} filters are allowed in all` };
  const alternatives: Test[][] = [];
  for (const group of groups) {
    const tests: Test[] = [];
    for (const filter of group) {
      const built = filterTest(asObject(filter) ?? {}, typeOf, idOrder);
      if ("wrong" in built) return built;
      tests.push(built.test);
    }
    alternatives.push(tests);
  }
  if (alternatives.length === 0) return { test: () => true };
  return {
    test: (record, version) => alternatives.some((tests) => tests.every((passes) => passes(record, version))),
  };
}

function filterTest(
  filter: Readonly<Record<string, unknown>>,
  typeOf: TypeOf,
  idOrder: IdOrder,
): { readonly test: Test } | { readonly wrong: string } {
  const name = asText(filter.propertyName) ?? "";
  const type = typeOf(name);
  if (type === null)
    return { wrong: `There was a problem with the request: property ${name} does not exist` };
  const operator = asText(filter.operator) ?? "";
  const { of, from, compare } = ordering(name, type, idOrder);
  if (operator === "HAS_PROPERTY") return { test: (record, version) => of(record, version) !== null };
  if (operator === "NOT_HAS_PROPERTY") return { test: (record, version) => of(record, version) === null };
  const operands = ["IN", "NOT_IN"].includes(operator)
    ? asTexts(filter.values)
    : asTexts([filter.value, ...(operator === "BETWEEN" ? [filter.highValue] : [])]);
  const holds = OPERATORS[operator];
  if (holds === undefined) return { wrong: `operator ${operator} is not known` };
  const needed = operator === "BETWEEN" ? 2 : 1;
  if (operands.length < needed) return { wrong: `operator ${operator} needs ${needed} value(s)` };
  const keys = operands.map(from);
  const whenEmpty = operator === "NEQ" || operator === "NOT_IN";
  return {
    test: (record, version) => {
      const key = of(record, version);
      return key === null ? whenEmpty : holds((operand) => compare(key, operand), keys);
    },
  };
}

/** A value in the form in which it compares. */
type Key = string | number;
type Against = (operand: Key) => number;

const first = (against: Against, keys: readonly Key[]) => against(keys[0] ?? "");

const OPERATORS: Readonly<Record<string, (against: Against, keys: readonly Key[]) => boolean>> = {
  EQ: (against, keys) => first(against, keys) === 0,
  NEQ: (against, keys) => first(against, keys) !== 0,
  LT: (against, keys) => first(against, keys) < 0,
  LTE: (against, keys) => first(against, keys) <= 0,
  GT: (against, keys) => first(against, keys) > 0,
  GTE: (against, keys) => first(against, keys) >= 0,
  BETWEEN: (against, keys) => first(against, keys) >= 0 && against(keys[1] ?? "") <= 0,
  IN: (against, keys) => keys.some((key) => against(key) === 0),
  NOT_IN: (against, keys) => keys.every((key) => against(key) !== 0),
};

/** How one property compares. `of` = the record's value, null when empty; `from` = a value given as text. */
export interface Ordering {
  readonly of: (record: CompanyRecord, version: Version) => Key | null;
  readonly from: (text: string) => Key;
  readonly compare: (left: Key, right: Key) => number;
}

/** The ordering of a property. Stamps are kept as numbers: a search over many records spends its time here. */
export function ordering(name: string, type: PropertyType, idOrder: IdOrder): Ordering {
  if (name === "hs_object_id") {
    const compare = (left: Key, right: Key) => compareIds(String(left), String(right), idOrder);
    return { of: (record) => record.id, from: (text) => text, compare };
  }
  const from = keyReader(type);
  const of = (record: CompanyRecord, version: Version) => {
    const text = textOf(record, version, name);
    return text === null ? null : from(text);
  };
  if (name === "hs_lastmodifieddate") return { of: (_record, version) => version.updatedAt, from, compare };
  if (name === "createdate") return { of: (record) => record.createdAt, from, compare };
  return { of, from, compare };
}

function compare(left: Key, right: Key): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return left < right ? -1 : left > right ? 1 : 0;
}

function keyReader(type: PropertyType): (text: string) => Key {
  if (type === "date" || type === "datetime") return instantOf;
  return type === "number" ? Number : (text) => text.toLowerCase();
}

/** Milliseconds from epoch text or an ISO date; NaN = neither, and then nothing compares. */
function instantOf(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
}
