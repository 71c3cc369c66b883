/** Once a day: what was kept long enough goes. Unfinished work is never touched. */
import { errorFields, type Log } from "./log.ts";
import type { Policy } from "./policy/model.ts";
import type { Clock, Store } from "./ports.ts";
import { localDay } from "./sync/intake.ts";

export interface CleanUpPorts {
  readonly store: Store;
  readonly policy: () => Policy;
  readonly clock: Clock;
  readonly log: Log;
}

const DAY_MS = 86_400_000;
/** Repeats are recognised for this long after a delivery was settled: longer than any sender tries again. */
const KEYS_DAYS = 30;
const LEASE_MS = 600_000;

/** Cleans up unless it was done today; answers whether it was done now. @throws what stopped it. */
export async function cleanUp(ports: CleanUpPorts, owner: string): Promise<boolean> {
  const { store, clock, log } = ports;
  const policy = ports.policy();
  const today = localDay(policy, clock.now());
  if ((await store.register.cursor("clean-up")) === today) return false;
  if (!(await store.register.lease("clean-up", owner, LEASE_MS))) return false;
  try {
    const before = (days: number): number => clock.now() - days * DAY_MS;
    await store.ledger.prune(before(policy.retention.decisionsDays));
    await store.facts.prune(before(policy.retention.decisionsDays));
    await store.notices.prune(before(policy.retention.decisionsDays));
    await store.inbox.prune(before(policy.retention.deliveryBodiesDays), before(KEYS_DAYS));
    await store.console.sessions.prune(clock.now());
    await store.register.setCursor("clean-up", today);
    log.info({ day: today }, "old records removed");
    return true;
  } catch (error) {
    log.warn(errorFields(error), "old records could not be removed");
    throw error;
  } finally {
    await store.register.releaseLease("clean-up", owner);
  }
}
