/** What stands above the facts: the gates of a bad status, then what people decided by hand. */
import { rankOf, tierNamed } from "./compiled.ts";
import type { Instant, Override, Tier } from "./model.ts";
import { type Grant, type Subject, useRecord } from "./subject.ts";
import { note } from "./trail.ts";

/** The tier at most what the account's status allows. */
export function gated(grant: Grant, { account, policy, compiled, trail }: Subject): Grant {
  if (policy.statusFlags.includes(account.status)) note(trail, `status_flag:${account.status}`);
  const gate = policy.statusGates[account.status];
  if (gate === undefined) return grant;
  note(trail, `status_gate:${account.status}`, "suspended");
  const most = tierNamed(compiled, gate);
  return grant.tier.rank > most.rank ? { tier: most, basis: "gate" } : grant;
}

/** The tier after the human exceptions in force at `asOf`: the newest pin alone, else floors and then caps. */
export function overridden(
  grant: Grant,
  overrides: readonly Override[],
  subject: Subject,
  asOf: Instant,
): Grant {
  const inForce = inForceFor(overrides, subject, asOf);
  if (inForce.length === 0) return grant;
  const pins = inForce.filter((override) => override.kind === "pin");
  if (pins.length > 0 && inForce.length > 1) note(subject.trail, "override_conflict", "review");
  const tier = pins.length > 0 ? pinned(pins, grant, subject) : bounded(inForce, grant, subject);
  if (tier.rank === grant.tier.rank) return grant;
  subject.trail.flags.add("override");
  return { tier, basis: "override" };
}

/** The pin made last; of two made at once, the higher tier. */
function pinned(pins: readonly Override[], grant: Grant, { compiled, trail }: Subject): Tier {
  const [last] = pins
    .map(({ createdAt, tier }) => ({ createdAt, tier: tierNamed(compiled, tier) }))
    .toSorted((a, b) => b.createdAt - a.createdAt || b.tier.rank - a.tier.rank);
  if (last === undefined || last.tier.rank === grant.tier.rank) return grant.tier;
  note(trail, "override_pin");
  return last.tier;
}

/** Up to the highest floor, then down to the lowest cap: the cap wins. */
function bounded(bounds: readonly Override[], grant: Grant, { compiled, trail }: Subject): Tier {
  const tiersOf = (kind: Override["kind"]): readonly Tier[] =>
    bounds
      .filter((override) => override.kind === kind)
      .map(({ tier }) => tierNamed(compiled, tier))
      .toSorted((a, b) => a.rank - b.rank);
  const floor = tiersOf("floor").at(-1);
  const cap = tiersOf("cap").at(0);
  if (floor !== undefined && cap !== undefined && floor.rank > cap.rank) {
    note(trail, "override_conflict", "review");
  }
  let tier = grant.tier;
  if (floor !== undefined && tier.rank < floor.rank) {
    note(trail, "override_floor");
    tier = floor;
  }
  if (cap !== undefined && tier.rank > cap.rank) {
    note(trail, "override_cap");
    tier = cap;
  }
  return tier;
}

/** The passed overrides and those of the policy file; one of the same id counts as passed. */
function inForceFor(overrides: readonly Override[], subject: Subject, asOf: Instant): readonly Override[] {
  const { account, policy, compiled, trail } = subject;
  const ids = new Set(overrides.map((override) => override.id));
  const written = policy.overrides.items.filter((item) => !ids.has(item.id));
  const inForce = [...overrides, ...written].filter(
    ({ accountId, tier, startsAt, createdAt, expiresAt }) =>
      accountId === account.id &&
      rankOf(compiled, tier) !== null &&
      (startsAt ?? createdAt) <= asOf &&
      expiresAt !== null &&
      asOf < expiresAt,
  );
  for (const { id, kind, tier } of inForce) useRecord(trail, account, "override", `${id}: ${kind} ${tier}`);
  return inForce;
}
