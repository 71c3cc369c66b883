/** Texts made comparable: case-folded, with single spaces. */

/** A text without regard to case. `ß` counts as `ss`, as in full Unicode case folding. */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("ß") ? lower.replaceAll("ß", "ss") : lower;
}

/** A name as people type it: trimmed, case-folded, inner white space as one space. */
export function foldedName(text: string): string {
  return folded(text.trim().replace(/\s+/g, " "));
}
