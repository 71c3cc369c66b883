import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import type { NeedsAdmin } from "../../src/errors.ts";
import { answerJson, errorOf, HOME, local, opened, running, shown } from "./hubspot-standin.ts";

const UPDATE = "/crm/objects/2026-09/companies/batch/update";
const PROPERTY = "/crm/properties/2026-09/companies/support_tier";
const PROPERTIES = "/crm/properties/2026-09/companies";

interface UpdateBody {
  readonly inputs: readonly { readonly id: string; readonly properties: Readonly<Record<string, string>> }[];
}

const rows = (count: number, value = "gold") =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), value }));
const record = (id: string) => ({
  id,
  properties: { hs_lastmodifieddate: "2026-11-22T09:00:01Z" },
  updatedAt: "2026-11-22T09:00:01Z",
});

describe("the label is written record by record", () => {
  test("each written company answers with the stamp that our own write caused", async () => {
    nock(HOME)
      .post(UPDATE, {
        inputs: [
          { id: "1", properties: { support_tier: "gold" } },
          { id: "2", properties: { support_tier: "" } },
        ],
      })
      .reply(200, { status: "COMPLETE", results: [record("2"), record("1")] });
    const outcomes = await opened().writeLabels(
      [
        { id: "1", value: "silver" },
        { id: "2", value: "" },
        { id: "1", value: "gold" },
      ],
      "support_tier",
      running(),
    );
    const ok = { ok: true, retry: false, reason: null, updatedAt: "2026-11-22T09:00:01.000Z" };
    expect(outcomes).toEqual([
      { id: "1", ...ok },
      { id: "2", ...ok },
    ]);
  });

  test("a partly refused batch says for each company what became of it, never in the customer's words", async () => {
    nock(HOME)
      .post(UPDATE)
      .reply(207, {
        results: [record("1")],
        numErrors: 3,
        errors: [
          { category: "OBJECT_NOT_FOUND", message: "Acme is gone", context: { ids: ["2"] } },
          {
            category: "VALIDATION_ERROR",
            message: "Acme needs an industry",
            context: { ids: ["3"] },
            errors: [{ code: "MISSING_CONDITIONAL_REQUIRED_PROPERTY", message: "Acme" }],
          },
          { category: "VALIDATION_ERROR", message: "Acme!", context: { ids: ["4"] } },
        ],
      });
    const outcomes = await opened().writeLabels(rows(4), "support_tier", running());
    expect(outcomes.map(({ id, ok, retry, reason }) => [id, ok, retry, reason])).toEqual([
      ["1", true, false, null],
      ["2", false, false, "HubSpot has no company with this id"],
      [
        "3",
        false,
        false,
        "a conditional rule of this HubSpot account requires another property of the company to be filled first",
      ],
      ["4", false, false, "HubSpot refused the label (VALIDATION_ERROR)"],
    ]);
    expect(shown(outcomes)).not.toContain("Acme");
  });

  test("one company that gets the whole batch refused blocks none of its 99 mates", async () => {
    let calls = 0;
    const server = await local((_request, response, text) => {
      calls += 1;
      const { inputs } = JSON.parse(text) as UpdateBody;
      if (inputs.some((input) => input.id === "42"))
        answerJson(
          response,
          { category: "VALIDATION_ERROR", errors: [{ code: "MISSING_REQUIRED_PROPERTY", message: "x" }] },
          400,
        );
      else answerJson(response, { results: inputs.map((input) => record(input.id)) });
    });
    const outcomes = await opened({ url: server.url }).writeLabels(rows(100), "support_tier", running());
    await server.close();
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(99);
    expect(outcomes.filter((outcome) => !outcome.ok).map((outcome) => outcome.id)).toEqual(["42"]);
    expect(calls).toBeLessThanOrEqual(15);
  });

  test("a value the property has no option for is refused once, not company by company", async () => {
    let calls = 0;
    const server = await local((_request, response, text) => {
      calls += 1;
      const { inputs } = JSON.parse(text) as UpdateBody;
      const bad = inputs.some((input) => input.properties.support_tier === "Gold");
      const message = 'Property values were not valid: [{"error":"INVALID_OPTION","name":"support_tier"}]';
      if (bad) answerJson(response, { category: "VALIDATION_ERROR", message }, 400);
      else answerJson(response, { results: inputs.map((input) => record(input.id)) });
    });
    const all = [...rows(150, "Gold"), { id: "900", value: "gold" }];
    const outcomes = await opened({ url: server.url }).writeLabels(all, "support_tier", running());
    await server.close();
    expect(outcomes).toHaveLength(151);
    expect(outcomes.filter((outcome) => outcome.ok).map((outcome) => outcome.id)).toEqual(["900"]);
    expect(outcomes.find((outcome) => outcome.id === "77")?.reason).toContain("no such option");
    expect(calls).toBeLessThanOrEqual(10);
  });

  test("a company merged away takes its label under the new id", async () => {
    nock(HOME)
      .post(UPDATE)
      .reply(200, { results: [record("1"), record("300")] });
    nock(HOME)
      .post(UPDATE)
      .reply(200, { results: [record("300")] });
    const outcomes = await opened().writeLabels(rows(2), "support_tier", running());
    expect(outcomes.map(({ id, ok }) => [id, ok])).toEqual([
      ["1", true],
      ["2", true],
    ]);
  });

  test("when HubSpot closes in the middle, what was written is kept and the rest waits for the next run", async () => {
    nock(HOME)
      .post(UPDATE)
      .reply(200, async (request: Request) => ({
        results: ((await request.json()) as UpdateBody).inputs.map((input) => record(input.id)),
      }));
    nock(HOME).post(UPDATE).reply(401, {});
    const outcomes = await opened().writeLabels(rows(150), "support_tier", running());
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome.retry)).toHaveLength(50);
  });

  test("when nothing could be written at all, the reason is an error", async () => {
    nock(HOME).post(UPDATE).reply(401, {});
    expect((await errorOf(opened().writeLabels(rows(2), "support_tier", running()))).name).toBe("Paused");
  });

  test("a property that does not exist needs a person, and costs two calls, not two hundred", async () => {
    const message = 'Property "support_tier" does not exist';
    nock(HOME)
      .post(UPDATE)
      .reply(400, { category: "VALIDATION_ERROR", errors: [{ code: "PROPERTY_DOESNT_EXIST", message }] });
    nock(HOME)
      .get(PROPERTIES)
      .reply(200, { results: [{ name: "support_level" }] });
    const crm = opened();
    const error = await errorOf(crm.writeLabels(rows(100), "support_tier", running()));
    expect((error as NeedsAdmin).fix).toContain("support_level");
    expect(crm.calls()).toEqual({ search: 0, general: 2 });
  });

  test("a locked company is tried again after two seconds", async () => {
    nock(HOME).post(UPDATE).reply(423, { category: "LOCKED" });
    nock(HOME)
      .post(UPDATE)
      .reply(200, { results: [record("1")] });
    const crm = opened();
    expect(await crm.writeLabels(rows(1), "support_tier", running())).toMatchObject([{ ok: true }]);
    expect(crm.waits).toEqual([2_000]);
  });
});

const TIERS = [
  { value: "gold", label: "Gold" },
  { value: "silver", label: "Silver" },
];
const dropDown = (options: unknown[], more: object = {}) => ({
  name: "support_tier",
  label: "Support tier",
  type: "enumeration",
  fieldType: "select",
  options,
  ...more,
});
const option = (value: string, displayOrder: number) => ({
  value,
  label: value,
  displayOrder,
  hidden: false,
});

describe("the label property is made ready", () => {
  test("it is created as a drop-down with every tier when it does not exist", async () => {
    nock(HOME).get(PROPERTY).reply(404, { category: "OBJECT_NOT_FOUND" });
    nock(HOME)
      .post(
        PROPERTIES,
        (body: Record<string, unknown>) =>
          body.name === "support_tier" &&
          body.groupName === "companyinformation" &&
          body.type === "enumeration" &&
          body.fieldType === "select" &&
          JSON.stringify(body.options) ===
            '[{"hidden":false,"displayOrder":0,"label":"Gold","value":"gold"},{"hidden":false,"displayOrder":1,"label":"Silver","value":"silver"}]',
      )
      .reply(201, dropDown([option("gold", 0), option("silver", 1)]));
    expect(await opened().ensureLabel("support_tier", TIERS)).toEqual({ created: true, added: [] });
  });

  test("nothing is written when every tier has its option", async () => {
    nock(HOME)
      .get(PROPERTY)
      .reply(200, dropDown([option("silver", 0), option("gold", 1)]));
    expect(await opened().ensureLabel("support_tier", TIERS)).toEqual({ created: false, added: [] });
  });

  test("a missing option is added behind the others, and none of them is lost", async () => {
    const theirs = {
      value: "legacy",
      label: "Old",
      description: "do not use",
      displayOrder: 4,
      hidden: true,
    };
    nock(HOME)
      .get(PROPERTY)
      .reply(200, dropDown([theirs, option("gold", 0)]));
    let sent: unknown;
    nock(HOME)
      .patch(PROPERTY, (body: Record<string, unknown>) => {
        sent = body.options;
        return Object.keys(body).join() === "options";
      })
      .reply(200, dropDown([]));
    expect(await opened().ensureLabel("support_tier", TIERS)).toEqual({ created: false, added: ["silver"] });
    expect(sent).toEqual([
      theirs,
      option("gold", 0),
      { value: "silver", label: "Silver", displayOrder: 5, hidden: false },
    ]);
  });

  test("somebody creating it in the same moment is no problem", async () => {
    nock(HOME).get(PROPERTY).reply(404, {});
    // Code as in public reports: creating a property that exists answers 409.
    nock(HOME).post(PROPERTIES).reply(409, { subCategory: "Properties.PROPERTY_WITH_NAME_EXISTS" });
    nock(HOME)
      .get(PROPERTY)
      .reply(200, dropDown([option("gold", 0)]));
    nock(HOME).patch(PROPERTY).reply(200, dropDown([]));
    expect(await opened().ensureLabel("support_tier", TIERS)).toEqual({ created: false, added: ["silver"] });
  });

  test("an archived property of the same name comes back with its old options and gets the missing ones", async () => {
    nock(HOME).get(PROPERTY).reply(404, {});
    nock(HOME)
      .post(PROPERTIES)
      .reply(201, dropDown([option("bronze", 0)]));
    nock(HOME).patch(PROPERTY).reply(200, dropDown([]));
    expect(await opened().ensureLabel("support_tier", TIERS)).toEqual({
      created: true,
      added: ["gold", "silver"],
    });
  });

  test("a text property takes every label as it is", async () => {
    nock(HOME)
      .get(PROPERTY)
      .reply(200, dropDown([], { type: "string", fieldType: "text" }));
    expect(await opened().ensureLabel("support_tier", TIERS)).toEqual({ created: false, added: [] });
  });

  test.each([
    ["a number", { type: "number", fieldType: "number" }],
    ["a multiple choice", { fieldType: "checkbox" }],
    ["read-only", { modificationMetadata: { readOnlyValue: true } }],
    ["calculated", { calculated: true }],
  ])("a property that is %s is never changed; a person must name another one", async (_name, more) => {
    nock(HOME).get(PROPERTY).reply(200, dropDown([], more));
    const error = await errorOf(opened().ensureLabel("support_tier", TIERS));
    expect((error as NeedsAdmin).fix).toContain("crm.hubspot.label");
  });

  test("a token without the scope for properties is told which one is missing", async () => {
    nock(HOME).get(PROPERTY).reply(404, {});
    nock(HOME)
      .post(PROPERTIES)
      .reply(403, {
        category: "MISSING_SCOPES",
        errors: [{ context: { requiredGranularScopes: ["crm.schemas.companies.write"] } }],
      });
    const error = await errorOf(opened().ensureLabel("support_tier", TIERS));
    expect((error as NeedsAdmin).fix).toContain("crm.schemas.companies.write");
  });
});
