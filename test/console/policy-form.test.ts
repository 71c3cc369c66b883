import { describe, expect, test } from "@jest/globals";
import { type FormChange, type FormKey, formOf, withChange } from "../../src/console/policy-form.ts";
import { pathAt, policyHelp } from "../../src/console/policy-help.ts";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { pathText } from "../../src/policy/policy-findings.ts";
import { readPolicyText } from "../../src/policy-file.ts";

const help = policyHelp();
const fieldOf = (yaml: string, tier: string, key: FormKey) =>
  formOf(yaml, help)
    ?.find((one) => one.id === tier)
    ?.fields.find((one) => one.key === key);
/** Lines of one text that the other lacks. */
const changed = (before: string, after: string): readonly string[] => {
  const kept = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !kept.has(line));
};

describe("a field of a tier is written into the policy's text", () => {
  const text = demoPolicyText();
  const at = (id: string): number =>
    readPolicyText(text).policy?.tiers.findIndex((one) => one.id === id) ?? -1;
  const enterprise = at("enterprise");

  test.each<[string, Omit<FormChange, "tier">, readonly string[]]>([
    ["a name", { key: "name", value: ["Gold"] }, ["    name: Gold"]],
    [
      "an ARR threshold",
      { key: "arr_enter", value: ["120000"] },
      ["    eligibility: {any: [{plan: enterprise}, {arr: {enter: 120000, exit: 90000}}]}"],
    ],
    [
      "no ARR to stay",
      { key: "arr_exit", value: [] },
      ["    eligibility: {any: [{plan: enterprise}, {arr: {enter: 100000}}]}"],
    ],
    ["no way in by ARR", { key: "arr_enter", value: [] }, ["    eligibility: {any: [{plan: enterprise}]}"]],
    [
      "another plan",
      { key: "plans", value: ["enterprise", "pro"] },
      ["    eligibility: {any: [{plan: enterprise}, {arr: {enter: 100000, exit: 90000}}, {plan: pro}]}"],
    ],
    [
      "no plan",
      { key: "plans", value: [] },
      ["    eligibility: {any: [{arr: {enter: 100000, exit: 90000}}]}"],
    ],
    [
      "a lowest priority",
      { key: "priority_floor", value: ["high"] },
      ["    priority: {default: high, floor: high, ceiling: urgent, vip_step: true}"],
    ],
    [
      "no default priority",
      { key: "priority_default", value: [] },
      ["    priority: {floor: normal, ceiling: urgent, vip_step: true}"],
    ],
    ["a group", { key: "group", value: ["On-call"] }, ["      group: On-call"]],
    [
      "priorities after hours",
      { key: "after_hours_priorities", value: ["high", "urgent"] },
      ["      after_hours: {priorities: [high, urgent], group: On-call}"],
    ],
  ])("%s, and no other line is touched", (_name, change, lines) => {
    const made = withChange(text, { tier: enterprise, ...change });
    expect(changed(text, made)).toEqual(lines);
    expect(fieldOf(made, "enterprise", change.key)?.value).toEqual(change.value);
  });

  test.each<[string, string, Omit<FormChange, "tier">, string]>([
    [
      "the plan that counts unwritten stays when a door by ARR is added",
      "tiers:\n  - id: standard # everybody\n",
      { key: "arr_enter", value: ["500"] },
      "tiers:\n  - id: standard # everybody\n    eligibility: {any: [{plan: standard}, {arr: {enter: 500}}]}\n",
    ],
    [
      "a list that stands below each other keeps its comments",
      "tiers:\n  - id: a\n    eligibility:\n      any:\n        # sold\n        - plan: a # ours\n        - arr: {enter: 5}\n    name: A\n",
      { key: "arr_enter", value: [] },
      "tiers:\n  - id: a\n    eligibility:\n      any:\n        # sold\n        - plan: a # ours\n    name: A\n",
    ],
    [
      "an entry is added below the others",
      "tiers:\n  - id: a\n    eligibility:\n      any:\n        - plan: a # ours\n    name: A\n",
      { key: "arr_enter", value: ["7.50"] },
      'tiers:\n  - id: a\n    eligibility:\n      any:\n        - plan: a # ours\n        - {arr: {enter: "7.50"}}\n    name: A\n',
    ],
    [
      "a key that is taken out takes its line along",
      "tiers:\n  - id: a\n    name: A # short\n    rank: 1\n",
      { key: "name", value: [] },
      "tiers:\n  - id: a\n    rank: 1\n",
    ],
    [
      "a section that is missing is made",
      "tiers: [{id: a}]\n",
      { key: "after_hours_group", value: ["Night: shift"] },
      'tiers: [{id: a, routing: {after_hours: {group: "Night: shift"}}}]\n',
    ],
  ])("%s", (_name, before, change, after) => {
    expect(withChange(before, { tier: 0, ...change })).toBe(after);
  });

  test("what an anchor holds is left alone, not broken", () => {
    const anchored = "tiers:\n  - id: a\n    priority: &p {floor: low}\n  - id: b\n    priority: *p\n";
    expect(() => withChange(anchored, { tier: 1, key: "priority_floor", value: ["high"] })).toThrow();
    expect(() => withChange("tiers: [", { tier: 0, key: "name", value: ["x"] })).toThrow();
  });
});

test("every field of the form has the schema's words, and says what counts unwritten", () => {
  const fields = formOf("tiers: [{id: a}]\naddons: [{sku: S, grants: a}]\n", help)?.[0]?.fields ?? [];
  expect(fields).toHaveLength(12);
  expect(fields.filter((one) => one.help.length < 10)).toEqual([]);
  const told = Object.fromEntries(fields.map(({ key, usual, value }) => [key, usual ?? value]));
  expect(told).toMatchObject({ priority_default: "normal", plans: [], addons: ["S"], group: [] });
});

test("a text without tiers is no form", () => {
  expect(formOf("tiers: [", help)).toBeNull();
  expect(formOf("tiers: 7", help)).toBeNull();
  expect(formOf("", help)).toBeNull();
});

describe("the key under the cursor", () => {
  const text = [
    "timezone: UTC",
    "tiers:",
    "  # the best",
    "  - id: gold",
    "    eligibility: {any: [{plan: gold}, {arr: {enter: 5, exit: 4}}]}",
    "groups:",
    "  On-call: {schedule: always}",
    "",
  ].join("\n");
  test.each([
    ["timezone", "timezone"],
    ["UTC", "timezone"],
    ["- id", "tiers[0].id"],
    ["plan:", "tiers[0].eligibility.any[0].plan"],
    ["exit", "tiers[0].eligibility.any[1].arr.exit"],
    ["schedule", 'groups["On-call"].schedule'],
    ["# the best", ""],
  ])("at %s is %s", (word, path) => {
    const found = pathAt(text, text.indexOf(word));
    expect(pathText(found)).toBe(path);
    if (path !== "") expect(help(found)?.description).toMatch(/\.$/);
  });

  test("is told of while the text is half typed, and an unknown one is no error", () => {
    expect(pathText(pathAt("tiers:\n  - id: a\n    priority: {floor", 34))).toBe("tiers[0].priority.floor");
    expect(help(["tiers", 0, "nonsense"])).toBeNull();
  });
});
