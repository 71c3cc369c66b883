import { describe, expect, test } from "@jest/globals";
import type { Account } from "../../src/policy/model.ts";
import { account, applied, package2026, policy, situation, ticket } from "../builders.ts";

const rules = policy();

describe("the named manager", () => {
  const rivera = { agent: "rivera", active: true };
  const away = { agent: "chen", active: false };
  const served = (changes: Partial<Account>): Account =>
    account({ plan: "Enterprise", addons: [package2026()], ...changes });
  const parent = (changes: Partial<Account>): Account =>
    account({ id: "hq", plan: "Enterprise", addons: [package2026({ scope: "family" })], ...changes });

  test.each([
    ["follows the ticket", [served({ tam: rivera })], {}, ["rivera"], false],
    ["follows even when the group is kept", [served({ tam: rivera })], { assignee: "7" }, ["rivera"], false],
    ["is missed when there is none", [served({})], {}, [], true],
    ["is missed when away", [served({ tam: away })], {}, [], true],
    [
      "of the parent follows when the child has none",
      [account({ parentId: "hq" }), parent({ tam: rivera })],
      {},
      ["rivera"],
      false,
    ],
    [
      "of the parent follows when the child's is away",
      [served({ parentId: "hq", tam: away }), parent({ tam: rivera })],
      {},
      ["rivera"],
      false,
    ],
    [
      "of the parent does not follow where the parent's package covers nobody",
      [served({ parentId: "hq" }), parent({ tam: rivera, addons: [] })],
      {},
      [],
      true,
    ],
    [
      "of a farther parent is not asked when the nearest has none",
      [account({ parentId: "hq" }), parent({ parentId: "top" }), parent({ id: "top", tam: rivera })],
      {},
      [],
      true,
    ],
    ["follows nothing on a tier without one", [account({ plan: "Pro", tam: rivera })], {}, [], false],
    ["follows nothing when the tier was gated", [served({ tam: rivera, status: "on_hold" })], {}, [], false],
  ])("%s", (_sentence, accounts, changes, followers, missed) => {
    const decision = applied(situation({ accounts, ticket: ticket(changes) }), rules);
    expect(decision.followersAdd).toEqual(followers);
    expect(decision.reasons.includes("tam_missing")).toBe(missed);
    expect(decision.tagsAdd.includes("ps_review")).toBe(missed);
  });
});
