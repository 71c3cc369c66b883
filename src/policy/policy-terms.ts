/** Schema of the part of the policy file that speaks to customers, and what the rules read of it. */
import * as z from "zod";
import type { Terms } from "./model.ts";
import { count, section, share, text } from "./policy-parts.ts";

const metric = z.enum(["first_reply", "next_reply", "resolution"]);

const severity = section("What a priority means to a customer.", {
  means: text.describe("Its definition."),
  examples: z.array(text).default([]).describe("Examples."),
});

const severities = section("Priority → its definition.", {
  urgent: severity.optional().describe("What urgent means."),
  high: severity.optional().describe("What high means."),
  normal: severity.optional().describe("What normal means."),
  low: severity.optional().describe("What low means."),
});

// The numbers of GitHub Premium Support: more than four misses in a quarter, 20 % of its fee, claimed within 30 days.
// https://github.com/github/docs about-github-premium-support.md @058fa63, remembered, not verified
const serviceCredit = section("What is given back when too many promises of a quarter are missed.", {
  metrics: z.array(metric).min(1).default(["first_reply"]).describe("Whose misses count."),
  tolerated_misses: count.default(4).describe("Misses in a calendar quarter that give back nothing."),
  share_of_quarter: share.default(0.2).describe("Share of the quarter's fee that is given back."),
  claim_days: count
    .nullable()
    .default(30)
    .describe("Days after the quarter in which the customer may claim it."),
});

/** What the policy says to customers. */
export const termsFile = section(
  "What customers are told in the SLA document. What is left out is not promised.",
  {
    provider: text.nullable().default(null).describe("Name of the company that promises."),
    commitments: z
      .array(metric)
      .default([])
      .describe("Metrics whose times are contractual commitments; all others are targets."),
    severities: severities.prefault({}),
    channels: section("Where tickets may be raised.", {
      covered: z.array(text).default([]).describe("Channels whose tickets carry the promised times."),
      not_covered: z.array(text).default([]).describe("Channels that do not."),
    }).prefault({}),
    escalation: z
      .array(
        section("One step of the escalation.", {
          at: z.number().positive().describe("Share of the target that has passed; 1 = it is due."),
          to: text.describe("Who is told."),
        }),
      )
      .default([])
      .describe("Who is told as a target runs out."),
    after_hours: text.nullable().default(null).describe("How to raise an urgent ticket outside hours."),
    exclusions: z.array(text).default([]).describe("What the promised times do not cover."),
    review: text.nullable().default(null).describe("How often service is reviewed with the customer."),
    change_notice_days: count.nullable().default(null).describe("Days' notice before the terms change."),
    service_credit: serviceCredit.nullable().default(null).describe("Null = no credit is promised."),
  },
);

/** The terms of a policy file; null = it has none. */
export function termsOf(file: z.output<typeof termsFile> | null): Terms | null {
  if (file === null) return null;
  const credit = file.service_credit;
  const written = Object.entries(file.severities).filter(([, one]) => one !== undefined);
  return {
    provider: file.provider,
    commitments: file.commitments,
    severities: Object.fromEntries(written),
    channels: { covered: file.channels.covered, notCovered: file.channels.not_covered },
    escalation: file.escalation,
    afterHours: file.after_hours,
    exclusions: file.exclusions,
    review: file.review,
    changeNoticeDays: file.change_notice_days,
    serviceCredit:
      credit === null
        ? null
        : {
            metrics: credit.metrics,
            toleratedMisses: credit.tolerated_misses,
            shareOfQuarter: credit.share_of_quarter,
            claimDays: credit.claim_days,
          },
  };
}
