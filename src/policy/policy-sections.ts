/** Schema of the general rules of the policy file: scope, matching, money, contracts, priority, routing, overrides. */
import * as z from "zod";
import {
  calendarDate,
  count,
  currencyCode,
  decimal,
  instant,
  mailDomain,
  priority,
  section,
  text,
  tierRef,
} from "./policy-parts.ts";

/** Tickets the service never touches. */
export const scopeFile = section("Tickets the service never touches.", {
  skip_statuses: z.array(text).default(["closed"]).describe("Ticket statuses."),
  skip_tags_any: z
    .array(text)
    .optional()
    .describe("Tickets with any of these tags. Default: the tag namespace + skip."),
  skip_requester_roles: z.array(text).default(["agent", "admin"]).describe("Roles of the requester."),
  skip_requester_domains: z
    .array(mailDomain)
    .default([])
    .describe("Your own mail domains, with their sub-domains."),
  skip_channels: z.array(text).default(["side_conversation"]).describe("Channels."),
});

/** How a ticket finds its account. */
export const matchingFile = section("How a ticket finds its account.", {
  order: z
    .array(z.enum(["organization", "requester_domain"]))
    .min(1)
    .default(["organization", "requester_domain"])
    .describe("What is tried, in this order."),
  subdomains: z
    .boolean()
    .default(true)
    .describe("mail.acme.example matches acme.example; the longest match wins."),
  public_domains: z
    .array(mailDomain)
    .optional()
    .describe("Free-mail domains; they never match. Default: a built-in list."),
  unmatched: section("What a ticket without an account gets.", {
    tier: tierRef.optional().describe("Default: default_tier."),
    tag: text.optional().describe("Default: the tag namespace + unmatched."),
  }).prefault({}),
});

/** Money: base currency and fixed book rates. */
export const currencyFile = section(
  "Currencies: one base and fixed book rates, so that no tier moves with the market.",
  {
    base: currencyCode
      .optional()
      .describe("Currency of all thresholds. USD when the whole section is absent."),
    rates_as_of: calendarDate.optional().describe("Day of the book rates, for readers."),
    rates: z
      .record(currencyCode, decimal)
      .optional()
      .describe("Worth of one unit in the base currency; the base itself is 1. Default: only the base."),
    unknown: z
      .literal("ignore_and_review")
      .default("ignore_and_review")
      .describe("ARR in another currency does not count and the account is listed for review."),
  },
);

/** Contract dates. */
export const contractFile = section("How contract dates are read.", {
  lapse_grace_days: count.default(14).describe("Days of grace after the contract's end."),
  lapse_grace_days_if_renewal_open: count
    .default(30)
    .describe("The same while a renewal is being negotiated."),
  missing_end: z.literal("evergreen").default("evergreen").describe("A contract without an end runs on."),
  cancelled: section("Cancelled customers.", {
    until_end: z.boolean().default(true).describe("They keep the tier to the end of the contract."),
    grace: z.boolean().default(false).describe("They get the lapse grace too."),
  }).prefault({}),
});

/** Parent and child accounts. */
export const rollupFile = section("Parent and child accounts.", {
  max_depth: z.int().positive().default(10).describe("How many parents up we look."),
  arr: z.enum(["own", "family_sum"]).default("family_sum").describe("Whose ARR counts."),
  plan: z
    .enum(["never", "inherit_when_blank"])
    .default("inherit_when_blank")
    .describe("Whether a parent's plan is inherited."),
  addons: z
    .enum(["never", "family_scope_only"])
    .default("family_scope_only")
    .describe("Whether a parent's add-on covers its children."),
  respect_standalone: z
    .boolean()
    .default(true)
    .describe("Accounts flagged standalone inherit nothing and pass nothing up."),
});

/** Slower down than up. */
export const stabilityFile = section("Losing a tier is slower than gaining one.", {
  downgrade_grace_days: count.default(7).describe("Days a tier lost through plan, ARR or parent is kept."),
  stale_after_hours: z.number().positive().default(72).describe("Age at which CRM facts count as stale."),
  stale_hold_max_days: count.default(30).describe("How long stale facts do not demote anyone."),
});

/** Ticket priority. */
export const priorityFile = section("How the ticket priority is found.", {
  order: z
    .tuple([z.literal("low"), z.literal("normal"), z.literal("high"), z.literal("urgent")])
    .default(["low", "normal", "high", "urgent"])
    .describe("The help desk's priorities, lowest first; fixed."),
  agent_set: z
    .enum(["keep", "never_lower"])
    .default("keep")
    .describe("What happens to a priority an agent set."),
  requester_set: z
    .literal("clamp")
    .default("clamp")
    .describe("A customer's priority is kept within floor and ceiling."),
  automation_set: z
    .literal("raise_only")
    .default("raise_only")
    .describe("A priority set by automation is only raised."),
  impact_field: z
    .record(text, priority)
    .default({ sev1: "urgent", sev2: "high", sev3: "normal", sev4: "low" })
    .describe("Value of the impact field → priority."),
  keywords: section("Phrases that raise the priority.", {
    scan_chars: count.default(1000).describe("How much of subject and text is read."),
    negators: z
      .array(text)
      .default(["no", "not", "never", "without", "isn't", "wasn't", "aren't", "won't"])
      .describe("Words that cancel a phrase that follows."),
    negator_window: count.default(3).describe("How many words before the phrase are looked at."),
    urgent: z.array(text).optional().describe("Phrases that mean urgent."),
    high: z.array(text).optional().describe("Phrases that mean high."),
    normal: z.array(text).optional().describe("Phrases that mean normal."),
    low: z.array(text).optional().describe("Phrases that mean low."),
  }).prefault({}),
});

/** When a ticket's group may be changed. */
export const routingFile = section("When a ticket's group may be changed.", {
  reroutable_groups: z
    .array(text.nullable())
    .optional()
    .describe(
      "Groups a ticket may be moved out of; null = no group yet. Default: null and the default tier's group.",
    ),
  keep_group_forms: z.array(text).default([]).describe("Ticket forms whose tickets stay where they are."),
  keep_when_assigned: z
    .literal(true)
    .default(true)
    .describe("A ticket with an assignee is never moved; fixed."),
});

const overrideItem = section("A human exception for one account.", {
  id: text.optional().describe("Default: file-1, file-2, …"),
  account_id: text.describe("Account it is for, such as hubspot:123."),
  kind: z.enum(["pin", "floor", "cap"]).describe("pin = exactly, floor = at least, cap = at most this tier."),
  tier: tierRef.describe("The tier."),
  reason: text.describe("Why."),
  approved_by: text.describe("Who approved it."),
  created_at: instant.optional().describe("When it was agreed. Default: starts_at."),
  starts_at: instant.nullable().default(null).describe("From when it counts. Default: created_at."),
  expires_at: instant.nullable().default(null).describe("When it ends; without it the policy is refused."),
}).refine((item) => item.created_at !== undefined || item.starts_at !== null, {
  error: "must hold created_at or starts_at",
});

/** Human exceptions. */
export const overridesFile = section("Human exceptions. Each needs a reason, an approver and an end.", {
  max_days: z.int().positive().default(180).describe("Longest time an override may last."),
  kinds: z
    .array(z.enum(["pin", "floor", "cap"]))
    .default(["pin", "floor", "cap"])
    .describe("Kinds that may be used."),
  items: z.array(overrideItem).default([]).describe("The overrides of this file."),
});
