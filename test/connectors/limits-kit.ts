/** Time that runs faster than real: minutes of an upstream's limits pass in seconds, for both sides alike. */
import type { PacerTime } from "../../src/pacing/time.ts";

export interface FastTime extends PacerTime {
  /** Epoch ms in this time. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Time that runs `factor` times as fast, from `epoch` on. */
export function fastTime(factor: number, epoch: number): FastTime {
  const began = performance.now();
  const ticks = (): number => (performance.now() - began) * factor;
  const after = (ms: number, work: () => void): (() => void) => {
    const timer = setTimeout(work, Math.max(0, Math.ceil(ms / factor)));
    return () => clearTimeout(timer);
  };
  return {
    ticks,
    after,
    now: () => Math.round(epoch + ticks()),
    sleep: (ms) => new Promise<void>((resolve) => void after(ms, resolve)),
  };
}
