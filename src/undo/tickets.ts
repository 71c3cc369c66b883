/** Takes back what was written on tickets: by a backfill run, or live since a moment. */
import { errorFields } from "../log.ts";
import type { Instant } from "../policy/model.ts";
import type { DecisionRecord, Hold, LedgerRow, RunRecord, Store, UndoReport } from "../ports.ts";
import { digests } from "./facts-digest.ts";
import { type TicketUndo, type TicketUndoPorts, ticketUndone, wasWritten } from "./one-ticket.ts";
import { AGAIN, asUndo, closesAll, type Gathered } from "./report.ts";

/** How an undo of tickets is carried out. */
export interface TicketsTurn {
  readonly dryRun: boolean;
  readonly progress: (done: number, total: number) => void;
}

interface Range {
  readonly ticketIds: readonly string[];
  readonly inRange: TicketUndo["inRange"];
  /** Tickets without a decision in range are held back all the same: a run that is not through yet goes on without them. */
  readonly holdAll: boolean;
}

const PAGE = 500;
const RUNS = 1_000;

/** Takes back what a backfill run wrote; tickets that it has not come to yet are left alone by it from now on. */
export async function undoBackfill(
  run: RunRecord,
  ports: TicketUndoPorts,
  turn: TicketsTurn,
): Promise<UndoReport> {
  const { store } = ports;
  const ticketIds = await ticketsOf(store, run.id);
  const later = (await store.runs.recent(RUNS)).filter(
    (one) => one.kind.startsWith("backfill") && one.startedAt > run.startedAt,
  );
  // The same ticket may be in a later run: what that one wrote is not this one's.
  const until = new Map<string, Instant>();
  for (const one of later.toSorted((a, b) => b.startedAt - a.startedAt))
    for (const id of await ticketsOf(store, one.id)) until.set(id, one.startedAt);
  const inRange = (record: DecisionRecord): boolean =>
    record.event === "backfill" &&
    record.decidedAt >= run.startedAt &&
    record.decidedAt < (until.get(record.ticketId) ?? Number.POSITIVE_INFINITY);
  return asUndo(ports, { runId: run.id, kind: "backfill", dryRun: turn.dryRun }, (undoRunId, into) =>
    takeBack(ports, { ticketIds, inRange, holdAll: true }, { ...turn, undoRunId, heldFor: run.id }, into),
  );
}

/** Takes back what was written on tickets as they came in, and as their customers changed, since `since`. */
export async function undoTickets(
  since: Instant,
  ports: TicketUndoPorts,
  turn: TicketsTurn,
): Promise<UndoReport> {
  const inRange = (record: DecisionRecord): boolean =>
    record.event !== "backfill" && record.decidedAt >= since;
  const ticketIds = await ticketsSince(ports.store, since, inRange);
  return asUndo(ports, { runId: null, kind: "tickets", dryRun: turn.dryRun }, (undoRunId, into) =>
    takeBack(ports, { ticketIds, inRange, holdAll: false }, { ...turn, undoRunId, heldFor: undoRunId }, into),
  );
}

async function ticketsOf({ openTickets }: Pick<Store, "openTickets">, runId: string) {
  const all: string[] = [];
  for (;;) {
    const page: readonly string[] = await openTickets.ofRun(runId, all.at(-1) ?? null, PAGE);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

async function ticketsSince(
  { console }: Pick<Store, "console">,
  since: Instant,
  inRange: TicketUndo["inRange"],
): Promise<readonly string[]> {
  const found = new Set<string>();
  const every = { ticketId: null, accountId: null, tier: null, unverifiedOnly: false } as const;
  let last: LedgerRow | undefined;
  for (;;) {
    const after = last === undefined ? null : { decidedAt: last.record.decidedAt, seq: last.seq };
    const page: readonly LedgerRow[] = await console.lists.decisions({
      ...every,
      state: "written",
      after,
      limit: PAGE,
    });
    for (const { record } of page) if (wasWritten(record) && inRange(record)) found.add(record.ticketId);
    last = page.at(-1);
    if (last === undefined || page.length < PAGE || last.record.decidedAt < since) return [...found];
  }
}

interface Turn extends TicketsTurn {
  readonly undoRunId: string;
  /** The run whose changes are on hold. */
  readonly heldFor: string;
}

async function takeBack(ports: TicketUndoPorts, range: Range, turn: Turn, into: Gathered): Promise<void> {
  const { ticketIds, inRange } = range;
  const { undoRunId, dryRun } = turn;
  const holds = await holdsFor(ports, range, turn);
  // Before anything is written: nothing may be made again in between.
  if (!dryRun) await hold(ports.store, holds);
  into.onHold = holds.length;
  let closed = false;
  for (const [at, ticketId] of ticketIds.entries()) {
    turn.progress(at, ticketIds.length);
    const what = `ticket ${ticketId}`;
    if (closed) {
      into.failed.push({ what, why: "not tried: the help desk takes no calls at present", fix: AGAIN });
      continue;
    }
    try {
      const { did, left } = await ticketUndone(ports, { ticketId, undoRunId, dryRun, inRange });
      if (did.length > 0) into.undone.push({ what, did: did.join("; ") });
      into.left.push(...left.map((line) => ({ what, ...line })));
      if (did.length === 0 && left.length === 0) into.already += 1;
    } catch (error) {
      closed = closesAll(error);
      const { message, fix } = errorFields(error);
      into.failed.push({ what, why: String(message), fix: typeof fix === "string" ? fix : AGAIN });
    }
  }
  turn.progress(ticketIds.length, ticketIds.length);
}

/** One hold a ticket for one and the same thing: the newest undo is the one to release it by. */
async function hold({ holds }: Pick<Store, "holds">, list: readonly Hold[]): Promise<void> {
  for (let from = 0; from < list.length; from += PAGE) {
    const some = new Map(list.slice(from, from + PAGE).map((one) => [one.targetId, one]));
    const before = await holds.of("ticket", [...some.keys()]);
    await holds.put([...some.values()]);
    await holds.end(
      before.filter((one) => {
        const now = some.get(one.targetId);
        return now?.values.tier === one.values.tier && now?.runId !== one.runId;
      }),
    );
  }
}

/** What is not written again: the tier that the newest of the taken-back decisions gave. */
async function holdsFor(
  { store, policy }: TicketUndoPorts,
  { ticketIds, inRange, holdAll }: Range,
  { heldFor }: Turn,
): Promise<readonly Hold[]> {
  const digest = digests(store);
  const holds: Hold[] = [];
  for (const targetId of ticketIds) {
    const decisions = await store.ledger.decisionsOf(targetId);
    const newest = decisions.find((one) => wasWritten(one) && inRange(one));
    const hold = { target: "ticket", targetId, runId: heldFor, policyVersion: policy.version } as const;
    if (newest?.decision.action === "apply") {
      const { accountId, tier } = newest.decision;
      holds.push({ ...hold, accountId, values: { tier }, facts: await digest(accountId) });
    } else if (holdAll && !decisions.some(inRange))
      holds.push({ ...hold, accountId: null, values: {}, facts: null });
  }
  return holds;
}
