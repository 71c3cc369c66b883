/** Reports for people who look at pages: made one after the other in a thread of their own, and kept for some seconds. */
import { Worker } from "node:worker_threads";
import type { ReportOrder, ReviewOrder } from "./console/report-order.ts";
import { StoreUnavailable, TryAgain } from "./errors.ts";
import type { ReportReply, ReportTask } from "./main-report-thread.ts";
import type { Policy } from "./policy/model.ts";

/** Several parts of a page, and several people, ask for the same at once. */
const KEPT_MS = 15_000;
const MOST_KEPT = 20;
/** Orders that wait for the thread; more are refused, so that nobody can pile them up. */
const MOST_WAITING = 12;
/** A million ticket events are read in far less. */
const DEADLINE_MS = 120_000;

type Order = ReportOrder | ReviewOrder;

export interface ReportDesk {
  /**
   * The text of a report or review; null = there is nothing to tell of. Asked again within seconds under the same `key` it is the same text.
   * @throws TryAgain too many wait, or it took too long. @throws StoreUnavailable
   */
  readonly order: (key: string, order: Order) => Promise<string | null>;
  /** Ends what is under way. */
  readonly stop: () => Promise<void>;
}

interface Kept {
  readonly text: Promise<string | null>;
  readonly until: number;
}

/** The desk of one running service. No thread lives while nobody asks. */
export function reportDesk(databaseUrl: string, policy: () => Policy, now: () => number): ReportDesk {
  const kept = new Map<string, Kept>();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let working: Worker | null = null;
  let stopped = false;

  const make = async (order: Order): Promise<string | null> => {
    if (stopped) throw new TryAgain("the service is stopping");
    const task: ReportTask = { databaseUrl, policy: policy(), order };
    working = new Worker(threadFile(), { workerData: task });
    try {
      return textOf(await replyOf(working));
    } finally {
      await working.terminate();
      working = null;
    }
  };
  const queue = (order: Order): Promise<string | null> => {
    if (waiting >= MOST_WAITING)
      return Promise.reject(new TryAgain("many reports are being made at present"));
    waiting += 1;
    const text = last
      .then(() => make(order))
      .finally(() => {
        waiting -= 1;
      });
    last = text.catch(() => undefined);
    return text;
  };
  return {
    order: (name, order) => {
      const key = `${policy().version} ${name}`;
      const known = kept.get(key);
      if (known !== undefined && known.until > now()) return known.text;
      const text = queue(order);
      kept.delete(key);
      kept.set(key, { text, until: now() + KEPT_MS });
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(oldest);
      // A failure must not be remembered.
      text.catch(() => kept.delete(key));
      return text;
    },
    stop: async () => {
      stopped = true;
      await working?.terminate();
      await last;
    },
  };
}

/** @throws TryAgain it takes too long, or the thread ended without a word. */
function replyOf(worker: Worker): Promise<ReportReply> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new TryAgain("the report takes longer than two minutes")),
      DEADLINE_MS,
    );
    const settle = (then: () => void) => {
      clearTimeout(late);
      then();
    };
    worker.once("message", (reply: ReportReply) => settle(() => resolve(reply)));
    worker.once("error", (cause) => settle(() => reject(new Error("a report could not be made", { cause }))));
    worker.once("exit", () => settle(() => reject(new TryAgain("the report was given up"))));
  });
}

function textOf(reply: ReportReply): string | null {
  switch (reply.answer) {
    case "made":
      return reply.text;
    case "unavailable":
      throw new StoreUnavailable("the store cannot be read");
    case "failed":
      throw new Error(`a report could not be made: ${reply.error}`);
  }
}

/** The thread's file beside this one: `.ts` from the sources, `.js` from a build. */
function threadFile(): URL {
  const end = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./main-report-thread.${end}`, import.meta.url);
}
