/**
 * The arithmetic of a rate limit that several instances share. Pure: the moment is a parameter, always the database's.
 *
 * Calls are counted in windows as the upstream does. The window before still counts with the share of it that lies
 * within one window's length of now, so that after a first burst calls flow evenly instead of all at each window's
 * start, and no upstream sees twice its limit, whether its windows are fixed or roll.
 */
import type { BudgetRow, Lane } from "../ports.ts";

/** `limit` calls in any window of `perMs`, until answers say something else. */
export interface Limit {
  readonly limit: number;
  readonly perMs: number;
}

/** What an answer's headers said. */
export interface Told {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsInMs: number;
  /** The window rolls: `resetsInMs` is when some calls are free again, and not the window's end. */
  readonly rolling?: boolean;
}

/** Every lane, the most urgent first. */
export const LANES: readonly Lane[] = ["top", "live", "tier_change", "backfill"];

/**
 * Share of the allowed calls that a lane leaves to higher ones at a window's start; it shrinks to nothing towards the
 * window's end, so that a lane alone uses everything. Of limits as small as the exports' nothing is kept: no urgent call
 * is among them.
 */
const LEFT_TO_HIGHER: Readonly<Record<Lane, number>> = { top: 0, live: 0.1, tier_change: 0.2, backfill: 0.3 };

const SMALL = 20;

/** Windows shorter than this end before a slice does: their calls are spaced instead (`spacingMs`). */
const SHORT_MS = 2_000;
/** Headers state a window's end in whole seconds, rounded up: it is moved only when it is further off than this. */
const ALIGN_MS = 1_000;
/** Share of the limit that other instances may have under way while headers say that more is free than we think. */
const UNDER_WAY = 0.25;
/**
 * When an upstream comes back, this share of the allowed calls counts as just made: what waited starts with a tenth and
 * goes on at the usual pace, so that the first second sees less than a fifth of the limit.
 */
const COMING_BACK = 0.9;

/** A row for a limit that nobody has used yet. */
export function freshRow(endpointClass: string, { limit, perMs }: Limit): BudgetRow {
  return {
    endpointClass,
    limit,
    windowMs: perMs,
    used: 0,
    before: 0,
    windowEnd: 0,
    blockedUntil: 0,
    closed: false,
    version: 0,
  };
}

/** The row as it is at `now`: windows that have ended are turned over. */
export function turned(row: BudgetRow, now: number): BudgetRow {
  if (now < row.windowEnd) return row;
  const next = row.windowEnd + row.windowMs;
  if (now < next && !isShort(row)) return { ...row, before: row.used, used: 0, windowEnd: next };
  return { ...row, before: 0, used: 0, windowEnd: now + row.windowMs };
}

/** Calls we may make in a window: the limit less what is left to the customer's other apps. At least one. */
export function allowedOf(row: BudgetRow, headroom: number): number {
  return Math.max(1, row.limit - Math.floor(row.limit * headroom));
}

/** Calls that count at `now`. */
export function countedAt(row: BudgetRow, now: number): number {
  const current = turned(row, now);
  return current.used + current.before * shareLeft(current, now);
}

/** ms between two starts of one instance where the window is too short to count in; 0 = no spacing. */
export function spacingMs({ limit, perMs }: Limit): number {
  return perMs < SHORT_MS ? perMs / limit : 0;
}

/** ms until `calls` more may be made in this lane; 0 = now. */
export function waitFor(row: BudgetRow, lane: Lane, calls: number, now: number, allowed: number): number {
  if (now < row.blockedUntil) return row.blockedUntil - now;
  const { used, before, windowEnd, windowMs } = turned(row, now);
  const left = isShort(row) || allowed < SMALL ? 0 : LEFT_TO_HIGHER[lane] * allowed;
  const thisWindow = shareAt(allowed - used - calls, before + left);
  const share = (windowEnd - now) / windowMs;
  if (thisWindow >= share) return 0;
  if (thisWindow >= 0) return (share - thisWindow) * windowMs;
  const nextWindow = shareAt(allowed - calls, (isShort(row) ? 0 : used) + left);
  return windowEnd - now + Math.max(0, 1 - nextWindow) * windowMs;
}

/** The row after `calls` more. A closed row lets one call try, and the next only `probeMs` later. */
export function spent(row: BudgetRow, calls: number, now: number, probeMs: number): BudgetRow {
  const current = turned(row, now);
  const blockedUntil = row.closed ? now + probeMs : row.blockedUntil;
  return { ...current, used: current.used + calls, blockedUntil };
}

/** The row after `calls` that were debited in the window ending at `windowEnd` were not made. */
export function givenBack(row: BudgetRow, calls: number, windowEnd: number, now: number): BudgetRow {
  const current = turned(row, now);
  // Calls of a window that is over weigh less by themselves.
  return current.windowEnd === windowEnd ? { ...current, used: Math.max(0, current.used - calls) } : current;
}

/** The row after trouble: nothing for `forMs`, then one call at a time until one is answered well. */
export function shut(row: BudgetRow, forMs: number, now: number): BudgetRow {
  return { ...row, closed: true, blockedUntil: Math.max(row.blockedUntil, now + Math.max(0, forMs)) };
}

/** The row when its upstream is back: a trying call was answered well. */
export function reopened(row: BudgetRow, now: number, headroom: number): BudgetRow {
  const before = Math.ceil(allowedOf(row, headroom) * COMING_BACK);
  const windowEnd = now + row.windowMs;
  return { ...row, closed: false, blockedUntil: 0, used: 0, before: isShort(row) ? 0 : before, windowEnd };
}

/**
 * The row after an answer's headers; the same object when they say nothing new.
 *
 * More used than we knew counts at once: other apps. Less used than we knew counts as far as it cannot be calls that are
 * under way: `recent` = calls this instance began since an answer can have been written, and a
 * quarter of the limit for other instances. What is left reaching the headroom stops everything until the window ends.
 */
export function corrected(
  row: BudgetRow,
  told: Told,
  at: { readonly now: number; readonly headroom: number; readonly recent: number },
): BudgetRow {
  const { now, headroom } = at;
  const limit = Math.max(1, Math.floor(told.limit));
  const current = turned(row, now);
  const resetsAt = now + Math.min(told.resetsInMs, row.windowMs);
  const kept = limit - allowedOf({ ...row, limit }, headroom);
  const low = told.remaining <= kept;
  // Whole seconds make one window's end look later with every answer.
  const stop = low && (row.blockedUntil <= now || resetsAt > row.blockedUntil + 1_000);
  const after =
    told.rolling === true ? recountedRolling(current, told, at) : recounted(current, told, at, stop);
  if (after === current && limit === row.limit && !stop) return row;
  return { ...after, limit, blockedUntil: stop ? resetsAt : row.blockedUntil };
}

/** Calls used by what is told; what we count beyond it stays, as far as it may be under way. */
function usedBy(known: number, told: Told, recent: number): number {
  const used = Math.max(0, told.limit - told.remaining);
  return Math.max(used, Math.min(known, used + recent + told.limit * UNDER_WAY));
}

/** The same window as the upstream's: its count is ours. The window before counts on, so that calls go on evenly. */
function recounted(
  current: BudgetRow,
  told: Told,
  { now, recent }: { readonly now: number; readonly recent: number },
  exactly: boolean,
): BudgetRow {
  const windowEnd = now + Math.min(told.resetsInMs, current.windowMs);
  if (Math.abs(windowEnd - current.windowEnd) <= (exactly ? 0 : ALIGN_MS)) {
    const used = Math.ceil(usedBy(current.used, told, recent));
    return used === current.used ? current : { ...current, used };
  }
  const used = Math.max(0, told.limit - told.remaining);
  const rest = Math.max(0, countedAt(current, now) - used);
  const before = rest / Math.max(0.01, shareLeft({ ...current, windowEnd }, now));
  return { ...current, used, before: Math.min(current.limit, Math.ceil(before)), windowEnd };
}

/**
 * An upstream whose window rolls, or that does not say when it ends, tells what counts at this moment. What is more than
 * we knew fades until our window ends, as it does there; counted as calls of this window it would count twice as long.
 */
function recountedRolling(
  current: BudgetRow,
  told: Told,
  { now, recent }: { readonly now: number; readonly recent: number },
): BudgetRow {
  const known = countedAt(current, now);
  const counted = usedBy(known, told, recent);
  if (Math.abs(counted - known) <= 0.5) return current;
  if (counted < current.used) return { ...current, used: Math.ceil(counted), before: 0 };
  const before = (counted - current.used) / Math.max(0.01, shareLeft(current, now));
  return { ...current, before: Math.min(current.limit, Math.ceil(before)) };
}

function isShort({ windowMs }: BudgetRow): boolean {
  return windowMs < SHORT_MS;
}

function shareLeft({ windowEnd, windowMs }: BudgetRow, now: number): number {
  return Math.min(1, Math.max(0, (windowEnd - now) / windowMs));
}

/** The largest share of a window still to come at which `free` calls cover `weight` × share; below 0 = none. */
function shareAt(free: number, weight: number): number {
  if (free < 0) return -1;
  return weight === 0 ? Number.POSITIVE_INFINITY : free / weight;
}
