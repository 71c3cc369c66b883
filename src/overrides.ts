/** Human exceptions of the store and of the policy file as one list: add, look, end. The file's are read-only here. */
import { DateTime } from "luxon";
import type { Instant, Override, Policy } from "./policy/model.ts";
import type { Store } from "./ports.ts";

/** One override as people look at it. */
export interface ListedOverride extends Override {
  readonly from: "store" | "policy file";
  readonly state: "not yet" | "in force" | "over";
  /** Ended by hand, before its time; null = not. */
  readonly endedAt: Instant | null;
  readonly endedBy: string | null;
}

/** What somebody asks for. Dates are `YYYY-MM-DD` in the policy's zone, or moments with an offset. */
export interface OverrideWish {
  readonly accountId: string;
  readonly kind: string;
  readonly tier: string;
  readonly reason: string;
  readonly approvedBy: string;
  /** null = from now on. */
  readonly starts: string | null;
  /** A day counts to its end. */
  readonly expires: string;
}

/** What is wrong with a wish or an end, and what to do about it. */
export interface OverrideProblem {
  readonly what: string;
  readonly fix: string;
}

const DAY_MS = 86_400_000;

/** Everything that was ever kept and everything in the file, newest first. */
export async function listOverrides(
  store: Pick<Store, "overrides">,
  policy: Policy,
  now: Instant,
): Promise<readonly ListedOverride[]> {
  const stored = (await store.overrides.list()).map((one) => ({ ...one, from: "store" as const }));
  const ids = new Set(stored.map((one) => one.id));
  // One of the same id counts as the store has it, as the rules do.
  const file = policy.overrides.items
    .filter((one) => !ids.has(one.id))
    .map((one) => ({ ...one, from: "policy file" as const, endedAt: null, endedBy: null }));
  return [...stored, ...file]
    .map((one) => ({ ...one, state: stateOf(one, now) }))
    .toSorted((a, b) => b.createdAt - a.createdAt);
}

function stateOf(
  one: Override & { readonly endedAt: Instant | null },
  now: Instant,
): ListedOverride["state"] {
  const end = Math.min(one.expiresAt ?? 0, one.endedAt ?? Number.POSITIVE_INFINITY);
  if (now >= end) return "over";
  return (one.startsAt ?? one.createdAt) > now ? "not yet" : "in force";
}

/**
 * Keeps a new override and marks the account, so that the next sync carries it out.
 *
 * @param id a new one. Answers every problem at once; nothing is kept then.
 */
export async function addOverride(
  store: Store,
  policy: Policy,
  wish: OverrideWish,
  id: string,
  now: Instant,
): Promise<{ readonly override: Override } | { readonly problems: readonly OverrideProblem[] }> {
  const accountId = await knownAccount(store, wish.accountId);
  const starts = wish.starts === null ? null : momentOf(wish.starts, policy, false);
  const expires = momentOf(wish.expires, policy, true);
  const problems = [
    ...(accountId === null ? [unknownAccount(wish.accountId)] : []),
    ...wordProblems(wish, policy),
    ...timeProblems({ starts, expires, wish, now }, policy),
  ];
  const kind = policy.overrides.kinds.find((one) => one === wish.kind);
  if (problems.length > 0 || accountId === null || kind === undefined || expires === null)
    return { problems };
  const override: Override = {
    id,
    accountId,
    kind,
    tier: wish.tier,
    reason: wish.reason.trim(),
    approvedBy: wish.approvedBy.trim(),
    createdAt: wholeSecond(now),
    startsAt: starts,
    expiresAt: expires,
  };
  await store.overrides.add(override);
  await store.accounts.markPending([accountId]);
  return { override };
}

/** Ends an override now; null = done. It stays in the history, and the next sync carries the end out. */
export async function endOverride(
  store: Store,
  policy: Policy,
  id: string,
  by: string | null,
  now: Instant,
): Promise<OverrideProblem | null> {
  const one = (await listOverrides(store, policy, now)).find((each) => each.id === id);
  if (one === undefined)
    return { what: `There is no override ${id}.`, fix: "Look at `override list` for the ids." };
  if (one.from === "policy file")
    return {
      what: `Override ${id} stands in the policy file and is read-only here.`,
      fix: "Remove it from overrides.items in the file, or change its expires_at there.",
    };
  if (!(await store.overrides.end(id, wholeSecond(now), by)))
    return { what: `Override ${id} is over already.`, fix: "Nothing needs to be done." };
  await store.accounts.markPending([one.accountId]);
  return null;
}

/**
 * Marks the accounts whose overrides began or ended since the last look, those of the file included: time alone changes
 * their tier.
 */
export async function markTurning(store: Store, policy: Policy, now: Instant): Promise<readonly string[]> {
  const kept = await store.register.cursor("overrides");
  const from = kept === null ? now : Number(kept);
  const turned = (at: Instant | null): boolean => at !== null && at > from && at <= now;
  const file = policy.overrides.items.filter((one) => turned(one.startsAt) || turned(one.expiresAt));
  const ids = [
    ...new Set([...(await store.overrides.turning(from, now)), ...file.map((one) => one.accountId)]),
  ];
  const known = [...(await store.accounts.many(ids)).keys()];
  if (known.length > 0) await store.accounts.markPending(known);
  await store.register.setCursor("overrides", String(now));
  return known;
}

/** Tickets carry the second of their creation: one made right after an override must fall under it. */
function wholeSecond(at: Instant): Instant {
  return Math.floor(at / 1000) * 1000;
}

/** The account's id as the store knows it: with or without its source, merged or not. */
async function knownAccount(store: Store, id: string): Promise<string | null> {
  const full = id.includes(":") ? id : `hubspot:${id}`;
  const [source = "", sourceId = ""] = [full.slice(0, full.indexOf(":")), full.slice(full.indexOf(":") + 1)];
  if ((await store.accounts.get(full)) !== null) return full;
  return store.accounts.resolve(source, sourceId);
}

function unknownAccount(id: string): OverrideProblem {
  return {
    what: `No account ${id} is known.`,
    fix: "Check the id, or run `priority-support sync` first.",
  };
}

function wordProblems(wish: OverrideWish, policy: Policy): readonly OverrideProblem[] {
  const problems: OverrideProblem[] = [];
  const { kinds } = policy.overrides;
  const tiers = policy.tiers.map((tier) => tier.id);
  if (!kinds.some((kind) => kind === wish.kind))
    problems.push({ what: `There is no kind "${wish.kind}".`, fix: `Use one of ${kinds.join(", ")}.` });
  if (!tiers.includes(wish.tier))
    problems.push({ what: `The policy has no tier "${wish.tier}".`, fix: `Use one of ${tiers.join(", ")}.` });
  if (wish.reason.trim() === "")
    problems.push({ what: "The override has no reason.", fix: "Say why, with --reason." });
  if (wish.approvedBy.trim() === "")
    problems.push({ what: "Nobody approved the override.", fix: "Name who did, with --approved-by." });
  return problems;
}

function timeProblems(
  time: {
    readonly starts: Instant | null;
    readonly expires: Instant | null;
    readonly wish: OverrideWish;
    readonly now: Instant;
  },
  policy: Policy,
): readonly OverrideProblem[] {
  const { starts, expires, wish, now } = time;
  const { maxDays } = policy.overrides;
  const unreadable = [
    ...(starts === null && wish.starts !== null ? [wish.starts] : []),
    ...(expires === null ? [wish.expires] : []),
  ];
  if (unreadable.length > 0 || expires === null)
    return unreadable.map((text) => ({
      what: `"${text}" is no date.`,
      fix: "Write a day as 2026-12-31, or a moment as 2026-12-31T18:00:00Z.",
    }));
  const from = starts ?? now;
  if (expires <= Math.max(from, now))
    return [{ what: "The override would end before it begins.", fix: "Give a later day with --expires." }];
  return expires - from <= maxDays * DAY_MS
    ? []
    : [
        {
          what: `The override would last longer than ${maxDays} days (overrides.max_days).`,
          fix: `End it within ${maxDays} days and renew it when it is still right.`,
        },
      ];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day in the policy's zone (its end where `whole`), or a moment with its offset; null = neither. */
function momentOf(text: string, policy: Policy, whole: boolean): Instant | null {
  const trimmed = text.trim();
  const zone = policy.timezone;
  if (DAY.test(trimmed)) {
    const day = DateTime.fromISO(trimmed, { zone });
    return day.isValid ? (whole ? day.plus({ days: 1 }) : day).toMillis() : null;
  }
  if (!/(Z|[+-]\d{2}:?\d{2})$/i.test(trimmed)) return null;
  const moment = DateTime.fromISO(trimmed, { setZone: true });
  return moment.isValid ? moment.toMillis() : null;
}
