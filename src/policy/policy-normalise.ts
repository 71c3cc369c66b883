/** From what people write in a policy file to what the rules read: one `Policy` with every default filled in. */
import type { Override, Policy, Priority, Schedule, SlaPolicy, TierId } from "./model.ts";
import { crmOf } from "./policy-crm.ts";
import { ALWAYS, FREE_MAIL, groupsOf, lowestTier, UNSTATED_SLA } from "./policy-defaults.ts";
import { peopleOf } from "./policy-people.ts";
import { capacityOf, economicsOf } from "./policy-planning.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { sourcesOf, tablesOf } from "./policy-sources.ts";
import { termsOf } from "./policy-terms.ts";
import { addonsOf, planMapOf, tiersOf } from "./policy-tier-rules.ts";
import { foldedName } from "./text-fold.ts";

/** Version of a policy that states none and has not been given one from its content yet. */
export const UNVERSIONED = "unversioned";

/** The policy of a file that satisfies the schema. References are not checked here: that is lint's work. */
export function normalised(file: PolicyFile): Policy {
  const defaultTier = file.default_tier ?? lowestTier(file);
  return {
    version: file.policy_version ?? UNVERSIONED,
    effectiveFrom: file.effective_from,
    owner: file.owner,
    timezone: file.timezone,
    prefix: file.tag_namespace,
    defaultTier,
    tiers: tiersOf(file),
    ...ticketRules(file, defaultTier),
    ...accountRules(file, defaultTier),
    addons: addonsOf(file),
    schedules: schedulesOf(file),
    groups: groupsOf(file),
    slaPolicies: slaPoliciesOf(file),
    slaMetricMap: file.sla_metric_map,
    slaObjective: {
      attainment: file.sla_objective.attainment,
      window: file.sla_objective.window,
      minTargets: file.sla_objective.min_targets,
    },
    overrides: { maxDays: file.overrides.max_days, kinds: file.overrides.kinds, items: overridesOf(file) },
    capacityAssumptions: capacityOf(file.capacity_assumptions),
    economics: economicsOf(file.economics),
    terms: termsOf(file.terms),
    crm: crmOf(file),
    tables: tablesOf(file),
    sources: sourcesOf(file),
    ...operations(file),
  };
}

function ticketRules(
  file: PolicyFile,
  defaultTier: TierId,
): Pick<Policy, "scope" | "matching" | "priority" | "routing"> {
  const { scope, matching, priority, routing } = file;
  const home = file.tiers.find((tier) => tier.id === defaultTier)?.routing.group ?? null;
  return {
    scope: {
      skipStatuses: scope.skip_statuses,
      skipTagsAny: scope.skip_tags_any ?? [`${file.tag_namespace}skip`],
      skipRequesterRoles: scope.skip_requester_roles,
      skipRequesterDomains: scope.skip_requester_domains,
      skipChannels: scope.skip_channels,
    },
    matching: {
      order: matching.order,
      subdomains: matching.subdomains,
      publicDomains: matching.public_domains ?? FREE_MAIL,
      unmatched: {
        tier: matching.unmatched.tier ?? defaultTier,
        tag: matching.unmatched.tag ?? `${file.tag_namespace}unmatched`,
      },
    },
    priority: {
      agentSet: priority.agent_set,
      requesterSet: priority.requester_set,
      automationSet: priority.automation_set,
      impactField: Object.fromEntries(
        Object.entries(priority.impact_field).map(([impact, is]) => [foldedName(impact), is]),
      ),
      keywords: keywordsOf(file),
    },
    routing: {
      reroutableGroups: routing.reroutable_groups ?? (home === null ? [null] : [null, home]),
      keepGroupForms: routing.keep_group_forms,
      keepWhenAssigned: routing.keep_when_assigned,
    },
  };
}

function keywordsOf(file: PolicyFile): Policy["priority"]["keywords"] {
  const { keywords } = file.priority;
  const order: readonly Priority[] = ["low", "normal", "high", "urgent"];
  const listed = order.flatMap((level) => {
    const phrases = keywords[level];
    return phrases === undefined || phrases.length === 0 ? [] : [[level, phrases] as const];
  });
  return {
    scanChars: keywords.scan_chars,
    negators: keywords.negators,
    negatorWindow: keywords.negator_window,
    phrases: Object.fromEntries(listed),
  };
}

type AccountRules = Pick<
  Policy,
  | "currency"
  | "planMap"
  | "planSeparator"
  | "contract"
  | "rollup"
  | "trial"
  | "stability"
  | "statusGates"
  | "statusFlags"
>;

function accountRules(file: PolicyFile, defaultTier: TierId): AccountRules {
  const { contract, rollup, stability, trial } = file;
  const base = file.currency?.base ?? "USD";
  const trialTier = trial.tier ?? defaultTier;
  return {
    currency: { base, rates: file.currency?.rates ?? { [base]: "1" } },
    planMap: planMapOf(file),
    planSeparator: file.plan_separator,
    contract: {
      lapseGraceDays: contract.lapse_grace_days,
      lapseGraceDaysIfRenewalOpen: contract.lapse_grace_days_if_renewal_open,
      cancelledUntilEnd: contract.cancelled.until_end,
      cancelledGrace: contract.cancelled.grace,
    },
    rollup: {
      maxDepth: rollup.max_depth,
      arr: rollup.arr,
      plan: rollup.plan,
      addons: rollup.addons,
      respectStandalone: rollup.respect_standalone,
    },
    trial: { tier: trialTier, pocTier: trial.poc_tier ?? trialTier },
    stability: {
      downgradeGraceDays: stability.downgrade_grace_days,
      staleAfterHours: stability.stale_after_hours,
      staleHoldMaxDays: stability.stale_hold_max_days,
    },
    statusGates: file.status_gates ?? { on_hold: defaultTier },
    statusFlags: file.status_flags,
  };
}

function schedulesOf(file: PolicyFile): Readonly<Record<string, Schedule>> {
  const written = Object.entries(file.schedules).map(([name, schedule]): [string, Schedule] => [
    name,
    {
      alwaysOpen: schedule.always_open,
      timezone: schedule.timezone ?? (schedule.always_open ? ALWAYS.timezone : file.timezone),
      weekly: schedule.weekly ?? {},
      holidays: schedule.holidays,
    },
  ]);
  return { always: ALWAYS, ...Object.fromEntries(written) };
}

function slaPoliciesOf(file: PolicyFile): Readonly<Record<string, SlaPolicy>> {
  if (file.sla_policies === undefined) {
    const names = file.tiers.map((tier) => tier.sla_policy).filter((name) => name !== null);
    return Object.fromEntries(names.map((name) => [name, UNSTATED_SLA]));
  }
  type Row = NonNullable<PolicyFile["sla_policies"]>[string]["first_reply"];
  const target = (one: { m: number; h: string } | null) =>
    one === null ? null : { minutes: one.m, schedule: one.h };
  const row = (written: Row) => ({
    low: target(written?.low ?? null),
    normal: target(written?.normal ?? null),
    high: target(written?.high ?? null),
    urgent: target(written?.urgent ?? null),
  });
  return Object.fromEntries(
    Object.entries(file.sla_policies).map(([name, sla]) => [
      name,
      { first_reply: row(sla.first_reply), next_reply: row(sla.next_reply), resolution: row(sla.resolution) },
    ]),
  );
}

function overridesOf(file: PolicyFile): readonly Override[] {
  return file.overrides.items.map((item, index) => ({
    id: item.id ?? `file-${index + 1}`,
    accountId: item.account_id,
    kind: item.kind,
    tier: item.tier,
    reason: item.reason,
    approvedBy: item.approved_by,
    createdAt: item.created_at ?? item.starts_at ?? 0,
    startsAt: item.starts_at,
    expiresAt: item.expires_at,
  }));
}

function operations(file: PolicyFile): Pick<Policy, "desk" | "guard" | "people" | "retention"> {
  const { zendesk } = file.desk;
  return {
    desk: {
      impactField: zendesk.impact_field,
      vip: zendesk.vip,
      brands: zendesk.brands,
      onlyOrganizationsTagged: zendesk.only_organizations_tagged,
      automationUsers: zendesk.automation_users,
      availability: zendesk.availability,
      createOrganizations: zendesk.create_organizations,
      multipleOrganizations: zendesk.multiple_organizations,
      writeArr: zendesk.write_arr,
    },
    guard: {
      demotions: file.guard.demotions,
      share: file.guard.share,
      hard: file.guard.hard,
      windowHours: file.guard.window_hours,
    },
    people: peopleOf(file.people),
    retention: {
      decisionsDays: file.retention.decisions_days,
      deliveryBodiesDays: file.retention.delivery_bodies_days,
    },
  };
}
