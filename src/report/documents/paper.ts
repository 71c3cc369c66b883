/** A document for customers before any format: sections of plain sentences, lists and tables. */
import type { ShownTable } from "../shown.ts";

/** One thing under a heading. */
export type Block =
  | { readonly kind: "sentence"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "facts"; readonly facts: readonly (readonly [string, string])[] }
  | { readonly kind: "table"; readonly table: ShownTable }
  | { readonly kind: "signatures"; readonly parties: readonly string[] };

export interface PaperSection {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Paper {
  /** Kind of document, above the title. */
  readonly kind: string;
  readonly title: string;
  readonly cover: readonly (readonly [string, string])[];
  readonly sections: readonly PaperSection[];
  /** Where it comes from, at the foot. */
  readonly foot: readonly string[];
}

/** A sentence. */
export function sentence(text: string): Block {
  return { kind: "sentence", text };
}

/** A table whose columns in `figures` are set to the right. */
export function tableBlock(
  head: readonly string[],
  rows: ShownTable["rows"],
  figures: readonly number[] = [],
  empty = "None.",
): Block {
  return { kind: "table", table: { head, rows, figures, empty } };
}
