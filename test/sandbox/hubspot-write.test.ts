import { describe, expect, test } from "@jest/globals";
import { choices, companyDefinitions } from "../../src/sandbox/hubspot.ts";
import { idsOf, withCrm } from "./crm-under-test.ts";

const UPDATE = "/crm/objects/2026-09/companies/batch/update";
const PROPERTIES = "/crm/properties/2026-09/companies";
const writes = (
  ...rows: readonly (readonly [id: string, properties: Readonly<Record<string, unknown>>])[]
) => ({
  inputs: rows.map(([id, properties]) => ({ id, properties })),
});

describe("writing companies", () => {
  test("changes what is named, clears with an empty text, and leaves the rest", () =>
    withCrm({}, async ({ crm, post }) => {
      const set = await post(UPDATE, writes(["1001", { support_tier: "pro" }]));
      expect(set.status).toBe(200);
      expect(crm.state.value("1001", "support_tier")).toBe("pro");
      await post(UPDATE, writes(["1001", { support_tier: "" }]));
      expect(crm.state.value("1001", "support_tier")).toBeNull();
      expect(crm.state.value("1001", "name")).toBe("Company 1");
    }));

  test("writes the others when one record is unknown, and says which", () =>
    withCrm({}, async ({ crm, post }) => {
      const answer = await post(
        UPDATE,
        writes(["1001", { support_tier: "pro" }], ["404", { support_tier: "pro" }]),
      );
      expect(answer.status).toBe(207);
      expect(idsOf(answer)).toEqual(["1001"]);
      expect(answer.body).toMatchObject({ numErrors: 1, errors: [{ context: { ids: ["404"] } }] });
      expect(crm.state.value("1001", "support_tier")).toBe("pro");
    }));

  test("lets the customer's own rules refuse single records", () => {
    const rules = [
      { property: "plan_tier" },
      { property: "contract_end_date", when: { property: "account_status", value: "Active" } },
    ];
    return withCrm({ rules }, async ({ crm, post }) => {
      crm.setCompany("1001", { plan_tier: "Pro" });
      crm.setCompany("1002", { plan_tier: "Pro", account_status: "Active" });
      const label = { support_tier: "pro" };
      const mixed = await post(UPDATE, writes(["1001", label], ["1002", label], ["1003", label]));
      expect(mixed.status).toBe(207);
      expect(idsOf(mixed)).toEqual(["1001"]);
      expect(mixed.body?.errors.map((row) => [row.context.ids, row.errors?.[0]?.code])).toEqual([
        [["1002"], "MISSING_CONDITIONAL_REQUIRED_PROPERTY"],
        [["1003"], "MISSING_REQUIRED_PROPERTY"],
      ]);
      const alone = await post(UPDATE, writes(["1003", label]));
      expect(alone.status).toBe(400);
      expect(alone.body?.errors[0]).toMatchObject({
        code: "MISSING_REQUIRED_PROPERTY",
        context: { ids: ["1003"] },
      });
      expect(crm.state.value("1003", "support_tier")).toBeNull();
    });
  });

  test("refuses the whole batch for a value that no record can hold, and writes nothing", () => {
    const properties = companyDefinitions(choices(["gold", "Gold"]));
    return withCrm({ properties }, async ({ crm, post }) => {
      const refused: readonly [code: string, values: Readonly<Record<string, unknown>>][] = [
        ["PROPERTY_DOESNT_EXIST", { nonsense: "1" }],
        ["INVALID_OPTION", { support_tier: "Gold" }],
        ["INVALID_OPTION", { support_addons: "ENT-SUPPORT;NEW" }],
        ["READ_ONLY_VALUE", { hs_parent_company_id: "1002" }],
        ["INVALID_LONG", { annualrevenue: "12k" }],
        ["INVALID_VALUE", { support_tier: null }],
      ];
      for (const [code, values] of refused) {
        const answer = await post(UPDATE, writes(["1002", { name: "Changed" }], ["1001", values]));
        expect([code, answer.status, answer.body?.errors[0]?.code]).toEqual([code, 400, code]);
      }
      expect(crm.state.value("1002", "name")).toBe("Company 2");
      const good = await post(
        UPDATE,
        writes(["1001", { support_tier: "gold", support_addons: "GOLD-CARE;ENT-SUPPORT" }]),
      );
      expect(good.status).toBe(200);
    });
  });

  test("writes through the old id of a merged company to the new record", () =>
    withCrm({}, async ({ crm, post }) => {
      const merged = crm.merge("1001", "1002");
      const answer = await post(UPDATE, writes(["1002", { support_tier: "pro" }]));
      expect(idsOf(answer)).toEqual([merged]);
      expect(crm.state.value(merged, "support_tier")).toBe("pro");
    }));

  test("takes a hundred records, not more, and no record twice", () =>
    withCrm({}, async ({ post }) => {
      const many = Array.from({ length: 101 }, (_, at) => [String(at), {}] as const);
      expect((await post(UPDATE, writes(...many))).status).toBe(400);
      expect((await post(UPDATE, writes(["1001", {}], ["1001", {}]))).status).toBe(400);
      expect((await post(UPDATE, "not json")).status).toBe(400);
    }));

  test("notes in the journal what a request changed, and nothing for a refused one", () =>
    withCrm({}, async ({ crm, post }) => {
      await post(UPDATE, writes(["1001", { support_tier: "pro" }]));
      await post(UPDATE, writes(["1001", { nonsense: "x" }]));
      expect(crm.journal.map((row) => [row.callClass, row.status, row.effect])).toEqual([
        ["batch_update", 200, [{ company: "1001", wrote: { support_tier: "pro" } }]],
        ["batch_update", 400, []],
      ]);
      expect(crm.calls()).toEqual({ batch_update: 2 });
    }));
});

describe("property definitions", () => {
  const tier = {
    name: "support_tier",
    label: "Support tier",
    type: "enumeration",
    fieldType: "select",
    groupName: "companyinformation",
    options: [{ label: "Pro", value: "pro" }],
  };

  test("tell types, options, and who may write", () =>
    withCrm({}, async ({ get }) => {
      const { results } = JSON.parse((await get(PROPERTIES)).text);
      const named = (name: string) => results.find((row: { name: string }) => row.name === name);
      expect(named("account_status").options.map((row: { value: string }) => row.value)).toContain("Unpaid");
      expect(named("hs_parent_company_id")).toMatchObject({
        type: "number",
        hubspotDefined: true,
        modificationMetadata: { readOnlyValue: true },
      });
      expect(named("support_tam")).toMatchObject({ externalOptions: true, referencedObjectType: "OWNER" });
      expect(named("total_revenue")).toMatchObject({ calculated: true });
      expect(named("annualrevenue")).toMatchObject({ label: "Annual Revenue", type: "number" });
    }));

  test("are created once, and a second time is a conflict with a code", () =>
    withCrm({ properties: companyDefinitions("absent") }, async ({ post, get }) => {
      expect((await get(`${PROPERTIES}/support_tier`)).status).toBe(404);
      expect((await post(PROPERTIES, tier)).status).toBe(201);
      const again = await post(PROPERTIES, tier);
      expect(again.status).toBe(409);
      expect(again.body?.errors[0]?.code).toBe("Properties.PROPERTY_WITH_NAME_EXISTS");
      const label = await post(UPDATE, writes(["1001", { support_tier: "pro" }]));
      expect(label.status).toBe(200);
    }));

  test("lose the options that a change leaves out", () =>
    withCrm({ properties: companyDefinitions("absent") }, async ({ post, send }) => {
      await post(PROPERTIES, tier);
      await send("PATCH", `${PROPERTIES}/support_tier`, { options: [{ label: "Gold", value: "gold" }] });
      expect((await post(UPDATE, writes(["1001", { support_tier: "pro" }]))).status).toBe(400);
      expect((await post(UPDATE, writes(["1001", { support_tier: "gold" }]))).status).toBe(200);
    }));

  test("come back when an archived name is created again", () =>
    withCrm({ properties: companyDefinitions("absent") }, async ({ post, send, get }) => {
      await post(PROPERTIES, tier);
      expect((await send("DELETE", `${PROPERTIES}/support_tier`)).status).toBe(204);
      expect((await get(`${PROPERTIES}/support_tier`)).status).toBe(404);
      expect((await get(`${PROPERTIES}?archived=true`)).body?.results.map((row) => row.name)).toEqual([
        "support_tier",
      ]);
      const restored = await post(PROPERTIES, { ...tier, label: "Something else" });
      expect(restored.status).toBe(201);
      expect(JSON.parse(restored.text)).toMatchObject({ label: "Support tier", archived: false });
    }));

  test("of HubSpot's own cannot be changed", () =>
    withCrm({}, async ({ send }) => {
      expect((await send("PATCH", `${PROPERTIES}/domain`, { label: "Mine" })).status).toBe(400);
    }));
});
