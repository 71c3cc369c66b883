/** The switch that all instances share: may anything be written outside at present? */
import type { Instant } from "./policy/model.ts";
import type { Register } from "./ports.ts";

/** Setting that holds the moment since when writing outside is paused; "" = it is not. */
const PAUSED = "paused";

/** Since when nothing is written outside; null = writing goes on. */
export async function pausedSince(register: Pick<Register, "setting">): Promise<Instant | null> {
  const value = await register.setting(PAUSED);
  return value === null || value === "" ? null : Number(value);
}

/** Stops all writing outside; answers since when it is stopped (an earlier pause goes on). */
export async function pause(register: Register, now: Instant): Promise<Instant> {
  const since = await pausedSince(register);
  if (since !== null) return since;
  await register.setSetting(PAUSED, String(now));
  return now;
}

/** Lets writing go on; answers since when it was stopped, null = it was not. */
export async function resume(register: Register): Promise<Instant | null> {
  const since = await pausedSince(register);
  if (since !== null) await register.setSetting(PAUSED, "");
  return since;
}
