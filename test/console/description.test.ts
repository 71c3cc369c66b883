import { describe, expect, test } from "@jest/globals";
import { apiDescription, apiRoutes } from "../../src/console/routes.ts";

type Json = Readonly<Record<string, unknown>>;
const description = apiDescription() as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
};
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ name: `${method} ${path}`, one })),
);

describe("the API's description", () => {
  test("has every route that answers, and none that does not", () => {
    expect(operations.map(({ name }) => name).toSorted()).toEqual(
      apiRoutes.map((one) => `${one.method} ${one.path}`).toSorted(),
    );
  });

  test("names every operation differently and says in words what it does and who may", () => {
    const ids = operations.map(({ one }) => one.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, one } of operations) {
      expect([name, String(one.summary).length > 10]).toEqual([name, true]);
      expect(["anyone", "agent", "admin"]).toContain(one["x-access"]);
    }
  });

  test("refers to nothing that is not in it", () => {
    const text = JSON.stringify(description);
    const named = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((found) => found[1] ?? "");
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !(name in description.components.schemas))).toEqual([]);
    expect(text).not.toContain("$defs");
  });

  test("declares every part of an address as a parameter, and the header that keeps other sites out", () => {
    for (const { name, one } of operations) {
      const parameters = one.parameters as readonly { readonly name: string; readonly in: string }[];
      const wanted = [...name.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      expect([name, parameters.filter((each) => each.in === "path").map((each) => each.name)]).toEqual([
        name,
        wanted,
      ]);
      const header = parameters.some((each) => each.in === "header" && each.name === "x-priority-support");
      expect([name, header]).toEqual([name, !name.startsWith("get ")]);
    }
  });

  test("says of moments that they are moments and of money that it is exact text", () => {
    const { Money, DecisionRow } = description.components.schemas;
    expect(Money).toMatchObject({ properties: { amount: { type: "string" } } });
    expect(DecisionRow).toMatchObject({ properties: { decidedAt: { format: "date-time" } } });
  });
});
