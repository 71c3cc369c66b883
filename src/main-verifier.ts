/** The verifier of a running service: what this instance settles, and now and then what another one left behind. */
import { randomUUID } from "node:crypto";
import { leftBehind } from "./lookups.ts";
import type { Store } from "./ports.ts";
import { startVerifier, type Verifier, type VerifyPorts, verifyDefaults } from "./ticket-verify.ts";

export interface VerifierParts extends Omit<VerifyPorts, "ledger" | "leftBehind"> {
  readonly store: Store;
  /** ms that settled tickets wait to be read back together; null = the verifier's own. */
  readonly gatherMs: number | null;
  /** true = it looks by itself for decisions that nobody reads back. */
  readonly looking: boolean;
}

const LOOK_EVERY_MS = 10 * 60_000;

/** Starts it. */
export function openVerifier({ store, gatherMs, looking, ...parts }: VerifierParts): Verifier {
  const owner = `verifier-${randomUUID()}`;
  const left = leftBehind(store, parts.clock, owner, LOOK_EVERY_MS);
  return startVerifier(
    { ...parts, ledger: store.ledger, leftBehind: left },
    { gatherMs: gatherMs ?? verifyDefaults.gatherMs, lookEveryMs: looking ? LOOK_EVERY_MS : 0 },
  );
}
