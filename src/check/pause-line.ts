/** Is writing outside paused? Somebody may have forgotten it. */
import type { Register } from "../ports.ts";
import { pausedSince } from "../switches.ts";
import { asked } from "./asking.ts";
import { type CheckLine, doubtful } from "./line.ts";

/** A line while writing is paused; none while it goes on. */
export async function pauseLines(register: Register): Promise<readonly CheckLine[]> {
  const since = await asked("store", "writing outside", () => pausedSince(register));
  if (since.line !== null) return [since.line];
  if (since.value === null) return [];
  const text = `Paused since ${new Date(since.value).toISOString()}: tickets wait, and no customer record is written.`;
  return [
    doubtful("store", "writing outside", text, "Run `priority-support resume` when the reason is gone."),
  ];
}
