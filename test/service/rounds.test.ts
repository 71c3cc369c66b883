import { describe, expect, test } from "@jest/globals";
import { systemClock } from "../../src/clock.ts";
import { startRounds } from "../../src/rounds.ts";

describe("rounds of upkeep", () => {
  test("never overlap, and one that fails is followed by the next", async () => {
    let running = 0;
    const seen: number[] = [];
    const enough = new Promise<void>((resolve) => {
      const rounds = startRounds(
        async () => {
          running += 1;
          seen.push(running);
          await systemClock.sleep(5);
          running -= 1;
          if (seen.length >= 4) {
            void rounds.stop();
            resolve();
          }
          throw new Error("this round failed");
        },
        { clock: systemClock, everyMs: 1, firstAfterMs: 0 },
      );
    });
    await enough;
    expect(seen).toEqual([1, 1, 1, 1]);
  });

  test("a round that hangs does not keep the service from stopping", async () => {
    const told: AbortSignal[] = [];
    const clock = {
      ...systemClock,
      sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(1, signal),
    };
    const rounds = startRounds(
      (signal) => {
        told.push(signal);
        return new Promise(() => {});
      },
      { clock, everyMs: 1, firstAfterMs: 0 },
    );
    await rounds.stop();
    expect(told.map((signal) => signal.aborted)).toEqual([true]);
  });

  test("are never run by themselves where the period is 0", async () => {
    let ran = false;
    const work = async (): Promise<void> => {
      ran = true;
    };
    await startRounds(work, { clock: systemClock, everyMs: 0, firstAfterMs: 0 }).stop();
    expect(ran).toBe(false);
  });
});
