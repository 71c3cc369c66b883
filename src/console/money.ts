/** Who may see money. */
import type { ConsoleSession } from "../ports.ts";
import type { ConsoleParts } from "./parts.ts";

/** Administrators may; agents where the policy writes ARR into the help desk, for there they see it anyway. */
export function seesMoney(parts: ConsoleParts, session: ConsoleSession | null): boolean {
  return session?.role === "admin" || parts.policy.policy().desk.writeArr;
}
