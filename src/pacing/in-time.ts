/** An answer, or a failure when it takes too long. */
import { StoreUnavailable } from "../errors.ts";
import type { PacerTime } from "./time.ts";

/** What `work` answers within `ms`. @throws StoreUnavailable it took longer; its answer is then ignored. */
export function inTime<T>(work: Promise<T>, ms: number, time: PacerTime): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = time.after(ms, () => reject(new StoreUnavailable(`the store took longer than ${ms} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
