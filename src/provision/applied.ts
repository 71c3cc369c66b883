/** Which policy the help desk was last set up for. */
import type { Instant } from "../policy/model.ts";
import type { Register } from "../ports.ts";

/** Setting that holds it as JSON; "" = nothing is applied. */
const APPLIED = "provision_applied";

/** A policy that was applied to the end. */
export interface AppliedPolicy {
  readonly version: string;
  /** SHA-256 of what the policy says, hex. */
  readonly contentHash: string;
  readonly runId: string;
  readonly at: Instant;
}

/** The policy applied last, and completely; null = none, or it was taken away again. */
export async function appliedPolicy(register: Pick<Register, "setting">): Promise<AppliedPolicy | null> {
  const text = await register.setting(APPLIED);
  return text === null || text === "" ? null : (JSON.parse(text) as AppliedPolicy);
}

/** Remembers it; null = nothing is applied any more. */
export async function rememberApplied(
  register: Pick<Register, "setSetting">,
  applied: AppliedPolicy | null,
): Promise<void> {
  await register.setSetting(APPLIED, applied === null ? "" : JSON.stringify(applied));
}
