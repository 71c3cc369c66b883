/** Words after which a slash begins a regular expression, not a division. */
const BEFORE_REGEX =
  /(?:^|[=(,:;[!&|?{}+\-*%<>~^]|\b(?:return|typeof|case|in|of|new|delete|void|throw|await|else|do))\s*$/;

/**
 * The same source with the inside of comments, strings, templates and regular expressions replaced by spaces.
 *
 * Length and line breaks stay, so an offset means the same place in both texts. Quotes stay; code inside `${}` stays.
 */
export function withoutText(source: string): string {
  let out = "";
  let at = 0;
  /** Brace depth of each `${` we are inside of. */
  const templates: number[] = [];
  while (at < source.length) {
    const end = textEnd(source, at, out, templates);
    if (end > at) {
      out += blanked(source, at, end);
      at = end;
      continue;
    }
    const char = source.charAt(at);
    if (char === "}" && templates.at(-1) === 0) {
      templates.pop();
      const close = templateEnd(source, at + 1, templates);
      out += blanked(source, at, close);
      at = close;
      continue;
    }
    trackTemplate(char, templates);
    out += char;
    at += 1;
  }
  return out;
}

function trackTemplate(char: string, templates: number[]): void {
  const top = templates.length - 1;
  const depth = templates[top];
  if (depth === undefined) return;
  if (char === "{") templates[top] = depth + 1;
  if (char === "}") templates[top] = depth - 1;
}

/** Where the comment, string, template part or regular expression that begins at `at` ends; `at` itself when none does. */
function textEnd(source: string, at: number, before: string, templates: number[]): number {
  const two = source.slice(at, at + 2);
  if (two === "//" || (at === 0 && two === "#!")) return endOr(source.indexOf("\n", at), source);
  if (two === "/*") return endOr(source.indexOf("*/", at + 2), source, 2);
  const char = source.charAt(at);
  if (char === '"' || char === "'") return stringEnd(source, at, char);
  if (char === "`") return templateEnd(source, at + 1, templates);
  if (char === "/" && BEFORE_REGEX.test(before.slice(-40))) return regexEnd(source, at);
  return at;
}

function endOr(found: number, source: string, add = 0): number {
  return found === -1 ? source.length : found + add;
}

/** A string never crosses a line, so a stray apostrophe in markup spoils one line at most. */
function stringEnd(source: string, at: number, quote: string): number {
  for (let i = at + 1; i < source.length; i += 1) {
    const char = source.charAt(i);
    if (char === "\\") i += 1;
    else if (char === quote) return i + 1;
    else if (char === "\n") return i;
  }
  return source.length;
}

/** The end of a template, or of its text up to the next `${`, which is then noted as open. */
function templateEnd(source: string, from: number, templates: number[]): number {
  for (let i = from; i < source.length; i += 1) {
    const char = source.charAt(i);
    if (char === "\\") i += 1;
    else if (char === "`") return i + 1;
    else if (char === "$" && source.charAt(i + 1) === "{") {
      templates.push(0);
      return i + 2;
    }
  }
  return source.length;
}

function regexEnd(source: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < source.length; i += 1) {
    const char = source.charAt(i);
    if (char === "\n") return at;
    if (char === "\\") i += 1;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) return i + 1;
  }
  return at;
}

/** Spaces for everything but line breaks; a quote at either end stays, so strings can still be found. */
function blanked(source: string, from: number, to: number): string {
  const text = source.slice(from, to);
  const inner = text.replace(/[^\n]/g, " ");
  if (!/^["']/.test(text)) return inner;
  const closed = text.length > 1 && text.endsWith(text.charAt(0));
  return closed ? `${text.charAt(0)}${inner.slice(1, -1)}${text.charAt(0)}` : text.charAt(0) + inner.slice(1);
}
