import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type CheckLine, exitCodeOf } from "../../src/check/line.ts";
import { checkEnvironment } from "../../src/commands/check.ts";
import { readPolicyText } from "../../src/policy-file.ts";
import { markPublished } from "../../src/policy-published.ts";
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
    expect(`${line?.name} ${line?.detail}`).toMatch(
      /trigger .*new tickets of Pro.* Changed by somebody since: active/,
    );
  });

  test("an SLA policy of ours that somebody deleted", async () => {
    change(w.desk.state.slaPolicies, (one) => (one.title === "PS Pro" ? null : one));
    expect(await troubles()).toContain("fail set-up: SLA policy PS Pro");
  });

  test("the trigger that tells us of new tickets, narrowed by hand: those on watch hear of it as well", async () => {
    expect(await w.service.upkeep.watch()).toEqual([]);
    const urgent = { field: "priority", operator: "is", value: "urgent" };
    change(w.desk.state.triggers, (one) =>
      /tell of new tickets/.test(one.title)
        ? { ...one, conditions: { ...one.conditions, all: [...one.conditions.all, urgent] } }
        : one,
    );
    expect(await troubles()).toContain("warn set-up: trigger Priority support: tell of new tickets");
    expect(await w.service.upkeep.watch()).toEqual([
      "Its conditions were changed since `apply`: not every ticket may be told to us any more.",
    ]);
    undo.pop()?.();
    expect(await w.service.upkeep.watch()).toEqual([]);
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

describe("the policy that was applied", () => {
  const withAnotherTarget = (before: string): string =>
    before.replace(/(PS Pro:\s+first_reply:[^\n]*?urgent: \{m: )120/, "$1100");
  const text = (): string => readFileSync(w.env.POLICY_FILE ?? "", "utf8");
  const rewrite = (change: (text: string) => string): void => {
    const [path, before] = [w.env.POLICY_FILE ?? "", text()];
    undo.push(() => writeFileSync(path, before));
    writeFileSync(path, change(before));
  };

  test("and one of another version that asks the same of the help desk are not told apart", async () => {
    rewrite((before) => before.replace(/^policy_version: .*$/m, 'policy_version: "next"'));
    expect(await troubles()).toEqual([]);
    const lines = await checkEnvironment(w.env, w.clock);
    expect(lines.find((line) => line.name === "policy applied")).toMatchObject({
      state: "ok",
      detail: expect.stringMatching(/version next is in force\. Both ask the same of the help desk/),
    });
  });

  test("is compared by what it says: differences are named, and counted by kind", async () => {
    rewrite((before) => withAnotherTarget(before).replace(/^policy_version: .*$/m, 'policy_version: "next"'));
    change(w.desk.state.triggers, (one) =>
      one.title.includes("new tickets of Pro") ? { ...one, active: false } : one,
    );
    expect(await troubles()).toEqual([
      "fail sla: SLA policy PS Pro",
      "warn set-up: policy applied",
      "warn set-up: SLA policy PS Pro",
      "warn set-up: trigger Priority support: new tickets of Pro",
      "warn set-up: help desk",
    ]);
    expect((await check()).at(-1)).toMatchObject({
      detail: "It differs from the policy in 2 places: 1 not as the policy says, 1 changed by somebody.",
      fix: "Look at `priority-support plan`, then run `priority-support apply`.",
    });
  });

  test("may not be given other content under its old version, for serve would not start", async () => {
    rewrite(withAnotherTarget);
    const [line] = (await checkEnvironment(w.env, w.clock)).filter((one) => one.name === "policy_version");
    expect(line).toMatchObject({ state: "fail", fix: "Give the changed policy a new policy_version." });
  });

  test("is the one the console published, where no file was named", async () => {
    const { POLICY_FILE: _named, ...env } = w.env;
    const { register } = w.service.store;
    const newer = text().replace(/^policy_version: .*$/m, 'policy_version: "published"');
    await register.putPolicy("published", readPolicyText(newer).hash, newer, null);
    await markPublished(register, "published");
    const lines = await checkEnvironment(env, w.clock);
    expect(lines.find((line) => line.name === "policy")?.detail).toMatch(
      /^published in the console .*, version published,/,
    );
    expect(lines.filter((line) => line.state === "fail")).toEqual([]);
  });

  test("is none yet where the published one begins later and there is no file, and its day is named", async () => {
    const { POLICY_FILE: _named, ...env } = w.env;
    const { register } = w.service.store;
    const later = text()
      .replace(/^policy_version: .*$/m, 'policy_version: "waiting"')
      .replace(/^effective_from: .*$/m, 'effective_from: "2027-01-01"');
    const before = await register.setting("policy:published");
    await register.putPolicy("waiting", readPolicyText(later).hash, later, "2027-01-01");
    await register.setSetting("policy:published", '["waiting"]');
    const lines = await checkEnvironment(env, w.clock);
    await register.setSetting("policy:published", before ?? "[]");
    const [line] = lines.filter((one) => one.area === "policy");
    expect(line).toMatchObject({
      state: "fail",
      detail: "Version waiting was published and begins on 2027-01-01; until then there is no policy.",
      fix: expect.stringMatching(/effective_from/),
    });
  });

  test("stays the one before where the file's begins later", async () => {
    rewrite((before) =>
      before
        .replace(/^policy_version: .*$/m, 'policy_version: "later"')
        .replace(/^effective_from: .*$/m, 'effective_from: "2027-01-01"'),
    );
    const lines = await checkEnvironment(w.env, w.clock);
    expect(lines.find((line) => line.name === "policy in force")?.detail).toMatch(
      /^version later begins on 2027-01-01; everything below is held against version/,
    );
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
