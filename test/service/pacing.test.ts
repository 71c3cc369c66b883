import { afterEach, describe, expect, test } from "@jest/globals";
import { Paused } from "../../src/errors.ts";
import type { PacerOptions, RunningPacer } from "../../src/pacing.ts";
import type { Lane, Notice } from "../../src/ports.ts";
import {
  type CountingBudgets,
  countingBudgets,
  type HandTime,
  handTime,
  noStarts,
  pacerIn,
} from "./pacing-kit.ts";

const MINUTE = 60_000;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function stage(
  options: Partial<PacerOptions> = {},
  time = handTime(),
): { time: HandTime; pacer: RunningPacer } {
  const pacer = pacerIn(time, options);
  stops.push(pacer.stop);
  return { time, pacer };
}

/** Keeps `count` calls of a lane waiting; each starts and is answered at once. */
function flood(
  time: HandTime,
  pacer: RunningPacer,
  count: number,
  lane: Lane = "live",
  starts = noStarts(),
): ReturnType<typeof noStarts> {
  for (let i = 0; i < count; i += 1)
    void pacer
      .run("write", lane, async () => void starts.all.push({ at: time.ticks(), name: "write", lane }))
      .catch(() => {});
  return starts;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

describe("one instance", () => {
  test("uses the whole limit of every minute, and in no minute more than it", async () => {
    const { time, pacer } = stage();
    const began = time.ticks();
    const starts = flood(time, pacer, 600);
    await time.pass(5 * MINUTE);
    for (let minute = 0; minute < 5; minute += 1) {
      const calls = starts.between(began + minute * MINUTE, began + (minute + 1) * MINUTE);
      expect(calls).toBeLessThanOrEqual(100);
      expect(calls).toBeGreaterThanOrEqual(minute === 0 ? 95 : 98);
    }
  });

  test("after a first burst lets calls go evenly, so that none waits a minute for its turn", async () => {
    const { time, pacer } = stage();
    const starts = flood(time, pacer, 1_000);
    await time.pass(4 * MINUTE);
    const later = starts.all.map(({ at }) => at).filter((at) => at > (starts.all[0]?.at ?? 0) + MINUTE);
    const gaps = later.slice(1).map((at, i) => at - (later[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(10_000);
  });

  test("a class without a limit of its own shares only the account's", async () => {
    const { time, pacer } = stage({ account: { limit: 50, perMs: MINUTE }, headroom: 0 });
    const done = Promise.all(Array.from({ length: 40 }, (_, i) => pacer.run("read", "top", async () => i)));
    await time.pass(0);
    expect(await done).toHaveLength(40);
  });

  test("a window of a second has its calls spaced", async () => {
    const { time, pacer } = stage({ classes: { search: { limit: 5, perMs: 1_100 } } });
    const at: number[] = [];
    for (let i = 0; i < 12; i += 1)
      void pacer.run("search", "backfill", async () => void at.push(time.ticks()));
    await time.pass(6_000);
    expect(at).toHaveLength(12);
    for (let i = 5; i < at.length; i += 1)
      expect((at[i] ?? 0) - (at[i - 5] ?? 0)).toBeGreaterThanOrEqual(1_100);
  });

  test("a call that fails does not hold up the next one", async () => {
    const { time, pacer } = stage();
    const failed = failureOf(pacer.run("read", "live", async () => Promise.reject(new Error("no"))));
    const next = pacer.run("read", "live", async () => "yes");
    await time.calm();
    expect([await failed, await next]).toEqual([new Error("no"), "yes"]);
  });

  test("what still waits when it stops is told, and no timer is left behind", async () => {
    const { time, pacer } = stage({ classes: { write: { limit: 1, perMs: MINUTE } } });
    await pacer.run("write", "live", async () => 1);
    const waits = failureOf(pacer.run("write", "live", async () => 2));
    await time.calm();
    await pacer.stop();
    expect(await waits).toBeInstanceOf(Paused);
    expect(time.pending()).toBe(0);
    expect(await failureOf(pacer.run("write", "live", async () => 3))).toBeInstanceOf(Paused);
  });
});

describe("urgent calls", () => {
  test("overtake what waits, in the order of the lanes", async () => {
    const { time, pacer } = stage({ classes: { write: { limit: 1, perMs: 5_000 } } });
    const starts = noStarts();
    for (const lane of ["backfill", "backfill", "tier_change", "live", "top"] as const)
      flood(time, pacer, 1, lane, starts);
    await time.pass(10 * MINUTE);
    expect(starts.all.map(({ lane }) => lane)).toEqual([
      "top",
      "live",
      "tier_change",
      "backfill",
      "backfill",
    ]);
  });

  test("of the top lane find calls left at once, however much a backfill wants", async () => {
    const { time, pacer } = stage();
    flood(time, pacer, 1_000, "backfill");
    await time.pass(10_000);
    const began = time.ticks();
    const starts = flood(time, pacer, 20, "top");
    await time.pass(1_000);
    expect(starts.between(began, began + 1_000)).toBe(20);
  });

  test("of the top lane wait for the next free call at most, when live tickets use everything", async () => {
    const { time, pacer } = stage();
    flood(time, pacer, 900);
    const waits: number[] = [];
    for (let i = 0; i < 15; i += 1) {
      await time.pass(17_300);
      const asked = time.ticks();
      void pacer.run("write", "top", async () => void waits.push(time.ticks() - asked));
    }
    await time.pass(10_000);
    expect(waits).toHaveLength(15);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_300);
  });
});

describe("a caller's patience", () => {
  test("ends: it is told how long to stay away, and nothing is called", async () => {
    const { time, pacer } = stage({ patienceMs: 15_000, classes: { write: { limit: 1, perMs: MINUTE } } });
    await pacer.run("write", "live", async () => 1);
    const began = time.ticks();
    const waits = failureOf(pacer.run("write", "live", async () => 2));
    await time.pass(15_000);
    const failure = await waits;
    expect(failure).toBeInstanceOf(Paused);
    expect((failure as Paused).afterMs).toBeGreaterThan(1_000);
    expect(time.ticks() - began).toBe(15_000);
  });

  test("is not tried where a block is longer", async () => {
    const { pacer } = stage({ patienceMs: 500 });
    pacer.block(null, MINUTE);
    const failure = await failureOf(pacer.run("write", "live", async () => 1));
    expect((failure as Paused).afterMs).toBe(MINUTE);
  });

  test("may differ by class and lane", async () => {
    const { time, pacer } = stage({
      patienceMs: (_name, lane) => (lane === "top" ? 1_000 : 30_000),
      classes: { write: { limit: 1, perMs: MINUTE } },
    });
    await pacer.run("write", "live", async () => 1);
    const ended: Lane[] = [];
    for (const lane of ["top", "backfill"] as const)
      void failureOf(pacer.run("write", lane, async () => 2)).then(() => ended.push(lane));
    await time.pass(2_000);
    expect(ended).toEqual(["top"]);
    await time.pass(30_000);
    expect(ended).toEqual(["top", "backfill"]);
  });
});

describe("what must be true when a call starts", () => {
  test("is asked after the wait, right before the call", async () => {
    const { time, pacer } = stage({ classes: { write: { limit: 1, perMs: MINUTE } } });
    await pacer.run("write", "live", async () => 1);
    const order: string[] = [];
    void pacer.run(
      "write",
      "live",
      async () => void order.push(`called after ${time.ticks() - asked}`),
      async () => void order.push(`asked after ${time.ticks() - asked}`),
    );
    const asked = time.ticks();
    await time.pass(3 * MINUTE);
    expect(order).toHaveLength(2);
    expect(order[0]?.replace("asked", "called")).toBe(order[1]);
    expect(order[1]).not.toBe("called after 0");
  });

  test("and where it is not, nothing is called and the call is free for somebody else", async () => {
    const { time, pacer } = stage({ classes: { write: { limit: 1, perMs: MINUTE } } });
    const called: string[] = [];
    const gone = failureOf(
      pacer.run(
        "write",
        "live",
        async () => void called.push("stale"),
        () => Promise.reject(new Error("lease gone")),
      ),
    );
    const other = pacer.run("write", "live", async () => void called.push("good"));
    await time.pass(1_000);
    await other;
    expect(await gone).toEqual(new Error("lease gone"));
    expect(called).toEqual(["good"]);
  });
});

describe("what answers say", () => {
  test("a 429 closes its class for the stated time, and other calls go on", async () => {
    const { time, pacer } = stage();
    pacer.block("write", 12_000);
    const began = time.ticks();
    const starts = flood(time, pacer, 3);
    await expect(pacer.run("read", "live", async () => "read")).resolves.toBe("read");
    await time.pass(11_999);
    expect(starts.all).toEqual([]);
    await time.pass(1);
    expect(starts.between(began + 12_000, began + 12_001)).toBe(1);
  });

  test("while the upstream stays busy it is asked once in the time it names", async () => {
    const { time, pacer } = stage();
    let calls = 0;
    for (let i = 0; i < 50; i += 1)
      void pacer
        .run("write", "live", async () => {
          calls += 1;
          pacer.met("write", "busy");
          pacer.block("write", 20_000);
        })
        .catch(() => {});
    await time.pass(5_000);
    const first = calls;
    await time.pass(10 * 20_000);
    expect(calls - first).toBeLessThanOrEqual(10);
    expect(pacer.answers().write?.busy).toBe(calls);
  });

  test("a raised limit is used at once, a lowered one kept to", async () => {
    const { time, pacer } = stage({ classes: { write: { limit: 2, perMs: MINUTE } } });
    pacer.learn("write", { limit: 40, remaining: 40, resetsInMs: MINUTE });
    const starts = flood(time, pacer, 60, "top");
    await time.pass(100);
    expect(starts.all.length).toBeGreaterThanOrEqual(38);
    expect(starts.all.length).toBeLessThanOrEqual(40);
    pacer.learn("write", { limit: 10, remaining: 0, resetsInMs: 20_000 });
    await time.pass(19_000);
    expect(starts.all.length).toBeLessThanOrEqual(40);
  });

  test("of the account's limit other apps keep their share, of a raised one as well", async () => {
    const { time, pacer } = stage({ account: { limit: 20, perMs: MINUTE }, classes: {}, headroom: 0.5 });
    const starts = flood(time, pacer, 100, "top");
    await time.pass(100);
    expect(starts.all).toHaveLength(10);
    pacer.learn("write", { limit: 80, remaining: 70, resetsInMs: MINUTE });
    await time.pass(100);
    expect(starts.all).toHaveLength(40);
  });

  test("what other apps use is not used a second time", async () => {
    const { time, pacer } = stage();
    const began = time.ticks();
    const others = (): number => Math.floor((((time.ticks() - began) % MINUTE) / MINUTE) * 50);
    const ours: number[] = [];
    const inWindow = (): number => {
      const start = began + Math.floor((time.ticks() - began) / MINUTE) * MINUTE;
      return ours.filter((at) => at >= start).length;
    };
    let refused = 0;
    for (let i = 0; i < 1_000; i += 1)
      void pacer
        .run("write", "live", async () => {
          const used = inWindow() + others();
          const resetsInMs = MINUTE - ((time.ticks() - began) % MINUTE);
          if (used >= 100) {
            refused += 1;
            pacer.block("write", resetsInMs);
            return;
          }
          ours.push(time.ticks());
          pacer.met("write", "well");
          pacer.learn("write", { limit: 100, remaining: 100 - used - 1, resetsInMs });
        })
        .catch(() => {});
    await time.pass(10 * MINUTE);
    expect(refused).toBeLessThanOrEqual(5);
    expect(ours.length).toBeGreaterThanOrEqual(475);
  });

  test("a window that rolls is used without being told when it ends, beside another app as well", async () => {
    const time = handTime();
    const account = { limit: 100, perMs: 10_000 };
    const { pacer } = stage({ account, classes: {} }, time);
    const seen: number[] = [];
    const free = (): number => 100 - seen.filter((at) => at > time.ticks() - 10_000).length;
    const pause = (ms: number): Promise<void> => new Promise((resolve) => void time.after(ms, resolve));
    const count = { ours: 0, refused: 0 };
    const caller = async (): Promise<void> => {
      for (;;) {
        const failure = await failureOf(
          pacer.run("read", "tier_change", async () => {
            const remaining = free() - 1;
            if (remaining >= 0) seen.push(time.ticks());
            count[remaining >= 0 ? "ours" : "refused"] += 1;
            await pause(50);
            pacer.met("read", remaining >= 0 ? "well" : "busy");
            if (remaining < 0) pacer.block("read", 10_000);
            const told = { limit: 100, remaining: Math.max(0, remaining), resetsInMs: 1_000, rolling: true };
            pacer.learn("read", told);
          }),
        );
        if (failure !== null) return;
      }
    };
    for (let i = 0; i < 2; i += 1) void caller();
    await time.pass(60_000);
    expect(count.refused).toBe(0);
    expect(count.ours).toBeGreaterThanOrEqual(0.9 * 0.9 * 600);
    const before = { ...count };
    const other = async (): Promise<void> => {
      for (let n = 0; n < 240; n += 1) {
        if (free() > 0) seen.push(time.ticks());
        await pause(500);
      }
    };
    void other();
    await time.pass(120_000);
    expect(count.refused).toBeLessThanOrEqual((count.ours - before.ours) / 100);
    expect(count.ours - before.ours).toBeGreaterThanOrEqual(0.85 * (900 - 200) * 1.2);
  });

  test("how long calls are held back can be seen, and how many are left", async () => {
    const { time, pacer } = stage();
    expect([pacer.blockedUntil(), pacer.left()]).toEqual([0, { account: 900, write: 100 }]);
    await pacer.run("write", "live", async () => 1);
    pacer.block("write", 30_000);
    expect(pacer.blockedUntil()).toBe(time.ticks() + 30_000);
    expect(pacer.left()).toEqual({ account: 899, write: 99 });
  });
});

describe("an upstream that is down", () => {
  /** Fifty callers who come back whenever they are told to; the upstream works from `back` on. */
  function outage(health: "failing" | "unreachable") {
    const { time, pacer } = stage({ patienceMs: 15_000 });
    const calls: number[] = [];
    const state = { up: false, done: 0 };
    const caller = async (): Promise<void> => {
      for (;;) {
        const failure = await failureOf(
          pacer.run("write", "live", async () => {
            calls.push(time.ticks());
            pacer.met("write", state.up ? "well" : health);
            if (!state.up) throw new Error("down");
          }),
        );
        if (failure === null) state.done += 1;
        if (failure === null || state.done < 0) return;
        const afterMs = failure instanceof Paused ? (failure.afterMs ?? 1_000) : 1_000;
        await new Promise<void>((resolve) => void time.after(afterMs, resolve));
      }
    };
    for (let i = 0; i < 50; i += 1) void caller();
    return { time, calls, state };
  }

  test.each(["failing", "unreachable"] as const)(
    "(%s) is asked once in five seconds, and comes back without a rush",
    async (health) => {
      const { time, calls, state } = outage(health);
      await time.pass(MINUTE);
      const settled = time.ticks();
      await time.pass(9 * MINUTE);
      expect(calls.filter((at) => at > settled).length).toBeLessThanOrEqual(9 * 12 + 1);
      state.up = true;
      const before = calls.length;
      await time.pass(5_000);
      const first = calls.slice(before).at(0) ?? 0;
      expect(calls.slice(before).filter((at) => at < first + 1_000).length).toBeLessThanOrEqual(20);
      await time.pass(2 * MINUTE);
      expect(state.done).toBe(50);
    },
    20_000,
  );

  test("a single failed call closes nothing", async () => {
    const { time, pacer } = stage();
    pacer.met("write", "failing");
    const starts = flood(time, pacer, 10);
    await time.calm();
    expect(starts.all).toHaveLength(10);
  });

  test("an answer to a call from before the block does not end it", async () => {
    const { time, pacer } = stage();
    let answer = (): void => {};
    const early = pacer.run(
      "write",
      "live",
      () =>
        new Promise<void>((resolve) => {
          answer = resolve;
        }),
    );
    await time.calm();
    pacer.block("write", 10_000);
    answer();
    await early;
    pacer.met("write", "well");
    const starts = flood(time, pacer, 1);
    await time.pass(9_999);
    expect(starts.all).toEqual([]);
  });
});

describe("credentials that are refused", () => {
  function refusing() {
    const told: Notice[] = [];
    const over: string[] = [];
    const state = { token: "old" };
    const alarm = {
      raise: (notice: Notice) => void told.push(notice),
      over: (key: string) => void over.push(key),
    };
    const staged = stage({ credentials: () => state.token, alarm });
    let calls = 0;
    const call = (): Promise<unknown> =>
      failureOf(
        staged.pacer.run("write", "live", async () => {
          calls += 1;
          if (state.token === "new") return staged.pacer.met("write", "well");
          staged.pacer.refused("401", "Make a new token.");
          throw new Error("refused");
        }),
      );
    return { ...staged, told, over, state, call, calls: () => calls };
  }

  test("stop every call until they change, and people hear of it once", async () => {
    const { time, told, over, state, call, calls } = refusing();
    await call();
    for (let i = 0; i < 100; i += 1) {
      const failure = await call();
      expect(failure).toMatchObject({ name: "Paused", fix: "Make a new token." });
      await time.pass(5_000);
    }
    expect(calls()).toBe(1);
    expect(told.map(({ key }) => key)).toEqual(["refused:Desk"]);
    state.token = "new";
    expect([await call(), calls()]).toEqual([null, 2]);
    expect(over).toEqual(["refused:Desk"]);
  });

  test("whoever waits in line is told as well", async () => {
    const { time, pacer } = stage({ classes: { write: { limit: 1, perMs: MINUTE } } });
    await pacer.run("write", "live", async () => 1);
    const waits = failureOf(pacer.run("write", "live", async () => 2));
    await time.calm();
    pacer.refused("401", "Make a new token.");
    expect(await waits).toMatchObject({ fix: "Make a new token." });
  });

  test("are tried again once in a quarter of an hour: it may have been the upstream's mistake", async () => {
    const { time, call, calls } = refusing();
    await call();
    for (let i = 0; i < 60; i += 1) {
      await time.pass(MINUTE);
      await call();
    }
    expect(calls()).toBe(5);
  });
});

describe("several instances with one store", () => {
  function instances(count: number, options: Partial<PacerOptions> = {}) {
    const time = handTime();
    const budgets = countingBudgets(time);
    const pacers = Array.from(
      { length: count },
      () => stage({ ...options, budgets, key: "desk:acme" }, time).pacer,
    );
    return { time, budgets, pacers };
  }

  test("share the limit: together they use it up, and never more than it", async () => {
    const { time, pacers } = instances(4);
    const began = time.ticks();
    const starts = noStarts();
    for (const pacer of pacers) flood(time, pacer, 500, "live", starts);
    await time.pass(5 * MINUTE);
    for (let minute = 0; minute < 5; minute += 1) {
      const calls = starts.between(began + minute * MINUTE, began + (minute + 1) * MINUTE);
      expect(calls).toBeLessThanOrEqual(100);
      expect(calls).toBeGreaterThanOrEqual(95);
    }
  }, 30_000);

  test("forget nobody who waits, though time moves on while they look", async () => {
    const time = handTime(0.01);
    const budgets = countingBudgets(time);
    const account = { limit: 100, perMs: 10_000 };
    const pacers = [0, 1].map(() => stage({ budgets, account, key: "desk:acme" }, time).pacer);
    let [calls, longest] = [0, 0];
    const caller = async (pacer: RunningPacer): Promise<void> => {
      for (;;) {
        const asked = time.ticks();
        if ((await failureOf(pacer.run("read", "tier_change", async () => calls++))) instanceof Paused)
          return;
        longest = Math.max(longest, time.ticks() - asked);
        await new Promise<void>((resolve) => void time.after(53, resolve));
      }
    };
    for (const pacer of pacers) for (let i = 0; i < 4; i += 1) void caller(pacer);
    await time.pass(60_000);
    expect(calls).toBeGreaterThanOrEqual(500);
    expect(longest).toBeLessThan(10_000);
  });

  test("a 429 that one of them sees holds back all within a second", async () => {
    const { time, pacers } = instances(3);
    const starts = noStarts();
    const loop = async (pacer: RunningPacer): Promise<void> => {
      for (;;) {
        const failure = await failureOf(
          pacer.run(
            "read",
            "live",
            async () => void starts.all.push({ at: time.ticks(), name: "read", lane: "live" }),
          ),
        );
        if (failure !== null) return;
        await new Promise<void>((resolve) => void time.after(150, resolve));
      }
    };
    for (const pacer of pacers) void loop(pacer);
    await time.pass(3_000);
    pacers[0]?.block(null, 30_000);
    const blockedAt = time.ticks() + 1;
    await time.pass(29_000);
    expect(starts.between(blockedAt + 1_001, blockedAt + 29_000)).toBe(0);
    expect(starts.between(blockedAt, blockedAt + 1_001)).toBeLessThanOrEqual(2 * 5);
  });

  test("while it is down only one of them asks", async () => {
    const { time, pacers } = instances(4);
    let calls = 0;
    for (const pacer of pacers) {
      pacer.block(null, 1_000);
      for (let i = 0; i < 200; i += 1)
        void pacer
          .run("read", "live", async () => {
            calls += 1;
            pacer.met("read", "unreachable");
          })
          .catch(() => {});
    }
    await time.pass(1_000);
    calls = 0;
    await time.pass(5 * MINUTE);
    expect(calls).toBeGreaterThanOrEqual(40);
    expect(calls).toBeLessThanOrEqual(62);
  });

  test("a backfill of one leaves calls for the top lane of another", async () => {
    const { time, pacers } = instances(2);
    const [busy, other] = pacers as [RunningPacer, RunningPacer];
    flood(time, busy, 1_000, "backfill");
    await time.pass(20_000);
    const asked = time.ticks();
    const starts = flood(time, other, 10, "top");
    await time.pass(1_000);
    expect(starts.between(asked, asked + 1_000)).toBe(10);
  });

  test("what one has learned about the limit counts for the others", async () => {
    const { time, pacers } = instances(2);
    const [first, second] = pacers as [RunningPacer, RunningPacer];
    await first.run("write", "live", async () =>
      first.learn("write", { limit: 20, remaining: 19, resetsInMs: MINUTE }),
    );
    await time.pass(1_500);
    const starts = flood(time, second, 100, "top");
    await time.pass(10_000);
    expect(starts.all.length).toBeLessThanOrEqual(20);
  });
});

describe("what the sharing costs", () => {
  async function cost(
    work: (time: HandTime, pacer: RunningPacer) => Promise<number>,
  ): Promise<CountingBudgets["counts"] & { calls: number }> {
    const time = handTime();
    const budgets = countingBudgets(time);
    const { pacer } = stage({ budgets }, time);
    const calls = await work(time, pacer);
    await pacer.stop();
    return { ...budgets.counts, calls };
  }

  test("a ticket now and then: one write for all its calls, and none of them waits for it", async () => {
    const { writes, calls } = await cost(async (time, pacer) => {
      for (let i = 0; i < 50; i += 1) {
        await pacer.run("read", "live", async () => 1);
        await pacer.run("write", "live", async () => 1);
        await pacer.run("read", "live", async () => 1);
        await time.pass(2_000);
      }
      return 150;
    });
    expect(writes / calls).toBeLessThanOrEqual(0.5);
  });

  test("a busy hour: less than one write for two calls", async () => {
    const { writes, calls } = await cost(async (time, pacer) => {
      const starts = flood(time, pacer, 1_000);
      await time.pass(7 * MINUTE);
      return starts.all.length;
    });
    expect(calls).toBeGreaterThan(600);
    expect(writes / calls).toBeLessThanOrEqual(0.6);
  });
});

describe("a store that does not answer", () => {
  test.each([["fails", new Error("gone")] as const, ["keeps silent", "silent"] as const])(
    "(%s) neither stops the calls nor lets them run free: a quarter of the limit goes on",
    async (_name, broken) => {
      const time = handTime();
      const budgets = countingBudgets(time);
      const warnings: string[] = [];
      const { pacer } = stage({ budgets, warn: (message) => void warnings.push(message) }, time);
      budgets.broken = broken;
      const began = time.ticks();
      const starts = flood(time, pacer, 1_000);
      await time.pass(3 * MINUTE);
      const later = starts.between(began + MINUTE, began + 3 * MINUTE);
      expect(later).toBeGreaterThanOrEqual(40);
      expect(later).toBeLessThanOrEqual(50);
      expect(warnings.length).toBeGreaterThan(0);
      budgets.broken = null;
      await time.pass(2 * MINUTE);
      expect(starts.between(began + 4 * MINUTE, began + 5 * MINUTE)).toBeGreaterThanOrEqual(85);
    },
    30_000,
  );

  test("does not make a 429 forgotten", async () => {
    const time = handTime();
    const budgets = countingBudgets(time);
    const { pacer } = stage({ budgets }, time);
    budgets.broken = new Error("gone");
    pacer.block("write", 30_000);
    const starts = flood(time, pacer, 10);
    await time.pass(10_000);
    budgets.broken = null;
    await time.pass(19_000);
    expect(starts.all).toEqual([]);
    await time.pass(10_000);
    expect(starts.all.length).toBeGreaterThan(0);
  });
});
