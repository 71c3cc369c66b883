/** The mass-change brake: a wave of demotions is more often a fault in the CRM than the truth. */
import type { Policy, TierId } from "./model.ts";

/** One account whose tier would change. */
export interface ProposedMove {
  readonly accountId: string;
  readonly fromTier: TierId;
  readonly toTier: TierId;
}

/** One run of the account sync, before it is accepted. */
export interface GuardInput {
  readonly proposed: readonly ProposedMove[];
  /** Demotions already accepted in the last `guard.windowHours`, this run not counted. */
  readonly demotionsInWindow: number;
  /** Accounts above the default tier before this run. */
  readonly accountsAboveDefault: number;
  /** Accounts per tier before this run. */
  readonly tierSizes: Readonly<Record<TierId, number>>;
  /** Records in the last complete listing and in this one; null = this run lists nothing completely. */
  readonly listing: { readonly previous: number; readonly now: number } | null;
}

/** Why the brake was pulled. */
export type GuardCode = "too_many_demotions" | "hard_limit" | "tier_emptied" | "listing_shrank";

/** Which accounts keep their last accepted facts until a person decides; none held = `codes` empty, `reason` null. */
export interface GuardVerdict {
  readonly held: readonly string[];
  readonly codes: readonly GuardCode[];
  /** All causes as sentences for the person who decides. */
  readonly reason: string | null;
}

/** A complete listing that lost more than this share of its records is not believed. */
const LISTING_SHRINK_MAX = 0.2;

/** A tier of one account is emptied by any ordinary end of a contract; that alone is no sign of a fault. */
const EMPTIED_FROM_SIZE = 2;

type Cause = readonly [GuardCode, string];

function waveCauses(input: GuardInput, demotions: number, policy: Policy): readonly Cause[] {
  const { guard } = policy;
  const total = input.demotionsInWindow + demotions;
  const allowed = Math.max(guard.demotions, guard.share * input.accountsAboveDefault);
  const causes: Cause[] = [];
  const within = `within ${guard.windowHours} hours`;
  if (total > allowed) {
    causes.push([
      "too_many_demotions",
      `${total} demotions ${within}; ${Math.floor(allowed)} pass by themselves.`,
    ]);
  }
  if (total > guard.hard) {
    causes.push(["hard_limit", `${total} demotions ${within} are over the hard limit of ${guard.hard}.`]);
  }
  return causes;
}

function emptiedCauses(input: GuardInput, demotions: readonly ProposedMove[]): readonly Cause[] {
  const tiers = new Set(demotions.map((move) => move.fromTier));
  return [...tiers].flatMap((tier): readonly Cause[] => {
    const size = Object.hasOwn(input.tierSizes, tier) ? (input.tierSizes[tier] ?? 0) : 0;
    const leaving = new Set(
      input.proposed.filter((move) => move.fromTier === tier).map((move) => move.accountId),
    );
    if (size < EMPTIED_FROM_SIZE || leaving.size < size) return [];
    return [["tier_emptied", `All ${size} accounts of ${tier} would leave it at once.`]];
  });
}

/**
 * Why a listing is not believed, as a sentence; null = it is. Records that such a listing does not name are not taken
 * for gone, also where nobody would lose a tier.
 */
export function shrinkOf(listing: GuardInput["listing"]): string | null {
  if (listing === null || listing.now >= listing.previous * (1 - LISTING_SHRINK_MAX)) return null;
  return `The CRM listed ${listing.now} records; it was ${listing.previous} before.`;
}

function listingCauses({ listing }: GuardInput): readonly Cause[] {
  const shrink = shrinkOf(listing);
  return shrink === null ? [] : [["listing_shrank", shrink]];
}

/**
 * Which accounts of a run keep their last accepted facts until a person approves, and why.
 *
 * When any limit is passed, every demotion of the run waits, since nobody can tell the false ones from the true.
 * Upgrades always pass. A tier that is not in the policy any more counts as the highest, so leaving it is a demotion.
 */
export function guard(input: GuardInput, policy: Policy): GuardVerdict {
  const rank = (tier: TierId) =>
    policy.tiers.find((one) => one.id === tier)?.rank ?? Number.POSITIVE_INFINITY;
  const demotions = input.proposed.filter((move) => rank(move.toTier) < rank(move.fromTier));
  if (demotions.length === 0) return { held: [], codes: [], reason: null };
  const causes = [
    ...waveCauses(input, demotions.length, policy),
    ...emptiedCauses(input, demotions),
    ...listingCauses(input),
  ];
  if (causes.length === 0) return { held: [], codes: [], reason: null };
  return {
    held: [...new Set(demotions.map((move) => move.accountId))],
    codes: [...new Set(causes.map(([code]) => code))],
    reason: causes.map(([, sentence]) => sentence).join(" "),
  };
}
