/** What a running service does so that people hear in time: looks at clocks every minute, makes lists in the morning, sends. */
import { errorFields, type Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Instant, Policy } from "../policy/model.ts";
import type { Clock, Desk, Store } from "../ports.ts";
import { type Morning, morningOf } from "./calendar.ts";
import { clockTellings, stillRuns } from "./clocks.ts";
import { deliver } from "./deliver.ts";
import { tell } from "./tell.ts";
import { firstWay, type Ways } from "./ways.ts";

export interface WatchParts {
  readonly store: Store;
  readonly desk: Pick<Desk, "readSlas" | "readTickets" | "describe">;
  readonly policy: () => Policy;
  readonly ways: Ways;
  readonly simulating: () => Promise<boolean>;
  /** Address of the help desk. */
  readonly origin: string;
  readonly publicUrl: string | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, "gauge">;
  readonly jitter: () => number;
}

export interface PeopleWatch {
  /** One look at the clocks; answers how many messages are new. */
  readonly clocks: () => Promise<number>;
  /** The lists of this morning, unless they are made; answers how many messages are new. */
  readonly lists: () => Promise<number>;
  /** Sends what is due; answers how many messages were told. */
  readonly send: (signal: AbortSignal) => Promise<number>;
  /** Lets another instance look at once. */
  readonly release: () => Promise<void>;
}

/** Setting: since when people hear of clocks. What was late before is no news. */
const SINCE = "people:since";
/** One instance looks at a time; it comes back within the minute. */
const CLOCKS_LEASE_MS = 50_000;
const LISTS_LEASE_MS = 10 * 60_000;

/** Ready to watch; nothing is looked at, and nothing costs a call, where the policy names nobody or no way is set up. */
export function openPeopleWatch(parts: WatchParts, owner: string): PeopleWatch {
  const { store, desk, policy, clock, log, ways } = parts;
  const listening = (): boolean => policy().people !== null && firstWay(ways) !== null;
  parts.metrics.gauge(
    "ps_notices_parked",
    "Messages to people that reached nobody and wait for a person",
    async () => (await store.notices.counts()).parked,
  );
  return {
    clocks: () =>
      quietly(log, "the clocks could not be looked at", async () => {
        if (!listening() || !(await store.register.lease("people:clocks", owner, CLOCKS_LEASE_MS))) return 0;
        const now = clock.now();
        const since = await heardSince(store, now);
        return tell(parts, await clockTellings({ ...parts, policy: policy() }, since, now), now);
      }),
    lists: () =>
      quietly(log, "the lists for people could not be made", async () => {
        const now = clock.now();
        const morning = morningOf(now, policy());
        if (!listening() || morning === null || (await store.register.cursor("people:lists")) === morning.day)
          return 0;
        if (!(await store.register.lease("people:lists", owner, LISTS_LEASE_MS))) return 0;
        try {
          return await everyList(parts, morning, now);
        } finally {
          await store.register.releaseLease("people:lists", owner);
        }
      }),
    send: (signal) => {
      const still = (message: Parameters<typeof stillRuns>[2]) => stillRuns(desk, policy(), message);
      return quietly(log, "messages to people could not be sent", () =>
        deliver({ ...parts, still }, owner, signal),
      );
    },
    release: () => store.register.releaseLease("people:clocks", owner),
  };
}

/** Makes every list; one that fails keeps none of the others, and is made again at the next round. */
async function everyList(parts: WatchParts, morning: Morning, now: Instant): Promise<number> {
  // Loaded when it is morning: the statistics of reports weigh something, and most of the day nobody needs them.
  const { listsOf } = await import("./morning-lists.ts");
  let messages = 0;
  let failed = false;
  for (const list of listsOf(parts, parts.policy(), morning, now))
    try {
      messages += await tell(parts, await list(), now);
    } catch (error) {
      failed = true;
      parts.log.warn(errorFields(error), "a list for people could not be made");
    }
  if (!failed) await parts.store.register.setCursor("people:lists", morning.day);
  return messages;
}

async function heardSince({ register }: Pick<Store, "register">, now: Instant): Promise<Instant> {
  const kept = await register.setting(SINCE);
  if (kept !== null && kept !== "") return Number(kept);
  await register.setSetting(SINCE, String(now));
  return now;
}

/** Trouble with telling holds nobody up: it is logged, and the next round tries again. */
async function quietly(log: Log, failed: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    log.warn(errorFields(error), failed);
    return 0;
  }
}
