/** Which listed phrase a customer's text contains, if any. */
import type { Policy, Priority } from "./model.ts";
import { folded } from "./text-fold.ts";

/** Priorities, lowest first; a higher index is more pressing. */
export const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];

interface Phrase {
  readonly text: string;
  readonly priority: Priority;
  readonly tokens: readonly string[];
}

/** The policy's phrases, ready to be looked for. */
export interface KeywordIndex {
  /** By first token, most pressing first. */
  readonly byFirstToken: ReadonlyMap<string, readonly Phrase[]>;
  readonly negators: ReadonlySet<string>;
  readonly window: number;
  readonly scanChars: number;
}

/** A phrase that was found, as the policy lists it. */
export interface KeywordFound {
  readonly priority: Priority;
  readonly phrase: string;
}

/**
 * Makes the index. A phrase without a Latin letter or digit has no token and is never found; a negator is one word,
 * longer ones do not count.
 */
export function keywordIndex(keywords: Policy["priority"]["keywords"]): KeywordIndex {
  const byFirstToken = new Map<string, Phrase[]>();
  for (const priority of PRIORITIES.toReversed()) {
    for (const text of keywords.phrases[priority] ?? []) {
      const tokens = tokensOf(text);
      const first = tokens[0];
      if (first === undefined) continue;
      byFirstToken.set(first, [...(byFirstToken.get(first) ?? []), { text, priority, tokens }]);
    }
  }
  const negators = new Set(keywords.negators.map(tokensOf).flatMap((t) => (t.length === 1 ? t : [])));
  return { byFirstToken, negators, window: keywords.negatorWindow, scanChars: keywords.scanChars };
}

/** The most pressing listed phrase in subject and body; null = none, or each one denied ("no outage"). */
export function keywordIn(subject: string, body: string, index: KeywordIndex): KeywordFound | null {
  if (index.byFirstToken.size === 0) return null;
  const tokens = tokensOf(scannedText(subject, body, index.scanChars));
  let best: Phrase | null = null;
  for (const [at, token] of tokens.entries()) {
    for (const phrase of index.byFirstToken.get(token) ?? []) {
      if (best !== null && PRIORITIES.indexOf(phrase.priority) <= PRIORITIES.indexOf(best.priority)) break;
      if (standsAt(phrase.tokens, tokens, at) && !isDenied(tokens, at, index)) best = phrase;
    }
  }
  return best === null ? null : { priority: best.priority, phrase: best.text };
}

/**
 * The part of a ticket's text that is looked at: subject, newline, and the body without quoted lines, cut after
 * so many code points (not UTF-16 units: an emoji is one).
 */
export function scannedText(subject: string, body: string, codePoints: number): string {
  const enough = codePoints * 2;
  let text = `${subject}\n`;
  for (let at = 0; at < body.length && text.length < enough; ) {
    const feed = body.indexOf("\n", at);
    const end = feed === -1 ? body.length : feed + 1;
    const line = body.slice(at, end);
    if (!/^\s*>/.test(line)) text += line.length > enough ? line.slice(0, enough) : line;
    at = end;
  }
  return firstCodePoints(text, codePoints);
}

function firstCodePoints(text: string, count: number): string {
  let end = 0;
  for (let n = 0; n < count && end < text.length; n += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** Words of a text: NFKC, one kind of apostrophe, case-folded, without apostrophes at the edges. */
export function tokensOf(text: string): readonly string[] {
  const plain = folded(text.normalize("NFKC").replace(/[\u2019\u02BC]/g, "'"));
  const tokens: string[] = [];
  for (const word of plain.match(/[a-z0-9']+/g) ?? []) {
    const token = word.replace(/^'+|'+$/g, "");
    if (token !== "") tokens.push(token);
  }
  return tokens;
}

function standsAt(phrase: readonly string[], tokens: readonly string[], at: number): boolean {
  return phrase.every((token, i) => tokens[at + i] === token);
}

function isDenied(tokens: readonly string[], at: number, index: KeywordIndex): boolean {
  for (let i = Math.max(0, at - index.window); i < at; i += 1) {
    if (index.negators.has(tokens[i] ?? "")) return true;
  }
  return false;
}
