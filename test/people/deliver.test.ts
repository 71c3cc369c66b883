import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { peopleLines } from "../../src/check/people-lines.ts";
import { NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import { silent } from "../../src/log.ts";
import { deliver } from "../../src/people/deliver.ts";
import type { Message, Messenger, Store, Way } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { policy, TUESDAY } from "../builders.ts";

const ANNA = "anna@northwind.example";
const HOUR = 3_600_000;
const rules = policy({
  people: { lead: [ANNA], leads: {}, revops: [], roles: {}, channel: null, members: {} },
});

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ps-deliver-"));
  store = await openStore(`sqlite:${join(folder, "store.db")}`, { warn: () => undefined });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = "told" | "unknown" | Error;

/** Whoever is told; `answers` in turn, the last one for ever. */
function messenger(answers: readonly Answer[]): Messenger & { readonly calls: number[] } {
  const calls: number[] = [];
  return {
    calls,
    name: "x",
    test: async () => {
      const [answer] = answers;
      if (answer instanceof Error) throw answer;
    },
    tell: async () => {
      const answer = answers[Math.min(calls.length, answers.length - 1)];
      calls.push(time);
      if (answer instanceof Error) throw answer;
      return answer ?? "told";
    },
  };
}

let time = TUESDAY;
beforeEach(() => {
  time = TUESDAY;
});

async function record(addressee = ANNA, way: Way = "slack"): Promise<void> {
  const notice = { key: "k", title: "t", lines: [], severity: "info", link: null } as const;
  const common = { kind: "digest", notice, ticketId: null, accountId: null, goodUntil: null } as const;
  await store.notices.record([{ ...common, addressee, way, state: "waiting", recordedAt: time }]);
}

async function send(ways: Partial<Record<Way, Messenger>>, owner = "one"): Promise<Message | undefined> {
  const ports = {
    store,
    ways: { slack: null, email: null, webhook: null, ...ways },
    policy: () => rules,
    simulating: async () => false,
    still: async () => true,
    clock: { now: () => time, sleep: async () => {} },
    log: silent,
    jitter: () => 0,
  };
  await deliver(ports, owner, new AbortController().signal);
  return (await store.notices.list({ state: null, before: null, limit: 1 }))[0];
}

const refused = new NeedsAdmin("nobody in Slack has this e-mail address", { fix: "Invite them." });

describe("a message that does not arrive", () => {
  test("is tried again at ever longer intervals, is parked in the end with the reason, and a person has it tried once more", async () => {
    const slack = messenger([new TryAgain("Slack answered 503")]);
    await record();
    for (let tries = 0; tries < 20; tries += 1) {
      const message = await send({ slack });
      if (message?.state !== "waiting") break;
      time = message.nextAt;
    }
    const waits = slack.calls.map((at, i) => at - (slack.calls[i - 1] ?? at)).slice(1);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(slack.calls.length).toBe(11);
    expect(await send({ slack })).toMatchObject({ state: "parked", reason: "Slack answered 503" });
    expect(slack.calls.length).toBe(11);
    await store.notices.retry(time);
    expect(await send({ slack: messenger(["told"]) })).toMatchObject({ state: "told" });
  });

  test("because the service asks to wait is not tried before that", async () => {
    const slack = messenger([new Paused("Slack asks to wait", { upstream: "Slack", afterMs: HOUR }), "told"]);
    await record();
    expect((await send({ slack }))?.nextAt).toBe(TUESDAY + HOUR);
    time += HOUR - 1;
    expect((await send({ slack }))?.state).toBe("waiting");
    time += 1;
    expect((await send({ slack }))?.state).toBe("told");
  });

  test("because nobody is there goes another way; without one it is parked with what to do", async () => {
    const [slack, email] = [messenger([refused]), messenger(["told"])];
    await record();
    expect(await send({ slack, email })).toMatchObject({ state: "waiting", way: "email", attempts: 0 });
    expect(await send({ slack, email })).toMatchObject({ state: "told", way: "email" });
    expect([slack.calls.length, email.calls.length]).toEqual([1, 1]);
    await store.notices.prune(time + 1);
    await record();
    expect(await send({ slack })).toMatchObject({
      state: "parked",
      reason: "nobody in Slack has this e-mail address. fix: Invite them.",
    });
  });

  test("because its way was taken out of the settings goes another way, but a channel has none", async () => {
    await record();
    await send({ email: messenger(["told"]) });
    expect((await send({ email: messenger(["told"]) }))?.state).toBe("told");
    await store.notices.prune(time + 1);
    await record("premier");
    expect((await send({ email: messenger(["told"]) }))?.state).toBe("parked");
  });

  test("by a fault of our own is parked without the fault's words", async () => {
    await record();
    expect(await send({ slack: messenger([new Error("xoxb-secret")]) })).toMatchObject({
      state: "parked",
      reason: "failed in a way nobody foresaw; the log says more",
    });
  });
});

test("what was taken by an instance that died is not sent by the next one", async () => {
  await record();
  await store.notices.take("died", 0, time, 5);
  const slack = messenger(["told"]);
  expect(await send({ slack }, "two")).toMatchObject({ state: "unknown" });
  expect(slack.calls).toEqual([]);
});

describe("check", () => {
  const linesOf = async (ways: Partial<Record<Way, Messenger>>, base = rules) =>
    (await peopleLines(base, { slack: null, email: null, webhook: null, ...ways }, store)).map(
      ({ name, state, detail }) => [name, state, detail],
    );

  test("says who would not be told, and which way does not work", async () => {
    expect(await linesOf({}, policy())).toEqual([
      ["who is told", "ok", expect.stringMatching(/the policy names nobody/)],
    ]);
    expect(await linesOf({})).toEqual([["who is told", "warn", expect.stringMatching(/no way to tell/)]]);
    expect(await linesOf({ slack: messenger(["told"]), email: messenger([refused]) })).toEqual([
      ["who is told", "ok", "people hear by slack first; nobody hears of entitlements that end"],
      ["x", "ok", "takes messages"],
      ["x", "fail", expect.stringMatching(/nobody in Slack/)],
    ]);
  });

  test("names messages that reached nobody", async () => {
    await record();
    await send({});
    expect((await linesOf({ webhook: messenger(["told"]) })).at(-1)).toEqual([
      "messages",
      "warn",
      expect.stringMatching(/^1 reached nobody/),
    ]);
  });
});
