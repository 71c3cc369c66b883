import { withoutText } from "./blank.ts";

/** One function with a body: where it begins and how many lines it takes, signature and closing brace included. */
export interface MeasuredFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** `if (…) {` looks like a method; these words tell them apart. */
const BLOCKS = new Set("if for while switch catch with await".split(" "));
/** Words before a parenthesis that are no function's name. */
const NAMELESS = new Set(["", "return", "await", "function", "async"]);
const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/**
 * Every function, method and arrow function of a source text.
 *
 * Counted are bodies in braces and arrow expressions longer than one line: thousands of `(x) => x.id` would make any
 * code base look short.
 */
export function functionsOf(source: string): readonly MeasuredFunction[] {
  const code = withoutText(source);
  const found: MeasuredFunction[] = [];
  for (let at = code.indexOf("("); at !== -1; at = code.indexOf("(", at + 1)) {
    const before = code.slice(Math.max(0, at - 200), at);
    const word = /([\w$]+)\s*$/.exec(before)?.[1] ?? "";
    const close = closing(code, at);
    const body = close === null ? null : bodyAfter(code, close + 1);
    if (body === null || (!body.arrow && BLOCKS.has(word))) continue;
    const end = body.kind === "block" ? closing(code, body.at) : expressionEnd(code, body.at);
    if (end === null || (body.kind === "expression" && lineOf(code, body.at) === lineOf(code, end))) continue;
    const line = lineOf(code, at);
    found.push({ name: nameOf(before, word), line, lines: lineOf(code, end) - line + 1 });
  }
  return found;
}

/** What stands at this share of a list in order of size, nearest rank; 0 for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function lineOf(code: string, at: number): number {
  return code.slice(0, at).split("\n").length;
}

/** The offset of the bracket that closes the one at `open`; null when none does. */
function closing(code: string, open: number): number | null {
  const opens = code.charAt(open);
  const closes = CLOSES[opens];
  let depth = 0;
  for (let i = open; i < code.length; i += 1) {
    const char = code.charAt(i);
    if (char === opens) depth += 1;
    if (char === closes && !(char === ">" && code.charAt(i - 1) === "=")) depth -= 1;
    if (depth === 0) return i;
  }
  return null;
}

interface Body {
  readonly kind: "block" | "expression";
  readonly arrow: boolean;
  readonly at: number;
}

/** Where the body starts that follows a closed parameter list; null when this was a call, a signature or a group. */
function bodyAfter(code: string, from: number): Body | null {
  let at = skipSpace(code, from);
  if (code.charAt(at) === ":") {
    const end = typeEnd(code, at + 1);
    if (end === null) return null;
    at = end;
  }
  if (code.charAt(at) === "{") return { kind: "block", arrow: false, at };
  if (!code.startsWith("=>", at)) return null;
  const body = skipSpace(code, at + 2);
  return { kind: code.charAt(body) === "{" ? "block" : "expression", arrow: true, at: body };
}

/** Walks over a return type to the `{` or `=>` behind it; null when something else ends it. */
function typeEnd(code: string, from: number): number | null {
  let operand = true;
  for (let at = skipSpace(code, from); at < code.length; at = skipSpace(code, at)) {
    const char = code.charAt(at);
    if (char === "=" && code.charAt(at + 1) === ">") return at;
    if (char === "{" && !operand) return at;
    if (char in CLOSES) {
      const close = closing(code, at);
      if (close === null) return null;
      at = close + 1;
      // `(x: A) => B` as a return type is only written in parentheses, so an arrow here belongs to our function.
      operand = false;
      continue;
    }
    const text = /^(?:[|&?:]|extends\b|keyof\b|readonly\b|is\b|asserts\b|typeof\b)/.exec(
      code.slice(at, at + 12),
    )?.[0];
    const word = /^[\w$.]+|^["'][^"']*["']/.exec(code.slice(at, at + 200))?.[0];
    if (text === undefined && (word === undefined || !(operand || char === "."))) return null;
    operand = text !== undefined;
    at += (text ?? word ?? "").length;
  }
  return null;
}

function expressionEnd(code: string, from: number): number | null {
  for (let at = from; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === "(" || char === "[" || char === "{") {
      const close = closing(code, at);
      if (close === null) return null;
      at = close;
    } else if (",;)]}".includes(char)) return at - 1;
  }
  return null;
}

function skipSpace(code: string, from: number): number {
  let at = from;
  while (/\s/.test(code.charAt(at))) at += 1;
  return at;
}

function nameOf(before: string, word: string): string {
  if (!NAMELESS.has(word)) return word;
  const generic = /([\w$]+)\s*<[^;()]*>\s*$/.exec(before)?.[1];
  if (generic !== undefined) return generic;
  return (
    /([\w$]+)\s*(?::[^=;{}()]*)?[=:]\s*(?:async\s*)?(?:function\s*)?$/.exec(before)?.[1] ?? "(anonymous)"
  );
}
