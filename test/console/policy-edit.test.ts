import { describe, expect, test } from "@jest/globals";
import { nextVersion, type Written, withValue } from "../../src/console/policy-edit.ts";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { readPolicyText } from "../../src/policy-file.ts";

const changed = (before: string, after: string): readonly string[] => {
  const kept = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !kept.has(line));
};

describe("a choice is written into the policy's text", () => {
  test.each<[string, string, readonly string[], Written, string]>([
    [
      "over a plain name, its comment kept",
      "crm:\n  hubspot:\n    plan: a  # ours\n",
      ["crm", "hubspot", "plan"],
      "b",
      "crm:\n  hubspot:\n    plan: b  # ours\n",
    ],
    [
      "over details",
      "crm: {hubspot: {arr: {property: x, currency: USD}}}",
      ["crm", "hubspot", "arr"],
      { property: "y", currency: "EUR" },
      "crm: {hubspot: {arr: {property: y, currency: EUR}}}",
    ],
    [
      "over details that stand below each other",
      "crm:\n  hubspot:\n    arr:\n      property: x\n      currency: USD\n    plan: p\n",
      ["crm", "hubspot", "arr"],
      { property: "y" },
      "crm:\n  hubspot:\n    arr: {property: y}\n    plan: p\n",
    ],
    [
      "into details alone",
      "crm:\n  hubspot:\n    status: {property: s, map: {Late: past_due}} # words\n",
      ["crm", "hubspot", "status", "property"],
      "t",
      "crm:\n  hubspot:\n    status: {property: t, map: {Late: past_due}} # words\n",
    ],
    [
      "as a new line behind the others",
      "crm:\n  hubspot:\n    plan: a # ours\ntiers: []\n",
      ["crm", "hubspot", "owner"],
      "o",
      "crm:\n  hubspot:\n    plan: a # ours\n    owner: o\ntiers: []\n",
    ],
    [
      "as a new entry of a line",
      "plan_map: {free: standard, pro: pro}\n",
      ["plan_map", "Gold: 1"],
      "pro",
      'plan_map: {free: standard, pro: pro, "Gold: 1": pro}\n',
    ],
    [
      "over a plan that is spelt otherwise",
      "plan_map:\n  Enterprise  Plus: pro\n",
      ["plan_map", "enterprise plus"],
      "gold",
      "plan_map:\n  Enterprise  Plus: gold\n",
    ],
    [
      "where the whole section is missing",
      "tiers: [{id: standard}]",
      ["crm", "hubspot", "plan"],
      "p",
      "tiers: [{id: standard}]\ncrm:\n  hubspot:\n    plan: p",
    ],
    [
      "where the section is empty",
      "crm:\ntiers: []\n",
      ["crm", "hubspot", "plan"],
      "p",
      "crm: {hubspot: {plan: p}}\ntiers: []\n",
    ],
    [
      "as nothing",
      "crm:\n  hubspot:\n    tam: t\n",
      ["crm", "hubspot", "tam"],
      null,
      "crm:\n  hubspot:\n    tam: null\n",
    ],
    [
      "over a list",
      "crm:\n  hubspot:\n    domains:\n      - a\n      - b\n    plan: p\n",
      ["crm", "hubspot", "domains"],
      ["c"],
      "crm:\n  hubspot:\n    domains: [c]\n    plan: p\n",
    ],
  ])("%s", (_name, before, path, value, after) => {
    expect(withValue(before, path, value)).toBe(after);
  });

  test("and nothing else of a whole policy is touched, whatever the name holds", () => {
    const text = demoPolicyText();
    for (const name of ["plain_name", 'a "quoted": {name} # <b>', "null", "ünï"]) {
      const made = withValue(text, ["crm", "hubspot", "plan"], name);
      expect(changed(text, made)).toHaveLength(1);
      expect(readPolicyText(made).policy?.crm.hubspot?.plan?.property).toBe(name);
    }
    const mapped = withValue(text, ["plan_map", "platinum"], "enterprise");
    expect(changed(text, mapped)).toEqual(["  platinum: enterprise"]);
  });
});

test("the version behind another one is the next number that nobody took", async () => {
  const taken = new Set(["2026-06.2", "v9"]);
  const isTaken = async (one: string) => taken.has(one);
  const next = (version: string) => nextVersion(version, isTaken);
  expect(await next("2026-06.1")).toBe("2026-06.3");
  expect(await next("v8")).toBe("v10");
  expect(await next("2026-06-30")).toBe("2026-06-30.1");
  expect(await next("spring")).toBe("spring-2");
});
