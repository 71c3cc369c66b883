/** What the schema says of a key of the policy, and which key a place in the text belongs to. */
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { policyJsonSchema } from "../policy/json-schema.ts";
import { type EditPath, rangeOf } from "./policy-edit.ts";

/** What a key means. */
export interface KeyHelp {
  readonly description: string;
  /** Values it can have; empty = not a choice. */
  readonly options: readonly string[];
  /** What it is without being written, as JSON; null = it must be written, or the description says it. */
  readonly usual: string | null;
  /** Keys that can stand below it. */
  readonly keys: readonly string[];
}

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

/** Answers for a path, null where the schema knows none. The schema is made once, when it is first asked for. */
export function policyHelp(): (path: EditPath) => KeyHelp | null {
  let schema: Schema | null = null;
  return (path) => {
    schema ??= policyJsonSchema() as Schema;
    let at: Schema | null = schema;
    for (const step of path) at = at === null ? null : below(at, step);
    return at === null ? null : helpOf(at);
  };
}

function below(schema: Schema, step: string | number): Schema | null {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  if (typeof step === "number" && typeof items === "object") return items;
  if (typeof step === "string" && Object.hasOwn(properties, step)) return properties[step] ?? null;
  if (typeof step === "string" && typeof additionalProperties === "object") return additionalProperties;
  for (const one of anyOf) {
    const found = below(one, step);
    if (found !== null) return found;
  }
  return null;
}

function helpOf(schema: Schema): KeyHelp {
  const alone = [schema, ...(schema.anyOf ?? [])];
  const options = [
    ...alone,
    ...alone.flatMap(({ items }) => (typeof items === "object" ? [items] : [])),
  ].flatMap((one) => (one.enum ?? []).map(String));
  const isPlain = schema.default !== undefined && JSON.stringify(schema.default) !== "{}";
  return {
    description: schema.description ?? "",
    options,
    usual: isPlain ? JSON.stringify(schema.default) : null,
    keys: alone.flatMap(({ properties }) => Object.keys(properties ?? {})),
  };
}

/** The path of the key or entry at an offset of the text; empty = on none. Works while the text is being typed. */
export function pathAt(yaml: string, offset: number): EditPath {
  const begin = yaml.lastIndexOf("\n", offset - 1) + 1;
  const [lead = ""] = /^[ \t]*(?:- +)*/.exec(yaml.slice(begin)) ?? [];
  const [rest = ""] = yaml.slice(begin + lead.length).split(/\r?\n/, 1);
  if (rest === "" || rest.startsWith("#")) return [];
  return within(parseDocument(yaml).contents, Math.max(offset, begin + lead.length));
}

function within(node: unknown, offset: number): EditPath {
  if (isSeq(node)) {
    const at = lastBefore(
      node.items.map((item) => rangeOf(item)?.[0]),
      offset,
    );
    return at < 0 ? [] : [at, ...within(node.items[at], offset)];
  }
  if (!isMap(node)) return [];
  const at = lastBefore(
    node.items.map(({ key }) => rangeOf(key)?.[0]),
    offset,
  );
  const pair = node.items[at];
  if (pair === undefined) return [];
  const name = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
  return [name, ...within(pair.value, offset)];
}

function lastBefore(begins: readonly (number | undefined)[], offset: number): number {
  return begins.findLastIndex((begin) => begin !== undefined && begin <= offset);
}
