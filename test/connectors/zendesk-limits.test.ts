import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { openClient, type ZendeskClient } from "../../connectors/zendesk/client.ts";
import { zendeskLimits } from "../../connectors/zendesk/index.ts";
import { Paused, TryAgain } from "../../src/errors.ts";
import { createPacer, type PacerOptions, type RunningPacer } from "../../src/pacing.ts";
import type { Notice } from "../../src/ports.ts";
import { startZendeskSandbox, type ZendeskOptions, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { openStore } from "../../src/store/open.ts";
import { handTime } from "../service/pacing-kit.ts";
import { type FastTime, fastTime } from "./limits-kit.ts";

const TUESDAY = Date.UTC(2026, 5, 9, 14, 0, 0);
const MINUTE = 60_000;

const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function sandbox(options: ZendeskOptions): Promise<ZendeskSandbox> {
  const desk = await startZendeskSandbox(options);
  closes.push(() => desk.close());
  return desk;
}

interface Instance {
  readonly client: ZendeskClient;
  readonly pacer: RunningPacer;
  /** Requests as they leave and answers as they arrive, in order. */
  readonly wire: ("sent" | number)[];
}

function instance(
  desk: ZendeskSandbox,
  time: FastTime | (ReturnType<typeof handTime> & { readonly now: () => number }),
  over: Partial<PacerOptions> = {},
  token: () => string = () => desk.apiToken,
): Instance {
  const pacer = createPacer({
    upstream: "Zendesk",
    account: zendeskLimits.account,
    classes: zendeskLimits.classes,
    headroom: 0.1,
    now: time.now,
    patienceMs: 15_000,
    credentials: token,
    time,
    ...over,
  });
  closes.push(pacer.stop);
  const credentials = () => ({ email: desk.agentEmail, apiToken: token() });
  const wire: Instance["wire"] = [];
  const noting: typeof fetch = async (...request) => {
    wire.push("sent");
    const response = await fetch(...request);
    wire.push(response.status);
    return response;
  };
  const client = openClient({ url: desk.url, credentials, pacer, now: time.now, fetch: noting });
  return { client, pacer, wire };
}

function write(client: ZendeskClient, ticketId: string, priority = "high"): Promise<unknown> {
  return client.call({
    endpoint: "updateTicket",
    ids: [ticketId],
    json: { ticket: { priority } },
    lane: "live",
    doing: `writing ticket ${ticketId}`,
  });
}

/** Works until every ticket is written, coming back as a worker does; answers how many were never written. */
async function drain(
  clients: readonly ZendeskClient[],
  time: FastTime,
  tickets: string[],
  until: number,
): Promise<{ readonly written: number }> {
  let written = 0;
  const worker = async (client: ZendeskClient): Promise<void> => {
    for (let id = tickets.shift(); id !== undefined && time.now() < until; id = tickets.shift())
      for (;;) {
        const failure = await write(client, id).then(
          () => null,
          (error: unknown) => error,
        );
        if (failure === null) {
          written += 1;
          break;
        }
        if (time.now() >= until) return void tickets.push(id);
        const afterMs = failure instanceof Paused || failure instanceof TryAgain ? failure.afterMs : null;
        await time.sleep(afterMs ?? 5_000);
      }
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: 8 }, () => worker(client))));
  return { written };
}

function puts(desk: ZendeskSandbox, status?: number): number {
  return desk.journal.filter(
    (entry) => entry.method === "PUT" && (status === undefined || entry.status === status),
  ).length;
}

async function sharedBudgets(time: FastTime, count: number) {
  const folder = mkdtempSync(join(tmpdir(), "budgets-"));
  closes.push(() => rmSync(folder, { recursive: true }));
  const options = { warn: () => {}, now: time.now };
  const stores = await Promise.all(
    Array.from({ length: count }, () => openStore(`sqlite:${join(folder, "store.db")}`, options)),
  );
  for (const store of stores) closes.push(() => store.close());
  return stores.map((store) => store.budgets);
}

describe("A hundred ticket updates a minute, of which agents use half", () => {
  test("two instances use the rest, are hardly ever refused, and lose nothing", async () => {
    const time = fastTime(40, TUESDAY);
    const desk = await sandbox({
      now: time.now,
      limits: { plan: 700, ticketUpdates: 100 },
    });
    const agent = desk.addUser({ name: "Agent", email: "agent@desk.example", role: "agent" }).id;
    const tickets = Array.from({ length: 1_000 }, () => desk.createTicket({}).id);
    const theirs = desk.createTicket({}).id;
    const budgets = await sharedBudgets(time, 2);
    const both = budgets.map((one) => instance(desk, time, { budgets: one, key: "zendesk:acme" }));
    const began = time.now();
    const end = began + 4 * MINUTE;
    const agents = (async (): Promise<number> => {
      let edits = 0;
      for (; time.now() < end; edits += 1) {
        desk.agentUpdate(theirs, { priority: edits % 2 === 0 ? "low" : "normal" }, agent);
        await time.sleep(began + (edits + 1) * 1_200 - time.now());
      }
      return edits;
    })();
    const { written } = await drain(
      both.map(({ client }) => client),
      time,
      tickets,
      end,
    );
    const edits = await agents;
    expect(written).toBe(puts(desk, 200));
    expect(puts(desk, 429)).toBeLessThanOrEqual(Math.ceil(puts(desk) / 100));
    const inTime = desk.journal.filter((entry) => entry.status === 200 && entry.at < end).length;
    expect((inTime + edits) / 400).toBeGreaterThanOrEqual(0.95);
  }, 40_000);
});

describe("A wait that Zendesk asks for", () => {
  const NOW = Date.parse("2026-11-22T12:00:00Z");
  test.each([
    ["seconds", "7", 7_000, 0],
    ["a date", "Sun, 22 Nov 2026 12:00:20 GMT", 20_000, 0],
    ["none at all", null, 10_000, 0],
    ["zero", "0", 10_000, 0],
    ["a negative one", "-5", 10_000, 0],
    ["thirty years", "1000000000", 15 * MINUTE, 1],
  ] as const)(
    "(%s) is kept to, a senseless one is replaced, an endless one is told to people",
    async (_name, header, waitMs, alarms) => {
      const hand = handTime();
      const began = hand.ticks();
      const time = { ...hand, now: () => NOW + hand.ticks() - began };
      const desk = await sandbox({ now: time.now });
      const told: Notice[] = [];
      const { client } = instance(desk, time, {
        patienceMs: 50,
        alarm: { raise: (notice) => void told.push(notice), over: () => {} },
      });
      const { id } = desk.createTicket({});
      const show = () => client.call({ endpoint: "showTicket", ids: [id], lane: "live", doing: "reading" });
      desk.fault({
        method: "PUT",
        times: 2,
        status: 429,
        headers: header === null ? {} : { "retry-after": header },
        body: { error: "TooManyRequests" },
      });
      const refusals = async (): Promise<unknown> => write(client, id).catch((error: unknown) => error);
      expect(await refusals()).toMatchObject({ name: "Paused", afterMs: waitMs });
      await hand.pass(waitMs - 100);
      expect(await refusals()).toMatchObject({ name: "Paused" });
      expect(puts(desk)).toBe(1);
      expect(await show()).toMatchObject({ body: { ticket: { id: Number(id) } } });
      await hand.pass(100);
      expect(await refusals()).toMatchObject({ name: "Paused" });
      expect(puts(desk)).toBe(2);
      await hand.pass(16 * MINUTE);
      expect(await refusals()).toMatchObject({ warnings: [] });
      expect(told.map(({ key }) => key)).toEqual(
        Array.from({ length: 2 * alarms }, () => "held_back:Zendesk"),
      );
    },
  );
});

describe("A Zendesk that is down", () => {
  test.each([
    ["answers 500", { status: 500, body: { error: "InternalError" } }],
    ["answers 503", { status: 503, bodyText: "<html>maintenance</html>" }],
    ["cuts every connection", { reset: true }],
  ] as const)(
    "(it %s) is asked once in five seconds, and not stormed when it is back",
    async (_name, fault) => {
      const time = fastTime(60, TUESDAY);
      const desk = await sandbox({ now: time.now, limits: { plan: 700, ticketUpdates: 100 } });
      const tickets = Array.from({ length: 60 }, () => desk.createTicket({}).id);
      const { client } = instance(desk, time);
      const heal = desk.fault({ ...fault, times: Number.POSITIVE_INFINITY });
      const done = drain([client], time, tickets, time.now() + 30 * MINUTE);
      await time.sleep(30_000);
      const before = desk.journal.length;
      const from = time.now();
      await time.sleep(2 * MINUTE);
      const asked = desk.journal.length - before;
      expect(asked).toBeLessThanOrEqual(Math.ceil((time.now() - from) / 5_000) + 1);
      expect(asked).toBeGreaterThan(0);
      heal();
      const healed = desk.journal.length;
      expect(await done).toEqual({ written: 60 });
      const back = desk.journal.slice(healed);
      const first = back[0]?.at ?? 0;
      expect(back.filter((entry) => entry.at < first + 1_000).length).toBeLessThanOrEqual(20);
      expect(back.filter((entry) => entry.status !== 200)).toEqual([]);
    },
    30_000,
  );
});

describe("A token that is revoked while eight workers are busy", () => {
  test.each([
    ["401", (desk: ZendeskSandbox) => desk.setApiToken("another")],
    [
      "403 to everything",
      (desk: ZendeskSandbox) =>
        desk.fault({ status: 403, body: { error: "Forbidden" }, times: Number.POSITIVE_INFINITY }),
    ],
  ] as const)(
    "(%s) costs at most three more calls and one alarm, and a new one goes on",
    async (_name, revoke) => {
      const time = fastTime(60, TUESDAY);
      const desk = await sandbox({
        now: time.now,
        latencyMs: 5,
        limits: { plan: 2_500, ticketUpdates: 300 },
      });
      const tickets = Array.from({ length: 150 }, () => desk.createTicket({}).id);
      const told: string[] = [];
      const state = { token: desk.apiToken };
      const { client, wire } = instance(
        desk,
        time,
        { alarm: { raise: ({ key }) => void told.push(key), over: (key) => void told.push(`over ${key}`) } },
        () => state.token,
      );
      const done = drain([client], time, tickets, time.now() + 60 * MINUTE);
      while (puts(desk, 200) < 20) await time.sleep(100);
      revoke(desk);
      const refusedAt = () => wire.findIndex((event) => event === 401 || event === 403);

      while (refusedAt() === -1) await time.sleep(100);

      await time.sleep(2 * MINUTE);

      expect(wire.slice(refusedAt()).filter((event) => event === "sent").length).toBeLessThanOrEqual(3);
      expect(told).toEqual(["refused:Zendesk"]);
      desk.clearFaults();
      desk.setApiToken("newest");
      state.token = "newest";
      expect(await done).toEqual({ written: 150 });
      expect(told).toEqual(["refused:Zendesk", "over refused:Zendesk"]);
    },
    30_000,
  );
});
