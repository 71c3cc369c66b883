/** Does each tier's ticket get the opening hours its clocks were promised on? And is anybody there after hours? Pure. */
import type { Policy, Tier } from "../policy/model.ts";
import { tierTag } from "../policy/tags.ts";
import { foldedName } from "../policy/text-fold.ts";
import type { DeskObjectOf, DeskSchedule, Inventory } from "../ports.ts";
import { overlapOf } from "../provision/overlap.ts";
import { broken, type CheckLine, doubtful, fine } from "./line.ts";
import { schedulesPromised } from "./schedule-lines.ts";

/**
 * The desk counts a ticket's business minutes on its first schedule unless a trigger sets another; a tier that was
 * promised another one needs that trigger.
 */
export function tierHoursLines(
  policy: Policy,
  schedules: readonly DeskSchedule[] | null,
  inventory: Pick<Inventory, "kinds">,
): readonly CheckLine[] {
  const [first] = schedules ?? [];
  if (schedules === null || first === undefined) return [];
  const triggers = "because" in inventory.kinds.trigger ? null : inventory.kinds.trigger;
  const needing = policy.tiers.flatMap((tier) => {
    const name = hoursOf(tier, policy);
    const schedule = schedules.find((one) => foldedName(one.name) === foldedName(name ?? ""));
    return schedule === undefined || schedule.id === first.id ? [] : [{ tier, schedule }];
  });
  if (needing.length === 0 || triggers === null) return [];
  const without = needing.filter(({ tier, schedule }) => !isSet(triggers, tier, schedule, policy));
  if (without.length === 0)
    return [fine("hours", "schedule of each tier", "triggers set it where a tier needs another one")];
  return without.map(({ tier, schedule }) =>
    broken(
      "hours",
      `schedule of ${tier.name}`,
      `Its clocks were promised on ${schedule.name}; no trigger sets that schedule, so the help desk counts on ${first.name}.`,
      `Run \`priority-support apply\`, or make a trigger: "Tags contain at least one of ${tierTag(tier.id, policy)}", action "Set schedule".`,
    ),
  );
}

function hoursOf(tier: Tier, policy: Policy): string | null {
  const [name] = schedulesPromised({ ...policy, tiers: [tier] });
  return name ?? null;
}

function isSet(
  triggers: readonly DeskObjectOf<"trigger">[],
  tier: Tier,
  schedule: DeskSchedule,
  policy: Policy,
): boolean {
  return triggers.some(
    ({ fields }) =>
      fields.active &&
      fields.actions.some(({ field, value }) => field === "set_schedule" && value === schedule.id) &&
      overlapOf(fields.conditions, tierTag(tier.id, policy)) !== "never",
  );
}

/** A group nobody is in answers nothing. `members` = how many people are in each group; absent = not known. */
export function onCallLines(policy: Policy, members: ReadonlyMap<string, number>): readonly CheckLine[] {
  const asked = onCallGroups(policy);
  const empty = asked.filter((name) => members.get(name) === 0);
  if (asked.length === 0) return [];
  if (empty.length === 0) return [fine("hours", "after hours", `somebody is in ${asked.join(" and ")}`)];
  return empty.map((name) => {
    const tiers = policy.tiers.filter(({ routing }) => routing.afterHours.group === name);
    const priorities = [...new Set(tiers.flatMap(({ routing }) => routing.afterHours.priorities))];
    return doubtful(
      "hours",
      `after-hours group ${name}`,
      `Nobody is in it: ${priorities.join(" and ")} tickets of ${tiers.map((tier) => tier.name).join(" and ")} go there while everybody else is closed.`,
      "Put the people on call into it (Admin Center > People > Team > Groups).",
    );
  });
}

/** Groups that take tickets while everybody else is closed. */
export function onCallGroups(policy: Policy): readonly string[] {
  const taking = policy.tiers.filter(({ routing }) => routing.afterHours.priorities.length > 0);
  return [...new Set(taking.map(({ routing }) => routing.afterHours.group))].filter((name) => name !== null);
}
