/** Is the ticket still ours at the moment the write leaves? Waiting for the desk's limits can take longer than a lease. */
import type { Claim, Clock, Inbox } from "./ports.ts";

export interface LeasePorts {
  readonly store: { readonly inbox: Pick<Inbox, "renew"> };
  readonly clock: Clock;
  readonly leaseMs: number;
}

/** Another worker may have the ticket: nothing was written. */
export class LeaseGone extends Error {
  override readonly name = "LeaseGone";
}

/** A write takes ten seconds at most (its deadline); with five more on top no lease ends under it. */
const WRITE_NEEDS_MS = 15_000;

/**
 * What must run right before the write: nothing while the lease lasts long enough by what we know, else it is taken anew
 * from the store, whose clock decides. `takenAt` = when it was last asked for.
 * @throws LeaseGone (from what is answered) it is not ours any more.
 */
export function stillOurs(ports: LeasePorts, claim: Claim, takenAt: number): () => Promise<void> {
  return async () => {
    if (ports.clock.now() - takenAt <= ports.leaseMs - WRITE_NEEDS_MS) return;
    if (!(await ports.store.inbox.renew(claim, ports.leaseMs)))
      throw new LeaseGone("the ticket's lease ended before the write could leave");
  };
}
