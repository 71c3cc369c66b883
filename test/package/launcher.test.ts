/** What can be seen of the installed command without installing it; the rest is `prove-package.sh`. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";

const LAUNCHER = fileURLToPath(new URL("../../src/launcher.cjs", import.meta.url));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; `version` = what this Node calls itself, `env` = what stands in the environment besides. */
function command(
  args: readonly string[],
  version = process.versions.node,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "launcher-"));
  folders.push(folder);
  const disguise = join(folder, "disguise.cjs");
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  writeFileSync(disguise, `Object.defineProperty(process, "versions", { value: ${versions} });`);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--require", disguise, LAUNCHER, ...args],
      { env: { ...process.env, ...env } },
      (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
  });
}

describe("the installed command", () => {
  test.each(["20.20.2", "22.0.0", "23.11.1"])(
    "under Node %s says which Node it needs, and ends with 2",
    async (version) => {
      const { code, out, err } = await command(["demo", "--once"], version);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(
        /^priority-support needs Node ≥ 24, and this is Node [\d.]+\.\nfix: Install Node 24/,
      );
    },
  );

  test.each(["24.0.0", "26.10.0"])("under Node %s does what it is told", async (version) => {
    const { code, out } = await command(["--help"], version);
    expect(code).toBe(0);
    expect(out).toContain("Usage: priority-support");
  });

  test.each<[string, Record<string, string>]>([
    ["is told nothing", {}],
    ["is told to keep its memory otherwise", { MALLOC_ARENA_MAX: "2" }],
  ])("serves what it is asked to, where it %s", async (_name, env) => {
    const { code, err } = await command(["serve", "--no-such-option"], process.versions.node, env);
    expect(code).toBe(2);
    expect(err).toContain("unknown option '--no-such-option'");
    expect(err).not.toContain("Warning");
  });

  test("ends as its verb ends", async () => {
    expect((await command(["no-such-verb"])).code).toBe(2);
  });
});
