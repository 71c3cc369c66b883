/** Texts made comparable: case-folded, with single spaces. */

/** Letters that full Unicode case folding takes apart and `toLowerCase` does not (Unicode CaseFolding, status F). */
const TAKEN_APART: Readonly<Record<string, string>> = {
  ß: "ss",
  "\u01f0": "j\u030c",
  "\u1e96": "h\u0331",
  "\u1e97": "t\u0308",
  "\u1e98": "w\u030a",
  "\u1e99": "y\u030a",
};

/** A text without regard to case. `ß` counts as `ss`, as in full Unicode case folding. */
export function folded(text: string): string {
  return text.toLowerCase().replace(/[ß\u01f0\u1e96-\u1e99]/g, (letter) => TAKEN_APART[letter] ?? letter);
}

/** A name as people type it: trimmed, case-folded, inner white space as one space. */
export function foldedName(text: string): string {
  return folded(text.trim().replace(/\s+/g, " "));
}
