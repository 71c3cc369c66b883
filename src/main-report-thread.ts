/** The thread that makes one report: it reads the store by a door of its own, so that nothing else waits for it. */
import { parentPort, workerData } from "node:worker_threads";
import { orderedReport, orderedReview } from "./console/ordered-report.ts";
import type { ReportOrder, ReviewOrder } from "./console/report-order.ts";
import { StoreUnavailable } from "./errors.ts";
import type { Policy } from "./policy/model.ts";
import { openStoreToRead } from "./store/open.ts";

/** What the thread is started with. */
export interface ReportTask {
  readonly databaseUrl: string;
  readonly policy: Policy;
  readonly order: ReportOrder | ReviewOrder;
}

/** What it answers; a null text = there is nothing to tell of. `unavailable` = the store could not be read. */
export type ReportReply =
  | { readonly answer: "made"; readonly text: string | null }
  | { readonly answer: "unavailable" }
  | { readonly answer: "failed"; readonly error: string };

async function work({ databaseUrl, policy, order }: ReportTask): Promise<ReportReply> {
  const store = await openStoreToRead(databaseUrl, { warn: () => undefined });
  try {
    const text =
      "accountId" in order ? orderedReview(store, policy, order) : orderedReport(store, policy, order);
    return { answer: "made", text: await text };
  } catch (error) {
    if (error instanceof StoreUnavailable) return { answer: "unavailable" };
    return {
      answer: "failed",
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  } finally {
    await store.close();
  }
}

if (parentPort !== null) parentPort.postMessage(await work(workerData as ReportTask));
