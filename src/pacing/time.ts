/** Time for whatever paces: it only moves forward, and tests hand in their own. */

/** A clock that no correction of the date disturbs, and one timer. */
export interface PacerTime {
  /** ms since some moment. */
  ticks(): number;
  /** Runs `work` in `ms`; the answer takes it back. */
  after(ms: number, work: () => void): () => void;
}

/** The real one. */
export const realTime: PacerTime = {
  ticks: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, Math.max(0, Math.ceil(ms)));
    return () => clearTimeout(timer);
  },
};
