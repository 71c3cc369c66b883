/** Schema of the whole policy file, in the words its author writes. */
import * as z from "zod";
import { groupFile, metricMapFile, objectiveFile, scheduleFile, slaPolicyFile } from "./policy-clocks.ts";
import { crmFile, deskFile, guardFile, retentionFile, sourcesFile } from "./policy-connections.ts";
import { accountStatus, calendarDate, section, text, tierRef, timezone } from "./policy-parts.ts";
import { peopleFile } from "./policy-people.ts";
import { capacityFile, economicsFile } from "./policy-planning.ts";
import {
  contractFile,
  currencyFile,
  matchingFile,
  overridesFile,
  priorityFile,
  rollupFile,
  routingFile,
  scopeFile,
  stabilityFile,
} from "./policy-sections.ts";
import { termsFile } from "./policy-terms.ts";
import { addonFile, tierFile } from "./policy-tiers.ts";

const trialFile = section("Customers on trial.", {
  tier: tierRef.optional().describe("Tier of a trial. Default: default_tier."),
  poc_tier: tierRef.optional().describe("Tier of a proof of concept that is in date. Default: trial.tier."),
});

/** The policy file. */
export const policyFile = section(
  "Policy of a priority-support programme. Everything but tiers has a default.",
  {
    policy_version: text.optional().describe("Version of this policy. Default: made from its content."),
    effective_from: calendarDate.nullable().default(null).describe("First day in force; null = at once."),
    owner: text.nullable().default(null).describe("Who to ask about this policy."),
    timezone: timezone.default("UTC").describe("Zone in which every calendar date is read."),
    tag_namespace: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,15}_$/, "must be a few lower-case letters or digits that end in _")
      .default("ps_")
      .describe("Prefix of our tags and fields in the help desk."),
    default_tier: tierRef
      .optional()
      .describe("Tier of everyone without a better one. Default: the lowest rank."),
    tiers: z.array(tierFile).min(1).describe("The service tiers, lowest first."),
    scope: scopeFile.prefault({}),
    matching: matchingFile.prefault({}),
    currency: currencyFile.optional(),
    plan_map: z
      .record(text, tierRef)
      .optional()
      .describe(
        "Plan in the CRM → tier, compared trimmed and case-folded. Default: each tier's id and name.",
      ),
    plan_separator: z
      .string()
      .min(1)
      .default(";")
      .describe("Separates several plans in one value; the highest wins."),
    contract: contractFile.prefault({}),
    rollup: rollupFile.prefault({}),
    trial: trialFile.prefault({}),
    stability: stabilityFile.prefault({}),
    status_gates: z
      .partialRecord(accountStatus, tierRef)
      .optional()
      .describe("Status → highest tier such an account gets, at once. Default: on_hold → default_tier."),
    status_flags: z
      .array(accountStatus)
      .default(["past_due"])
      .describe("Statuses that are reported and change nothing."),
    addons: z.array(addonFile).default([]).describe("Support packages sold separately."),
    schedules: z
      .record(text, scheduleFile)
      .default({})
      .describe("Name → opening hours. `always` is built in."),
    groups: z
      .record(text, groupFile)
      .optional()
      .describe("Help-desk group → its schedule. Default: every group the tiers name, always open."),
    sla_policies: z
      .record(text, slaPolicyFile)
      .optional()
      .describe("Name → promises. Left out: the names of the tiers are taken as they are in the help desk."),
    sla_metric_map: metricMapFile.prefault({}),
    sla_objective: objectiveFile.prefault({}),
    priority: priorityFile.prefault({}),
    routing: routingFile.prefault({}),
    overrides: overridesFile.prefault({}),
    capacity_assumptions: capacityFile
      .nullable()
      .default(null)
      .describe("Figures for capacity planning; null = not planned here."),
    economics: economicsFile
      .nullable()
      .default(null)
      .describe("Costs and worth of the programme, for the economics report; null = no ROI is told."),
    terms: termsFile
      .nullable()
      .default(null)
      .describe("What customers are told in the SLA document; null = only the times."),
    crm: crmFile.prefault({}),
    desk: deskFile.prefault({}),
    guard: guardFile.prefault({}),
    sources: sourcesFile.prefault({}),
    people: peopleFile
      .nullable()
      .default(null)
      .describe("Who is told what by Slack or e-mail; null = nobody."),
    retention: retentionFile.prefault({}),
  },
);

/** A policy file that satisfies the schema, defaults of the schema filled in. */
export type PolicyFile = z.output<typeof policyFile>;
