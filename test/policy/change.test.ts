import { describe, expect, test } from "@jest/globals";
import { changeOf, type WrittenTicket } from "../../src/policy/change.ts";
import { account, applied, package2026, policy, situation, ticket } from "../builders.ts";

const decision = applied(
  situation({
    accounts: [account({ plan: "Enterprise", addons: [package2026()], tam: { agent: "42", active: true } })],
    ticket: ticket({ tags: ["ps_tier_pro", "theirs"] }),
  }),
  policy(),
);

const done: WrittenTicket = {
  ...ticket({ priority: "high", group: "Premier Support", tags: ["theirs", "ps_tier_enterprise_support"] }),
  followerIds: ["7", "42"],
};

describe("what is written on a ticket", () => {
  test("is everything on a new one", () => {
    expect(changeOf(ticket({ tags: ["ps_tier_pro", "theirs"] }), decision)).toEqual({
      priority: "high",
      group: "Premier Support",
      tagsAdd: ["ps_tier_enterprise_support"],
      tagsRemove: ["ps_tier_pro"],
      followersAdd: ["42"],
    });
  });

  test("is nothing on one that already looks as decided", () => {
    expect(changeOf(done, decision)).toBeNull();
  });

  test.each([
    ["only the priority", { priority: "low" as const }, { priority: "high" }],
    ["only the group", { group: null }, { group: "Premier Support" }],
    ["only the missing tag", { tags: ["theirs"] }, { tagsAdd: ["ps_tier_enterprise_support"] }],
    ["only the tag to take off", { tags: [...done.tags, "ps_tier_pro"] }, { tagsRemove: ["ps_tier_pro"] }],
    ["only the missing follower", { followerIds: ["7"] }, { followersAdd: ["42"] }],
    ["only the tier where its field is empty", { tierField: null }, { tier: "enterprise_support" }],
    ["only the tier where its field names another", { tierField: "pro" }, { tier: "enterprise_support" }],
  ])("is %s where only that differs", (_sentence, differs, change) => {
    expect(changeOf({ ...done, ...differs }, decision)).toEqual(change);
  });

  test("is no tier where its field is right already", () => {
    expect(changeOf({ ...done, tierField: "enterprise_support" }, decision)).toBeNull();
  });

  test("never empties a group or a priority", () => {
    expect(changeOf(done, { ...decision, group: null, priority: null })).toBeNull();
  });
});
