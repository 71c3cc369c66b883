import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { errorOf, HOME, opened, running } from "./hubspot-standin.ts";

const READ = "/crm/objects/2026-09/companies/batch/read";
const PROPERTIES = "/crm/properties/2026-09/companies";

interface ReadBody {
  readonly inputs: readonly { readonly id: string }[];
  readonly properties: readonly string[];
}
const idsOf = (body: unknown): string => (body as ReadBody).inputs.map((input) => input.id).join(",");
const asking = (ids: string) => (body: unknown) => idsOf(body) === ids;

/** Shape of a partial answer: a test of HubSpot's contact batch in a public project, and HubSpot's error-handling guide. */
const notFound = (ids: readonly string[]) => ({
  status: "error",
  category: "OBJECT_NOT_FOUND",
  message: "Could not get some COMPANY objects, they may be deleted or not exist. Check that ids are valid.",
  context: { ids },
});

describe("companies are read fresh", () => {
  test("values come as text or null, with name, merged ids and stamp", async () => {
    nock(HOME)
      .post(
        READ,
        (body: ReadBody) =>
          body.properties.join() === "arr,plan,name,hs_merged_object_ids,hs_lastmodifieddate",
      )
      .reply(200, {
        results: [
          {
            id: "300",
            properties: {
              arr: 1250000.5,
              plan: "",
              name: "Zürich Käse",
              hs_merged_object_ids: "100; 200;300",
              hs_lastmodifieddate: "2026-11-22T08:00:00.000Z",
              unasked: "x",
            },
          },
        ],
      });
    expect(await opened().read(["300"], ["arr", "plan"], running())).toEqual({
      accounts: [
        {
          id: "300",
          name: "Zürich Käse",
          values: { arr: "1250000.5", plan: "" },
          aliases: ["100", "200"],
          updatedAt: "2026-11-22T08:00:00.000Z",
        },
      ],
      missing: [],
      moved: [],
    });
  });

  test("250 companies are read in three batches, each id once", async () => {
    const sizes: number[] = [];
    nock(HOME)
      .post(READ, (body: ReadBody) => sizes.push(body.inputs.length) > 0)
      .times(3)
      .reply(200, async (request: Request) => ({
        results: ((await request.json()) as ReadBody).inputs.map(({ id }) => ({ id })),
      }));
    const ids = Array.from({ length: 250 }, (_, index) => String(index + 1));
    const answer = await opened().read([...ids, "1", "2"], ["plan"], running());
    expect(sizes).toEqual([100, 100, 50]);
    expect(answer.accounts.map((account) => account.id)).toEqual(ids);
    expect(answer.accounts[0]?.values).toEqual({ plan: null });
  });

  test("a company that was merged away is answered by the one it went into", async () => {
    nock(HOME)
      .post(READ)
      .reply(200, { results: [{ id: "300", properties: { hs_merged_object_ids: "100;200" } }, { id: "7" }] });
    const answer = await opened().read(["7", "100", "200"], [], running());
    expect(answer.moved).toEqual([
      { from: "100", into: "300" },
      { from: "200", into: "300" },
    ]);
    expect(answer.missing).toEqual([]);
    expect(answer.accounts.map((account) => account.id)).toEqual(["300", "7"]);
  });

  test("a strange id without a list of merged ids is resolved by asking alone", async () => {
    nock(HOME)
      .post(READ, asking("7,100,200"))
      .reply(200, { results: [{ id: "300" }, { id: "7" }] });
    nock(HOME)
      .post(READ, asking("100"))
      .reply(200, { results: [{ id: "300" }] });
    nock(HOME)
      .post(READ, asking("200"))
      .reply(207, { results: [], errors: [notFound(["200"])] });
    const answer = await opened().read(["7", "100", "200"], [], running());
    expect(answer.moved).toEqual([{ from: "100", into: "300" }]);
    expect(answer.missing).toEqual(["200"]);
  });

  test("a partial answer gives the found ones and names the missing ones", async () => {
    nock(HOME)
      .post(READ)
      .reply(207, { results: [{ id: "1" }], numErrors: 1, errors: [notFound(["2"])] });
    const answer = await opened().read(["1", "2"], [], running());
    expect(answer.accounts.map((account) => account.id)).toEqual(["1"]);
    expect(answer.missing).toEqual(["2"]);
  });

  test("when none of the companies exists, HubSpot's 404 means missing, not broken", async () => {
    nock(HOME)
      .post(READ)
      .reply(404, notFound(["1", "2"]));
    expect(await opened().read(["1", "2"], [], running())).toEqual({
      accounts: [],
      missing: ["1", "2"],
      moved: [],
    });
  });

  test("a 404 that does not speak of companies means a wrong address, and nobody is missing", async () => {
    nock(HOME).post(READ).reply(404, { message: "no such route" });
    expect((await errorOf(opened().read(["1"], [], running()))).name).toBe("NeedsAdmin");
  });

  test("a company whose record cannot be read is not called missing", async () => {
    nock(HOME)
      .post(READ, asking("1,2"))
      .reply(200, { results: [{ id: "1" }, { id: { odd: true } }] });
    nock(HOME)
      .post(READ, asking("2"))
      .reply(200, { results: [{ id: { odd: true } }] });
    const answer = await opened().read(["1", "2"], [], running());
    expect(answer).toMatchObject({ missing: [], moved: [] });
    expect(answer.accounts.map((account) => account.id)).toEqual(["1"]);
  });

  test("something that is no id is missing and costs its mates nothing", async () => {
    nock(HOME)
      .post(READ, asking("1"))
      .reply(200, { results: [{ id: "1" }] });
    const answer = await opened().read(["1", "acme"], [], running());
    expect(answer.missing).toEqual(["acme"]);
    expect(answer.accounts).toHaveLength(1);
  });
});

describe("properties that can be mapped", () => {
  test("come with their options, whether they can be written, and a caution where the name misleads", async () => {
    nock(HOME)
      .get(PROPERTIES)
      .reply(200, {
        results: [
          null,
          { name: "annualrevenue", label: "Annual Revenue", type: "number", fieldType: "number" },
          {
            name: "plan_tier",
            label: "Plan",
            type: "enumeration",
            options: [{ label: "Gold", value: "gold", displayOrder: 0, hidden: false }, { value: 2 }, null],
            modificationMetadata: { readOnlyValue: false },
          },
          { name: "hs_arr", label: null, type: "number", calculated: true },
          { name: "hs_parent_company_id", type: "number", modificationMetadata: { readOnlyValue: true } },
        ],
      });
    const fields = await opened().fields();
    expect(fields.map((field) => [field.name, field.label, field.type, field.writable])).toEqual([
      ["annualrevenue", "Annual Revenue", "number", true],
      ["plan_tier", "Plan", "enumeration", true],
      ["hs_arr", "hs_arr", "number", false],
      ["hs_parent_company_id", "hs_parent_company_id", "number", false],
    ]);
    expect(fields[0]?.caution).toContain("not what they pay you");
    expect(fields[1]?.caution).toBeNull();
    expect(fields[2]?.caution).toContain("multi-year");
    expect(fields[1]?.options).toEqual([
      { value: "gold", label: "Gold" },
      { value: "2", label: "2" },
    ]);
  });
});
