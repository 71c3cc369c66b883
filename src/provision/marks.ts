/** How we know our own objects again: a mark at the end of the description, or the name itself where there is none. */
import type { DeskObject } from "../ports.ts";

/**
 * A description that ends with our mark: `What it does. [priority-support ps_ native/pro]`. The prefix tells two
 * installations in one account apart, the key which of ours it is.
 */
export function marked(text: string, prefix: string, key: string): string {
  return `${text} [priority-support ${prefix} ${markKey(key)}]`;
}

/** A key as it stands in marks: brackets would end the mark. */
export function markKey(key: string): string {
  return key.replaceAll(/[[\]]/g, "_");
}

/** The name of a trigger category, which has no description to carry the mark. */
export function categoryName(text: string, prefix: string): string {
  return `${text} [${prefix}]`;
}

/** Key of the mark in a text; null = none, or another installation's. */
export function keyIn(text: string, prefix: string): string | null {
  const found = /\[priority-support (\S+) ([^\]]+)\]/.exec(text);
  return found?.[1] === prefix ? (found[2] ?? null) : null;
}

/** Key of the mark an object carries; null = it is not ours by its looks. */
export function keyOf(object: DeskObject, prefix: string): string | null {
  return object.kind === "trigger_category"
    ? categoryKey(object.name, prefix)
    : keyIn(object.fields.description, prefix);
}

function categoryKey(name: string, prefix: string): string | null {
  return CATEGORIES.find((key) => categoryName(CATEGORY_TEXT[key], prefix) === name.trim()) ?? null;
}

/** Our two categories: the triggers that come before everybody else's, and those that come after. */
export const CATEGORY_TEXT = {
  first: "Priority support: first",
  last: "Priority support: last",
} as const;

const CATEGORIES = ["first", "last"] as const;
