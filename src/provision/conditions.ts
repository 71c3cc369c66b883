/** Conditions that keep our triggers off the tickets the policy leaves alone. */
import type { Policy } from "../policy/model.ts";
import { nativeTag } from "../policy/tags.ts";
import type { ProvisionCondition, ProvisionConditions } from "../ports.ts";
import type { AccountFacts } from "./account-facts.ts";
import { channelNumbers } from "./channels.ts";
import { aroundRef, type Ref } from "./desired-model.ts";

/** A condition that may name another object. */
export type Condition = ProvisionCondition<Ref>;

/** Conditions that may name other objects. */
export type Conditions = ProvisionConditions<Ref>;

/** One condition. "" as value = blank. */
export function where(field: string, operator: string, value: string | Ref): Condition {
  return { field, operator, value };
}

/** A new ticket. */
export const CREATED: Condition = where("update_type", "is", "Create");

/** A later change of a ticket. */
export const CHANGED: Condition = where("update_type", "is", "Change");

/**
 * Roles of a requester as conditions number them (recorded in a real account's SLA definitions,
 * https://github.com/salto-io/salto/tree/24ffe43de9e6a1920a7b158c787998c460eedd49, read 2026-11-22).
 */
const ROLES: Readonly<Record<string, string>> = { "end-user": "0", admin: "2", agent: "4" };

/** Not one of the tickets the policy's `scope` leaves alone, as far as the desk's conditions can say it. */
export function inScope(policy: Policy, account: AccountFacts): readonly Condition[] {
  const { skipRequesterRoles, skipStatuses, skipTagsAny, skipChannels } = policy.scope;
  return [
    ...skipRequesterRoles.flatMap((role) => {
      const number = ROLES[role];
      return number === undefined ? [] : [where("requester_role", "is_not", number)];
    }),
    ...(skipTagsAny.length === 0 ? [] : [where("current_tags", "not_includes", skipTagsAny.join(" "))]),
    // A new ticket is never closed, and a closed one runs no triggers.
    ...skipStatuses
      .filter((status) => status !== "closed")
      .map((status) => where("status", "is_not", status)),
    ...notByChannel(skipChannels, account),
  ];
}

/** Not one of these channels; those without a known number are left out. */
export function notByChannel(channels: readonly string[], account: AccountFacts): readonly Condition[] {
  const numbers = channels.flatMap((name) => channelNumbers(name, account.channels) ?? []);
  return [...new Set(numbers)].map((number) => where("via_id", "is_not", number));
}

/**
 * Skipped channels that no condition can name. A side conversation is opened by an agent (remembered, not verified), so
 * where agents are skipped it is skipped with them.
 */
export function unspeakableChannels(policy: Policy, account: AccountFacts): readonly string[] {
  const agentsSkipped = policy.scope.skipRequesterRoles.includes("agent");
  return policy.scope.skipChannels.filter(
    (name) =>
      channelNumbers(name, account.channels) === null && !(name === "side_conversation" && agentsSkipped),
  );
}

/** One of the policy's brands; [] = every brand. */
export function ofBrands(policy: Policy): readonly Condition[] {
  return policy.desk.brands.map((name) => where("brand_id", "is", aroundRef("brand", name)));
}

/** No native trigger has been here yet. */
export function notNative(policy: Policy): Condition {
  return where("current_tags", "not_includes", nativeTag(policy));
}
