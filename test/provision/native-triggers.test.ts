import { describe, expect, test } from "@jest/globals";
import { changeOf } from "../../src/policy/change.ts";
import type { Policy, Tier } from "../../src/policy/model.ts";
import { nativeOutcome } from "../../src/policy/native.ts";
import { parsePolicy } from "../../src/policy/policy.ts";
import { type AccountFacts, UNKNOWN_ACCOUNT } from "../../src/provision/account-facts.ts";
import type { WantedOf } from "../../src/provision/desired-model.ts";
import { nativeTriggers } from "../../src/provision/native-triggers.ts";
import { account, applied, policy, situation, ticket, withTier } from "../builders.ts";

const CHANNELS = [
  { id: "0", name: "Web form" },
  { id: "4", name: "Email" },
  { id: "29", name: "Chat" },
  { id: "91", name: "Messaging" },
];
const KNOWN: AccountFacts = { ...UNKNOWN_ACCOUNT, channels: CHANNELS, forms: ["Billing"] };

/** Every tier with its default priority and primary group as native outcome. */
function everyTier(base: Policy = policy()): Policy {
  const derived = (tier: Tier) => ({
    nativeTrigger: { priority: tier.priority.default, group: tier.routing.group },
  });
  return base.tiers.reduce((all, tier) => withTier(all, tier.id, derived), base);
}

const compiled = (rules: Policy, facts = KNOWN) => nativeTriggers(rules, facts);
const triggerFor = (tier: string, rules: Policy, facts = KNOWN): WantedOf<"trigger">["fields"] => {
  const found = compiled(rules, facts).triggers.find((one) => one.key === `native/${tier}`);
  if (found === undefined) throw new Error(`no trigger for ${tier}`);
  return found.fields;
};
const conditions = (tier: string, rules: Policy, facts = KNOWN): readonly string[] =>
  triggerFor(tier, rules, facts).conditions.all.map(
    ({ field, operator, value }) => `${field} ${operator} ${typeof value === "string" ? value : value.ref}`,
  );

describe("a tier's native trigger", () => {
  const rules = everyTier();

  test("acts on new tickets of the tier's organizations that have no priority, once", () => {
    expect(conditions("enterprise", rules)).toEqual(
      expect.arrayContaining([
        "update_type is Create",
        "organization.custom_fields.ps_tier is organization_field:ps_tier#ps_tier_enterprise",
        "priority is ",
        "current_tags not_includes ps_native",
      ]),
    );
  });

  test("sets priority, group, the tier's tag and the mark, and nothing else", () => {
    expect(triggerFor("enterprise", rules).actions).toEqual([
      { field: "priority", value: "high" },
      { field: "group_id", value: { ref: "group:Enterprise Support" } },
      { field: "current_tags", value: "ps_tier_enterprise ps_native" },
    ]);
  });

  test("moves only tickets that the policy lets be moved", () => {
    const { any } = triggerFor("pro", rules).conditions;
    expect(any).toEqual([
      { field: "group_id", operator: "is", value: "" },
      { field: "group_id", operator: "is", value: { ref: "group:Support" } },
    ]);
    expect(conditions("pro", rules)).toEqual(
      expect.arrayContaining([
        "assignee_id is ",
        "ticket_form_id is_not form:Billing",
        "via_id is_not 29",
        "via_id is_not 91",
      ]),
    );
  });

  test("stands above those of lower tiers", () => {
    expect(compiled(rules).triggers.map(({ key }) => key)).toEqual([
      "native/enterprise_support",
      "native/enterprise",
      "native/pro",
      "native/standard",
    ]);
  });

  test.each<[string, Partial<Policy["scope"]>, readonly string[]]>([
    ["skipped tags", { skipTagsAny: ["ps_skip", "spam"] }, ["current_tags not_includes ps_skip spam"]],
    [
      "staff as requesters",
      { skipRequesterRoles: ["agent", "admin"] },
      ["requester_role is_not 4", "requester_role is_not 2"],
    ],
    ["skipped statuses", { skipStatuses: ["closed", "hold"] }, ["status is_not hold"]],
    ["skipped channels", { skipChannels: ["email", "web"] }, ["via_id is_not 4", "via_id is_not 0"]],
  ])("leaves %s alone", (_what, scope, expected) => {
    const found = conditions("pro", everyTier(policy({ scope: { ...policy().scope, ...scope } })));
    expect(found).toEqual(expect.arrayContaining([...expected]));
  });

  test("is one per brand in a pilot with several brands, for one list of alternatives is all a trigger has", () => {
    const pilot = everyTier(policy({ desk: { ...policy().desk, brands: ["Main", "Labs"] } }));
    const keys = compiled(pilot).triggers.map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith("native/pro"))).toEqual([
      "native/pro/Main",
      "native/pro/Labs",
    ]);
    const one = everyTier(policy({ desk: { ...policy().desk, brands: ["Main"] } }));
    expect(conditions("pro", one)).toContain("brand_id is brand:Main");
  });

  test("keeps to the tagged organizations of a pilot", () => {
    const pilot = everyTier(policy({ desk: { ...policy().desk, onlyOrganizationsTagged: ["pilot"] } }));
    expect(conditions("pro", pilot)).toContain("current_tags includes pilot");
  });

  test("sets no group where the policy lets no ticket be moved, or the outcome names none", () => {
    const fixed = everyTier(policy({ routing: { ...policy().routing, reroutableGroups: [] } }));
    const silent = withTier(rules, "pro", () => ({ nativeTrigger: { priority: "high", group: null } }));
    for (const one of [fixed, silent]) {
      const { actions, conditions: given } = triggerFor("pro", one);
      expect(actions.map(({ field }) => field)).toEqual(["priority", "current_tags"]);
      expect(given.any).toEqual([]);
      expect(conditions("pro", one)).not.toContain("assignee_id is ");
    }
  });
});

describe("native_trigger in the policy file", () => {
  const read = (native: unknown) =>
    parsePolicy({
      tiers: [
        {
          id: "gold",
          priority: { default: "high" },
          routing: { group: "Gold" },
          native_trigger: native,
        },
      ],
    });

  test("from_tier means the default priority and the primary group", () => {
    expect(read("from_tier").policy?.tiers[0]?.nativeTrigger).toEqual({ priority: "high", group: "Gold" });
  });

  test("anything else says what it may be", () => {
    const { policy: none, findings } = read("always");
    expect(none).toBeNull();
    expect(findings.map(({ path, message }) => `${path} ${message}`).join()).toMatch(
      /native_trigger.*from_tier/,
    );
  });
});

describe("a tier has no native trigger", () => {
  test("when the policy names no outcome for it, and the plan says so", () => {
    const { triggers, remarks } = compiled(policy());
    expect(triggers).toEqual([]);
    expect(remarks.map(({ message }) => message).join()).toContain("Standard, Pro, Enterprise");
  });

  test("when its outcome is empty", () => {
    const rules = withTier(everyTier(), "pro", () => ({ nativeTrigger: { priority: null, group: null } }));
    expect(compiled(rules).triggers.map(({ key }) => key)).not.toContain("native/pro");
  });

  test("when a skipped channel cannot be told by any condition", () => {
    const rules = everyTier(policy({ scope: { ...policy().scope, skipChannels: ["carrier_pigeon"] } }));
    const { triggers, remarks } = compiled(rules, UNKNOWN_ACCOUNT);
    expect(triggers).toEqual([]);
    expect(remarks[0]?.message).toContain("carrier_pigeon");
    // An account that lists its channels without that one has no such tickets.
    expect(compiled(rules, KNOWN).triggers).toHaveLength(4);
  });
});

describe("what the trigger sets and what the service decides", () => {
  const rules = everyTier();
  const plans = { standard: "Standard", pro: "Pro", enterprise: "Enterprise" } as const;

  test.each(Object.entries(plans))("agree for %s: a ticket the trigger served needs no write", (id, plan) => {
    const tier = rules.tiers.find((one) => one.id === id);
    const outcome = tier === undefined ? null : nativeOutcome(tier);
    const served = ticket({
      priority: outcome?.priority ?? null,
      prioritySetBy: "automation",
      group: outcome?.group ?? null,
      tags: [`ps_tier_${id}`, "ps_native"],
    });
    const decision = applied(situation({ accounts: [account({ plan })], ticket: served }), rules);
    expect(decision.reasons).toEqual(expect.arrayContaining(["priority_default", "group_primary"]));
    expect(changeOf({ ...served, followerIds: [] }, decision)).toBeNull();
  });

  test("agree that an outage is more urgent than the tier's default", () => {
    const served = ticket({
      subject: "Production down",
      priority: "high",
      prioritySetBy: "automation",
      group: "Enterprise Support",
      tags: ["ps_tier_enterprise", "ps_native"],
    });
    const decision = applied(
      situation({ accounts: [account({ plan: "Enterprise" })], ticket: served }),
      rules,
    );
    expect(decision).toMatchObject({ priority: "urgent", priorityChanged: true });
  });

  test("agree when the customer's tier has changed since the organization was written", () => {
    // The trigger still saw Pro and set its values; nobody chose them, so the Enterprise rules apply in full.
    const served = ticket({
      priority: "normal",
      prioritySetBy: "automation",
      group: "Priority Support",
      tags: ["ps_tier_pro", "ps_native"],
    });
    const decision = applied(
      situation({ accounts: [account({ plan: "Enterprise" })], ticket: served }),
      rules,
    );
    expect(decision).toMatchObject({
      priority: "high",
      group: "Enterprise Support",
      tagsRemove: ["ps_tier_pro"],
    });
  });
});
