import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type CheckLine, exitCodeOf } from "../../src/check/line.ts";
import { checkEnvironment } from "../../src/commands/check.ts";
import { type NativeWorld, startNative } from "../flow/native-world.ts";

let w: NativeWorld;
const undo: (() => void)[] = [];
beforeAll(async () => {
  w = await startNative();
}, 60_000);
afterEach(() => {
  for (const one of undo.splice(0).toReversed()) one();
});
afterAll(() => w.close());

/** What is not in order: `fail set-up: trigger …`. */
async function troubles(): Promise<readonly string[]> {
  return (await check()).map((line) => `${line.state} ${line.area}: ${line.name}`);
}

/** Lines that are not in order, the policy's own left out. */
async function check(): Promise<readonly CheckLine[]> {
  const lines = await checkEnvironment(w.env, w.clock);
  return lines.filter((line) => line.state !== "ok" && line.area !== "policy");
}

/** Changes entries of a map of the sandbox until the end of the test; null = taken out. */
function change<T>(map: Map<string, T>, of: (one: T) => T | null): void {
  const before = [...map];
  undo.push(() => {
    map.clear();
    for (const [id, one] of before) map.set(id, one);
  });
  for (const [id, one] of before) {
    const after = of(one);
    if (after === null) map.delete(id);
    else map.set(id, after);
  }
}

describe("a help desk as apply left it", () => {
  test("is in order", async () => {
    const lines = await checkEnvironment(w.env, w.clock);
    expect(await troubles()).toEqual([]);
    expect(exitCodeOf(lines)).toBe(0);
    const detail = (name: string): string => lines.find((line) => line.name === name)?.detail ?? "";
    expect(detail("help desk")).toMatch(/^all \d+ objects of ours are as `apply` left them$/);
    expect(detail("schedule of each tier")).toMatch(/triggers set it/);
    expect(detail("notices")).toMatch(/SLACK_WEBHOOK_URL is not set/);
  });
});

describe("what people did to it since is named, with what to do", () => {
  test("a trigger of ours that somebody switched off", async () => {
    change(w.desk.state.triggers, (one) =>
      one.title.includes("new tickets of Pro") ? { ...one, active: false } : one,
    );
    const [line] = await check();
    expect(line).toMatchObject({ state: "warn", area: "set-up", fix: expect.stringMatching(/apply/) });
    expect(`${line?.name} ${line?.detail}`).toMatch(/trigger .*new tickets of Pro.* active.*somebody/);
  });

  test("an SLA policy of ours that somebody deleted", async () => {
    change(w.desk.state.slaPolicies, (one) => (one.title === "PS Pro" ? null : one));
    expect(await troubles()).toContain("fail set-up: SLA policy PS Pro");
  });

  test("a second trigger that carries our mark", async () => {
    change(w.desk.state.triggers, (one) => one);
    const ours = [...w.desk.state.triggers.values()].find((one) => one.title.includes("new tickets of Pro"));
    if (ours === undefined) throw new Error("the trigger of Pro is not there");
    w.desk.state.triggers.set("4711", { ...ours, id: "4711", title: "Copy", position: 99 });
    const [line] = await check();
    expect([line?.state, line?.detail]).toEqual([
      "warn",
      expect.stringMatching(/2 triggers carry our mark.*4711/),
    ]);
  });

  test("a trigger that sets the priority after ours", async () => {
    change(w.desk.state.triggers, (one) =>
      one.title.startsWith("Monitoring") ? { ...one, conditions: { all: [], any: [] } } : one,
    );
    expect((await check()).map((line) => line.detail).join(" ")).toMatch(/Monitoring alarms.*overwrite/);
  });

  test("a trigger that gave a tier its opening hours and is gone", async () => {
    change(w.desk.state.triggers, (one) => (one.title.includes("hours of") ? null : one));
    const lines = await check();
    const hours = lines.filter((line) => line.area === "hours");
    expect(hours.length).toBeGreaterThan(0);
    expect(hours[0]?.detail).toMatch(/no trigger sets that schedule, so the help desk counts on/);
    expect(exitCodeOf(lines)).toBe(1);
  });
});

describe("what decides beside us", () => {
  test("a queue of the account's own takes a tier's tickets, and looks at no group", async () => {
    const [group] = w.desk.state.groups.keys();
    const queue = {
      id: "01QUEUE",
      name: "Everything urgent",
      description: "",
      priority: 1,
      order: 1,
      definition: { all: [{ field: "priority", operator: "is", value: "urgent" }], any: [] },
      primaryGroupIds: [group ?? ""],
      secondaryGroupIds: [],
      createdAt: 0,
      updatedAt: 0,
    };
    w.desk.state.queues.set(queue.id, queue);
    undo.push(() => w.desk.state.queues.delete(queue.id));
    const routing = (await check()).filter((line) => line.name.startsWith("routing of"));
    expect(routing.map((line) => line.name)).toContain("routing of Enterprise");
    expect(routing[0]?.detail).toMatch(/with priority is urgent are taken by the queue Everything urgent/);
    expect(routing[0]?.fix).toMatch(/plan.*offers a queue/);
  });

  test("nobody is in the group that takes urgent tickets after hours", async () => {
    const oncall = [...w.desk.state.groups.values()].find((one) => one.name === "On-call");
    change(w.desk.state.users, (one) => ({
      ...one,
      groupIds: one.groupIds.filter((id) => id !== oncall?.id),
    }));
    expect(await troubles()).toEqual(["warn hours: after-hours group On-call"]);
  });

  test("holidays that the help desk does not have", async () => {
    change(w.desk.state.schedules, (one) => ({ ...one, holidays: [] }));
    expect((await troubles()).every((line) => line.startsWith("warn hours: schedule "))).toBe(true);
    expect((await check())[0]?.detail).toMatch(/\d{4}-\d\d-\d\d only in the policy/);
  });
});
