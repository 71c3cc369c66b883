import { afterEach, describe, expect, test } from "@jest/globals";
import express, { type Router } from "express";
import { NeedsAdmin, StoreUnavailable } from "../../src/errors.ts";
import { application, type Dependency, type Listening, listen } from "../../src/http-server.ts";
import { type Log, shownReason, silent } from "../../src/log.ts";
import { openMetrics } from "../../src/metrics.ts";

const SECRET_PLACE = "/srv/priority/store.ts";
const running: Listening[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop(0)));
});

interface Line {
  readonly fields: object;
  readonly message: string;
}

async function serving(
  routes: readonly Router[],
  dependencies: () => Promise<readonly Dependency[]> = async () => [],
): Promise<{ readonly url: string; readonly lines: readonly Line[] }> {
  const lines: Line[] = [];
  const log: Log = { ...silent, error: (fields, message) => void lines.push({ fields, message }) };
  const parts = { metrics: openMetrics(), metricsToken: () => null, dependencies, log, routes };
  const app = application({ ...parts, webhooks: (_request, _response, next) => next() });
  const one = await listen(app, "127.0.0.1", 0);
  running.push(one);
  return { url: one.url, lines };
}

function failing(error: unknown): Router {
  return express.Router().get("/customers/:id", () => {
    throw error;
  });
}

describe("a fault nobody foresaw", () => {
  test("is answered 500 without a word about how the service is made, and leaves one line in the log", async () => {
    const fault = new Error(`no such table: deliveries at ${SECRET_PLACE}`);
    const { url, lines } = await serving([failing(fault)]);
    const answer = await fetch(`${url}/customers/4711?token=c4n4ry`);
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { error: "internal", message: "The request could not be answered." },
    ]);
    expect(lines).toEqual([
      {
        message: "request could not be answered",
        fields: { error: "Error", message: fault.message, method: "GET", route: "/customers/:id" },
      },
    ]);
  });

  test("what is not an error is answered the same way", async () => {
    const { url, lines } = await serving([failing("just words")]);
    expect((await fetch(`${url}/customers/4711`)).status).toBe(500);
    expect(lines.map(({ message }) => message)).toEqual(["request could not be answered"]);
  });

  test("an address that cannot be read is the caller's fault and no news", async () => {
    const { url, lines } = await serving([failing(new Error("never reached"))]);
    const answer = await fetch(`${url}/customers/%E0%A4%A`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: "bad_request", message: "The request cannot be read." },
    ]);
    expect(lines).toEqual([]);
  });

  test("while readiness is looked at, it is a 500 and not a crash", async () => {
    const { url, lines } = await serving([], () => Promise.reject(new Error(SECRET_PLACE)));
    const answer = await fetch(`${url}/readyz`);
    expect([answer.status, (await answer.text()).includes(SECRET_PLACE)]).toEqual([500, false]);
    expect(lines).toHaveLength(1);
  });
});

describe("what pages say of an error", () => {
  test.each([
    ["our own words", new NeedsAdmin("HubSpot refused the token (401)", { fix: "Make a new key." })],
    ["a store that is away", new StoreUnavailable("HubSpot refused the token (401)")],
  ])("%s are shown", (_what, error) => {
    expect(shownReason(error)).toBe("HubSpot refused the token (401)");
  });

  test.each([
    ["an error of somebody else's", new TypeError(`cannot read ${SECRET_PLACE}`)],
    ["anything else that was thrown", SECRET_PLACE],
  ])("of %s only that there was one", (_what, error) => {
    expect(shownReason(error)).toBe("failed in a way nobody foresaw; the log says more");
  });
});

describe("metrics", () => {
  test("a value that cannot be read does not take the others with it", async () => {
    const metrics = openMetrics();
    metrics.gauge("ps_paused", "paused", () => Promise.reject(new Error("store away")));
    metrics.gauges("ps_guard_waiting", "held", "what", () => Promise.reject(new Error("store away")));
    metrics.onBacklog(() => Promise.reject(new Error("store away")));
    metrics.webhook("zendesk", "stored");
    const text = await metrics.text();
    expect(text).toContain("ps_paused Nan");
    expect(text).toContain('ps_deliveries{what="pending"} Nan');
    expect(text).toContain('ps_webhooks_total{source="zendesk",answer="stored"} 1');
    expect(text).not.toContain("ps_guard_waiting{");
  });

  test("a label whose value is gone is not shown any more", async () => {
    const metrics = openMetrics();
    const held: Record<string, number> = { runs: 1, records: 7 };
    metrics.gauges("ps_guard_waiting", "held", "what", async () => held);
    expect(await metrics.text()).toContain('ps_guard_waiting{what="records"} 7');
    delete held.records;
    expect(await metrics.text()).not.toContain('what="records"');
  });
});
