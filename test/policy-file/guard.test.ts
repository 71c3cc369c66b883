import { describe, expect, test } from "@jest/globals";
import { type GuardInput, guard } from "../../src/policy/guard.ts";
import { policyOf } from "./example.ts";

const POLICY = policyOf({ tiers: [{ id: "standard" }, { id: "pro" }, { id: "gold" }] });

const moves = (count: number, fromTier: string, toTier: string, name = "a") =>
  Array.from({ length: count }, (_, index) => ({ accountId: `${name}${index}`, fromTier, toTier }));

function input(over: Partial<GuardInput>): GuardInput {
  return {
    proposed: [],
    demotionsInWindow: 0,
    accountsAboveDefault: 100,
    tierSizes: { standard: 1000, pro: 600, gold: 600 },
    listing: null,
    ...over,
  };
}

describe("the brake on waves of demotions", () => {
  test.each<readonly [string, Partial<GuardInput>, readonly string[]]>([
    ["ten demotions pass", { proposed: moves(10, "pro", "standard") }, []],
    ["the eleventh does not", { proposed: moves(11, "pro", "standard") }, ["too_many_demotions"]],
    [
      "earlier ones of the window count",
      { proposed: moves(1, "gold", "pro"), demotionsInWindow: 10 },
      ["too_many_demotions"],
    ],
    [
      "a large programme has room for its share",
      { proposed: moves(50, "pro", "standard"), accountsAboveDefault: 1000 },
      [],
    ],
    [
      "but not for more",
      { proposed: moves(51, "pro", "standard"), accountsAboveDefault: 1000 },
      ["too_many_demotions"],
    ],
    [
      "500 pass where the share allows",
      { proposed: moves(500, "pro", "standard"), accountsAboveDefault: 20000 },
      [],
    ],
    [
      "501 never pass by themselves",
      { proposed: moves(501, "pro", "standard"), accountsAboveDefault: 20000 },
      ["hard_limit"],
    ],
    [
      "a tier that everybody leaves",
      { proposed: moves(3, "gold", "pro"), tierSizes: { gold: 3 } },
      ["tier_emptied"],
    ],
    ["a tier with one left", { proposed: moves(2, "gold", "pro"), tierSizes: { gold: 3 } }, []],
    [
      "the only customer of a tier may leave it",
      { proposed: moves(1, "gold", "pro"), tierSizes: { gold: 1 } },
      [],
    ],
    [
      "a listing a fifth shorter is believed",
      { proposed: moves(1, "pro", "standard"), listing: { previous: 100, now: 80 } },
      [],
    ],
    [
      "one shorter than that is not",
      { proposed: moves(1, "pro", "standard"), listing: { previous: 100, now: 79 } },
      ["listing_shrank"],
    ],
    [
      "an empty listing is not",
      { proposed: moves(1, "pro", "standard"), listing: { previous: 5, now: 0 } },
      ["listing_shrank"],
    ],
    [
      "the first listing ever is",
      { proposed: moves(1, "pro", "standard"), listing: { previous: 0, now: 0 } },
      [],
    ],
    [
      "upgrades pass in any number",
      { proposed: moves(5000, "standard", "gold"), demotionsInWindow: 400 },
      [],
    ],
    [
      "upgrades pass though the listing shrank",
      { proposed: moves(1, "standard", "gold"), listing: { previous: 9, now: 0 } },
      [],
    ],
    [
      "leaving a tier that no longer exists is a demotion",
      { proposed: moves(11, "platinum", "gold") },
      ["too_many_demotions"],
    ],
    [
      "several causes are all told",
      { proposed: moves(11, "gold", "pro"), tierSizes: { gold: 11 }, listing: { previous: 99, now: 1 } },
      ["too_many_demotions", "tier_emptied", "listing_shrank"],
    ],
  ])("%s", (_what, over, codes) => {
    const verdict = guard(input(over), POLICY);
    expect(verdict.codes).toEqual(codes);
    expect(verdict.reason === null).toBe(codes.length === 0);
    expect(verdict.held.length > 0).toBe(codes.length > 0);
  });

  test("holds every demotion of the run and no upgrade", () => {
    const proposed = [...moves(11, "pro", "standard", "down"), ...moves(3, "standard", "pro", "up")];
    const { held, reason } = guard(input({ proposed }), POLICY);
    expect(held).toEqual(moves(11, "pro", "standard", "down").map((move) => move.accountId));
    expect(reason).toBe("11 demotions within 24 hours; 10 pass by themselves.");
  });

  test("follows the policy's own limits", () => {
    const strict = policyOf({
      tiers: [{ id: "standard" }, { id: "pro" }],
      guard: { demotions: 0, share: 0, hard: 1, window_hours: 2 },
    });
    expect(guard(input({ proposed: moves(2, "pro", "standard") }), strict).codes).toEqual([
      "too_many_demotions",
      "hard_limit",
    ]);
  });
});
