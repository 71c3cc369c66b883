/** Sets single values in a policy's text and leaves everything else as people wrote it: comments, order, layout. Pure. */
import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from "yaml";
import { foldedName } from "../policy/text-fold.ts";

/** A value to write. */
export type Written =
  | string
  | number
  | null
  | readonly Written[]
  | { readonly [key: string]: Written | undefined };

/** Keys, and places in lists from 0. */
export type EditPath = readonly (string | number)[];

/**
 * The same text with `value` at `path`; keys are compared as people type them, without regard to case.
 * @throws Error an alias stands in the way
 */
export function withValue(yaml: string, path: EditPath, value: Written): string {
  const spliced = splice(yaml, path, inFlow(value));
  if (spliced !== null && says(spliced, path, value)) return spliced;
  // A layout that cannot be spliced into is written anew as a whole; what it says is the same.
  const document = parseDocument(yaml);
  document.setIn([...path], value);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function splice(yaml: string, path: EditPath, text: string): string | null {
  const document = parseDocument(yaml);
  let above: unknown = document.contents;
  for (const [depth, key] of path.entries()) {
    if (typeof key === "number") {
      above = isSeq(above) ? above.items[key] : undefined;
      continue;
    }
    const rest: EditPath = path.slice(depth);
    if (!isKeys(rest)) {
      above = isMap(above) ? pairIn(above, key)?.value : undefined;
      continue;
    }
    if (!isMap(above)) return above === null && depth === 0 ? appended(yaml, rest, text) : null;
    const pair = pairIn(above, key);
    if (pair === undefined) return inserted(yaml, above, rest, text);
    if (depth === path.length - 1 || isEmpty(pair.value)) return replaced(yaml, pair, rest.slice(1), text);
    above = pair.value;
  }
  return null;
}

function isKeys(path: EditPath): path is readonly string[] {
  return path.every((step) => typeof step === "string");
}

function pairIn(map: YAMLMap, key: string): Pair | undefined {
  const wanted = foldedName(key);
  return map.items.find((one) => isScalar(one.key) && foldedName(String(one.key.value)) === wanted);
}

function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

interface Ranged {
  /** Where it begins, where its value ends, and where what belongs to it ends. */
  readonly range?: readonly [number, number, number] | null | undefined;
}

/** Where a node stands in its text; null = it was not read from one. */
export function rangeOf(node: unknown): readonly [number, number, number] | null {
  return (node as Ranged | null)?.range ?? null;
}

/** `key: value` becomes `key: text`; what is missing below the key is written with it. */
function replaced(yaml: string, pair: Pair, below: readonly string[], text: string): string | null {
  const key = rangeOf(pair.key);
  const value = rangeOf(pair.value);
  if (key === null) return null;
  const colon = yaml.indexOf(":", key[1]);
  if (colon < 0) return null;
  const end = value === null || value[0] < colon ? colon + 1 : value[1];
  const whole = below.reduceRight((inner, name) => `{${asYaml(name)}: ${inner}}`, text);
  return `${yaml.slice(0, colon + 1)} ${whole}${yaml.slice(trimmedEnd(yaml, end))}`;
}

/** A block's range may take the line break behind it along. */
export function trimmedEnd(yaml: string, end: number): number {
  let at = end;
  while (at > 0 && /[\r\n ]/.test(yaml[at - 1] ?? "")) at -= 1;
  return at;
}

/** A new key behind the last one of its map. */
function inserted(yaml: string, map: YAMLMap, path: readonly string[], text: string): string | null {
  const last = map.items.at(-1);
  const range = rangeOf(map);
  if (range === null) return null;
  if (map.flow === true) {
    const close = range[1] - 1;
    const whole = path.reduceRight((inner, name, depth) => pairText(name, inner, depth > 0), text);
    const at = trimmedEnd(yaml, close);
    const comma = last === undefined || yaml[at - 1] === "," ? "" : ", ";
    return `${yaml.slice(0, at)}${comma}${whole}${yaml.slice(close)}`;
  }
  const key = rangeOf(map.items[0]?.key);
  const end = rangeOf(last?.value ?? last?.key);
  if (key === null || end === null) return null;
  const indent = key[0] - (yaml.lastIndexOf("\n", key[0] - 1) + 1);
  const lineEnd = yaml.indexOf("\n", trimmedEnd(yaml, end[1]));
  const at = lineEnd < 0 ? yaml.length : lineEnd;
  return `${yaml.slice(0, at)}\n${blockText(path, text, indent)}${yaml.slice(at)}`;
}

function pairText(name: string, inner: string, isInside: boolean): string {
  const pair = `${asYaml(name)}: ${inner}`;
  return isInside ? `{${pair}}` : pair;
}

function appended(yaml: string, path: readonly string[], text: string): string {
  return `${yaml}${yaml === "" || yaml.endsWith("\n") ? "" : "\n"}${blockText(path, text, 0)}\n`;
}

function blockText(path: readonly string[], text: string, indent: number): string {
  const lines = path.map((name, depth) => `${" ".repeat(indent + 2 * depth)}${asYaml(name)}:`);
  return `${lines.join("\n")} ${text}`;
}

function says(yaml: string, path: EditPath, value: Written): boolean {
  const document = parseDocument(yaml);
  if (document.errors.length > 0) return false;
  let at: unknown = document.contents;
  for (const key of path) {
    if (typeof key === "number") at = isSeq(at) ? at.items[key] : undefined;
    else at = isMap(at) ? pairIn(at, key)?.value : undefined;
  }
  const read = isEmpty(at) ? null : ((at as { toJSON?: () => unknown } | undefined)?.toJSON?.() ?? undefined);
  return JSON.stringify(read) === JSON.stringify(value);
}

/** A value in one line. */
export function inFlow(value: Written): string {
  if (value === null) return "null";
  if (typeof value === "string") return asYaml(value);
  if (typeof value === "number") return String(value);
  if (isList(value)) return `[${value.map(inFlow).join(", ")}]`;
  const pairs = Object.entries(value).flatMap(([key, one]) =>
    one === undefined ? [] : [`${asYaml(key)}: ${inFlow(one)}`],
  );
  return `{${pairs.join(", ")}}`;
}

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value);
}

/** Names may hold anything; as JSON text they are YAML, whatever they hold. */
function asYaml(text: string): string {
  return /^[A-Za-z][\w -]*$/.test(text) && !/^(null|true|false)$/i.test(text) && text === text.trim()
    ? text
    : JSON.stringify(text);
}

/**
 * The version behind `version` that nobody has taken yet: the last number goes up by one.
 */
export async function nextVersion(
  version: string,
  isTaken: (version: string) => Promise<boolean>,
): Promise<string> {
  let next = version;
  do next = behind(next);
  while (await isTaken(next));
  return next;
}

function behind(version: string): string {
  // A date is no number to count on.
  if (/(^|\D)\d{4}-\d{2}(-\d{2})?$/.test(version)) return `${version}.1`;
  const [, before, number] = /^(.*?)(\d+)$/.exec(version) ?? [];
  if (before === undefined || number === undefined) return `${version}-2`;
  return `${before}${String(Number(number) + 1).padStart(number.length, "0")}`;
}
