/**
 * One budget per upstream account: a limit for all calls and one per endpoint class, shared by lanes.
 *
 * p-queue (`strict`: a true sliding window) paces; response headers correct it: down when little is left, up when the
 * account allows more than the documented minimum. Lanes only order what waits: a call that started is never
 * interrupted. Nothing waits here that is not in the store.
 */
import PQueue from "p-queue";
import { Paused } from "./errors.ts";
import type { Lane, Pacer } from "./ports.ts";

/** `limit` calls in any window of `perMs`. */
export interface Limit {
  readonly limit: number;
  readonly perMs: number;
}

export interface PacerOptions {
  /** For messages: `Zendesk`. */
  readonly upstream: string;
  /** All calls together. */
  readonly account: Limit;
  /** Endpoint classes with a limit of their own; other classes share only the account's. */
  readonly classes: Readonly<Record<string, Limit>>;
  /** Share of the account's limit left to the customer's other apps, 0–1. */
  readonly headroom: number;
  readonly now: () => number;
  /** A caller is not kept waiting behind a block longer than this. */
  readonly patienceMs: number;
}

const RANK: Readonly<Record<Lane, number>> = { top: 3, live: 2, tier_change: 1, backfill: 0 };

interface Gate {
  readonly perMs: number;
  limit: number;
  queue: PQueue;
  /** Queues of lower limits that still hold calls; they empty themselves. */
  outgrown: readonly PQueue[];
  blockedUntil: number;
  timer: NodeJS.Timeout | null;
}

/** A pacer, and how to stop it: `stop()` lets no further call start and leaves no timer behind. */
export function createPacer(options: PacerOptions): Pacer & { stop(): void; blockedUntil(): number } {
  const ofAll = (limit: number): number => Math.max(1, Math.floor(limit * (1 - options.headroom)));
  const all = gate({ ...options.account, limit: ofAll(options.account.limit) });
  const classes = new Map(Object.entries(options.classes).map(([name, limit]) => [name, gate(limit)]));
  const find = (name: string | null): Gate => (name === null ? all : (classes.get(name) ?? all));
  return {
    async run(endpointClass, lane, call) {
      const own = find(endpointClass);
      refuseIfBlocked(own, all, options);
      const priority = RANK[lane];
      if (own === all) return all.queue.add(call, { priority });
      return own.queue.add(() => all.queue.add(call, { priority }), { priority });
    },
    learn(endpointClass, budget) {
      const target = find(endpointClass);
      const reserve = target === all ? Math.floor(budget.limit * options.headroom) : 0;
      raise(target, target === all ? ofAll(budget.limit) : budget.limit);
      if (budget.remaining <= reserve) close(target, budget.resetsInMs, options.now());
    },
    block: (endpointClass, forMs) => close(find(endpointClass), forMs, options.now()),
    blockedUntil: () => Math.max(all.blockedUntil, ...[...classes.values()].map((g) => g.blockedUntil)),
    stop() {
      for (const one of [all, ...classes.values()]) {
        if (one.timer !== null) clearTimeout(one.timer);
        for (const queue of [one.queue, ...one.outgrown]) {
          queue.pause();
          queue.clear();
        }
      }
    },
  };
}

function gate({ limit, perMs }: Limit): Gate {
  const queue = queueFor(limit, perMs);
  return { perMs, limit, queue, outgrown: [], blockedUntil: 0, timer: null };
}

function queueFor(limit: number, perMs: number): PQueue {
  return new PQueue({ interval: perMs, intervalCap: limit, strict: true });
}

/**
 * The account allows more than we assumed: what comes next uses it. p-queue's limit is fixed, so a wider queue takes
 * over and the narrow one runs dry; what both start in the first window together is held in by the `remaining` of the
 * same headers.
 */
function raise(target: Gate, limit: number): void {
  if (limit <= target.limit) return;
  const wider = queueFor(limit, target.perMs);
  if (target.queue.isPaused) wider.pause();
  target.outgrown = [target.queue, ...target.outgrown].filter((queue) => queue.size > 0);
  target.queue = wider;
  target.limit = limit;
}

function refuseIfBlocked(own: Gate, all: Gate, options: PacerOptions): void {
  const waitMs = Math.max(own.blockedUntil, all.blockedUntil) - options.now();
  if (waitMs <= options.patienceMs) return;
  throw new Paused(`${options.upstream} takes no calls for another ${Math.ceil(waitMs / 1000)} s`, {
    upstream: options.upstream,
    afterMs: waitMs,
  });
}

function close(target: Gate, forMs: number, now: number): void {
  const until = now + Math.max(0, forMs);
  if (until <= target.blockedUntil) return;
  target.blockedUntil = until;
  const queues = (): readonly PQueue[] => [target.queue, ...target.outgrown];
  for (const queue of queues()) queue.pause();
  if (target.timer !== null) clearTimeout(target.timer);
  target.timer = setTimeout(() => {
    target.timer = null;
    for (const queue of queues()) queue.start();
  }, forMs);
}
