import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { readConfig } from "../../src/config.ts";
import { createPacer } from "../../src/pacing.ts";

const folders: string[] = [];
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  folders.push(folder);
  writeFileSync(join(folder, "secret"), text);
  return join(folder, "secret");
}

describe("the address of the database", () => {
  test("holds a password, so it may come from a file", () => {
    const config = readConfig({ DATABASE_URL_FILE: fileWith("postgres://app:s3cret@db/app\n") }, []);
    expect(config.databaseUrl).toBe("postgres://app:s3cret@db/app");
  });

  test("is refused from a file as it is from the environment, without showing it", () => {
    const read = () => readConfig({ DATABASE_URL_FILE: fileWith("mysql://app:s3cret@db/app") }, []);
    expect(read).toThrow(/DATABASE_URL: must begin with sqlite: or postgres:/);
    expect(read).not.toThrow(/s3cret/);
  });

  test("that cannot be read is a problem at start", () => {
    const read = () => readConfig({ DATABASE_URL_FILE: "/nowhere/at/all" }, []);
    expect(read).toThrow(/DATABASE_URL_FILE: no secret can be read/);
  });
});

describe("an account that allows more than the documented minimum", () => {
  const limits = { account: { limit: 1000, perMs: 60_000 }, classes: { write: { limit: 2, perMs: 60_000 } } };
  const pacer = () => {
    const made = createPacer({
      upstream: "Desk",
      ...limits,
      headroom: 0.1,
      now: Date.now,
      patienceMs: 90_000,
    });
    stops.push(made.stop);
    return made;
  };
  const calls = async (paced: ReturnType<typeof pacer>, count: number): Promise<number> => {
    const run = Array.from({ length: count }, () => paced.run("write", "live", async () => 1));
    const late = new Promise<number>((resolve) => setTimeout(resolve, 300, 0));
    const done = await Promise.all(run.map((one) => Promise.race([one, late])));
    return done.reduce((a, b) => a + b, 0);
  };

  test("is used up to what its own answers say", async () => {
    const paced = pacer();
    paced.learn("write", { limit: 5, remaining: 5, resetsInMs: 60_000 });
    expect(await calls(paced, 7)).toBe(5);
  });

  test("lower figures never raise a limit, and a block still holds every call back", async () => {
    const paced = pacer();
    paced.learn("write", { limit: 1, remaining: 1, resetsInMs: 60_000 });
    expect(await calls(paced, 3)).toBe(2);
    paced.learn("write", { limit: 50, remaining: 50, resetsInMs: 60_000 });
    paced.block("write", 60_000);
    paced.learn("write", { limit: 80, remaining: 80, resetsInMs: 60_000 });
    expect(await calls(paced, 3)).toBe(0);
  });

  test("of which the customer's other apps keep their share", async () => {
    const paced = createPacer({
      upstream: "Desk",
      account: { limit: 2, perMs: 60_000 },
      classes: {},
      headroom: 0.5,
      now: Date.now,
      patienceMs: 90_000,
    });
    stops.push(paced.stop);
    paced.learn("any", { limit: 8, remaining: 8, resetsInMs: 60_000 });
    expect(await calls(paced, 6)).toBe(4);
  });
});
