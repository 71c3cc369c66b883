/**
 * The fast path: triggers of the desk itself that give a new ticket its tier's priority, group and tag in the moment it
 * is created, before routing looks at it and without any call.
 *
 * A trigger knows one thing, the tier on the customer's organization. Keywords, severity, VIPs, opening hours and
 * availability are left to the service, which sees the mark, counts these values as not set, and corrects them.
 */

import { LIVE_CHANNELS } from "../policy/live-channels.ts";
import type { Policy, Tier } from "../policy/model.ts";
import { nativeOutcome } from "../policy/native.ts";
import { nativeTag, tierTag } from "../policy/tags.ts";
import type { ProvisionAction } from "../ports.ts";
import { type AccountFacts, nameAmong } from "./account-facts.ts";
import {
  type Condition,
  CREATED,
  inScope,
  notByChannel,
  notNative,
  ofBrands,
  unspeakableChannels,
  where,
} from "./conditions.ts";
import { aroundRef, optionRef, type Ref, type Remark, refTo, type WantedOf } from "./desired-model.ts";
import { marked } from "./marks.ts";

/** The triggers of all tiers, and why a tier has none. */
export interface NativeTriggers {
  readonly triggers: readonly WantedOf<"trigger">[];
  readonly remarks: readonly Remark[];
}

/**
 * One trigger a tier (one a brand in a pilot), highest tier first.
 *
 * A tier has none when its `native_trigger` is absent or empty, and no tier has any when the policy skips a channel that
 * no condition can name: the trigger would touch tickets we promised to leave alone.
 */
export function nativeTriggers(policy: Policy, account: AccountFacts): NativeTriggers {
  const unspeakable = unspeakableChannels(policy, account);
  const able = policy.tiers.filter((tier) => nativeOutcome(tier) !== null);
  if (able.length > 0 && unspeakable.length > 0) return { triggers: [], remarks: [unspoken(unspeakable)] };
  return {
    triggers: able.toReversed().flatMap((tier) => triggersOf(tier, policy, account)),
    remarks: [
      ...without(policy.tiers.filter((tier) => nativeOutcome(tier) === null)),
      ...(able.some((tier) => groupSetBy(tier, policy) !== null) ? liveRemarks(account) : []),
    ],
  };
}

function unspoken(channels: readonly string[]): Remark {
  return {
    about: "native triggers",
    message: `The policy skips the channel ${channels.join(", ")}, and no trigger condition can name it: no native trigger is made, the service sets everything itself.`,
    fix: "Use the token of an administrator, so that the account's list of channels can be read, or take the channel out of scope.skip_channels.",
  };
}

function without(tiers: readonly Tier[]): readonly Remark[] {
  if (tiers.length === 0) return [];
  return [
    {
      about: "native triggers",
      message: `${tiers.map((tier) => tier.name).join(", ")} ${tiers.length === 1 ? "has" : "have"} no native_trigger: these tickets wait for the service, a second or two, and routing that assigns at once may be faster.`,
      fix: "Write `native_trigger: from_tier` under a tier for its priority and group at creation.",
    },
  ];
}

function liveRemarks(account: AccountFacts): readonly Remark[] {
  if (account.channels !== null) return [];
  return [
    {
      about: "native triggers",
      message:
        "The account does not tell its channels: a messaging conversation cannot be told apart, so a native trigger may move its group.",
      fix: "Use the token of an administrator, or leave the group out of native_trigger.",
    },
  ];
}

function triggersOf(tier: Tier, policy: Policy, account: AccountFacts): readonly WantedOf<"trigger">[] {
  const brands = ofBrands(policy);
  // `any` is taken by the groups, so a pilot with several brands has a trigger for each.
  if (brands.length < 2) return [triggerOf(tier, brands, "", policy, account)];
  return brands.map((brand, index) =>
    triggerOf(tier, [brand], policy.desk.brands[index] ?? "", policy, account),
  );
}

function triggerOf(
  tier: Tier,
  brand: readonly Condition[],
  brandName: string,
  policy: Policy,
  account: AccountFacts,
): WantedOf<"trigger"> {
  const suffix = brandName === "" ? "" : `/${brandName}`;
  const key = `native/${tier.id}${suffix}`;
  const name = `Priority support: new tickets of ${tier.name}${brandName === "" ? "" : ` (${brandName})`}`;
  const why = `Gives new tickets of ${tier.name} their priority and group in the moment they are created.`;
  const group = groupSetBy(tier, policy);
  return {
    kind: "trigger",
    key,
    name,
    fields: {
      title: name,
      description: marked(why, policy.prefix, key),
      active: true,
      category: refTo("trigger_category", "first"),
      conditions: {
        all: [
          ...always(tier, policy, account),
          ...brand,
          ...(group === null ? [] : whileMovable(policy, account)),
        ],
        any: group === null ? [] : reroutable(policy),
      },
      actions: actions(tier, policy),
    },
    place: "first",
    why,
  };
}

/** The group the tier's trigger sets; null = none, also where the policy lets no ticket be moved. */
function groupSetBy(tier: Tier, policy: Policy): string | null {
  return policy.routing.reroutableGroups.length === 0 ? null : (nativeOutcome(tier)?.group ?? null);
}

/** New, of this tier's customer, without a priority, in scope, not done yet. */
function always(tier: Tier, policy: Policy, account: AccountFacts): readonly Condition[] {
  const field = `${policy.prefix}tier`;
  const option = optionRef("organization_field", field, tierTag(tier.id, policy));
  const { onlyOrganizationsTagged: pilot } = policy.desk;
  return [
    CREATED,
    where(`organization.custom_fields.${field}`, "is", option),
    where("priority", "is", ""),
    notNative(policy),
    ...inScope(policy, account),
    // An organization's tags are copied onto its new tickets (remembered, not verified).
    ...(pilot.length === 0 ? [] : [where("current_tags", "includes", pilot.join(" "))]),
  ];
}

/** The service would move its group, too: nobody has it, its form and channel let it go. */
function whileMovable(policy: Policy, account: AccountFacts): readonly Condition[] {
  const { keepGroupForms, keepWhenAssigned } = policy.routing;
  const forms = keepGroupForms.map((form) => nameAmong(form, account.forms)).filter((form) => form !== null);
  return [
    ...(keepWhenAssigned ? [where("assignee_id", "is", "")] : []),
    ...forms.map((form) => where("ticket_form_id", "is_not", aroundRef("form", form))),
    ...notByChannel(LIVE_CHANNELS, account),
  ];
}

function reroutable(policy: Policy): readonly Condition[] {
  return policy.routing.reroutableGroups.map((group) =>
    where("group_id", "is", group === null ? "" : refTo("group", group)),
  );
}

function actions(tier: Tier, policy: Policy): readonly ProvisionAction<Ref>[] {
  const priority = nativeOutcome(tier)?.priority ?? null;
  const group = groupSetBy(tier, policy);
  return [
    ...(priority === null ? [] : [{ field: "priority", value: priority }]),
    ...(group === null ? [] : [{ field: "group_id", value: refTo("group", group) }]),
    { field: "current_tags", value: `${tierTag(tier.id, policy)} ${nativeTag(policy)}` },
  ];
}
