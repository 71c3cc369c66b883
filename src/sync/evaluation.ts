/** Was everybody worked out today, under this policy, in this mode? Otherwise time alone may have changed who has what. */
import type { Policy } from "../policy/model.ts";
import type { Clock, Store } from "../ports.ts";
import { localDay } from "./intake.ts";

export interface EvaluationPorts {
  readonly store: Pick<Store, "register">;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly simulating: boolean;
}

const CURSOR = "evaluated";
const SIMULATED = "|simulate";

/** Everybody is worked out anew when the day, the policy or the mode is another one. */
export async function isEvaluated(ports: EvaluationPorts): Promise<boolean> {
  return (await ports.store.register.cursor(CURSOR)) === keyOf(ports);
}

/** Everybody has been worked out. */
export function noteEvaluated(ports: EvaluationPorts): Promise<void> {
  return ports.store.register.setCursor(CURSOR, keyOf(ports));
}

/**
 * Lets the next live run look at everybody; nothing where a live run would anyway. For simulated runs: they take marks
 * away and write nothing.
 */
export async function forgetEvaluation({ store }: Pick<EvaluationPorts, "store">): Promise<void> {
  const key = (await store.register.cursor(CURSOR)) ?? "";
  if (key !== "" && !key.endsWith(SIMULATED)) await store.register.setCursor(CURSOR, "");
}

function keyOf({ policy, clock, simulating }: EvaluationPorts): string {
  return `${policy.version}|${localDay(policy, clock.now())}${simulating ? SIMULATED : "|live"}`;
}
