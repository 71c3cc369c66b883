import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openSlack } from "../../connectors/slack/index.ts";
import { type AlertPorts, alertOnce, alertOver, changesHeld, syncFailed } from "../../src/alerts.ts";
import { silent } from "../../src/log.ts";
import type { Store } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { type Local, local, NOW } from "../connectors/hubspot-standin.ts";

const NOTICE = syncFailed("hubspot", "HubSpot refused the token (401)", "Make a new service key.");

let folder: string;
let store: Store;
let slack: Local;
const state = { status: 200, posts: 0, now: NOW };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "alerts-"));
  store = await openStore(`sqlite:${join(folder, "a.db")}`, { warn: () => undefined });
  Object.assign(state, { status: 200, posts: 0, now: NOW });
  slack = await local((_request, response) => {
    state.posts += 1;
    response.writeHead(state.status).end("ok");
  });
});
afterEach(async () => {
  await slack.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

function ports(): AlertPorts {
  const clock = { now: () => state.now, sleep: async () => undefined };
  const notifier = openSlack({ url: () => `${slack.url}/services/x`, now: clock.now });
  return { notifier, register: store.register, clock, log: silent };
}

describe("an alert", () => {
  test("is sent once for the same trouble, again after a day, and again when it had passed", async () => {
    expect([await alertOnce(ports(), NOTICE), await alertOnce(ports(), NOTICE)]).toEqual([true, false]);
    state.now += 86_400_000;
    expect(await alertOnce(ports(), NOTICE)).toBe(true);
    await alertOver(store.register, NOTICE.key);
    expect(await alertOnce(ports(), NOTICE)).toBe(true);
    expect(state.posts).toBe(3);
  });

  test("that cannot be sent holds nobody up, and is tried again the next time", async () => {
    state.status = 503;
    expect(await alertOnce(ports(), NOTICE)).toBe(false);
    state.status = 200;
    expect(await alertOnce(ports(), NOTICE)).toBe(true);
  });

  test("goes nowhere when there is no channel", async () => {
    expect(await alertOnce({ ...ports(), notifier: null }, NOTICE)).toBe(false);
    expect(state.posts).toBe(0);
  });

  test("about held changes names the customers, what they would lose, and what to type", () => {
    const demotions = Array.from({ length: 12 }, (_, i) => ({
      accountId: `hubspot:${i}`,
      name: `Company ${i}`,
      fromTier: "enterprise",
      toTier: "standard",
    }));
    const { title, lines } = changesHeld("0123456789abcdef", { reason: "More than ten at once.", demotions });
    expect(title).toContain("12 customers");
    expect(lines).toEqual(expect.arrayContaining(["Company 0: enterprise → standard", "… and 2 more"]));
    expect(lines.at(-1)).toContain("guard approve 01234567");
  });
});
