import { describe, expect, test } from "@jest/globals";
import { ancestryOf, familyOf } from "../../src/policy/family.ts";
import type { Account } from "../../src/policy/model.ts";
import { account, byId, policy, verdict } from "../builders.ts";

const rules = policy();

const below = (id: string, parentId: string | null, changes: Partial<Account> = {}): Account =>
  account({ id, parentId, ...changes });

function around(id: string, accounts: readonly Account[], under = rules) {
  const all = byId(accounts);
  const one = all.get(id) ?? account({ id });
  const ancestry = ancestryOf(one, all, under);
  return {
    above: ancestry.ancestors.map((ancestor) => ancestor.id),
    cycle: ancestry.cycle,
    family: familyOf(one, ancestry, all, under)
      .map((member) => member.id)
      .toSorted(),
  };
}

describe("a family", () => {
  const tree = [
    below("top", null),
    below("mid", "top"),
    below("me", "mid"),
    below("sister", "mid"),
    below("aunt", "top"),
    below("niece", "sister"),
  ];

  test("is everyone below the topmost account, at any depth", () => {
    expect(around("me", tree)).toEqual({
      above: ["mid", "top"],
      cycle: false,
      family: ["aunt", "me", "mid", "niece", "sister", "top"],
    });
  });

  test("is the same for the topmost account itself", () => {
    expect(around("top", tree)).toMatchObject({
      above: [],
      family: ["aunt", "me", "mid", "niece", "sister", "top"],
    });
  });

  test("ends below a parent that is not known", () => {
    expect(around("me", [below("me", "ghost"), below("kid", "me")])).toEqual({
      above: [],
      cycle: false,
      family: ["kid", "me"],
    });
  });

  test("has no ancestors for an account that stands alone, only what is below it", () => {
    const alone = tree.map((one) => (one.id === "mid" ? { ...one, standalone: true } : one));
    expect(around("mid", alone)).toEqual({
      above: [],
      cycle: false,
      family: ["me", "mid", "niece", "sister"],
    });
  });

  test("has the standalone account above as its top, which takes part", () => {
    const alone = tree.map((one) => (one.id === "mid" ? { ...one, standalone: true } : one));
    expect(around("me", alone)).toEqual({
      above: ["mid"],
      cycle: false,
      family: ["me", "mid", "niece", "sister"],
    });
  });

  test("is without a standalone account and all below it, when seen from beside it", () => {
    const alone = tree.map((one) => (one.id === "sister" ? { ...one, standalone: true } : one));
    expect(around("me", alone).family).toEqual(["aunt", "me", "mid", "top"]);
  });

  test("counts everyone where the policy does not respect standing alone", () => {
    const open = policy({ rollup: { ...rules.rollup, respectStandalone: false } });
    const alone = tree.map((one) => (one.id === "me" ? { ...one, standalone: true } : one));
    expect(around("me", alone, open).above).toEqual(["mid", "top"]);
  });

  const chain = (length: number): readonly Account[] =>
    Array.from({ length }, (_, i) => below(`n${i}`, i + 1 < length ? `n${i + 1}` : null));

  test("has its top where the climb ends after ten steps, without limit downwards", () => {
    const accounts = [...chain(13), below("cousin", "n10"), below("stranger", "n11"), below("deep", "n0")];
    const found = around("n0", accounts);
    expect(found.above).toEqual(["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10"]);
    expect(found.family).toContain("cousin");
    expect(found.family).toContain("deep");
    expect(found.family).not.toContain("stranger");
    expect(found.cycle).toBe(false);
  });

  test("is the account alone where the parents run in a circle", () => {
    const ring = [below("a", "b"), below("b", "c"), below("c", "b"), below("kid", "a")];
    expect(around("a", ring)).toEqual({ above: [], cycle: true, family: ["a"] });
    expect(around("self", [below("self", "self")])).toEqual({ above: [], cycle: true, family: ["self"] });
  });

  test("is not led astray by a circle the climb never meets", () => {
    const accounts = [below("me", "top"), below("top", "me", { standalone: true }), below("kid", "me")];
    expect(around("me", accounts)).toEqual({ above: ["top"], cycle: false, family: ["kid", "me", "top"] });
  });

  test("is not led astray by a circle longer than the climb", () => {
    const short = policy({ rollup: { ...rules.rollup, maxDepth: 2 } });
    const ring = [below("a", "b"), below("b", "c"), below("c", "d"), below("d", "a")];
    expect(around("a", ring, short)).toMatchObject({ above: ["b", "c"], cycle: false });
  });
});

describe("parents that run in a circle", () => {
  const ring = (changes: Partial<Account>): readonly Account[] => [
    below("a", "b", { plan: "Pro", ...changes }),
    below("b", "a", { plan: "Enterprise" }),
  ];
  test.each([
    ["are reported for review", {}, true],
    ["are reported whatever the contract's state", { contractEnd: "2025-12-31" }, true],
    ["are not looked at on trial", { status: "trial" as const }, false],
  ])("%s", (_sentence, changes, reported) => {
    const found = verdict(ring(changes), rules);
    expect(found.reasons.includes("hierarchy_cycle")).toBe(reported);
    expect(found.flags.includes("review")).toBe(reported);
  });
});
