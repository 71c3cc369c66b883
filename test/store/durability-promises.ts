import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { NeedsAdmin, StoreUnavailable } from "../../src/errors.ts";
import { openStore } from "../../src/store/open.ts";
import { claimOnly, company, DONE, decided, delivery, LEASE, type Under } from "./kit.ts";

const CHILD = fileURLToPath(new URL("./accepting-child.ts", import.meta.url));
const silent = { warn: () => undefined };

/** What was acknowledged is there, whatever happens to the process. */
export function durabilityPromises(under: Under): void {
  test("everything is there after closing and opening again", async () => {
    const { store, reopen } = under();
    await store.inbox.accept(delivery("a", { subjectId: "7" }), "live", 0);
    await store.ledger.settle(await claimOnly(store), decided("d1"), DONE);
    await store.inbox.accept(delivery("b", { subjectId: "7" }), "live", 0);
    await store.accounts.put([company("1")]);
    await store.register.setCursor("sync", "page 3");
    const again = await reopen();
    expect(await again.inbox.accept(delivery("a"), "live", 0)).toBe("repeat");
    expect(await again.inbox.claim("worker", LEASE, 10)).toHaveLength(1);
    expect(await again.ledger.decisionsOf("7")).toEqual([decided("d1")]);
    expect((await again.accounts.around({ accountIds: ["hubspot:1"] })).held.get("hubspot:1")?.tier).toBe(
      "pro",
    );
    expect(await again.register.cursor("sync")).toBe("page 3");
  });

  test("closing waits for what is under way; afterwards nothing is taken", async () => {
    const { store, reopen } = under();
    const accepted = Promise.all(["a", "b", "c"].map((key) => store.inbox.accept(delivery(key), "live", 0)));
    await store.close();
    expect(await accepted).toEqual(["stored", "stored", "stored"]);
    await expect(store.inbox.accept(delivery("d"), "live", 0)).rejects.toThrow(StoreUnavailable);
    expect((await (await reopen()).inbox.backlog()).pending).toBe(3);
  });

  test("every acknowledged webhook is there after the process was killed", async () => {
    const acknowledged: string[] = [];
    const child = spawn(process.execPath, [CHILD, under().url], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "close");
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === 500) child.kill("SIGKILL");
    }
    expect((await ended)[1]).toBe("SIGKILL");
    const store = await under().reopen();
    expect((await store.inbox.backlog()).pending).toBeGreaterThanOrEqual(acknowledged.length);
    const answers = await Promise.all(
      acknowledged.map((key) => store.inbox.accept(delivery(key), "live", 0)),
    );
    expect(answers.filter((answer) => answer !== "repeat")).toEqual([]);
  });

  test("an older version refuses a newer store before touching it", async () => {
    const { store, url, sql } = under();
    await store.inbox.accept(delivery("a"), "live", 0);
    await store.close();
    await sql("insert into migrations (id, checksum, applied_at) values ('9999-later', 'x', 0)");
    await expect(openStore(url, silent)).rejects.toThrow(NeedsAdmin);
    await sql("delete from migrations where id = '9999-later'");
    expect((await (await under().reopen()).inbox.backlog()).pending).toBe(1);
  });

  test("a store made by steps this version does not know is refused", async () => {
    await under().store.close();
    await under().sql("update migrations set checksum = 'other'");
    await expect(openStore(under().url, silent)).rejects.toThrow(NeedsAdmin);
  });

  test("a database with another program's tables is refused and left as it was", async () => {
    await under().store.close();
    await under().sql("delete from migrations");
    await expect(openStore(under().url, silent)).rejects.toThrow(NeedsAdmin);
  });

  test("a scratch copy has everything and what is done to it stays in it", async () => {
    const { store } = under();
    await store.accounts.put([company("1", { domains: ["acme.example"] })]);
    await store.inbox.accept(delivery("a", { subjectId: "7" }), "live", 0);
    await store.ledger.settle(await claimOnly(store), decided("d1"), DONE);
    await store.accounts.markPending(["hubspot:1"]);
    const scratch = await store.scratch();
    try {
      expect(await scratch.accounts.get("hubspot:1")).toEqual(await store.accounts.get("hubspot:1"));
      expect(await scratch.ledger.decisionsOf("7")).toEqual([decided("d1")]);
      expect(await scratch.accounts.pending(null, 10)).toEqual(["hubspot:1"]);
      expect(await scratch.inbox.accept(delivery("a"), "live", 0)).toBe("repeat");
      await scratch.accounts.put([company("2")]);
      await scratch.ledger.prune(Number.MAX_SAFE_INTEGER);
    } finally {
      await scratch.close();
    }
    expect(await store.accounts.count()).toBe(1);
    expect(await store.ledger.decisionsOf("7")).toHaveLength(1);
  });
}
