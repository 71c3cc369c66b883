/** Many waiting for one sync to disk: the difference between 73 and 1,593 answers a second on a slow disk. */

/** How one member of a group ended. */
export type Ended<R> =
  | { readonly ok: true; readonly value: R }
  | { readonly ok: false; readonly error: Error };

/** A queue whose members are committed in groups. */
export interface Group<T, R> {
  /** Resolves or rejects once the group this item travelled in is committed, or has failed. */
  add(item: T): Promise<R>;
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly weight: number;
  readonly resolve: (value: R) => void;
  readonly reject: (error: Error) => void;
}

/** The most items that share one commit. */
const MOST = 500;
/** Items together heavier than this travel in several groups, so that no message grows without bound. */
const HEAVIEST = 8 * 1024 * 1024;

/**
 * Collects what waits and hands it to `commit`, one group at a time, in order of arrival.
 *
 * `commit` answers once per item; when it rejects, every item of that group gets the rejection.
 * `weigh` = bytes of an item, about.
 */
export function groupCommit<T, R>(
  commit: (items: readonly T[]) => Promise<readonly Ended<R>[]>,
  weigh: (item: T) => number,
): Group<T, R> {
  const queue: Waiting<T, R>[] = [];
  let running: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    // Requests that arrived in the same turn of the event loop join the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) await commitGroup(queue.splice(0, groupSize(queue)), commit);
    running = null;
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, weight: weigh(item), resolve, reject });
        running ??= drain();
      }),
    idle: async () => {
      while (running) await running;
    },
  };
}

function groupSize(queue: readonly { readonly weight: number }[]): number {
  let weight = 0;
  let size = 0;
  for (const waiting of queue) {
    weight += waiting.weight;
    if (size > 0 && (size >= MOST || weight > HEAVIEST)) break;
    size += 1;
  }
  return size;
}

async function commitGroup<T, R>(
  group: readonly Waiting<T, R>[],
  commit: (items: readonly T[]) => Promise<readonly Ended<R>[]>,
): Promise<void> {
  try {
    const ended = await commit(group.map((waiting) => waiting.item));
    group.forEach((waiting, index) => {
      const end = ended[index];
      if (end?.ok) waiting.resolve(end.value);
      else waiting.reject(end?.error ?? new Error("a group commit left an item without an answer"));
    });
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    for (const waiting of group) waiting.reject(failure);
  }
}
