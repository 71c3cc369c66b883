import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { firstPolicy } from "../../src/first-policy.ts";
import { readPolicyText } from "../../src/policy-file.ts";
import type { SourceField } from "../../src/ports.ts";
import { dataset } from "../../src/sandbox/dataset.ts";
import { startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox } from "../../src/sandbox/zendesk.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

const field = (name: string, changes: Partial<SourceField> = {}): SourceField => ({
  name,
  label: name,
  type: "string",
  options: [],
  writable: true,
  caution: null,
  ...changes,
});

describe("a first policy", () => {
  test.each<[string, Parameters<typeof firstPolicy>[0]]>([
    ["nothing is known", { fields: [], groups: [], currency: null, on: "2026-06-09" }],
    [
      "names hold what YAML gives a meaning",
      {
        fields: [
          field("plan", { options: ["no: 1", "# two"].map((value) => ({ value, label: value })) }),
          field("arr", { type: "number", label: "ARR # of\nus" }),
        ],
        groups: ["Ünï: {x}", "VIP #1"],
        currency: "EUR",
        on: "2026-06-09",
      },
    ],
  ])("loads when %s", (_name, facts) => {
    const { policy, findings } = readPolicyText(firstPolicy(facts));
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(policy?.tiers).toHaveLength(2);
  });

  test("never takes the customer's own turnover for ARR", () => {
    const text = firstPolicy({
      fields: [field("annualrevenue", { type: "number", caution: "The customer's own yearly turnover." })],
      groups: ["Support"],
      currency: "USD",
      on: "2026-06-09",
    });
    expect(text).not.toContain("annualrevenue");
  });

  test("is written from the account's own names, and never over another one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "init-"));
    const data = dataset({ seed: 7, asOf: Date.now(), companies: 0 });
    const desk = await startZendeskSandbox({
      seed: { groups: ["Support", "Premier Support"].map((name) => ({ name })) },
    });
    const crm = await startHubspotSandbox({ companies: data.companies, owners: data.owners });
    const env = {
      PATH: process.env.PATH ?? "",
      ZENDESK_URL: desk.url,
      ZENDESK_EMAIL: desk.agentEmail,
      ZENDESK_API_TOKEN: desk.apiToken,
      HUBSPOT_URL: crm.url,
      HUBSPOT_ACCESS_TOKEN: crm.token,
    };
    const run = async (): Promise<number | null> => {
      const [code] = (await once(spawn(process.execPath, [CLI, "init"], { cwd: folder, env }), "close")) as [
        number,
      ];
      return code;
    };
    try {
      expect(await run()).toBe(0);
      const text = readFileSync(join(folder, "policy.yaml"), "utf8");
      const { policy } = readPolicyText(text);
      expect(policy?.tiers.map(({ routing }) => routing.group)).toEqual(["Support", "Premier Support"]);
      expect([policy?.crm.hubspot?.plan?.property, policy?.crm.hubspot?.arr?.property]).toEqual([
        "plan_tier",
        "arr",
      ]);
      expect(await run()).toBe(2);
      expect(readFileSync(join(folder, "policy.yaml"), "utf8")).toBe(text);
    } finally {
      await Promise.all([desk.close(), crm.close()]);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 30_000);
});
