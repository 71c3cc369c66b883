import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ApiRoute } from "../../src/console/route.ts";
import { apiRoutes } from "../../src/console/routes.ts";
import { IDLE_MS, SESSION_MS } from "../../src/console/sessions.ts";
import { type ConsoleWorld, type Person, person, startConsoleWorld } from "./world.ts";

let console_: ConsoleWorld;
beforeAll(async () => {
  console_ = await startConsoleWorld({ synced: false });
});
afterAll(() => console_?.close());

const named = (routes: readonly ApiRoute[]) =>
  routes.map((one) => [`${one.method.toUpperCase()} ${one.path}`, one] as const);
const closed = apiRoutes.filter((one) => one.access !== "anyone");
const changing = apiRoutes.filter((one) => one.method !== "get");

/** The route with harmless ids; a body that nothing accepts, for nobody should get as far as its body. */
function send(who: Person, one: ApiRoute, headers: Readonly<Record<string, string | null>> = {}) {
  const path = `/api/v1${one.path.replaceAll(/\{\w+\}/g, "1")}`;
  return who.call(one.method.toUpperCase(), path, one.method === "get" ? undefined : {}, headers);
}

describe("the console's API", () => {
  test("leaves open only what is needed to sign in", () => {
    expect(named(apiRoutes.filter((one) => one.access === "anyone")).map(([name]) => name)).toEqual([
      "GET /sign-in",
      "POST /session",
      "GET /openapi.json",
    ]);
  });

  test("asks for an administrator wherever something is changed, but for an agent's own buttons", () => {
    const byAgents = named(changing.filter((one) => one.access === "agent")).map(([name]) => name);
    expect(byAgents).toEqual([
      "DELETE /session",
      "POST /reports",
      "POST /tickets/{id}/escalate",
      "POST /policy/lint",
      "POST /policy/form",
      "POST /policy/help",
    ]);
  });

  test.each(named(closed))("%s is closed to somebody who is not signed in", async (_name, one) => {
    console_.world.clock.advanceTo(console_.world.clock.now() + 10_000);
    const { status, body } = await send(console_.nobody, one);
    expect(status).toBe(401);
    expect(body).toMatchObject({ error: "signed_out", message: expect.any(String), fix: expect.any(String) });
  });

  test.each(named(closed.filter((one) => one.access === "admin")))(
    "%s is closed to an agent",
    async (_name, one) => {
      const { status, body } = await send(await console_.as("agent"), one);
      expect([status, body]).toEqual([403, expect.objectContaining({ error: "forbidden" })]);
    },
  );

  test.each(named(changing))("%s is closed to a form on another site", async (_name, one) => {
    const admin = await console_.as("admin");
    const without = await send(admin, one, { "x-priority-support": null });
    const foreign = await send(admin, one, { origin: "https://evil.example" });
    const told = await send(admin, one, { "sec-fetch-site": "cross-site" });
    expect([without.status, foreign.status, told.status]).toEqual([403, 403, 403]);
  });

  test("an invented, an old and an abandoned session are none", async () => {
    const { world } = console_;
    const old = await console_.as("admin");
    const invented = person(world.service.url, "x".repeat(43));
    expect((await invented.call("GET", "/api/v1/session")).status).toBe(401);
    expect((await old.call("GET", "/api/v1/session")).status).toBe(200);
    world.clock.advanceTo(world.clock.now() + IDLE_MS);
    expect((await old.call("GET", "/api/v1/session")).status).toBe(401);
    const busy = await console_.as("admin");
    for (let used = 0; used < SESSION_MS; used += IDLE_MS / 2) {
      expect((await busy.call("GET", "/api/v1/session")).status).toBe(200);
      world.clock.advanceTo(world.clock.now() + IDLE_MS / 2);
    }
    expect((await busy.call("GET", "/api/v1/session")).status).toBe(401);
  }, 60_000);

  test("the stream of live updates is closed without a session, and to another site", async () => {
    const admin = await console_.as("admin");
    expect((await console_.nobody.call("GET", "/api/v1/events")).status).toBe(401);
    const foreign = await admin.call("GET", "/api/v1/events", undefined, { origin: "https://evil.example" });
    expect(foreign.status).toBe(401);
  });

  test("an unknown route, broken JSON and an odd id are answered in words, without our inside", async () => {
    const admin = await console_.as("admin");
    const answers = await Promise.all([
      admin.call("GET", "/api/v1/nothing"),
      admin.call("POST", "/api/v1/policy/lint", '{"yaml": '),
      admin.call("POST", "/api/v1/policy/lint", { yaml: 7 }),
      admin.call("GET", "/api/v1/customers/%00%2e%2e"),
      admin.call("GET", "/api/v1/decisions?cursor=eyJ4Ijox"),
      admin.call("GET", "/api/v1/decisions?limit=100000"),
      admin.call("POST", "/api/v1/policy/lint", { yaml: "x".repeat(1_300_000) }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 400, 400, 400, 413]);
    for (const { body, text } of answers) {
      expect(body).toMatchObject({
        error: expect.any(String),
        message: expect.any(String),
        fix: expect.any(String),
      });
      expect(text).not.toMatch(/at \w+ \(|\.ts\b|select |node_modules/);
    }
  });

  test("a person who calls without end is slowed down, and others are not", async () => {
    const eager = await console_.as("agent");
    const other = await console_.as("agent");
    const statuses: number[] = [];
    for (let i = 0; i < 650; i += 25)
      statuses.push(
        ...(await Promise.all(
          Array.from({ length: 25 }, async () => (await eager.call("GET", "/api/v1/switches")).status),
        )),
      );
    const slowed = await eager.call("GET", "/api/v1/switches");
    expect([statuses.includes(429), slowed.status]).toEqual([true, 429]);
    expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await other.call("GET", "/api/v1/switches")).status).toBe(200);
  });
});
