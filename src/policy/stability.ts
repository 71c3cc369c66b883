/** Whether a loss of tier is believed yet. */
import { contractOf, isLive } from "./contract.ts";
import { DAY_MS, HOUR_MS } from "./dates.ts";
import type { HeldState, Instant } from "./model.ts";
import { type Grant, type Subject, useRecord } from "./subject.ts";
import { note } from "./trail.ts";

/** The tier after holds and graces, and what the ledger remembers of it. */
export interface Settled {
  readonly grant: Grant;
  readonly ledger: HeldState;
}

/** Compares what the facts give with what the ledger holds. Up at once; down only when nothing speaks for waiting. */
export function settle(found: Grant, subject: Subject, at: { asOf: Instant; now: Instant }): Settled {
  const { account, held, heldTier, policy, trail } = subject;
  const ageMs = account.syncedAt === null ? null : at.now - account.syncedAt;
  const stale = ageMs === null || ageMs > policy.stability.staleAfterHours * HOUR_MS;
  if (stale) note(trail, "stale_facts", "stale");
  if (ageMs === null) trail.flags.add("review");
  const waitlisted = held?.waitlisted ?? [];
  if (heldTier !== null)
    useRecord(trail, account, "held_tier", `${heldTier.id} (${held?.basis ?? "unknown"})`);
  if (held === null || heldTier === null || found.tier.rank >= heldTier.rank)
    return accepted(found, waitlisted);

  const keep: Settled = {
    grant: { tier: heldTier, basis: "held" },
    ledger: { tier: heldTier.id, basis: held.basis, lowerSince: held.lowerSince ?? at.asOf, waitlisted },
  };
  if (stale && mayHoldStale(subject, ageMs)) {
    note(trail, "stale_hold");
    return keep;
  }
  const doubt = lossInDoubt(subject);
  const graceEnds = (held.lowerSince ?? at.asOf) + policy.stability.downgradeGraceDays * DAY_MS;
  if (doubt !== null && account.status !== "trial" && isLive(subject.contract.state) && at.asOf < graceEnds) {
    if (doubt === "addon_vanished") note(trail, doubt, "review");
    note(trail, "downgrade_grace", "grace");
    return keep;
  }
  note(trail, "downgrade_effective");
  return accepted(found, waitlisted);
}

function accepted(grant: Grant, waitlisted: HeldState["waitlisted"]): Settled {
  return { grant, ledger: { tier: grant.tier.id, basis: grant.basis, lowerSince: null, waitlisted } };
}

/** Old facts hold a tier for so many days, unless the contract had already lapsed when they were read. */
function mayHoldStale({ account, policy, compiled }: Subject, ageMs: number | null): boolean {
  if (ageMs === null || account.syncedAt === null) return false;
  if (ageMs > policy.stability.staleHoldMaxDays * DAY_MS) return false;
  return contractOf(account, compiled.localDate(account.syncedAt), policy).state !== "lapsed";
}

/** Why a loss deserves a grace; null = it has an end of its own (add-on, trial, override), or no known basis. */
function lossInDoubt({ account, held, heldTier, compiled }: Subject): "lost" | "addon_vanished" | null {
  if (held?.basis === "plan" || held?.basis === "arr" || held?.basis === "parent") return "lost";
  if (held?.basis !== "addon" || heldTier === null) return null;
  const stands = account.addons.some(({ sku }) => compiled.addons.get(sku)?.grants === heldTier.id);
  return stands ? null : "addon_vanished";
}
