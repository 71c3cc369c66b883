import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { environment, isLoopback, readConfig } from "../../src/config.ts";
import { ConfigProblem } from "../../src/errors.ts";

const desk = z.object({
  DESK_URL: z.url().describe("Address of the desk"),
  DESK_API_TOKEN: z.string().describe("Admin Center > APIs"),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function problemsOf(run: () => unknown): readonly { what: string; fix: string }[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigProblem) return error.problems;
    throw error;
  }
  return [];
}

describe("settings", () => {
  test("with nothing set, everything has a safe default", () => {
    const config = readConfig({}, [desk]);
    expect([
      config.host,
      config.port,
      config.databaseUrl,
      config.policyFile,
      config.policyFileExplicit,
    ]).toEqual(["127.0.0.1", 8080, "sqlite:./data/priority-support.db", "policy.yaml", false]);
  });

  test("every problem is told at once, each with its name and a fix", () => {
    const problems = problemsOf(() =>
      readConfig({ PORT: "eighty", DATABASE_URL: "mysql://x", DESK_URL: "acme" }, [desk], ["DESK_API_TOKEN"]),
    );
    expect(problems.map((p) => p.what.split(/[: ]/)[0]).sort()).toEqual([
      "DATABASE_URL",
      "DESK_API_TOKEN",
      "DESK_URL",
      "PORT",
    ]);
    expect(problems.every((p) => p.fix.length > 10)).toBe(true);
    expect(problems.find((p) => p.what.startsWith("DESK_API_TOKEN"))?.fix).toContain("Admin Center > APIs");
  });

  test("one of two names is enough where either will do", () => {
    expect(problemsOf(() => readConfig({ B: "x" }, [desk], ["A|B"]))).toEqual([]);
    expect(problemsOf(() => readConfig({ C: "x" }, [desk], ["A|B"]))[0]?.what).toContain("A or B");
  });

  test("a blank secret is a missing one", () => {
    expect(readConfig({ DESK_API_TOKEN: "   " }, [desk]).secret("DESK_API_TOKEN")).toBeNull();
  });

  test.each([
    ["https://acme.example", true],
    ["http://127.0.0.1:4000", true],
    ["http://localhost:4000", true],
    ["http://acme.example", false],
    ["http://127.0.0.1.evil.example", false],
    ["ftp://127.0.0.1", false],
  ])("the upstream address %s is accepted: %s", (url, fine) => {
    expect(problemsOf(() => readConfig({ DESK_URL: url }, [desk])).length === 0).toBe(fine);
  });

  test("a secret from a file is read again after a minute, and at once when asked", () => {
    const path = join(folder, "token");
    writeFileSync(path, "first\n");
    let now = 0;
    const config = readConfig({ DESK_API_TOKEN_FILE: path }, [desk], ["DESK_API_TOKEN"], () => now);
    expect(config.secret("DESK_API_TOKEN")).toBe("first");
    writeFileSync(path, "second");
    expect(config.secret("DESK_API_TOKEN")).toBe("first");
    now = 60_000;
    expect(config.secret("DESK_API_TOKEN")).toBe("second");
    writeFileSync(path, "third");
    config.rereadSecrets();
    expect(config.secret("DESK_API_TOKEN")).toBe("third");
  });

  test("while a secret's file is away for a moment, the last value stays good", () => {
    const path = join(folder, "token");
    writeFileSync(path, "first");
    let now = 0;
    const config = readConfig({ DESK_API_TOKEN_FILE: path }, [desk], [], () => now);
    rmSync(path);
    now = 120_000;
    expect(config.secret("DESK_API_TOKEN")).toBe("first");
  });

  test("a secret file that cannot be read is a problem at start, and the message does not show its content", () => {
    const problems = problemsOf(() => readConfig({ DESK_API_TOKEN_FILE: join(folder, "absent") }, [desk]));
    expect(problems[0]?.what).toContain("DESK_API_TOKEN_FILE");
  });

  test("the environment wins over .env", () => {
    const path = join(folder, ".env");
    writeFileSync(path, "PORT=1\nHOST=localhost\n");
    const env = environment({ PORT: "2" }, path);
    expect([env.PORT, env.HOST]).toEqual(["2", "localhost"]);
  });

  test("loopback is loopback, not what begins like it", () => {
    expect(["127.0.0.1", "localhost", "::1", "127.8.8.8"].every(isLoopback)).toBe(true);
    expect(["127.0.0.1.example", "0.0.0.0", "10.0.0.1", "localhost.example"].some(isLoopback)).toBe(false);
  });
});
