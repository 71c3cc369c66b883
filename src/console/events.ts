/**
 * Live updates by server-sent events: decisions, what the brake holds, and the state of the switches and the queue.
 *
 * The store is looked at once a second, and only while somebody listens: so every instance tells of the work of all, and
 * a session that was ended anywhere stops listening everywhere.
 */
import type { Request, Response } from "express";
import { StoreUnavailable } from "../errors.ts";
import { errorFields } from "../log.ts";
import type { ConsoleSession, LedgerRow } from "../ports.ts";
import { EVERY_DECISION, rowsShown } from "./decision-shown.ts";
import { switchesOf } from "./overview.ts";
import type { ConsoleParts } from "./parts.ts";
import { ApiProblem } from "./problem.ts";
import { hashOf, isAlive } from "./sessions.ts";

export interface LiveUpdates {
  /** Adds a listener until it goes, its session ends, or everything stops. @throws ApiProblem too many of one session */
  readonly listen: (request: Request, response: Response, session: ConsoleSession, secret: string) => void;
  /** Ends every stream, so that the server can stop. */
  readonly stop: () => Promise<void>;
}

const LOOK_MS = 1_000;
/** Proxies cut a silent connection, often after a minute. */
const HEARTBEAT_MS = 15_000;
/** Browser tabs of one person; HTTP/1.1 allows six connections anyway. */
const STREAMS_EACH = 6;
const STREAMS_ALL = 500;
/** Newest decisions that may still change: they are settled, and read back, within seconds. */
const WATCHED = 50;
/** After a longer absence a page loads its lists anew. */
const CATCH_UP = 200;
/** A browser waits this long before it comes back. */
const RETRY_MS = 3_000;
/** A listener that does not read is cut at this much waiting for it. */
const BACKLOG_BYTES = 1024 * 1024;

interface Listener {
  readonly response: Response;
  readonly session: ConsoleSession;
  readonly hash: string;
  lastWrite: number;
  /** Was told nothing yet: it gets all states at the next look. */
  fresh: boolean;
}

/** Live updates of one running service. Nothing happens until somebody listens. */
export function openLiveUpdates(parts: ConsoleParts): LiveUpdates {
  const listeners = new Set<Listener>();
  const stopping = new AbortController();
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    const watch = openWatch(parts);
    while (listeners.size > 0 && !stopping.signal.aborted) {
      await round(parts, listeners, watch).catch((error: unknown) => {
        parts.log.warn(errorFields(error), "live updates could not be looked for");
      });
      await parts.clock.sleep(LOOK_MS, stopping.signal);
    }
  };
  const start = (): void => {
    looking ??= look().finally(() => {
      looking = null;
      if (listeners.size > 0 && !stopping.signal.aborted) start();
    });
  };
  const listen: LiveUpdates["listen"] = (request, response, session, secret) => {
    const own = [...listeners].filter((one) => one.session.id === session.id).length;
    if (own >= STREAMS_EACH || listeners.size >= STREAMS_ALL || stopping.signal.aborted)
      throw new ApiProblem(429, "too_many", "Too many pages listen.", "Close other tabs of the console.");
    const hash = hashOf(secret);
    const one: Listener = { response, session, hash, lastWrite: parts.clock.now(), fresh: true };
    response.on("close", () => listeners.delete(one));
    begin(response);
    listeners.add(one);
    void catchUp(parts, one, Number(request.headers["last-event-id"] ?? Number.NaN));
    start();
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    for (const one of listeners) one.response.end();
    await looking;
  };
  return { listen, stop };
}

function begin(response: Response): void {
  response.status(200).set({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
  });
  response.flushHeaders();
  response.write(`retry: ${RETRY_MS}\n\n`);
}

/** What was missed since the last event a page saw. */
async function catchUp(parts: ConsoleParts, one: Listener, lastSeq: number): Promise<void> {
  if (!Number.isSafeInteger(lastSeq) || lastSeq < 0) return;
  try {
    const rows = await parts.store.console.lists.decisionsAfter(lastSeq, CATCH_UP + 1);
    if (rows.length > CATCH_UP) return write(one, "reload", null, {});
    for (const event of await decisionEvents(parts, rows)) write(one, "decision", event.seq, event);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    write(one, "reload", null, {});
  }
}

interface News {
  readonly event: string;
  readonly id: number | null;
  readonly data: object;
}

interface Watch {
  /** What differs from the look before (the first look says nothing of decisions), and all states as they are. */
  readonly look: () => Promise<{ readonly news: readonly News[]; readonly states: readonly News[] }>;
}

function openWatch(parts: ConsoleParts): Watch {
  let seen: ReadonlyMap<string, string> | null = null;
  let told: ReadonlySet<string> = new Set();
  return {
    look: async () => {
      const rows = await parts.store.console.lists.decisions({ ...EVERY_DECISION, limit: WATCHED });
      const fresh = seen === null ? [] : rows.filter((row) => seen?.get(row.record.id) !== stateOf(row));
      seen = new Map(rows.map((row) => [row.record.id, stateOf(row)]));
      const decisions = await decisionEvents(parts, fresh.toReversed());
      const states = await statesNow(parts);
      const changed = states.filter((one) => !told.has(JSON.stringify(one)));
      told = new Set(states.map((one) => JSON.stringify(one)));
      const made = decisions.map((data) => ({ event: "decision", id: data.seq, data }));
      return { news: [...made, ...changed], states };
    },
  };
}

function stateOf({ record }: LedgerRow): string {
  return `${record.state} ${record.verification?.at ?? ""}`;
}

function decisionEvents(parts: ConsoleParts, rows: readonly LedgerRow[]) {
  return rowsShown(parts.store, rows, parts.policy.policy());
}

async function statesNow(parts: ConsoleParts): Promise<readonly News[]> {
  const { guard, inbox } = parts.store;
  const [held, backlog, switches] = await Promise.all([guard.waiting(), inbox.backlog(), switchesOf(parts)]);
  const { pending, parked } = backlog;
  const policyVersion = parts.policy.policy().version;
  return [
    { event: "guard", id: null, data: { runs: held.map(({ runId, records }) => ({ runId, records })) } },
    { event: "state", id: null, data: { switches, queue: { pending, parked }, policyVersion } },
  ];
}

/** One look: who may still listen, then what is new. */
async function round(parts: ConsoleParts, listeners: Set<Listener>, watch: Watch): Promise<void> {
  const now = parts.clock.now();
  for (const one of listeners) {
    const session = await parts.store.console.sessions.find(one.hash);
    if (session !== null && isAlive(session, now)) continue;
    write(one, "signed-out", null, {});
    one.response.end();
    listeners.delete(one);
  }
  const { news, states } = await watch.look();
  for (const one of listeners) {
    const due = one.fresh ? [...news.filter(({ event }) => event === "decision"), ...states] : news;
    one.fresh = false;
    for (const { event, id, data } of due) write(one, event, id, data);
    if (due.length > 0) one.lastWrite = now;
    else if (now - one.lastWrite >= HEARTBEAT_MS) {
      one.response.write(": still here\n\n");
      one.lastWrite = now;
    }
    if (one.response.writableLength > BACKLOG_BYTES) one.response.destroy();
  }
}

/** JSON has no line breaks, so nothing in it can begin another event. */
function write({ response }: Listener, event: string, id: number | null, data: object): void {
  if (response.writableEnded) return;
  response.write(`event: ${event}\n${id === null ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
}
