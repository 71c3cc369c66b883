import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { openSession } from "../../src/console/sessions.ts";
import { silent } from "../../src/log.ts";
import { type Service, startService } from "../../src/main.ts";
import { at, type ConsoleWorld, type Person, person, startConsoleWorld } from "./world.ts";

let console_: ConsoleWorld;
let service: Service;
let admin: Person;
const folder = mkdtempSync(join(tmpdir(), "publishing-"));

/** A service beside the first one for which no policy file was named: the console may publish. */
async function start(): Promise<void> {
  const { world } = console_;
  const env = { ...world.env, PORT: "0", DATABASE_URL: `sqlite:${join(folder, "store.db")}` };
  const config = { ...readConfig(env, connectorSettings), policyFileExplicit: false };
  const options = { simulate: false, setup: false, clock: world.clock, log: silent, syncEveryMs: 0 };
  service = await startService(config, options);
  const who = { email: "kim@acme.example", role: "admin", how: "link" } as const;
  admin = person(service.url, await openSession(service.store.console.sessions, who, world.clock.now()));
}

beforeAll(async () => {
  console_ = await startConsoleWorld({ synced: false, silentDesk: true });
  await start();
  await service.sync("full");
}, 60_000);
afterAll(async () => {
  await service?.stop();
  await console_?.close();
  rmSync(folder, { recursive: true, force: true });
});

const current = async (): Promise<{ yaml: string; version: string }> => {
  const { body } = await admin.call("GET", "/api/v1/policy");
  return body as { yaml: string; version: string };
};
const versioned = (yaml: string, version: string): string =>
  yaml.replace(/policy_version: .*/, `policy_version: "${version}"`);
const withCheapPro = (yaml: string, version: string): string =>
  versioned(yaml, version)
    .replaceAll(/enter: 12000\b/g, "enter: 1")
    .replaceAll(/exit: 10000\b/g, "exit: 1");
const publish = (yaml: string, base: string) => admin.call("POST", "/api/v1/policy/publish", { yaml, base });

describe("a draft", () => {
  test("is linted with every finding and its fix, and nothing is kept", async () => {
    const { body } = await admin.call("POST", "/api/v1/policy/lint", { yaml: "tiers: []\ncolour: blue\n" });
    expect(body).toMatchObject({ ok: false, findings: expect.any(Array) });
    expect((body as { findings: unknown[] }).findings.length).toBeGreaterThan(0);
  });

  test("shows who goes up and who goes down, with money and cost, before it is published", async () => {
    const { yaml } = await current();
    const same = await admin.call("POST", "/api/v1/policy/preview", { yaml: versioned(yaml, "same") });
    expect(same.body).toMatchObject({
      up: { count: 0 },
      down: { count: 0 },
      cost: { calls: 0 },
      restartNeeded: [],
    });
    const draft = withCheapPro(yaml, "cheap-pro");
    expect(draft).not.toBe(versioned(yaml, "cheap-pro"));
    const cheap = await admin.call("POST", "/api/v1/policy/preview", { yaml: draft });
    expect(cheap.body).toMatchObject({ version: "cheap-pro", accounts: 34, down: { count: 0 } });
    expect(Number(at(cheap, "up.count"))).toBeGreaterThan(0);
    expect(at(cheap, "up.accounts.0")).toMatchObject({
      account: { name: expect.any(String) },
      from: { id: "standard" },
      to: { id: "pro" },
      arr: { currency: expect.any(String) },
      openTickets: 0,
    });
    expect((await current()).version).not.toBe("cheap-pro");
  });

  test("with errors is refused with all of them", async () => {
    const { yaml, version } = await current();
    const broken = versioned(yaml, "broken").replace(/default_tier: standard/, "default_tier: golden");
    const { status, body } = await publish(broken, version);
    expect([status, (body as { message: string }).message]).toEqual([422, expect.stringContaining("golden")]);
  });
});

describe("publishing", () => {
  test("makes the draft the policy at once; the second of two admins is told and changes nothing", async () => {
    const { yaml, version } = await current();
    const [kim, lee] = [withCheapPro(yaml, "kim-1"), versioned(yaml, "lee-1")];
    const first = await publish(kim, version);
    expect(first.body).toEqual({ version: "kim-1", inForce: true, restartNeeded: [] });
    const second = await publish(lee, version);
    expect([second.status, second.body]).toEqual([409, expect.objectContaining({ error: "conflict" })]);
    expect((second.body as { message: string }).message).toContain("kim-1");
    expect((await current()).version).toBe("kim-1");
    expect(service.policy().version).toBe("kim-1");
  });

  test("two who publish at the same moment: one is told", async () => {
    const { yaml, version } = await current();
    const both = await Promise.all([
      publish(versioned(yaml, "race-a"), version),
      publish(versioned(yaml, "race-b"), version),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test("the same version with other content is refused", async () => {
    const { yaml, version } = await current();
    const { status, body } = await publish(
      yaml.replace(/default_tier/, "owner: else\ndefault_tier"),
      version,
    );
    expect([400, 409, 422]).toContain(status);
    expect((body as { fix: string }).fix.length).toBeGreaterThan(10);
  });

  test("a version that begins later leaves the one before it in force", async () => {
    const { yaml, version } = await current();
    const later = versioned(yaml, "later").replace(/effective_from: .*/, 'effective_from: "2026-12-01"');
    expect((await publish(later, version)).body).toMatchObject({ version: "later", inForce: false });
    expect(service.policy().version).toBe(version);
    expect(await current()).toMatchObject({ version: "later", inForce: false });
  });

  test("a version can be compared line by line and rolled back to, and survives a restart", async () => {
    const versions = await admin.call("GET", "/api/v1/policy/versions");
    const all = (at(versions, "versions") as { version: string }[]).map((one) => one.version);
    expect(all).toEqual(expect.arrayContaining(["later", "kim-1"]));
    const diff = await admin.call("GET", "/api/v1/policy/diff?from=kim-1&to=later");
    const changed = (at(diff, "lines") as { kind: string; text: string }[]).filter(
      (one) => one.kind !== "same",
    );
    expect(changed.map(({ kind, text }) => `${kind} ${text}`)).toContain('added policy_version: "later"');
    const back = await admin.call("POST", "/api/v1/policy/roll-back", { version: "kim-1", base: "later" });
    expect(back.body).toMatchObject({ version: "kim-1", inForce: true });
    await service.stop();
    await start();
    expect(service.policy().version).toBe("kim-1");
    const gone = await admin.call("POST", "/api/v1/policy/roll-back", { version: "never", base: "kim-1" });
    expect(gone.status).toBe(404);
  });

  test("another service on the same store takes the new version up with its next sync", async () => {
    const { world } = console_;
    const env = { ...world.env, PORT: "0", DATABASE_URL: `sqlite:${join(folder, "store.db")}` };
    const config = { ...readConfig(env, connectorSettings), policyFileExplicit: false };
    const options = { simulate: true, setup: false, clock: world.clock, log: silent, syncEveryMs: 0 };
    const other = await startService(config, options);
    const { yaml, version } = await current();
    await publish(versioned(yaml, "shared"), version);
    await other.sync("changed");
    const seen = other.policy().version;
    await other.stop();
    expect(seen).toBe("shared");
  });

  test("a changed mapping is named as something that a restart connects", async () => {
    const { yaml, version } = await current();
    const mapped = versioned(yaml, "mapped").replace(/plan: plan_tier/, "plan: name");
    expect((await publish(mapped, version)).body).toMatchObject({ restartNeeded: ["crm"] });
    expect(at(await admin.call("GET", "/api/v1/overview"), "policy.restartNeeded")).toEqual(["crm"]);
  });

  test("where POLICY_FILE is set the file is the truth: the console reads, previews and publishes nothing", async () => {
    const reader = await console_.as("admin");
    const policy = await reader.call("GET", "/api/v1/policy");
    expect(policy.body).toMatchObject({ readOnly: true, from: "file" });
    const { yaml, version } = policy.body as { yaml: string; version: string };
    const tried = await reader.call("POST", "/api/v1/policy/publish", {
      yaml: versioned(yaml, "next"),
      base: version,
    });
    expect([tried.status, tried.text]).toEqual([409, expect.stringContaining("POLICY_FILE")]);
  });
});
