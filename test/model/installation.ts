/** The small installation every run begins with: policy, five customers, their organizations. */
import type { CrmMapping, Organization, Policy } from "../../src/policy/model.ts";
import { readPolicyText } from "../../src/policy-file.ts";
import { LABEL, PLAN } from "./crm-model.ts";

/** Tuesday, in office hours. */
export const START = Date.parse("2026-06-09T10:00:00.000Z");

/** Tiers, lowest first. */
export const TIERS: readonly string[] = ["standard", "pro", "enterprise"];

/** Plan of each company as the run begins, by its place in the list: five companies, five organizations. */
export const PLANS: readonly string[] = ["enterprise", "enterprise", "pro", "pro", "starter"];

/** Plans a company can get; the last means nothing at all. */
export const PLAN_CHOICES: readonly string[] = ["enterprise", "pro", "starter", ""];

/** The tier a plan buys under every version of this policy. */
export function tierOfPlan(plan: string): string {
  return { enterprise: "enterprise", pro: "pro" }[plan] ?? "standard";
}

/** How many demotions pass by themselves within a day. */
export const DEMOTIONS_ALLOWED = 1;

const hours = (m: number): string =>
  `{urgent: {m: ${m}, h: always}, high: {m: ${m * 2}, h: always}, normal: {m: ${m * 3}, h: always}, low: {m: ${m * 4}, h: always}}`;

function policyText(version: string, enterprisePriority: string, proGroup: string): string {
  return `
policy_version: ${version}
timezone: Etc/UTC
default_tier: standard
plan_map: {starter: standard, pro: pro, enterprise: enterprise}
contract: {lapse_grace_days: 0, lapse_grace_days_if_renewal_open: 0}
stability: {downgrade_grace_days: 0, stale_after_hours: 72, stale_hold_max_days: 30}
guard: {demotions: ${DEMOTIONS_ALLOWED}, share: 0, hard: 3, window_hours: 24}
tiers:
  - id: standard
    priority: {default: normal, floor: low, ceiling: high}
    routing: {group: Support}
    sla_policy: PS Standard
  - id: pro
    eligibility: {any: [{plan: pro}]}
    priority: {default: normal, floor: normal, ceiling: high}
    routing: {group: ${proGroup}}
    sla_policy: PS Pro
  - id: enterprise
    eligibility: {any: [{plan: enterprise}]}
    priority: {default: ${enterprisePriority}, floor: normal, ceiling: urgent}
    routing: {group: Enterprise Support}
    sla_policy: PS Enterprise
sla_policies:
  PS Standard: {first_reply: ${hours(480)}, next_reply: ${hours(960)}, resolution: null}
  PS Pro: {first_reply: ${hours(120)}, next_reply: ${hours(240)}, resolution: null}
  PS Enterprise: {first_reply: ${hours(30)}, next_reply: ${hours(60)}, resolution: null}
routing: {reroutable_groups: [null, Support], keep_when_assigned: true}
crm:
  hubspot: {plan: ${PLAN}, label: ${LABEL}}
desk:
  zendesk: {automation_users: [bot]}
`;
}

function policyOf(text: string): Policy {
  const { policy, findings } = readPolicyText(text);
  if (policy === null) throw new Error(`the model's policy is wrong: ${JSON.stringify(findings)}`);
  return policy;
}

/** The policy and the version that may replace it: neither changes who has which tier. */
export const POLICIES: readonly Policy[] = [
  policyOf(policyText("model-1", "high", "Pro Support")),
  policyOf(policyText("model-2", "urgent", "Pro Desk")),
];

/** How the CRM's properties are read. */
export function mappingOf(policy: Policy): CrmMapping {
  const mapping = policy.crm.hubspot;
  if (mapping === undefined) throw new Error("the model's policy maps no CRM");
  return mapping;
}

/** Organizations, each with the external id of its company. */
export const ORGANIZATIONS: readonly Organization[] = PLANS.map((_plan, index) => ({
  id: `org_${index + 1}`,
  name: `Customer ${index + 1}`,
  externalId: `hubspot:${index + 1}`,
  domains: [],
  tags: [],
  fields: {},
}));

/** Companies of the CRM. */
export const COMPANIES = PLANS.map((plan, index) => ({
  id: String(index + 1),
  name: `Customer ${index + 1}`,
  plan,
  label: null,
  stamp: START - 86_400_000 + index,
}));
