import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { withoutArr } from "../../src/console/money.ts";
import { at, type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

test("an answer without ARR keeps its shape: amounts are null, sums empty, facts about it gone", () => {
  const answer = {
    arr: { amount: "1", currency: "USD" },
    runs: [{ arr: [{ amount: "1", currency: null }], name: "x" }],
    facts: [
      { name: "plan", words: "plan", value: "Pro" },
      { name: "arr", words: "ARR", value: "1 USD" },
    ],
    factsUsed: [{ fact: "arr_sum", words: "ARR", value: "1 USD" }],
    columns: [{ name: "arr", title: "ARR" }],
  };
  expect(withoutArr(answer)).toEqual({
    arr: null,
    runs: [{ arr: [], name: "x" }],
    facts: [{ name: "plan", words: "plan", value: "Pro" }],
    factsUsed: [],
    columns: [{ name: "arr", title: "ARR" }],
  });
});

describe("ARR in the console", () => {
  let installation: ConsoleWorld;
  let admin: Person;
  let agent: Person;
  beforeAll(async () => {
    installation = await startConsoleWorld();
    [admin, agent] = [await installation.as("admin"), await installation.as("agent")];
  }, 60_000);
  afterAll(() => installation?.close());

  test("is told to administrators, and to agents on no page", async () => {
    const id = `hubspot:${installation.world.customer("arr_eur").companyId}`;
    const paths = [
      "/customers?limit=200",
      `/customers/${id}`,
      "/movements",
      "/reviews",
      "/reports/capacity/shown",
    ];
    const told = async (who: Person) => Promise.all(paths.map((path) => who.call("GET", `/api/v1${path}`)));
    const [full, light] = [await told(admin), await told(agent)];
    expect([...full, ...light].map(({ status }) => status)).toEqual([...paths, ...paths].map(() => 200));
    const [, story] = full;
    const arr = story === undefined ? "" : String(at(story, "arr.amount"));
    expect(Number(arr)).toBeGreaterThan(0);
    expect(full.slice(0, 2).every(({ text }) => text.includes(arr))).toBe(true);
    for (const { text } of light) expect(text).not.toMatch(new RegExp(`\\b${arr}\\b|"amount"`));
    expect((await agent.call("GET", "/api/v1/session")).body).toMatchObject({ seesMoney: false });
  });
});
