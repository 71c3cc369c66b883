/** Sends what is recorded: once, tried again while nothing arrived, and parked with a reason when it does not work. */
import { NeedsAdmin, Paused, TryAgain, Unanswered } from "../errors.ts";
import { errorFields, type Log } from "../log.ts";
import type { Instant, Policy } from "../policy/model.ts";
import { nextTry } from "../policy/retry.ts";
import type { Clock, Message, MessageOutcome, Messenger, Store } from "../ports.ts";
import { nextWay, type Ways } from "./ways.ts";

export interface DeliverPorts {
  readonly store: Pick<Store, "notices">;
  readonly ways: Ways;
  readonly policy: () => Policy;
  readonly simulating: () => Promise<boolean>;
  /** Is it still so what the message says? Asked before every try but the first. */
  readonly still: (message: Message) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  /** Chance, 0 ≤ jitter < 1: spreads the next tries. */
  readonly jitter: () => number;
}

/** Few at a time: each may take half a minute, and the lease must outlast them all. */
const AT_ONCE = 5;
const LEASE_MS = 5 * 60_000;

/** Sends everything that is due, and answers how many messages were told. @throws StoreUnavailable */
export async function deliver(ports: DeliverPorts, owner: string, signal: AbortSignal): Promise<number> {
  const { notices } = ports.store;
  let told = 0;
  for (;;) {
    if (signal.aborted) return told;
    const taken = await notices.take(owner, LEASE_MS, ports.clock.now(), AT_ONCE);
    for (const message of taken) {
      const outcome = signal.aborted
        ? again(message, "The service is stopping.", ports.clock.now())
        : await attempt(ports, message);
      await notices.settle(message, owner, outcome);
      told += outcome.state === "told" ? 1 : 0;
    }
    if (taken.length < AT_ONCE) return told;
  }
}

/** One try. */
async function attempt(ports: DeliverPorts, message: Message): Promise<MessageOutcome> {
  const { clock, ways } = ports;
  const ended = (state: "told" | "unknown" | "parked" | "lapsed", reason: string): MessageOutcome => ({
    ...{ state, reason, at: clock.now() },
  });
  if (message.goodUntil !== null && clock.now() >= message.goodUntil)
    return ended(
      "lapsed",
      message.reason === "" ? "It came too late." : `It came too late: ${message.reason}`,
    );
  if (await ports.simulating()) return ended("lapsed", "The service began to simulate before this was sent.");
  const messenger = ways[message.way];
  if (messenger === null) return otherwise(ports, message, `${message.way} is not set up any more`);
  try {
    if (message.attempts > 1 && !(await ports.still(message)))
      return ended("lapsed", "It was no longer so when it could be sent.");
    const outcome = await send(ports, messenger, message);
    return outcome === "told"
      ? ended("told", "")
      : ended("unknown", "It left, and no answer says whether it arrived; it is not sent again.");
  } catch (error) {
    return failed(ports, message, error);
  }
}

function send({ policy }: DeliverPorts, messenger: Messenger, message: Message) {
  const members = policy().people?.members ?? {};
  const member = Object.hasOwn(members, message.addressee) ? members[message.addressee] : undefined;
  return messenger.tell({ address: message.addressee, slackId: member?.slack ?? null }, message.notice);
}

function failed(ports: DeliverPorts, message: Message, error: unknown): MessageOutcome {
  const { message: what, fix } = errorFields(error);
  const reason = `${what}${fix === undefined ? "" : `. fix: ${fix}`}`;
  if (error instanceof NeedsAdmin) return otherwise(ports, message, reason);
  const passes = error instanceof TryAgain || error instanceof Paused || error instanceof Unanswered;
  if (!passes) ports.log.error({ ...errorFields(error), way: message.way }, "a message to people failed");
  const asked = error instanceof TryAgain || error instanceof Paused ? error.afterMs : null;
  const wait = passes ? nextTry(message.attempts, asked, ports.jitter()) : null;
  if (wait === null)
    return otherwise(ports, message, passes ? reason : "failed in a way nobody foresaw; the log says more");
  return { ...again(message, reason, ports.clock.now()), nextAt: ports.clock.now() + wait };
}

function again(message: Message, reason: string, at: Instant) {
  return { state: "waiting" as const, reason, nextAt: at, way: message.way, anew: false };
}

/** Another way to the same person, else it is parked for somebody to look at. */
function otherwise(ports: DeliverPorts, message: Message, reason: string): MessageOutcome {
  const { clock, log, ways } = ports;
  const way = nextWay(ways, message.way, message.addressee);
  if (way !== null) return { state: "waiting", reason, nextAt: clock.now(), way, anew: true };
  log.warn(
    { way: message.way, kind: message.kind, reason: reason.slice(0, 200) },
    "a message to people is parked",
  );
  return { state: "parked", reason, at: clock.now() };
}
