/** Named rules over a whole policy: errors refuse it, warnings do not; all at once. */
import type { LintContext, LintRule } from "./lint-context.ts";
import {
  currencyBaseMissing,
  unknownGroup,
  unknownSchedule,
  unknownSlaPolicy,
  unknownTier,
} from "./lint-names.ts";
import { overrideTooLong, overrideWithoutExpiry } from "./lint-overrides.ts";
import {
  awayInverted,
  awayWithoutBackup,
  backupCycle,
  escalationUnmapped,
  tierWithoutLead,
} from "./lint-people.ts";
import { noDifferentiation, slaMissingTarget, slaNotMonotonic, slaPrioritiesInverted } from "./lint-sla.ts";
import {
  afterHoursUncovered,
  capacityExceeded,
  duplicateRank,
  fallbackContainsPrimary,
  hysteresisInverted,
  overflowUphill,
  priorityBounds,
  routinePagesOnCall,
} from "./lint-tiers.ts";
import type { Finding, Policy } from "./model.ts";
import { readDraft } from "./policy.ts";

/** What lint looks for, in the order findings are told. Each rule's code is its key. */
export const LINT_RULES: Readonly<Record<string, LintRule>> = {
  unknown_tier: unknownTier,
  unknown_group: unknownGroup,
  unknown_schedule: unknownSchedule,
  unknown_sla_policy: unknownSlaPolicy,
  currency_base_missing: currencyBaseMissing,
  duplicate_rank: duplicateRank,
  priority_bounds: priorityBounds,
  hysteresis_inverted: hysteresisInverted,
  fallback_contains_primary: fallbackContainsPrimary,
  after_hours_uncovered: afterHoursUncovered,
  sla_missing_target: slaMissingTarget,
  sla_not_monotonic: slaNotMonotonic,
  no_differentiation: noDifferentiation,
  override_without_expiry: overrideWithoutExpiry,
  override_too_long: overrideTooLong,
  backup_cycle: backupCycle,
  away_inverted: awayInverted,
  sla_priorities_inverted: slaPrioritiesInverted,
  capacity_exceeded: capacityExceeded,
  routine_pages_on_call: routinePagesOnCall,
  overflow_uphill: overflowUphill,
  away_without_backup: awayWithoutBackup,
  tier_without_lead: tierWithoutLead,
  escalation_unmapped: escalationUnmapped,
};

function within(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/**
 * Everything that is wrong or doubtful in a policy file, and the policy when nothing is wrong.
 *
 * Values the schema refuses are left out and the named rules look at the rest, so one mistake does not hide another.
 * @param raw the file as plain data (from YAML or JSON).
 */
export function lintPolicy(raw: unknown): {
  readonly policy: Policy | null;
  readonly findings: readonly Finding[];
} {
  const { draft, file, findings, leftOut } = readDraft(raw);
  if (draft === null || file === null) return { policy: null, findings };
  const context: LintContext = { policy: draft, file };
  const ruled = Object.values(LINT_RULES)
    .flatMap((rule) => rule(context))
    .filter((finding) => !leftOut.some((path) => within(finding.path, path)));
  const all = [...findings, ...ruled];
  const refused = all.some((finding) => finding.severity === "error");
  return { policy: refused ? null : draft, findings: all };
}
