/** From rows to our vocabulary: each reader says what it expected when a column holds something else. */
import type { Row } from "./database.ts";

/** The text in a column. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw wrong(column, "text", value);
  return value;
}

/** The text in a column, or null. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** The number in a column. */
export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw wrong(column, "a number", value);
  return value;
}

/** The number in a column, or null. */
export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** One of the given words. */
export function oneOf<T extends string>(row: Row, column: string, words: readonly T[]): T {
  const value = text(row, column);
  const word = words.find((each) => each === value);
  if (word === undefined) throw wrong(column, words.join(" or "), value);
  return word;
}

/** The JSON list of texts in a column. */
export function texts(row: Row, column: string): readonly string[] {
  const value: unknown = JSON.parse(text(row, column));
  if (!Array.isArray(value)) throw wrong(column, "a list", value);
  return value.map(String);
}

/**
 * The JSON object in a column. Its inside is as this program wrote it: only stored by `json()`, and only read
 * when the migrations say that this program knows the format.
 */
export function object<T extends object>(row: Row, column: string): T {
  const value: unknown = JSON.parse(text(row, column));
  if (typeof value !== "object" || value === null) throw wrong(column, "an object", value);
  return value as T;
}

/** The JSON object in a column, or null. */
export function objectOrNull<T extends object>(row: Row, column: string): T | null {
  return row[column] === null ? null : object<T>(row, column);
}

function wrong(column: string, expected: string, value: unknown): Error {
  return new Error(`the store holds ${typeof value} in "${column}" where ${expected} belongs`);
}
