import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { readConfig } from "../../src/config.ts";

const folders: string[] = [];
afterEach(() => {
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
