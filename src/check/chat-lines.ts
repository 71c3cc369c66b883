/** Would a notice to people arrive? Nothing that anybody sees is sent. */
import type { Notifier } from "../ports.ts";
import { asked } from "./asking.ts";
import { type CheckLine, fine } from "./line.ts";

/** One line. `notifier` null = none is set up, which is fine. */
export async function chatLines(notifier: Notifier | null): Promise<readonly CheckLine[]> {
  if (notifier === null)
    return [fine("chat", "notices", "SLACK_WEBHOOK_URL is not set: trouble is told in the log only")];
  const tried = await asked("chat", notifier.name, () => notifier.test());
  return [tried.line ?? fine("chat", notifier.name, "takes messages")];
}
