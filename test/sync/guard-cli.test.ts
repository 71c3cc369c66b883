import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { loadPolicy } from "../../src/policy-in-force.ts";
import { dataset } from "../../src/sandbox/dataset.ts";
import { type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { deskSeed } from "../hand-made-desk.ts";

let desk: ZendeskSandbox;
let crm: HubspotSandbox;
let env: Record<string, string> = {};
const folder = mkdtempSync(join(tmpdir(), "guard-cli-"));

beforeAll(async () => {
  const policyFile = join(folder, "policy.yaml");
  writeFileSync(policyFile, demoPolicyText());
  const data = dataset({ seed: 11, asOf: Date.now(), companies: 120 });
  desk = await startZendeskSandbox({
    seed: deskSeed(loadPolicy(policyFile).policy, data, "http://127.0.0.1:9/nobody", "secret"),
  });
  crm = await startHubspotSandbox({ companies: data.companies, owners: data.owners });
  env = {
    PATH: process.env.PATH ?? "",
    NO_COLOR: "1",
    POLICY_FILE: policyFile,
    DATABASE_URL: `sqlite:${join(folder, "service.db")}`,
    ZENDESK_URL: desk.url,
    ZENDESK_EMAIL: desk.agentEmail,
    ZENDESK_API_TOKEN: desk.apiToken,
    HUBSPOT_URL: crm.url,
    HUBSPOT_ACCESS_TOKEN: crm.token,
  };
});
afterAll(async () => {
  await Promise.all([desk.close(), crm.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function cli(...args: readonly string[]) {
  const child = spawn(process.execPath, ["src/cli.ts", ...args], { env });
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (out.stdout += data));
  child.stderr.on("data", (data: Buffer) => (out.stderr += data));
  const [status] = await once(child, "close");
  return { ...out, status };
}

const labels = () => crm.state.companies().map((c) => c.properties.support_tier ?? null);
const runOf = (text: string) => /guard approve ([\w-]+)/.exec(text)?.[1] ?? "";

test("a wave is held, shown with names, and decided from the command line", async () => {
  expect((await cli("sync")).status).toBe(0);
  expect((await cli("guard", "list")).stdout).toBe("Nothing is held.\n");
  const before = labels();
  for (const { id } of crm.state.companies()) crm.setCompany(id, { account_status: "Unpaid" });

  const dry = await cli("sync", "--dry-run");
  expect([dry.status, dry.stdout]).toEqual([1, expect.stringContaining("would be held")]);
  expect((await cli("guard", "list")).stdout).toBe("Nothing is held.\n");

  const held = await cli("sync");
  expect(held.status).toBe(1);
  expect(held.stdout).toMatch(/^held {7}hubspot:\d+ {2}.+: enterprise → standard$/m);
  expect(labels()).toEqual(before);
  const again = await cli("sync", "--json");
  expect([again.status, JSON.parse(again.stdout)]).toEqual([
    0,
    expect.objectContaining({ held: 0, waiting: expect.any(Number), heldBecause: null }),
  ]);

  const run = runOf(held.stdout);
  const list = await cli("guard", "list");
  expect(list.status).toBe(0);
  expect(list.stdout).toContain(`Run ${run}, held since`);
  expect(list.stdout).toContain(`priority-support guard approve ${run}`);
  expect(list.stdout).toMatch(/accounts would be demoted, ARR \d+\.\d\d /);
  const [document] = JSON.parse((await cli("guard", "list", run, "--json")).stdout).runs;
  expect(document).toMatchObject({ runId: run, codes: expect.arrayContaining(["too_many_demotions"]) });
  expect(document.accounts.length).toBe(document.demotions);

  const approved = await cli("guard", "approve", run.slice(0, 8), "--by", "kim@acme.example", "--json");
  expect(JSON.parse(approved.stdout)).toMatchObject({
    runId: run,
    decided: "approved",
    by: "kim@acme.example",
  });
  expect((await cli("sync")).status).toBe(0);
  expect(labels().filter((label) => label !== "standard" && label !== null)).toEqual([]);
  expect((await cli("guard", "list")).stdout).toBe("Nothing is held.\n");
}, 120_000);

test("a run that is not there, and a word that is none, are answered with a fix", async () => {
  const missing = await cli("guard", "reject", "00000000");
  expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining("fix: Look at")]);
  const wrong = await cli("guard", "accept", "00000000");
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("fix: Use `guard list`")]);
  expect((await cli("guard", "approve")).status).toBe(2);
}, 60_000);
