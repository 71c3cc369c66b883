/** Schema of the parts of the policy file that say who gets what: tiers and add-ons. */
import * as z from "zod";
import { count, currencyCode, decimal, priority, section, text, tierKey, tierRef } from "./policy-parts.ts";

const arrThreshold = section("ARR door of the tier, in the base currency.", {
  enter: decimal.describe("ARR at or above which an account gets the tier."),
  exit: decimal
    .optional()
    .describe("ARR down to which an account that has the tier by ARR keeps it. Default: the same as enter."),
});

const eligibilityEntry = section("One way into the tier: exactly one of plan, arr, addon.", {
  plan: tierRef.optional().describe("Tier id that plan_map gives for the account's plan."),
  arr: arrThreshold.optional().describe("ARR thresholds."),
  addon: text.optional().describe("SKU of an add-on that grants the tier."),
}).refine((entry) => Object.values(entry).filter((value) => value !== undefined).length === 1, {
  error: "must hold exactly one of plan, arr, addon",
});

const tierPriority = section("Bounds of the ticket priority.", {
  default: priority.default("normal").describe("Priority of a ticket that came without one."),
  floor: priority.default("low").describe("Lowest priority a ticket of this tier may have."),
  ceiling: priority.default("urgent").describe("Highest priority we raise a ticket of this tier to."),
  vip_step: z
    .boolean()
    .default(false)
    .describe("Raise tickets of VIP requesters by one step, within the ceiling."),
});

const afterHours = section("Who takes tickets while the primary group is closed.", {
  priorities: z.array(priority).default([]).describe("Priorities that go to the after-hours group."),
  group: text.nullable().default(null).describe("Name of the after-hours group, or null for none."),
});

const tierRouting = section("Which group gets the tier's tickets.", {
  group: text.nullable().default(null).describe("Name of the primary group; null leaves the group alone."),
  fallback: z
    .array(text)
    .default([])
    .describe("Groups to try in this order when the primary is not available."),
  overflow_unassigned: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe("Unassigned tickets at which the primary group counts as full; null = never."),
  after_hours: afterHours.prefault({}),
});

const entitlements = section("What else the tier includes.", {
  named_tam: z
    .boolean()
    .default(false)
    .describe("The account's technical account manager follows every ticket."),
  slack_channel: z.boolean().default(false).describe("The customer has a shared Slack channel."),
  qbr: z
    .enum(["none", "yearly", "half_yearly", "quarterly", "monthly"])
    .default("none")
    .describe("How often a business review is due."),
  authorized_contacts: count
    .nullable()
    .default(null)
    .describe("Named contacts who may raise tickets; null = any."),
  health_monitoring: z
    .boolean()
    .default(false)
    .describe("The account's health is watched and alerts are raised."),
});

const capacity = section("How many accounts the tier's team can serve.", {
  max_accounts: count.nullable().default(null).describe("Accounts the tier is planned for; null = no limit."),
  waitlist_basis: z
    .array(z.enum(["arr"]))
    .nullable()
    .default(null)
    .describe(
      "Bases that wait while the tier is full; null = warn only. Contractual bases are never refused.",
    ),
  accounts_per_tam: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe("Accounts one technical account manager looks after."),
});

const nativeTrigger = section("What the provisioned help-desk trigger sets by itself.", {
  priority: priority.nullable().default(null).describe("Priority the trigger sets, or null."),
  group: text.nullable().default(null).describe("Group the trigger sets, or null."),
});

/** One tier as the author writes it. */
export const tierFile = section("A service tier.", {
  id: tierKey.describe("Key of the tier; part of tags and drop-down values, so never change it later."),
  name: text.optional().describe("Name that people read. Default: made from the id."),
  rank: z
    .int()
    .optional()
    .describe("Order of the tiers, higher is better. Default: 10, 20, … in the order written."),
  eligibility: section("Who gets the tier.", {
    any: z.array(eligibilityEntry).describe("The account gets the tier when any of these is true."),
  })
    .optional()
    .describe("Who gets the tier. Default: add-ons that grant it; without one, the plan of the same id."),
  priority: tierPriority.prefault({}),
  routing: tierRouting.prefault({}),
  sla_policy: text
    .nullable()
    .default(null)
    .describe("Name of the SLA policy, as in sla_policies and in the help desk."),
  entitlements: entitlements.prefault({}),
  capacity: capacity.prefault({}),
  native_trigger: z
    .union([nativeTrigger, z.literal("from_tier")], {
      error: "must be {priority: …, group: …} or from_tier (the tier's default priority and primary group)",
    })
    .nullable()
    .default(null)
    .describe(
      "What the provisioned help-desk trigger sets by itself; such values count as not set yet. from_tier: the default priority and the primary group.",
    ),
});

const listPrice = section("What the add-on costs, for reports.", {
  amount: decimal.describe("Price."),
  currency: currencyCode.describe("Currency of the price."),
  per: z.enum(["month", "quarter", "year"]).describe("Period the price is for."),
});

/** One add-on as the author writes it. */
export const addonFile = section("A support package sold separately.", {
  sku: text.describe("SKU exactly as the CRM holds it."),
  grants: tierRef.describe("Tier the add-on gives."),
  list_price: listPrice.nullable().default(null).describe("What the add-on costs, for reports."),
  requires_tier: tierRef
    .nullable()
    .default(null)
    .describe("Tier the account should have by plan or ARR; null = none."),
  requirement_unmet: z
    .literal("grant_and_review")
    .default("grant_and_review")
    .describe("The tier is granted all the same and the account is listed for review: they paid."),
  requires_active_contract: z
    .boolean()
    .default(true)
    .describe("Grant only while the owner's contract is active or in grace."),
  end_missing: z
    .literal("contract_end")
    .default("contract_end")
    .describe("A line without an end ends with the contract."),
  lapse_grace_days: count
    .optional()
    .describe("Days of grace after the line's end. Default: contract.lapse_grace_days."),
});
