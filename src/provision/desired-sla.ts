/** SLA policies per tier, and the opening hours their clocks run on. */
import type { Policy, Priority, SlaMetric, Tier } from "../policy/model.ts";
import { tierTag } from "../policy/tags.ts";
import { type AccountFacts, nameAmong } from "./account-facts.ts";
import { type Condition, where } from "./conditions.ts";
import { aroundRef, type Remark, refTo, type WantedFields, type WantedOf } from "./desired-model.ts";
import { marked } from "./marks.ts";

const METRICS: readonly SlaMetric[] = ["first_reply", "next_reply", "resolution"];
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** An SLA policy and the tiers it serves, highest first. */
interface Served {
  readonly title: string;
  readonly tiers: readonly Tier[];
}

/**
 * One SLA policy a name, highest tier first, for the first that fits is applied. They look at the ticket's tier tag, not
 * at the organization: a running ticket keeps its promise when the customer's tier falls.
 */
export function slaPolicies(policy: Policy): {
  readonly policies: readonly WantedOf<"sla_policy">[];
  readonly remarks: readonly Remark[];
} {
  const served = servedPolicies(policy);
  const stated = served.filter(({ title }) => targetsOf(title, policy).length > 0);
  return {
    policies: stated.map((one) => slaPolicyOf(one, policy)),
    remarks: served.filter((one) => !stated.includes(one)).map(unstated),
  };
}

function servedPolicies(policy: Policy): readonly Served[] {
  const highestFirst = policy.tiers.toReversed();
  const titles = [...new Set(highestFirst.map((tier) => tier.slaPolicy))].filter((title) => title !== null);
  return titles.map((title) => ({ title, tiers: highestFirst.filter((tier) => tier.slaPolicy === title) }));
}

function unstated({ title }: Served): Remark {
  return {
    about: `SLA policy ${title}`,
    message: "The policy names it without targets, so it is neither made nor changed.",
    fix: `Make it by hand, or write its targets under sla_policies.${title}.`,
  };
}

function slaPolicyOf({ title, tiers }: Served, policy: Policy): WantedOf<"sla_policy"> {
  const why = `The promise to ${tiers.map((tier) => tier.name).join(" and ")}.`;
  return {
    kind: "sla_policy",
    key: title,
    name: title,
    fields: {
      title,
      description: marked(why, policy.prefix, title),
      filter: { all: [taggedAs(tiers, policy)], any: [] },
      targets: targetsOf(title, policy),
    },
    place: null,
    why,
  };
}

function taggedAs(tiers: readonly Tier[], policy: Policy): Condition {
  return where("current_tags", "includes", tiers.map((tier) => tierTag(tier.id, policy)).join(" "));
}

/** Minutes per metric and priority. No commitment = no row. */
function targetsOf(title: string, policy: Policy): WantedFields<"sla_policy">["targets"] {
  const promised = policy.slaPolicies[title];
  if (promised === undefined) return [];
  return METRICS.flatMap((metric) =>
    PRIORITIES.flatMap((priority) => {
      const target = promised[metric][priority];
      if (target === null) return [];
      const businessHours = policy.schedules[target.schedule]?.alwaysOpen !== true;
      return [{ metric: policy.slaMetricMap[metric], priority, minutes: target.minutes, businessHours }];
    }),
  );
}

/** The opening hours a tier's clocks run on; [] = calendar hours only. The desk has one schedule a ticket. */
function schedulesOf(tier: Tier, policy: Policy): readonly string[] {
  const promised = tier.slaPolicy === null ? undefined : policy.slaPolicies[tier.slaPolicy];
  const names = METRICS.flatMap((metric) =>
    PRIORITIES.flatMap((priority) => promised?.[metric][priority]?.schedule ?? []),
  );
  return [...new Set(names)].filter((name) => policy.schedules[name]?.alwaysOpen !== true);
}

/**
 * A trigger per tier that sets its opening hours, where any tier needs others than the account's first; none where all
 * run on those, or on calendar hours. Once one tier needs it all have one: a ticket that moves to another customer must
 * not keep the hours of the first.
 */
export function scheduleTriggers(
  policy: Policy,
  account: AccountFacts,
): { readonly triggers: readonly WantedOf<"trigger">[]; readonly remarks: readonly Remark[] } {
  const timed = policy.tiers.toReversed().map((tier) => ({ tier, names: schedulesOf(tier, policy) }));
  const remarks = timed.filter(({ names }) => names.length > 1).map(({ tier, names }) => mixed(tier, names));
  const needed = timed.flatMap(({ tier, names: [name] }) => (name === undefined ? [] : [{ tier, name }]));
  const first = account.schedules?.[0] ?? "";
  const others = needed.filter(({ name }) => nameAmong(name, [first]) === null);
  if (others.length === 0) return { triggers: [], remarks };
  if (account.schedules === null) return { triggers: [], remarks: [...remarks, noSchedules(others)] };
  return {
    triggers: needed.map(({ tier, name }) =>
      scheduleTrigger(tier, nameAmong(name, account.schedules ?? []) ?? name, policy),
    ),
    remarks,
  };
}

function mixed(tier: Tier, names: readonly string[]): Remark {
  return {
    about: `tier ${tier.id}`,
    message: `Its targets run on the hours of ${names.join(" and ")}; the desk keeps one schedule a ticket, so all of them run on ${names[0]}.`,
    fix: `Use one schedule (and always) within ${tier.slaPolicy}.`,
  };
}

function noSchedules(tiers: readonly { readonly tier: Tier }[]): Remark {
  return {
    about: "schedules",
    message: `This plan has no business hours: targets of ${tiers.map(({ tier }) => tier.name).join(", ")} run on calendar hours.`,
    fix: "Change the plan, or write the targets with the schedule always.",
  };
}

function scheduleTrigger(tier: Tier, schedule: string, policy: Policy): WantedOf<"trigger"> {
  const key = `hours/${tier.id}`;
  const name = `Priority support: hours of ${tier.name}`;
  const why = `Runs the clocks of ${tier.name} on the hours of ${schedule}.`;
  return {
    kind: "trigger",
    key,
    name,
    fields: {
      title: name,
      description: marked(why, policy.prefix, key),
      active: true,
      category: refTo("trigger_category", "first"),
      conditions: { all: [taggedAs([tier], policy)], any: [] },
      actions: [{ field: "set_schedule", value: aroundRef("schedule", schedule) }],
    },
    place: "first",
    why,
  };
}
