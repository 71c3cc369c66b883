/** One run at a time may change the help desk's set-up, whatever machine it runs on. */
import { randomUUID } from "node:crypto";
import type { Clock, Register } from "../ports.ts";

const LEASE = "provision";
/** A run that was killed keeps the next one waiting this long. */
const LEASE_MS = 4_000;
const RENEW_MS = 1_000;
const PATIENCE_MS = 10_000;
const LOOK_MS = 200;

/**
 * Runs `work` while nobody else changes the set-up; `held` says whether that is still so. null = another run is at it,
 * and was still after ten seconds.
 */
export async function alone<T>(
  register: Pick<Register, "lease" | "releaseLease">,
  clock: Clock,
  work: (held: () => Promise<boolean>) => Promise<T>,
): Promise<T | null> {
  const owner = randomUUID();
  const lease = (): Promise<boolean> => register.lease(LEASE, owner, LEASE_MS);
  for (let waited = 0; !(await lease()); waited += LOOK_MS) {
    if (waited >= PATIENCE_MS) return null;
    await clock.sleep(LOOK_MS);
  }
  const ended = new AbortController();
  const kept = keep(lease, clock, ended.signal);
  try {
    return await work(lease);
  } finally {
    ended.abort();
    await kept;
    await register.releaseLease(LEASE, owner);
  }
}

/** Is nobody changing the set-up at present? A run that was killed counts for some seconds longer. */
export async function isFree(register: Pick<Register, "lease" | "releaseLease">): Promise<boolean> {
  const owner = randomUUID();
  if (!(await register.lease(LEASE, owner, LOOK_MS))) return false;
  await register.releaseLease(LEASE, owner);
  return true;
}

/** A renewal that fails is no harm: `held` asks again before every step. */
async function keep(lease: () => Promise<boolean>, clock: Clock, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await clock.sleep(RENEW_MS, ended);
    if (!ended.aborted) await lease().catch(() => false);
  }
}
