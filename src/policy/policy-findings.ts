/** Turns what the schema refuses into findings a policy's author can act on. */
import type * as z from "zod";
import type { Finding } from "./model.ts";

/** A path of keys and indexes, from the top of the file. */
export type Path = readonly (string | number)[];

/** A path as the author would find it: `tiers[2].routing.fallback[0]`, `groups["On-call"].schedule`. */
export function pathText(path: Path): string {
  let out = "";
  for (const step of path) {
    if (typeof step === "number") out += `[${step}]`;
    else if (/^[A-Za-z_][\w]*$/.test(step)) out += out === "" ? step : `.${step}`;
    else out += `[${JSON.stringify(step)}]`;
  }
  return out;
}

/** What stands at a path; undefined where there is nothing. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** An error at a path. */
export function problem(code: string, path: Path, message: string, fix: string): Finding {
  return { code, severity: "error", path: pathText(path), message, fix };
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const swap = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known name nearest to what was written, or null when nothing is similar. */
export function nearest(written: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best !== null && bestDistance <= Math.max(2, Math.ceil(best.length / 2)) ? best : null;
}

/** A longer list of names helps nobody. */
const LISTED_MAX = 12;

/** "Write X instead of Y", or the list of what is possible when nothing is similar. */
export function suggestion(written: string, known: readonly string[]): string {
  const near = nearest(written, known);
  if (near !== null) return `Write ${JSON.stringify(near)} instead of ${JSON.stringify(written)}.`;
  if (known.length > 0 && known.length <= LISTED_MAX) return `Use one of: ${known.join(", ")}.`;
  return `Remove ${JSON.stringify(written)}, or see docs/policy.md for what is possible here.`;
}

const SEPARATOR = "\u0000";

/** Error map for the schema: an unknown key's message carries the known keys, for `issueFindings`. */
export function namingKnownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const shape: unknown = valueAt(issue.inst, ["_zod", "def", "shape"]);
  return shape !== null && typeof shape === "object" ? Object.keys(shape).join(SEPARATOR) : "";
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping of keys to values",
  record: "a mapping of keys to values",
  array: "a list",
  tuple: "a list",
  null: "nothing (null)",
};

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date without quotes";
  return KINDS[typeof value] ?? typeof value;
}

function shown(value: unknown): string {
  const short = JSON.stringify(value) ?? kindOf(value);
  return short.length > 60 ? kindOf(value) : short;
}

interface Words {
  readonly message: string;
  readonly fix: string;
}

function typeWords(expected: string, value: unknown): Words {
  const wanted = KINDS[expected] ?? expected;
  if (value === undefined) {
    return { message: `this key is missing; it holds ${wanted}`, fix: `Add this key with ${wanted}.` };
  }
  const found = value === null ? "nothing is written here" : `${shown(value)} is ${kindOf(value)}`;
  return { message: `${found}; expected ${wanted}`, fix: `Write ${wanted} here.` };
}

function wordsFor(issue: z.core.$ZodIssue, value: unknown): Words {
  if (issue.message.startsWith("must ")) {
    const rule = `it ${issue.message}`;
    if (value === undefined)
      return { message: `this key is missing: ${rule}`, fix: `Add this key: ${rule}.` };
    return { message: `${shown(value)} does not fit: ${rule}`, fix: `Correct this value: ${rule}.` };
  }
  switch (issue.code) {
    case "invalid_type":
      return typeWords(issue.expected, value);
    case "invalid_value": {
      const allowed = issue.values.map(String);
      const fix =
        typeof value === "string" ? suggestion(value, allowed) : `Use one of: ${allowed.join(", ")}.`;
      const said = value === undefined ? "this key is missing" : `${shown(value)} is not allowed here`;
      return { message: `${said}; possible: ${allowed.join(", ")}`, fix };
    }
    case "too_small":
      return {
        message: `${shown(value)} is too small or too short`,
        fix: `Give ${bound(issue, issue.minimum, "more than", "at least")}.`,
      };
    case "too_big":
      return {
        message: `${shown(value)} is too large or too long`,
        fix: `Give ${bound(issue, issue.maximum, "less than", "at most")}.`,
      };
    default:
      return {
        message: `${shown(value)} does not fit: ${issue.message}`,
        fix: "Correct this value as the schema describes it.",
      };
  }
}

function bound(
  issue: { inclusive?: boolean; origin: string },
  limit: number | bigint,
  open: string,
  closed: string,
): string {
  const unit = issue.origin === "array" ? " entries" : issue.origin === "string" ? " characters" : "";
  return `${issue.inclusive === false ? open : closed} ${limit}${unit}`;
}

function unknownKeys(path: Path, keys: readonly string[], known: readonly string[]): readonly Finding[] {
  return keys.map((key) =>
    problem(
      "unknown_key",
      [...path, key],
      `${JSON.stringify(key)} is not a key that is known here`,
      suggestion(key, known),
    ),
  );
}

/** The branch of a union the author meant: the one whose type fits. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  const fitting = branches.filter((issues) =>
    issues.every((one) => one.path.length > 0 || one.code !== "invalid_type"),
  );
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** Findings of one schema issue; `above` is the path of the union it came from. */
export function issueFindings(root: unknown, issue: z.core.$ZodIssue, above: Path = []): readonly Finding[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
  if (issue.code === "unrecognized_keys") {
    return unknownKeys(path, issue.keys, issue.message.split(SEPARATOR));
  }
  if (issue.code === "invalid_union") {
    const branch = meantBranch(issue.errors);
    if (branch !== null) return branch.flatMap((one) => issueFindings(root, one, path));
  }
  if (issue.code === "invalid_key") {
    const key = String(path.at(-1) ?? "");
    const words = issue.issues[0] === undefined ? null : wordsFor(issue.issues[0], key);
    return [
      problem(
        "unknown_key",
        path,
        words?.message ?? "this key does not fit",
        words?.fix ?? "Correct this key.",
      ),
    ];
  }
  const { message, fix } = wordsFor(issue, valueAt(root, path));
  return [problem("schema", path, message, fix)];
}

/** Keys to remove so that the rest of the file can still be looked at: the offending values, never list elements. */
export function offendingPaths(root: unknown, issue: z.core.$ZodIssue): readonly Path[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
  let target: Path = path;
  while (target.length > 0 && (typeof target.at(-1) === "number" || valueAt(root, target) === undefined)) {
    target = target.slice(0, -1);
  }
  return [target];
}
