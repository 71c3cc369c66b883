/** What a PostgreSQL error means for us, by its SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html, remembered, not verified). */

/** Classes that blame the statement or its values: data, constraints, cardinality, syntax and names. */
const OWN_FAULT = ["21", "22", "23", "42", "0A", "2B", "44", "54"];
/** Serialization failure and deadlock: the group was rolled back and can simply be run again. */
const RUN_AGAIN = ["40001", "40P01"];

/** Is it the fault of this one statement, and not of the store? */
export function isOwnFault(error: unknown): boolean {
  const state = sqlState(error);
  // 42501 = a privilege is missing: the same for every statement, and cured by an administrator.
  return state !== null && state !== "42501" && OWN_FAULT.includes(state.slice(0, 2));
}

/** Was the group rolled back only because it met another one? */
export function isCollision(error: unknown): boolean {
  return RUN_AGAIN.includes(sqlState(error) ?? "");
}

function sqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
