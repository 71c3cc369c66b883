import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { choices, companyDefinitions, definition } from "../../src/sandbox/hubspot.ts";
import { at, type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

let console_: ConsoleWorld;
let admin: Person;
let agent: Person;
beforeAll(async () => {
  const properties = [
    ...companyDefinitions("text"),
    definition("edition", "Edition <script>", "enumeration", { options: choices("Gold", "Silver") }),
  ];
  console_ = await startConsoleWorld({ crm: { properties } });
  admin = await console_.as("admin");
  agent = await console_.as("agent");
}, 60_000);
afterAll(() => console_?.close());

const policyText = async (): Promise<string> => String(at(await admin.call("GET", "/api/v1/policy"), "yaml"));
const drafted = async (facts: object, planMap: object = {}) =>
  admin.call("POST", "/api/v1/crm/draft", { yaml: await policyText(), facts, planMap });
const previewOf = async (facts: object, planMap: object = {}) => {
  const { yaml } = (await drafted(facts, planMap)).body as { yaml: string };
  return admin.call("POST", "/api/v1/crm/preview", { yaml });
};

describe("the CRM's fields", () => {
  test("are shown with type and caution, beside the facts that are taken from them, to agents too", async () => {
    const { body } = await agent.call("GET", "/api/v1/crm/fields");
    expect(body).toMatchObject({ source: "hubspot", trouble: null, baseCurrency: "USD" });
    const { fields, facts } = body as {
      fields: { name: string; caution: string | null; mappedTo: string[] }[];
      facts: { key: string; property: string; kind: string }[];
    };
    expect(fields.find((one) => one.name === "plan_tier")?.mappedTo).toEqual(["plan"]);
    expect(fields.find((one) => one.name === "annualrevenue")?.caution).toMatch(/never map it to ARR/);
    expect(facts.find((one) => one.key === "arr")).toMatchObject({
      property: "arr",
      currencyProperty: "arr_currency",
      kind: "money",
    });
  });

  test("have samples, which may be money and are kept from agents, and how many records are filled", async () => {
    const path = "/api/v1/crm/samples?fields=plan_tier,arr";
    const answer = await admin.call("GET", path);
    expect(at(answer, "samples.0.samples")).toContain("Pro");
    expect(Number(at(answer, "samples.0.coverage"))).toBeGreaterThan(10);
    const seen = at(await agent.call("GET", path), "samples") as { coverage: number; samples: string[] }[];
    expect(seen.map(({ samples }) => samples)).toEqual([[], []]);
    expect(seen[0]?.coverage).toBe(at(answer, "samples.0.coverage"));
  });

  test("of the plan are counted by value, and those that no tier stands for come first", async () => {
    const answer = await agent.call("GET", "/api/v1/crm/values?property=plan_tier");
    const values = at(answer, "values") as { value: string; accounts: number; tier: object | null }[];
    expect(values[0]?.tier).toBeNull();
    expect(values.filter((one) => one.tier !== null).length).toBeGreaterThan(2);
    expect(values.find((one) => one.value.toLowerCase() === "enterprise")).toMatchObject({
      tier: { id: "enterprise" },
    });
    expect(answer.body).toMatchObject({ looked: expect.any(Number), total: 34 });
  });
});

describe("a choice", () => {
  test("is written into the policy's text under a version of its own, and nothing is kept", async () => {
    const before = await policyText();
    const { body } = await drafted({ plan: { property: "edition" } }, { Gold: "enterprise" });
    expect(body).toMatchObject({ ok: true, version: "2026-06.2" });
    const { yaml } = body as { yaml: string };
    expect(yaml.split("\n").filter((line) => !before.includes(line))).toEqual([
      'policy_version: "2026-06.2"'.replaceAll('"', yaml.includes('"2026-06.2"') ? '"' : ""),
      "  Gold: enterprise",
      "    plan: edition",
    ]);
    expect(await policyText()).toBe(before);
  });

  test("of the customers' own turnover as ARR is refused with the reason", async () => {
    const { body } = await drafted({ arr: { property: "annualrevenue", currency: "USD" } });
    expect(body).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        expect.objectContaining({
          code: "arr_is_customers_revenue",
          message: expect.stringMatching(/own yearly turnover/),
        }),
      ]),
    });
  });

  test("that is none is refused, and so is an agent's", async () => {
    expect((await drafted({ colour: { property: "x" } })).status).toBe(422);
    expect((await agent.call("POST", "/api/v1/crm/draft", {})).status).toBe(403);
    const missing = await previewOf({ plan: { property: "plan_teir" } });
    expect([missing.status, missing.text]).toEqual([409, expect.stringContaining("plan_tier")]);
  });
});

describe("what a choice would do", () => {
  test("is nothing where nothing is chosen", async () => {
    const { body } = await previewOf({});
    expect(body).toMatchObject({ accounts: 34, total: 34, up: { count: 0 }, down: { count: 0 } });
  });

  test("is told with names, money, open tickets and cost: another plan property takes tiers away", async () => {
    const answer = await previewOf({ plan: { property: "edition" } });
    expect(Number(at(answer, "down.count"))).toBeGreaterThan(0);
    expect(at(answer, "down.accounts.0")).toMatchObject({
      account: { name: expect.any(String) },
      from: { id: expect.any(String) },
      to: { id: expect.any(String) },
      openTickets: 0,
    });
    expect(Number(at(answer, "cost.calls"))).toBeGreaterThan(0);
    expect(at(answer, "restartNeeded")).toEqual(["crm"]);
  });
});
