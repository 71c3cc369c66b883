import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pause, resume } from "../../src/switches.ts";
import { beforeSetUp, type SetUpWorld } from "./set-up-world.ts";
import { type Answer, at, type Person } from "./world.ts";

let world: SetUpWorld;
let admin: Person;
beforeAll(async () => {
  world = await beforeSetUp();
}, 60_000);
afterAll(() => world?.close());

const setUp = () => admin.call("GET", "/api/v1/setup");
const steps = (answer: Answer): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    (at(answer, "steps") as { name: string; done: boolean }[]).map(({ name, done }) => [name, done]),
  );
const plan = () => admin.call("GET", "/api/v1/setup/plan");
const apply = (digest: unknown, simulate = false) =>
  admin.call("POST", "/api/v1/setup/apply", { adopt: "never", digest, simulate });
const ended = async (what: "apply" | "canary"): Promise<Answer> => {
  for (let waited = 0; waited < 40_000; waited += 50) {
    const answer = await setUp();
    if (at(answer, `${what}.state`) !== "running") return answer;
    await world.clock.sleep(50);
  }
  throw new Error(`waited 40 s for the end of ${what}`);
};

describe("in set-up mode", () => {
  test("the service starts from nothing, and names what is missing and what is refused, never a value", async () => {
    await world.start(
      { setup: true },
      { ZENDESK_URL: "ftp://acme", ZENDESK_API_TOKEN: "", HUBSPOT_ACCESS_TOKEN: "pat-very-secret" },
    );
    admin = await world.as("admin");
    const answer = await setUp();
    expect(answer.body).toMatchObject({ mode: "setup", step: "credentials", policy: { from: "nowhere" } });
    const states = new Map(
      (at(answer, "settings") as { name: string; state: string; needed: boolean; why: string | null }[]).map(
        (one) => [one.name, one],
      ),
    );
    expect(states.get("ZENDESK_URL")).toMatchObject({
      state: "refused",
      why: expect.stringMatching(/must be https/),
    });
    expect(states.get("ZENDESK_API_TOKEN")).toMatchObject({ state: "missing", needed: true });
    expect(states.get("ZENDESK_OAUTH_TOKEN")).toMatchObject({ state: "missing", needed: false });
    expect(states.get("HUBSPOT_ACCESS_TOKEN")).toMatchObject({ state: "set", needed: true });
    expect(answer.text).not.toMatch(/pat-very-secret|ftp:\/\/acme/);
    expect((await admin.call("GET", "/api/v1/overview")).status).toBe(200);
    const refused = await plan();
    expect([refused.status, at(refused, "fix")]).toEqual([409, "Set ZENDESK_URL."]);
  });

  test("a first policy is made from the account's own names and published, and both sides are checked", async () => {
    await world.start({ setup: true });
    admin = await world.as("admin");
    const before = await setUp();
    const yaml = String(at(await admin.call("GET", "/api/v1/setup/first-policy"), "yaml"));
    expect(yaml).toContain("plan_tier");
    const wish = { yaml, base: at(before, "policy.version") };
    expect((await admin.call("POST", "/api/v1/policy/publish", wish)).status).toBe(200);
    await admin.call("POST", "/api/v1/check");
    const answer = await setUp();
    expect(steps(answer)).toMatchObject({ credentials: true, policy: true, check: true, apply: false });
    expect(answer.body).toMatchObject({ step: "apply", policy: { from: "console", errors: 0 } });
  });

  test("the plan is shown with calls and minutes, and nothing is written outside", async () => {
    const shown = await plan();
    expect(shown.body).toMatchObject({ blocked: 0, barred: false, minutes: expect.any(Number) });
    expect(Number(at(shown, "calls"))).toBeGreaterThan(20);
    expect(shown.text).toContain('+ organization field \\"ps_tier\\": create');
    const applied = await apply(at(shown, "digest"));
    expect([applied.status, at(applied, "fix")]).toEqual([
      409,
      expect.stringMatching(/priority-support apply/),
    ]);
    const sent = await admin.call("POST", "/api/v1/setup/canary", {});
    expect([sent.status, at(sent, "fix")]).toEqual([409, expect.stringMatching(/priority-support serve/)]);
    expect(world.desk.journal.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

describe("in the running service", () => {
  test("it goes on where it stood; nothing is applied while writing is paused or the plan is another one", async () => {
    writeFileSync(world.secretFile, "a-secret-from-before");
    const { store } = await world.start({}, { ZENDESK_WEBHOOK_SECRET_FILE: world.secretFile });
    admin = await world.as("admin");
    expect((await setUp()).body).toMatchObject({ mode: "serve", step: "apply", applyBarred: null });
    await pause(store.register, world.clock.now());
    expect((await apply(at(await plan(), "digest"))).text).toContain("paused");
    await resume(store.register);
    const other = await apply("0".repeat(64));
    expect([other.status, other.text]).toEqual([409, expect.stringContaining("changed while you looked")]);
    expect(at(await setUp(), "apply.state")).toBe("never");
  });

  test("an apply that the service's end interrupts goes on afterwards, and makes nothing twice", async () => {
    const { digest, steps: total } = (await plan()).body as { digest: string; steps: number };
    world.desk.fault({
      method: "POST",
      path: "/api/v2/triggers",
      delayMs: 500,
      times: Number.POSITIVE_INFINITY,
    });
    expect((await apply(digest, true)).body).toMatchObject({
      apply: { state: "running", total },
      switches: { simulating: true },
    });
    while (!world.desk.journal.some(({ path, status }) => path === "/api/v2/webhooks" && status === 201))
      await world.clock.sleep(20);
    await world.start({}, { ZENDESK_WEBHOOK_SECRET_FILE: world.secretFile });
    world.desk.clearFaults();
    admin = await world.as("admin");
    const between = await setUp();
    expect(between.body).toMatchObject({
      step: "apply",
      switches: { simulating: true },
      apply: { state: "unfinished", left: [{ why: "The service was stopped." }] },
    });
    const rest = (await plan()).body as { digest: string; steps: number };
    expect(rest.steps).toBeLessThan(total);
    await apply(rest.digest);
    const done = await ended("apply");
    expect(done.body).toMatchObject({
      apply: { state: "done", left: [], secret: "known", applied: { version: expect.any(String) } },
      step: "simulate",
    });
    expect(readFileSync(world.secretFile, "utf8")).toMatch(/,a-secret-from-before$/);
    expect(done.text).not.toContain(readFileSync(world.secretFile, "utf8").split(",")[0]);
    const keys = [...world.desk.state.organizationFields.values()].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  }, 60_000);

  test("no test ticket is sent while it simulates; live it passes every station and is solved", async () => {
    const refused = await admin.call("POST", "/api/v1/setup/canary", {});
    expect([refused.status, at(refused, "fix")]).toEqual([409, "Go live first, then send it."]);
    await admin.call("PUT", "/api/v1/simulate", { on: false });
    expect((await admin.call("POST", "/api/v1/setup/canary", {})).body).toMatchObject({
      canary: { state: "running" },
    });
    expect((await admin.call("POST", "/api/v1/setup/canary", {})).status).toBe(409);
    const answer = await ended("canary");
    expect(answer.body).toMatchObject({ canary: { state: "passed", missed: null }, step: null });
    expect((at(answer, "canary.reached") as { station: string }[]).map(({ station }) => station)).toEqual([
      "ticket",
      "webhook",
      "decision",
      "write",
      "sla",
    ]);
    const ticket = world.desk.state.tickets.get(String(at(answer, "canary.ticketId")));
    expect(ticket?.status).toBe("solved");
  }, 60_000);

  test("started with --simulate it writes nothing, and says how to go on; a run whose process is gone is named", async () => {
    const { store } = await world.start(
      { simulate: true },
      { ZENDESK_WEBHOOK_SECRET_FILE: world.secretFile },
    );
    admin = await world.as("admin");
    const answer = await setUp();
    expect(answer.body).toMatchObject({
      applyBarred: { message: expect.stringContaining("--simulate") },
      canaryBarred: { fix: expect.stringContaining("without --simulate") },
      canary: { state: "passed" },
    });
    const killed = { id: "killed", kind: "apply", startedAt: world.clock.now(), endedAt: null };
    await store.runs.start({ ...killed, counts: {}, error: null });
    expect(at(await setUp(), "apply.state")).toBe("interrupted");
  });
});
