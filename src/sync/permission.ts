/** One sync at a time: the lease that a run holds, and whether it may write now. */
import { TryAgain } from "../errors.ts";
import type { Clock, Store } from "../ports.ts";
import type { Brake } from "./guard-step.ts";

export interface PermissionPorts {
  readonly store: Pick<Store, "register">;
  readonly clock: Clock;
  /** true = nothing is written outside at present; left out = never. */
  readonly paused?: () => Promise<boolean>;
}

/** A run that has not been heard of for so long has ended. */
export const LEASE_MS = 120_000;
/** An answer that took longer is old: who asked stood still meanwhile. */
const ANSWER_HOLDS_MS = 10_000;

/** A long reading must not lose the lease: another process would begin to read the same records. */
export async function keepLease(
  { store, clock }: PermissionPorts,
  name: string,
  owner: string,
  ended: AbortSignal,
  leaseMs = LEASE_MS,
): Promise<void> {
  for (;;) {
    await clock.sleep(leaseMs / 4, ended);
    if (ended.aborted) return;
    await store.register.lease(name, owner, leaseMs).catch(() => false);
  }
}

/** Is this run still the one that may write, and may anybody? */
export function permission(
  { store, clock, paused }: PermissionPorts,
  name: string,
  owner: string,
  leaseMs = LEASE_MS,
): () => Promise<boolean> {
  return async () => {
    for (;;) {
      const asked = clock.now();
      const may = (await store.register.lease(name, owner, leaseMs)) && (await paused?.()) !== true;
      if (!may || Math.abs(clock.now() - asked) < ANSWER_HOLDS_MS) return may;
    }
  };
}

/**
 * The brake of a run that is the only one: what was read before the process stood still must not be mixed with what
 * another one has judged meanwhile. Throws TryAgain then; the next run reads anew.
 */
export function whileMine(brake: Brake, mine: () => Promise<boolean>): Brake {
  const sure = async (): Promise<void> => {
    if (!(await mine())) throw new TryAgain("another process has taken over this sync");
  };
  return {
    ...brake,
    take: async (rows, moved) => {
      await sure();
      return brake.take(rows, moved);
    },
    judge: async (seen) => {
      await sure();
      return brake.judge(seen);
    },
  };
}
