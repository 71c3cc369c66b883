/** Which tags on a ticket are ours, and which of them it should carry. */
import type { Policy, TierId } from "./model.ts";
import { FLAGS, type Flag } from "./trail.ts";

/** Tag of a tier: `ps_tier_enterprise`. */
export function tierTag(tier: TierId, policy: Policy): string {
  return `${policy.prefix}tier_${tier}`;
}

/** Tag of a flag: `ps_review`. The tag of unmatched tickets may be named in the policy. */
export function flagTag(flag: Flag, policy: Policy): string {
  return flag === "unmatched" ? policy.matching.unmatched.tag : `${policy.prefix}${flag}`;
}

/** Tag our own trigger leaves in the desk on what it set by itself. Not managed: never added or removed here. */
export function nativeTag(policy: Policy): string {
  return `${policy.prefix}native`;
}

/** The complete set of managed tags a ticket should carry. */
export function wantedTags(tier: TierId, flags: Iterable<Flag>, policy: Policy): readonly string[] {
  return [tierTag(tier, policy), ...[...flags].map((flag) => flagTag(flag, policy))];
}

/** Managed tags on a ticket that it should not carry. */
export function unwantedTags(
  present: readonly string[],
  wanted: readonly string[],
  policy: Policy,
): readonly string[] {
  return [...new Set(present)].filter((tag) => isManaged(tag, policy) && !wanted.includes(tag));
}

/** Whether a tag is ours to take away: tier tags and the known flags, nothing else that shares the prefix. */
export function isManaged(tag: string, policy: Policy): boolean {
  if (tag.startsWith(`${policy.prefix}tier_`)) return true;
  return FLAGS.some((flag) => tag === `${policy.prefix}${flag}` || tag === flagTag(flag, policy));
}
