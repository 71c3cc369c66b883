/** How often somebody may call: so many calls in a window, then a wait. Counts in memory, per instance. */

/** One kind of caller's allowance. */
export interface RateLimit {
  /** null = go on; else how long to wait, ms. Counts the call. */
  readonly take: (key: string, now: number) => number | null;
}

/** Callers remembered at most; the oldest are forgotten first, so that strangers cannot fill the memory. */
const MOST_CALLERS = 10_000;

/** At most `calls` per caller in each window of `perMs`. */
export function rateLimit(calls: number, perMs: number): RateLimit {
  const windows = new Map<string, { readonly endsAt: number; count: number }>();
  return {
    take: (key, now) => {
      const known = windows.get(key);
      if (known === undefined || known.endsAt <= now) {
        windows.delete(key);
        const [oldest] = windows.keys();
        if (windows.size >= MOST_CALLERS && oldest !== undefined) windows.delete(oldest);
        windows.set(key, { endsAt: now + perMs, count: 1 });
        return null;
      }
      known.count += 1;
      return known.count <= calls ? null : known.endsAt - now;
    },
  };
}
