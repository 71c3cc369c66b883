import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startWorld, type World } from "../flow/world.ts";

const folder = mkdtempSync(join(tmpdir(), "preview-"));
let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true });
});

/** Beside this process, which plays both upstreams. */
async function cli(args: readonly string[], env: Readonly<Record<string, string>> = world.env) {
  const child = spawn(process.execPath, ["src/cli.ts", ...args], { env: { PATH: process.env.PATH, ...env } });
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (part) => {
    out.stdout += part;
  });
  child.stderr.on("data", (part) => {
    out.stderr += part;
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { ...out, status };
}

function draft(change: (text: string) => string): string {
  const path = join(folder, "draft.yaml");
  writeFileSync(path, change(readFileSync(world.env.POLICY_FILE ?? "", "utf8")));
  return path;
}

describe("policy preview", () => {
  test("says that the present policy changes nothing", async () => {
    const { status, stdout } = await cli(["policy", "preview", draft((text) => text), "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      accounts: 34,
      up: { count: 0 },
      down: { count: 0 },
      cost: { calls: 0 },
    });
  });

  test("names who goes down with their money, in words and as one document", async () => {
    const path = draft((text) =>
      text.replaceAll(/enter: 100000\b/g, "enter: 9000000").replaceAll(/exit: 90000\b/g, "exit: 8000000"),
    );
    const { status, stdout } = await cli(["policy", "preview", path, "--json"]);
    const { down, note } = JSON.parse(stdout);
    expect([status, note]).toEqual([0, null]);
    const row = down.accounts.find(
      (one: { accountId: string }) => one.accountId === `hubspot:${world.customer("arr_eur").companyId}`,
    );
    expect(row).toMatchObject({ from: "enterprise", arr: { currency: "EUR" }, openTickets: 0 });
    const words = await cli(["policy", "preview", path]);
    expect(words.stdout).toContain(`${down.count} go down`);
  });

  test("answers without a help desk, and says what it could not count", async () => {
    const { ZENDESK_URL: _url, ZENDESK_API_TOKEN: _token, ...env } = world.env;
    const { status, stdout } = await cli(["policy", "preview", draft((text) => text), "--json"], env);
    expect([status, JSON.parse(stdout).openTickets]).toEqual([0, null]);
  });

  test("of a draft with errors tells them and ends with 2", async () => {
    const { status, stderr } = await cli(["policy", "preview", draft((text) => `${text}\ncolour: blue\n`)]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("fix:")]);
  });

  test("a link for nobody or an unknown role is refused with exit 2", async () => {
    const link = (...args: readonly string[]) => cli(["console", "link", ...args]);
    const made = await link("--email", "kim@acme.example", "--role", "agent", "--json");
    expect([made.status, JSON.parse(made.stdout)]).toEqual([
      0,
      {
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/console#token=/),
        email: "kim@acme.example",
        role: "agent",
        expiresAt: expect.any(String),
      },
    ]);
    expect((await link("--email", "kim", "--role", "agent")).status).toBe(2);
    expect((await link("--email", "kim@acme.example", "--role", "owner")).status).toBe(2);
  });
});
