import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ConfigProblem, NeedsAdmin, StoreUnavailable } from "../../src/errors.ts";
import type { Store } from "../../src/ports.ts";
import type { DatabaseOptions } from "../../src/store/database.ts";
import { openStore } from "../../src/store/open.ts";
import { storeContract } from "./contract.ts";
import { claimOnly, delivery, type Opened } from "./kit.ts";

const silent = { warn: () => undefined };

storeContract("SQLite", async (): Promise<Opened> => {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  const path = join(folder, "data", "store.db");
  const url = `sqlite:${path}`;
  const opened: Store[] = [];
  const another = async () => {
    const store = await openStore(url, silent);
    opened.push(store);
    return store;
  };
  const closeAll = () => Promise.all(opened.splice(0).map((store) => store.close()));
  return {
    url,
    store: await another(),
    another,
    reopen: async () => {
      await closeAll();
      return another();
    },
    sql: async (statements) => {
      const db = new DatabaseSync(path, { timeout: 5000 });
      db.exec(statements);
      db.close();
    },
    close: async () => {
      await closeAll();
      rmSync(folder, { recursive: true });
    },
  };
});

describe("the SQLite file", () => {
  let folder = "";
  let stores: Store[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
    stores = [];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    rmSync(folder, { recursive: true });
  });
  const file = () => join(folder, "store.db");
  const open = async (options: Partial<DatabaseOptions> = {}) => {
    const store = await openStore(`sqlite:${file()}`, { ...silent, ...options });
    stores.push(store);
    return store;
  };
  const big = (key: string) => delivery(key, { subjectId: "7", body: Buffer.alloc(100_000, "x") });
  const fill = async (store: Store): Promise<number> => {
    for (let stored = 0; ; stored++) {
      try {
        await store.inbox.accept(big(`big ${stored}`), "live", 0);
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailable);
        return stored;
      }
    }
  };

  test("a full disk refuses webhooks, keeps the acknowledged ones, and works again when there is room", async () => {
    const store = await open({ maxPages: 400 });
    const stored = await fill(store);
    expect(stored).toBeGreaterThan(2);
    expect((await store.inbox.backlog()).pending).toBe(stored);
    await expect(store.inbox.accept(big("one more"), "live", 0)).rejects.toThrow(StoreUnavailable);

    const admin = new DatabaseSync(file());
    admin.exec("update deliveries set body = null where subject_id = '7'");
    admin.close();
    expect(await store.inbox.accept(big("one more"), "live", 0)).toBe("stored");
  });

  test("all who wait hear of a full disk, not only the one who met it", async () => {
    const store = await open({ maxPages: 400 });
    const answers = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) => store.inbox.accept(big(String(n)), "live", 0)),
    );
    const refused = answers.filter((answer) => answer.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(StoreUnavailable);
    expect((await store.inbox.backlog()).pending).toBe(60 - refused.length);
  });

  test("a folder that cannot be made is a store that cannot be opened", async () => {
    writeFileSync(join(folder, "occupied"), "");
    await expect(openStore(`sqlite:${join(folder, "occupied", "store.db")}`, silent)).rejects.toThrow(
      StoreUnavailable,
    );
  });

  test("a file that is no database is refused and left as it was", async () => {
    writeFileSync(file(), "notes of somebody else ".repeat(100));
    await expect(open()).rejects.toThrow(NeedsAdmin);
    expect(statSync(file()).size).toBe(2300);
  });

  test("two instances that start at once make one database between them", async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const answers = await Promise.all(
      [one, two].map((store) => store.inbox.accept(delivery("a"), "live", 0)),
    );
    expect(answers.toSorted()).toEqual(["repeat", "stored"]);
  });

  test("an address of neither database is a problem of the configuration", async () => {
    await expect(openStore("mysql://localhost/x", silent)).rejects.toThrow(ConfigProblem);
  });

  test("closing leaves one file that can be moved as it is", async () => {
    const store = await open();
    await store.inbox.accept(delivery("a"), "live", 0);
    await store.close();
    expect(existsSync(`${file()}-wal`)).toBe(false);
    renameSync(file(), `${file()}.moved`);
    renameSync(`${file()}.moved`, file());
    expect((await (await open()).inbox.backlog()).pending).toBe(1);
  });

  test("while another process holds the file, webhooks wait without stopping the rest of the service", async () => {
    const store = await open();
    const holder = fork(fileURLToPath(new URL("./holding-child.ts", import.meta.url)), [file()]);
    const ended = once(holder, "exit");
    await once(holder, "message");
    let answered = false;
    const accepted = store.inbox.accept(delivery("a"), "live", 0).finally(() => {
      answered = true;
    });
    for (let turn = 0; turn < 20; turn++) await store.inbox.backlog();
    expect(answered).toBe(false);
    holder.send("let go");
    expect(await accepted).toBe("stored");
    await ended;
  });

  test("a test can let time pass by handing in its own clock", async () => {
    let now = 1_000_000;
    const store = await open({ now: () => now });
    await store.inbox.accept(delivery("a"), "live", 500);
    expect(await store.inbox.claim("worker", 1000, 10)).toEqual([]);
    now += 500;
    const claim = await claimOnly(store, "worker", 1000);
    now += 1000;
    expect(await store.inbox.renew(claim, 1000)).toBe(false);
  });
});
