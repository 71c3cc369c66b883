/** Who may speak to the webhook doors, whatever is tried; how often the same words count; and a clock that is wrong. */
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import type { Clock } from "../../src/ports.ts";
import { dice } from "../../src/sandbox/dataset-dice.ts";
import { startWorld, type World } from "../flow/world.ts";
import { type Door, forgery, WAYS } from "./forgeries.ts";
import { openLine, requestBytes, signedForHubspot, signedForZendesk } from "./wire.ts";

const SEED = Number(process.env.SECURITY_SEED ?? 20_261_122);
const FORGERIES = 10_000;
const LINES = 12;
const HUBSPOT_SECRET = "hubspot-client-secret-of-a-test";
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let w: World;
beforeAll(async () => {
  // It reads along on every socket, and chokes on what no proper client sends.
  nock.restore();
  w = await startWorld({ silentDesk: true, env: { HUBSPOT_CLIENT_SECRET: HUBSPOT_SECRET } });
});
afterAll(() => w.close());

const seconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
const port = (): number => Number(new URL(w.service.url).port);
const hubspotUri = (): string => `${w.env.PUBLIC_URL}/webhooks/hubspot`;

function doors(): readonly Door[] {
  const company = Number(w.customer("arr_eur").companyId);
  return [
    {
      path: "/webhooks/zendesk",
      signatureHeader: "X-Zendesk-Webhook-Signature",
      timestampHeader: "X-Zendesk-Webhook-Signature-Timestamp",
      secret: w.secret,
      signed: (body, timestamp) => timestamp + body,
      timestamp: seconds,
      body: (nonce) => JSON.stringify({ ticket_id: `77${nonce}`, nonce }),
    },
    {
      path: "/webhooks/hubspot",
      signatureHeader: "X-HubSpot-Signature-v3",
      timestampHeader: "X-HubSpot-Request-Timestamp",
      secret: HUBSPOT_SECRET,
      signed: (body, timestamp) => `POST${hubspotUri()}${body}${timestamp}`,
      timestamp: String,
      body: (nonce) => changeOf(company, nonce),
    },
  ];
}

function changeOf(company: number, nonce: string): string {
  return JSON.stringify([
    { eventId: 7, nonce, subscriptionType: "company.propertyChange", objectId: company, propertyName: "arr" },
  ]);
}

function storedIn(databaseUrl: string | undefined): readonly { readonly flagged: number }[] {
  const db = new DatabaseSync((databaseUrl ?? "").replace(/^sqlite:/, ""), { readOnly: true });
  try {
    return db.prepare("select flagged from deliveries").all() as { flagged: number }[];
  } finally {
    db.close();
  }
}

function puts(id: string): number {
  return w.desk.journal.filter((e) => e.method === "PUT" && e.path === `/api/v2/tickets/${id}`).length;
}

describe("forged signatures", () => {
  test("of ten thousand forged signatures none is accepted and nothing is stored", async () => {
    const before = storedIn(w.env.DATABASE_URL).length;
    const list = doors();
    const answers = new Map<number, number>();
    const wrong: string[] = [];
    let next = 0;
    const attack = async (): Promise<void> => {
      const line = openLine(port());
      for (let index = next++; index < FORGERIES; index = next++) {
        // The doors in turn, and every way at every door.
        const door = list[Math.floor(index / Object.keys(WAYS).length) % list.length] as Door;
        const forged = forgery(door, w.clock.now(), index, dice(SEED, index));
        const { status } = await line.ask(requestBytes(forged.path, forged.headers, forged.body));
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (status < 400 || status >= 500) wrong.push(`${door.path} ${index} ${forged.way}: ${status}`);
      }
      line.close();
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: LINES }, attack));
    const took = ((performance.now() - began) / 1000).toFixed(1);
    const told = JSON.stringify(Object.fromEntries(answers));
    process.stdout.write(
      `\n${FORGERIES} forgeries in ${Object.keys(WAYS).length} ways, seed ${SEED}: answers ${told}, ${took} s\n`,
    );
    expect(wrong).toEqual([]);
    expect([...answers.values()].reduce((a, b) => a + b, 0)).toBe(FORGERIES);
    expect(storedIn(w.env.DATABASE_URL)).toHaveLength(before);
  }, 60_000);

  test("the same requests rightly signed are taken, so it was the signature that was refused", async () => {
    const statuses: number[] = [];
    const line = openLine(port());
    for (const door of doors()) {
      const [body, timestamp] = [door.body("1"), door.timestamp(w.clock.now())];
      const headers = door.path.endsWith("zendesk")
        ? signedForZendesk(w.secret, timestamp, body)
        : signedForHubspot(HUBSPOT_SECRET, timestamp, body, hubspotUri());
      statuses.push((await line.ask(requestBytes(door.path, headers, Buffer.from(body)))).status);
    }
    line.close();
    expect(statuses).toEqual([200, 200]);
    await w.quiet();
  });

  test("at HubSpot's door what a proxy is made to say about host and scheme does not count", async () => {
    const [body, timestamp] = [changeOf(1, "forwarded"), String(w.clock.now())];
    const elsewhere = "https://attacker.example/webhooks/hubspot";
    const headers = [
      ...signedForHubspot(HUBSPOT_SECRET, timestamp, body, elsewhere),
      ["X-Forwarded-Host", "attacker.example"] as const,
      ["X-Forwarded-Proto", "https"] as const,
      ["Forwarded", "host=attacker.example;proto=https"] as const,
    ];
    const line = openLine(port());
    const { status } = await line.ask(requestBytes("/webhooks/hubspot", headers, Buffer.from(body)));
    line.close();
    expect(status).toBe(401);
  });
});

describe("the same bytes again", () => {
  test("the exact bytes six minutes, three days and a month later change nothing a second time", async () => {
    const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
    const body = JSON.stringify({ ticket_id: id, nonce: randomBytes(6).toString("hex") });
    const at = w.clock.now();
    const first = { at, headers: { "x-zendesk-webhook-invocation-id": "01FIRST" } };
    expect((await w.post(body, first)).status).toBe(200);
    await w.settled(id);
    const known = storedIn(w.env.DATABASE_URL).length;
    for (const later of [6 * MINUTE_MS, 3 * DAY_MS]) {
      w.clock.advanceTo(at + later);
      await w.service.upkeep.cleanUp();
      const headers = { "x-zendesk-webhook-invocation-id": `01AFTER${later}` };
      expect(await (await w.post(body, { at, headers })).json()).toEqual({ ok: true, repeat: true });
    }
    expect(storedIn(w.env.DATABASE_URL)).toHaveLength(known);
    // Keys are kept for thirty days after arrival, by the database's own clock. Later the bytes are news again, but
    // flagged: the ticket is read, found as it should be, and left.
    w.clock.advanceTo(Date.now() + 31 * DAY_MS);
    await w.service.upkeep.cleanUp();
    await w.post(body, { at, headers: { "x-zendesk-webhook-invocation-id": "01MONTH" } });
    await w.quiet();
    expect(puts(id)).toBe(1);
  });

  test("a HubSpot request is stored once, however often it is sent", async () => {
    const timestamp = String(w.clock.now());
    const body = changeOf(Number(w.customer("arr_eur").companyId), randomBytes(6).toString("hex"));
    const headers = signedForHubspot(HUBSPOT_SECRET, timestamp, body, hubspotUri());
    const known = storedIn(w.env.DATABASE_URL).length;
    const line = openLine(port());
    const answers: number[] = [];
    for (const later of [0, 6 * MINUTE_MS, 2 * DAY_MS]) {
      w.clock.advanceTo(Number(timestamp) + later);
      const more = [...headers, ["X-Request-Id", randomBytes(8).toString("hex")] as const];
      answers.push((await line.ask(requestBytes("/webhooks/hubspot", more, Buffer.from(body)))).status);
    }
    line.close();
    expect(answers).toEqual([200, 200, 200]);
    expect(storedIn(w.env.DATABASE_URL)).toHaveLength(known + 1);
  });
});

describe("a service whose clock is wrong", () => {
  /** A second service on a store of its own, whose clock is `off` ms away from everybody else's. */
  async function skewed(off: { ms: number }): Promise<{ service: Service; url: string; warnings: string[] }> {
    const clock: Clock = { now: () => w.clock.now() + off.ms, sleep: w.clock.sleep };
    const url = `${w.env.DATABASE_URL}.${randomBytes(4).toString("hex")}`;
    const config = readConfig({ ...w.env, DATABASE_URL: url, PORT: "0" }, connectorSettings);
    const warnings: string[] = [];
    const log = { ...silent, warn: (_fields: object, message: string) => void warnings.push(message) };
    const service = await startService(config, { simulate: false, setup: false, clock, log, syncEveryMs: 0 });
    await service.sync("full");
    return { service, url, warnings };
  }

  async function told(service: Service, count: number): Promise<readonly string[]> {
    const line = openLine(Number(new URL(service.url).port));
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
      const body = JSON.stringify({ ticket_id: id });
      const headers = signedForZendesk(w.secret, seconds(w.clock.now()), body);
      const { status } = await line.ask(requestBytes("/webhooks/zendesk", headers, Buffer.from(body)));
      if (status === 200) ids.push(id);
    }
    line.close();
    return ids;
  }

  test.each([
    ["ten minutes slow", -10 * MINUTE_MS],
    ["ten minutes fast", 10 * MINUTE_MS],
  ])("%s: genuine webhooks are stored, flagged and told of, and no ticket is lost", async (_what, ms) => {
    const { service, url, warnings } = await skewed({ ms });
    try {
      const ids = await told(service, 10);
      expect(ids).toHaveLength(10);
      expect(storedIn(url).map(({ flagged }) => flagged)).toEqual(ids.map(() => 1));
      expect(warnings.filter((message) => message.includes("stored and flagged"))).toHaveLength(10);
      for (const id of ids) await w.until(`ticket ${id}`, async () => (puts(id) > 0 ? true : null));
      expect(ids.map(puts)).toEqual(ids.map(() => 1));
    } finally {
      await service.stop();
    }
  });

  test("set back by an hour while it works, it goes on serving", async () => {
    const off = { ms: 0 };
    const { service } = await skewed(off);
    try {
      const before = await told(service, 3);
      off.ms = -60 * MINUTE_MS;
      const ids = [...before, ...(await told(service, 3))];
      expect(ids).toHaveLength(6);
      for (const id of ids) await w.until(`ticket ${id}`, async () => (puts(id) > 0 ? true : null));
      expect(ids.map(puts)).toEqual(ids.map(() => 1));
    } finally {
      await service.stop();
    }
  });
});
