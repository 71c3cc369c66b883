/** Slices of the shared budget: how many calls may begin, on credit or debited, or how long none may. */
import type { BudgetRow, Lane } from "../ports.ts";
import { allowedOf, countedAt, spent, waitFor } from "./budget.ts";
import { headroomOf, inTurn, isAlone, leave, type Teller } from "./teller.ts";

/** The right to begin some calls, until it ends. */
export interface Slice {
  readonly endpointClass: string;
  readonly lane: Lane;
  /** Calls not begun yet. */
  left: number;
  /** Not debited yet: every call that begins is owed. */
  readonly onCredit: boolean;
  /** Something is shut: this one call tries whether the trouble is over. */
  readonly trying: boolean;
  /** Over: nothing begins any more. */
  ended: boolean;
  /** The rows as they were debited. */
  readonly debited: readonly BudgetRow[];
}

/** Nothing is to be had for so long. */
export interface Wait {
  readonly waitMs: number;
}

/** A slice ends after this long; so does the time in which another instance's trouble goes unseen. */
export const SLICE_MS = 1_000;
/** Calls of a slice, at most. */
const MOST = 5;
/** Share of the allowed calls up to which slices are given on credit. */
const CREDIT = 0.5;
/** While something is shut, one call in this time may try. */
export const PROBE_MS = 5_000;
/**
 * While the store does not answer, an instance goes on by its own count with this share of what is allowed: work does
 * not stop, and four instances together still keep to the limit.
 */
const ALONE_SHARE = 0.25;
/** Tries of a debit that other instances' writes overtake. */
const TRIES = 8;

/** What a caller would like. */
export interface Want {
  readonly endpointClass: string;
  readonly lane: Lane;
  readonly wanted: number;
}

/** Up to the wanted calls, or how long none can be had. Never rejects. */
export async function take(teller: Teller, want: Want): Promise<Slice | Wait> {
  if (isAlone(teller)) return alone(teller, want);
  try {
    await teller.book.read();
    const first = planned(teller, want, 1);
    if ("waitMs" in first || first.onCredit) return first;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const slice = await inTurn(teller, () => debited(teller, want));
      if (slice !== null) return slice;
    }
    return { waitMs: SLICE_MS / 10 };
  } catch {
    leave(teller);
    return alone(teller, want);
  }
}

/** null = another instance was quicker. */
async function debited(teller: Teller, want: Want): Promise<Slice | Wait | null> {
  await teller.book.read();
  const plan = planned(teller, want, 1);
  if ("waitMs" in plan || plan.onCredit) return plan;
  return (await teller.book.write(plan.debited)) ? plan : null;
}

function alone(teller: Teller, want: Want): Slice | Wait {
  const plan = planned(teller, want, ALONE_SHARE);
  return "waitMs" in plan ? plan : { ...plan, onCredit: true, debited: [] };
}

/** The slice that the rows allow at present, of what everybody may use or of a share of it. */
function planned(teller: Teller, { endpointClass, lane, wanted }: Want, share: number): Slice | Wait {
  const { book } = teller;
  const now = book.now();
  const at = teller.options.time.ticks();
  const rows = book.namesOf(endpointClass).map((name) => {
    const row = book.row(name);
    const allowed = allowedOf(row, headroomOf(teller, row)) - teller.others.expected(row, at);
    return { row, allowed: Math.max(1, Math.floor(allowed * share)) };
  });
  const shutNow = rows.some(({ row }) => row.closed);
  const size = Math.min(...rows.map(({ row, allowed }) => sliceOf(row, allowed)));
  const left = shutNow ? 1 : Math.min(size, wanted);
  const waitMs = Math.max(...rows.map(({ row, allowed }) => waitFor(row, lane, left, now, allowed)));
  if (waitMs > 0) return { waitMs };
  const onCredit =
    !shutNow && rows.every(({ row, allowed }) => countedAt(row, now) + size <= allowed * CREDIT);
  const slice = { endpointClass, lane, onCredit, trying: shutNow, ended: false };
  if (onCredit) return { ...slice, left: size, debited: [] };
  return { ...slice, left, debited: rows.map(({ row }) => spent(row, left, now, PROBE_MS)) };
}

/** A second's worth of calls, at most five and at most a twentieth of the limit; one at least. */
function sliceOf({ windowMs }: BudgetRow, allowed: number): number {
  const most = Math.min(MOST, Math.ceil((allowed * SLICE_MS) / windowMs), Math.ceil(allowed / 20));
  return Math.max(1, most);
}
