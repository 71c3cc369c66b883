/** Lint rules about names that must exist: tiers, groups, schedules, SLA policies, the base currency. */

import type { LintContext, LintRule } from "./lint-context.ts";
import type { Finding } from "./model.ts";
import { type Path, problem, suggestion } from "./policy-findings.ts";

interface Use {
  readonly name: string | null | undefined;
  readonly path: Path;
}

function unknownUses(
  code: string,
  what: string,
  known: readonly string[],
  uses: readonly Use[],
): readonly Finding[] {
  return uses.flatMap(({ name, path }) =>
    name === null || name === undefined || known.includes(name)
      ? []
      : [
          problem(
            code,
            path,
            `there is no ${what} ${JSON.stringify(name)} in this policy`,
            suggestion(name, known),
          ),
        ],
  );
}

function tierUses({ file }: LintContext): readonly Use[] {
  const entries = (map: object | undefined, at: string): readonly Use[] =>
    Object.entries(map ?? {}).map(([key, name]) => ({ name, path: [at, key] }));
  return [
    { name: file.default_tier, path: ["default_tier"] },
    { name: file.matching.unmatched.tier, path: ["matching", "unmatched", "tier"] },
    { name: file.trial.tier, path: ["trial", "tier"] },
    { name: file.trial.poc_tier, path: ["trial", "poc_tier"] },
    ...entries(file.plan_map, "plan_map"),
    ...entries(file.status_gates, "status_gates"),
    ...file.tiers.flatMap((tier, index) =>
      (tier.eligibility?.any ?? []).map((entry, at) => ({
        name: entry.plan,
        path: ["tiers", index, "eligibility", "any", at, "plan"],
      })),
    ),
    ...file.addons.flatMap((addon, index) => [
      { name: addon.grants, path: ["addons", index, "grants"] },
      { name: addon.requires_tier, path: ["addons", index, "requires_tier"] },
    ]),
    ...file.overrides.items.map((item, index) => ({
      name: item.tier,
      path: ["overrides", "items", index, "tier"],
    })),
    ...Object.keys(file.people?.leads ?? {}).map((name) => ({ name, path: ["people", "leads", name] })),
  ];
}

function groupUses({ file }: LintContext): readonly Use[] {
  return [
    ...file.tiers.flatMap(({ routing, native_trigger: native }, index) => {
      const at = (...below: Path): Path => ["tiers", index, "routing", ...below];
      return [
        { name: routing.group, path: at("group") },
        ...routing.fallback.map((name, place) => ({ name, path: at("fallback", place) })),
        { name: routing.after_hours.group, path: at("after_hours", "group") },
        ...(typeof native === "object" && native !== null
          ? [{ name: native.group, path: ["tiers", index, "native_trigger", "group"] }]
          : []),
      ];
    }),
    ...(file.routing.reroutable_groups ?? []).map((name, place) => ({
      name,
      path: ["routing", "reroutable_groups", place],
    })),
    ...Object.keys(file.capacity_assumptions?.teams ?? {}).map((name) => ({
      name,
      path: ["capacity_assumptions", "teams", name],
    })),
  ];
}

function scheduleUses({ file }: LintContext): readonly Use[] {
  const groups = Object.entries(file.groups ?? {}).map(([group, { schedule }]) => ({
    name: schedule,
    path: ["groups", group, "schedule"],
  }));
  const targets = Object.entries(file.sla_policies ?? {}).flatMap(([policy, metrics]) =>
    Object.entries(metrics).flatMap(([metric, row]) =>
      Object.entries(row ?? {}).map(([priority, target]) => ({
        name: target?.h,
        path: ["sla_policies", policy, metric, priority, "h"],
      })),
    ),
  );
  const planning = file.capacity_assumptions;
  const shifts = Object.entries(planning?.teams ?? {}).flatMap(([team, { on_shift }]) =>
    Object.keys(on_shift ?? {}).map((name) => ({
      name,
      path: ["capacity_assumptions", "teams", team, "on_shift", name],
    })),
  );
  const busy = { name: planning?.busy_hours ?? undefined, path: ["capacity_assumptions", "busy_hours"] };
  return [...groups, ...targets, ...shifts, busy];
}

/** Every tier that is named exists. */
export const unknownTier: LintRule = (context) =>
  unknownUses(
    "unknown_tier",
    "tier",
    context.file.tiers.map((tier) => tier.id),
    tierUses(context),
  );

/** Every group that is named is listed in `groups`. */
export const unknownGroup: LintRule = (context) =>
  unknownUses("unknown_group", "group", Object.keys(context.policy.groups), groupUses(context));

/** Every schedule that is named exists. */
export const unknownSchedule: LintRule = (context) =>
  unknownUses("unknown_schedule", "schedule", Object.keys(context.policy.schedules), scheduleUses(context));

/** Every SLA policy a tier names is stated, once any is. */
export const unknownSlaPolicy: LintRule = (context) => {
  const uses = context.file.tiers.map((tier, index) => ({
    name: tier.sla_policy,
    path: ["tiers", index, "sla_policy"],
  }));
  return unknownUses("unknown_sla_policy", "SLA policy", Object.keys(context.policy.slaPolicies), uses);
};

/** The base currency is stated and has the rate 1. */
export const currencyBaseMissing: LintRule = ({ file, policy }) => {
  const code = "currency_base_missing";
  if (file.currency === undefined) return [];
  if (file.currency.base === undefined) {
    const message = "the currency section does not say which currency the thresholds are in";
    return [
      problem(code, ["currency", "base"], message, "Add `base` with a currency code, such as `base: USD`."),
    ];
  }
  const { base, rates } = policy.currency;
  const rate = Object.hasOwn(rates, base) ? rates[base] : undefined;
  if (rate === "1") return [];
  const said = rate === undefined ? "has no rate" : `has the rate ${rate}`;
  const message = `the base currency ${base} ${said}; one unit of it is worth 1`;
  return [problem(code, ["currency", "rates", base], message, `Write \`${base}: 1\` in currency.rates.`)];
};
