import { afterEach, describe, expect, test } from "@jest/globals";
import { Paused } from "../../src/errors.ts";
import { createPacer, type PacerOptions } from "../../src/pacing.ts";
import type { Lane } from "../../src/ports.ts";

const base: PacerOptions = {
  upstream: "Desk",
  account: { limit: 1000, perMs: 1000 },
  classes: { write: { limit: 2, perMs: 200 } },
  headroom: 0.1,
  now: Date.now,
  patienceMs: 500,
};

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => void stop()));

function pacer(options: Partial<PacerOptions> = {}): ReturnType<typeof createPacer> {
  const made = createPacer({ ...base, ...options });
  stops.push(made.stop);
  return made;
}

describe("pacing", () => {
  test("no window of a class ever sees more calls than its limit", async () => {
    const starts: number[] = [];
    const paced = pacer();
    await Promise.all(
      Array.from({ length: 7 }, () =>
        paced.run("write", "live", async () => void starts.push(performance.now())),
      ),
    );
    expect(starts).toHaveLength(7);
    for (let i = 2; i < starts.length; i++)
      expect((starts[i] ?? 0) - (starts[i - 2] ?? 0)).toBeGreaterThanOrEqual(195);
  });

  test("a class without a limit of its own shares only the account's", async () => {
    const paced = pacer();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => paced.run("read", "live", async () => i)),
    );
    expect(answers).toHaveLength(20);
  });

  test("the top lane overtakes what waits, in the order of the lanes", async () => {
    const order: Lane[] = [];
    const paced = pacer({ classes: { write: { limit: 1, perMs: 20 } } });
    const call = (lane: Lane) => paced.run("write", lane, async () => void order.push(lane));
    await Promise.all([call("backfill"), call("backfill"), call("tier_change"), call("live"), call("top")]);
    expect(order).toEqual(["backfill", "top", "live", "tier_change", "backfill"]);
  });

  test("a blocked class waits, others keep moving", async () => {
    const paced = pacer();
    paced.block("write", 120);
    const order: string[] = [];
    const began = performance.now();
    await Promise.all([
      paced.run("write", "live", async () => void order.push("write")),
      paced.run("read", "live", async () => void order.push("read")),
    ]);
    expect(order).toEqual(["read", "write"]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(115);
  });

  test("a block longer than a caller's patience is told at once, with how long", async () => {
    const paced = pacer();
    paced.block(null, 60_000);
    const failure = await paced.run("write", "live", async () => 1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Paused);
    expect((failure as Paused).afterMs).toBeGreaterThan(59_000);
  });

  test("a shorter block never shortens a longer one", () => {
    const now = 1_000;
    const paced = pacer({ now: () => now });
    paced.block(null, 60_000);
    paced.block(null, 10);
    expect(paced.blockedUntil()).toBe(61_000);
  });

  test("headers that leave only the headroom stop the account until its window ends", async () => {
    const paced = pacer({ now: () => 0 });
    paced.learn("read", { limit: 700, remaining: 71, resetsInMs: 30_000 });
    expect(paced.blockedUntil()).toBe(0);
    paced.learn("read", { limit: 700, remaining: 70, resetsInMs: 30_000 });
    expect(paced.blockedUntil()).toBe(30_000);
  });

  test("a class of its own is used to the last call", () => {
    const paced = pacer({ now: () => 0 });
    paced.learn("write", { limit: 100, remaining: 1, resetsInMs: 30_000 });
    expect(paced.blockedUntil()).toBe(0);
    paced.learn("write", { limit: 100, remaining: 0, resetsInMs: 30_000 });
    expect(paced.blockedUntil()).toBe(30_000);
  });

  test("a call that fails does not hold up the next one", async () => {
    const paced = pacer();
    await expect(paced.run("read", "live", async () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    await expect(paced.run("read", "live", async () => "yes")).resolves.toBe("yes");
  });
});
