/** Will Zendesk attach the SLA policy that a tier promises? Existence, order, filter and targets. Pure. */
import type { Policy, Priority, SlaMetric, Tier } from "../policy/model.ts";
import type { DeskConditions, DeskShape, DeskSlaPolicy } from "../ports.ts";
import { broken, type CheckLine, doubtful, fine, sameName } from "./line.ts";
import { didYouMean } from "./nearest-name.ts";

const WHERE = "Admin Center > Objects and rules > Business rules > Service level agreements";

/** A tier with the policy of the desk that should serve it. */
interface Pair {
  readonly tier: Tier;
  readonly title: string;
  readonly found: DeskSlaPolicy;
}

/** Every line about SLA policies. `slaPolicies` null = the plan has none, or our user may not read them. */
export function slaLines(
  policy: Policy,
  shape: Pick<DeskShape, "me">,
  slaPolicies: readonly DeskSlaPolicy[] | null,
): readonly CheckLine[] {
  const promised = policy.tiers.filter((tier) => tier.slaPolicy !== null);
  if (promised.length === 0) return [fine("sla", "SLA policies", "the policy names none")];
  if (slaPolicies === null) return [noPolicies(shape.me.role)];
  const missing = promised.flatMap((tier) => existence(tier, slaPolicies));
  const pairs = promised.flatMap((tier) => pairOf(tier, slaPolicies));
  const lines = [
    ...missing,
    ...orderLines(pairs),
    ...shadowLines(policy, pairs, slaPolicies),
    ...pairs.flatMap((pair) => filterLines(policy, pair)),
    ...pairs.flatMap((pair) => targetLines(policy, pair)),
  ];
  return lines.length > 0 ? lines : [fine("sla", "SLA policies", `all ${pairs.length} are there, in order`)];
}

function noPolicies(role: string): CheckLine {
  if (role !== "admin")
    return doubtful(
      "sla",
      "SLA policies",
      `They cannot be read as ${role}.`,
      "Use the token of an administrator, then run this check again.",
    );
  return broken(
    "sla",
    "SLA policies",
    "This Zendesk plan has no SLA policies (Support Professional or Suite Growth and up have them): priority and group are set, but no clock runs.",
    "Change the plan, or take `sla_policy` out of the tiers so that nothing is promised.",
  );
}

function named(title: string, all: readonly DeskSlaPolicy[]): readonly DeskSlaPolicy[] {
  return all.filter((one) => sameName(one.title, title));
}

function existence(tier: Tier, all: readonly DeskSlaPolicy[]): readonly CheckLine[] {
  const title = tier.slaPolicy ?? "";
  const hits = named(title, all).length;
  if (hits === 1) return [];
  if (hits > 1)
    return [
      broken(
        "sla",
        `SLA policy ${title}`,
        `${hits} SLA policies carry this name.`,
        `Rename all but one (${WHERE}).`,
      ),
    ];
  const titles = all.map((one) => one.title);
  return [
    broken(
      "sla",
      `SLA policy ${title}`,
      `${tier.name} is promised it, and there is no such SLA policy.`,
      `Make it (${WHERE}) or correct sla_policy in the policy${didYouMean(title, titles)}.`,
    ),
  ];
}

function pairOf(tier: Tier, all: readonly DeskSlaPolicy[]): readonly Pair[] {
  const title = tier.slaPolicy ?? "";
  const [found, another] = named(title, all);
  return found === undefined || another !== undefined ? [] : [{ tier, title, found }];
}

/** Zendesk applies the first policy that fits, so the highest tier stands first. Tiers come in ascending rank. */
function orderLines(pairs: readonly Pair[]): readonly CheckLine[] {
  const wanted = [...new Set(pairs.toReversed().map((pair) => pair.title))];
  const found = [
    ...new Set(pairs.toSorted((a, b) => a.found.position - b.found.position).map((p) => p.title)),
  ];
  if (wanted.join("\n") === found.join("\n")) return [];
  return [
    broken(
      "sla",
      "SLA order",
      `Found ${found.join(" > ")}; the first that fits is applied, so a ticket with two tier tags gets the wrong one.`,
      `Put them in this order (${WHERE}): ${wanted.join(" > ")}.`,
    ),
  ];
}

/** A policy that fits every ticket, above one of ours, takes all of its tickets. */
function shadowLines(
  policy: Policy,
  pairs: readonly Pair[],
  all: readonly DeskSlaPolicy[],
): readonly CheckLine[] {
  return all
    .filter((one) => fitsAll(one.filter))
    .flatMap((greedy) => {
      const below = pairs.filter(({ found }) => found.id !== greedy.id && found.position > greedy.position);
      if (below.length === 0) return [];
      return [
        broken(
          "sla",
          `SLA policy ${greedy.title}`,
          `It has no conditions, so it fits every ticket, and it stands above ${below.map((pair) => pair.title).join(", ")}: those are never applied.`,
          `Move it below all tiers, or give it the condition "Tags contain at least one of ${policy.prefix}tier_…" (${WHERE}).`,
        ),
      ];
    });
}

function fitsAll(filter: DeskConditions): boolean {
  return filter.all.length === 0 && filter.any.length === 0;
}

function filterLines(policy: Policy, { tier, title, found }: Pair): readonly CheckLine[] {
  const tag = `${policy.prefix}tier_${tier.id}`;
  if (fitsAll(found.filter) || namesTier(found.filter, tag, policy.prefix)) return [];
  return [
    doubtful(
      "sla",
      `SLA policy ${title}`,
      `Its conditions do not name the tag ${tag}; whether ${tier.name} gets it depends on something else.`,
      `Add the condition "Tags contain at least one of ${tag}" (${WHERE}).`,
    ),
  ];
}

/** By the ticket's tag, or by the organization's own field (whose value there is an option's id, not readable here). */
function namesTier(filter: DeskConditions, tag: string, prefix: string): boolean {
  return [...filter.all, ...filter.any].some(
    ({ field, operator, value }) =>
      (field === "current_tags" && operator === "includes" && value.split(/[\s,]+/).includes(tag)) ||
      field === `organization.custom_fields.${prefix}tier`,
  );
}

/** Targets in the desk against those of the policy: a row that lacks, or says something else, is a broken promise. */
function targetLines(policy: Policy, { title, found }: Pair): readonly CheckLine[] {
  const promised = policy.slaPolicies[title];
  if (promised === undefined) return [];
  const wrong = (Object.keys(promised) as SlaMetric[]).flatMap((metric) =>
    (Object.keys(promised[metric]) as Priority[]).flatMap((priority) => {
      const target = promised[metric][priority];
      if (target === null) return [];
      const id = policy.slaMetricMap[metric];
      const row = found.targets.find((one) => one.metric === id && one.priority === priority);
      const business = policy.schedules[target.schedule]?.alwaysOpen !== true;
      if (row === undefined) return [`${id} at ${priority} is missing`];
      const same = row.minutes === target.minutes && row.businessHours === business;
      return same
        ? []
        : [
            `${id} at ${priority} is ${row.minutes} ${hours(row.businessHours)}, promised ${target.minutes} ${hours(business)}`,
          ];
    }),
  );
  if (wrong.length === 0) return [];
  const rest = wrong.length > 3 ? `, and ${wrong.length - 3} more` : "";
  return [
    broken(
      "sla",
      `SLA policy ${title}`,
      `${wrong.slice(0, 3).join("; ")}${rest}.`,
      `Correct its targets (${WHERE}) or those of the policy.`,
    ),
  ];
}

function hours(business: boolean): string {
  return business ? "business minutes" : "calendar minutes";
}
