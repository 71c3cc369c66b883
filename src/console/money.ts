/** Who may see money, and an answer without it. */
import type { ConsoleSession } from "../ports.ts";
import type { ConsoleParts } from "./parts.ts";

/** Administrators may; agents where the policy writes ARR into the help desk, for there they see it anyway. */
export function seesMoney(parts: ConsoleParts, session: ConsoleSession | null): boolean {
  return session?.role === "admin" || parts.policy.policy().desk.writeArr;
}

const FACTS = new Set(["arr", "arr_sum"]);

/** The same answer without ARR: amounts named `arr` are null, lists of them empty, and facts about it are left out. */
export function withoutArr(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => !isArrFact(one)).map(withoutArr);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "arr" ? (Array.isArray(one) ? [] : null) : withoutArr(one),
    ]),
  );
}

/** A fact as pages are told it: by `name` what the CRM says, by `fact` what a decision rests on. */
function isArrFact(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, fact, value: told } = value as { name?: unknown; fact?: unknown; value?: unknown };
  return told !== undefined && (FACTS.has(String(name)) || FACTS.has(String(fact)));
}
