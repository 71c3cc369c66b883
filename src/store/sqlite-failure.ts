/** What a SQLite error means for us, by its primary result code (https://www.sqlite.org/rescode.html, remembered, not verified). */

const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
/** ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE: the statement or its values. All others are the store's. */
const OWN_FAULT = [1, 18, 19, 20, 25];

/** Is it the fault of this one statement, and not of the store? */
export function isOwnFault(error: unknown): boolean {
  const code = primaryCode(error);
  return code === null || OWN_FAULT.includes(code);
}

/** Does another process hold the file? */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
}

/** Is the file's content broken? */
export function isDamage(error: unknown): boolean {
  return primaryCode(error) === CORRUPT;
}

/** While migrating: is this file somebody else's? */
export function isForeign(error: unknown): boolean {
  return isOwnFault(error) || primaryCode(error) === NOT_A_DATABASE;
}

function primaryCode(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode & 0xff : null;
}
