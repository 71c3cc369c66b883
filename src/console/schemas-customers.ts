/** Who gets what and why, and what will change. */
import { z } from "zod";
import {
  accountRef,
  basisSaid,
  day,
  factsAt,
  moment,
  money,
  nextPage,
  pageQuery,
  reason,
  said,
  tier,
} from "./schemas.ts";
import { decisionRow, factUsed } from "./schemas-decisions.ts";

/** One tier with its accounts. */
const tierLoad = z
  .object({
    tier,
    accounts: z.number().int(),
    byBasis: z.array(z.object({ basis: z.string(), ...said, accounts: z.number().int() })),
    cap: z.number().int().nullable(),
    waiting: z.number().int().meta({ description: "Accounts that wait for room in this tier" }),
  })
  .meta({ id: "TierLoad" });
export const tierLoads = z
  .object({ total: z.number().int(), tiers: z.array(tierLoad) })
  .meta({ id: "TierLoads" });

/** One account in a list. */
export const customerRow = z
  .object({
    account: accountRef,
    tier: tier.nullable(),
    basis: z.string().nullable(),
    basisWords: z.string().nullable(),
    basisSaid,
    arr: money.nullable(),
    status: z.string(),
    contractEnd: day.nullable(),
    organizationId: z.string().nullable(),
    factsAt,
  })
  .meta({ id: "CustomerRow" });
export const customerQuery = pageQuery.extend({
  text: z.string().max(200).optional(),
  tier: z.string().max(100).optional(),
  basis: z.string().max(20).optional(),
});
export const customerPage = z
  .object({ customers: z.array(customerRow), next: nextPage })
  .meta({ id: "CustomerPage" });

/** A tier that will change by time alone, if nothing else happens. */
const movement = z
  .object({
    account: accountRef,
    on: day,
    from: tier,
    to: tier,
    direction: z.enum(["up", "down"]),
    arr: money.nullable(),
    reasons: z.array(reason),
  })
  .meta({ id: "Movement" });
export const movements = z
  .object({
    from: day,
    to: day,
    movements: z.array(movement),
    looked: z.number().int().meta({ description: "Accounts that were worked out" }),
    complete: z.boolean().meta({ description: "false = there are more accounts than were looked at" }),
  })
  .meta({ id: "Movements" });

/** Something a person should look at. */
const reviewItem = z
  .object({ account: accountRef, code: z.string(), ...said, detail: z.string(), since: moment })
  .meta({ id: "ReviewItem" });
export const tierReport = z
  .object({
    id: z.string(),
    ticketId: z.string(),
    account: accountRef.nullable(),
    note: z.string(),
    reportedBy: z.string(),
    at: moment,
  })
  .meta({ id: "TierReport" });
export const reviewList = z
  .object({
    items: z.array(reviewItem),
    paidNotServed: z.array(customerRow).meta({ description: "Above the default tier, no organization" }),
    servedNotPaid: z.array(
      z.object({ organizationId: z.string(), name: z.string(), tier, url: z.string().nullable() }),
    ),
    reports: z.array(tierReport).meta({ description: '"Wrong tier?" of agents' }),
  })
  .meta({ id: "ReviewList" });

/** A human exception. */
export const override = z
  .object({
    id: z.string(),
    account: accountRef,
    kind: z.enum(["pin", "floor", "cap"]),
    tier,
    reason: z.string(),
    approvedBy: z.string(),
    createdAt: moment,
    startsAt: moment.nullable(),
    expiresAt: moment.nullable(),
    endedAt: moment.nullable(),
    endedBy: z.string().nullable(),
    from: z
      .enum(["store", "policy file"])
      .meta({ description: "Those of the policy file are read-only here" }),
    state: z.enum(["not yet", "in force", "over"]),
  })
  .meta({ id: "Override" });
export const overrideQuery = z.object({
  account: z.string().max(200).optional(),
  history: z.stringbool().default(false),
});
export const overrideList = z.object({ overrides: z.array(override) }).meta({ id: "OverrideList" });
export const overrideWish = z.object({
  accountId: z.string().min(1).max(200),
  kind: z.enum(["pin", "floor", "cap"]),
  tier: z.string().min(1).max(100),
  reason: z.string().trim().min(3).max(1_000),
  starts: z.string().max(40).nullable().default(null),
  expires: z.string().max(40).meta({ description: "Last day, or a moment with its offset" }),
});

/** A fact of the account as it stands in the CRM. */
const fact = z.object({ name: z.string(), words: z.string(), value: z.string() }).meta({ id: "Fact" });

/** One write outside, with what was there before. */
const write = z
  .object({
    at: moment,
    target: z.enum(["organization", "company"]),
    targetId: z.string(),
    state: z.enum(["intended", "written", "failed", "simulated"]),
    reason: z.string(),
    policyVersion: z.string(),
    fields: z.array(
      z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
    ),
  })
  .meta({ id: "SyncWrite" });

/** One account's whole story. */
export const customerStory = customerRow
  .extend({
    source: z.string(),
    sourceId: z.string(),
    organization: z.object({ id: z.string(), name: z.string(), url: z.string().nullable() }).nullable(),
    facts: z.array(fact),
    reasons: z.array(reason),
    flags: z.array(reason),
    factsUsed: z.array(factUsed),
    asOf: moment.nullable(),
    lowerSince: moment.nullable().meta({ description: "First sight of a lower tier while this one is kept" }),
    waitlisted: z.array(tier),
    family: z.array(customerRow).meta({ description: "Parent and subsidiaries, at most 50" }),
    overrides: z.array(override),
    reviews: z.array(reviewItem),
    heldRunId: z.string().nullable().meta({ description: "New facts wait for a person under this run" }),
    decisions: z.array(decisionRow).meta({ description: "The last 20" }),
    writes: z.array(write).meta({ description: "The last 50" }),
  })
  .meta({ id: "CustomerStory" });
