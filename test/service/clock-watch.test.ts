import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ClockWatch, openClockWatch } from "../../src/clock-watch.ts";
import { TryAgain } from "../../src/errors.ts";
import { silent } from "../../src/log.ts";
import type { Notice, Store } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";

let folder: string;
let store: Store;
let sent: Notice[];
let watch: ClockWatch;
const chat = { up: true };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "clock-"));
  store = await openStore(`sqlite:${join(folder, "a.db")}`, { warn: () => undefined });
  sent = [];
  watch = openClockWatch({
    notifier: { name: "chat", test: async () => {}, notify: heard },
    register: store.register,
    clock: { now: () => 1_790_000_000_000, sleep: async () => undefined },
    log: silent,
  });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function heard(notice: Notice): Promise<void> {
  if (!chat.up) throw new TryAgain("the channel is away");
  sent.push(notice);
}

function comes(source: string, ...flags: readonly boolean[]): void {
  for (const flag of flags) watch.seen(source, flag);
}

describe("a wrong clock", () => {
  test("is told of once, when three genuine webhooks in a row carry a time far from now", async () => {
    comes("zendesk", true, true);
    await watch.idle();
    expect(sent).toEqual([]);
    comes("zendesk", true, true, true);
    await watch.idle();
    expect(sent.map(({ key, severity }) => [key, severity])).toEqual([["clock:zendesk", "warning"]]);
    expect(sent[0]?.lines.at(-1)).toContain("fix: Check this machine's clock");
  });

  test("is none when a late delivery comes between timely ones", async () => {
    comes("zendesk", true, true, false, true, true, false);
    comes("hubspot", true);
    await watch.idle();
    expect(sent).toEqual([]);
  });

  test("is news again after it was right for a while", async () => {
    comes("zendesk", true, true, true, false, true, true, true);
    await watch.idle();
    expect(sent).toHaveLength(2);
  });

  test("of one sender is not another's", async () => {
    comes("zendesk", true, true);
    comes("hubspot", true);
    await watch.idle();
    expect(sent).toEqual([]);
  });

  test("that cannot be told of holds nobody up", async () => {
    chat.up = false;
    comes("zendesk", true, true, true, false);
    await watch.idle();
    chat.up = true;
    comes("zendesk", true, true, true);
    await watch.idle();
    expect(sent).toHaveLength(1);
  });
});
