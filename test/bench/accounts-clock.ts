/** Time that several processes share: the real one, moved on when they are told to. */

import { systemClock } from "../../src/clock.ts";
import type { Clock } from "../../src/ports.ts";

/** A clock, and how to move it. */
export interface MovedClock extends Clock {
  /** Moves on by so many ms; negative moves back. */
  move(ms: number): void;
}

export function movedClock(): MovedClock {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    sleep: systemClock.sleep,
    move: (ms) => {
      ahead += ms;
    },
  };
}
