/** The last writes on tickets, taken back from the console: first looked at, then done. */
import type { z } from "zod";
import type { Instant } from "../policy/model.ts";
import type { LedgerRow, Store, UndoReport } from "../ports.ts";
import { pausedSince } from "../switches.ts";
import { type TicketUndoPorts, wasWritten } from "../undo/one-ticket.ts";
import { undoTickets } from "../undo/tickets.ts";
import { EVERY_DECISION } from "./decision-shown.ts";
import type { ConsoleParts } from "./parts.ts";
import { conflict } from "./problem.ts";
import type { undoTold } from "./schemas-undo.ts";

type Told = z.input<typeof undoTold>;

const PAGE = 200;
/** Decisions looked through for the last writes: beyond them the command line goes by time. */
const MOST_LOOKED_AT = 2_000;
const NOTHING: UndoReport = {
  ...{ runId: "", kind: "tickets", undoRunId: null },
  ...{ undone: [], left: [], failed: [], already: 0, onHold: 0 },
};

/** What taking back the writes on the last so many tickets would do. Reads the tickets, writes nothing. */
export async function undoPreview(parts: ConsoleParts, last: number): Promise<Told> {
  const since = await sinceOf(parts.store, last);
  if (since === null) return told(NOTHING, null);
  return told(await undoTickets(since, portsOf(parts), { dryRun: true, progress: () => undefined }), since);
}

/** Takes them back. @throws ApiProblem something was written since they were looked at, or writing is closed. */
export async function undoLast(parts: ConsoleParts, last: number, looked: string): Promise<Told> {
  const since = await sinceOf(parts.store, last);
  if (since === null || exact(since) !== looked)
    throw conflict("Something was written meanwhile.", "Look again at what would be taken back.");
  if (!(await mayWrite(parts)))
    throw conflict("Writing is paused, or only simulated.", "Resume writing, then take it back.");
  return told(await undoTickets(since, portsOf(parts), { dryRun: false, progress: () => undefined }), since);
}

/** When the decision about the last but so many tickets was made; null = nothing was written. */
async function sinceOf({ console: { lists } }: Store, last: number): Promise<Instant | null> {
  const tickets = new Set<string>();
  let since: Instant | null = null;
  let oldest: LedgerRow | undefined;
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += PAGE) {
    const after = oldest === undefined ? null : { decidedAt: oldest.record.decidedAt, seq: oldest.seq };
    const page: readonly LedgerRow[] = await lists.decisions({
      ...EVERY_DECISION,
      state: "written",
      after,
      limit: PAGE,
    });
    for (const { record } of page) {
      if (!wasWritten(record) || record.event === "backfill") continue;
      if (tickets.size === last && !tickets.has(record.ticketId)) return since;
      tickets.add(record.ticketId);
      since = record.decidedAt;
    }
    oldest = page.at(-1);
    if (page.length < PAGE) break;
  }
  return since;
}

function portsOf(parts: ConsoleParts): TicketUndoPorts {
  const { desk, store, clock, log } = parts;
  return { desk, store, clock, log, policy: parts.policy.policy(), mayWrite: () => mayWrite(parts) };
}

async function mayWrite({ store, simulating }: ConsoleParts): Promise<boolean> {
  return (await pausedSince(store.register)) === null && !(await simulating());
}

function told(report: UndoReport, since: Instant | null): Told {
  const { undoRunId, undone, left, failed, already, onHold } = report;
  const copies = <T extends object>(list: readonly T[]): T[] => list.map((one) => ({ ...one }));
  return {
    since: since === null ? null : exact(since),
    undoRunId,
    undone: copies(undone),
    left: copies(left),
    failed: copies(failed),
    already,
    onHold,
  };
}

/** To the millisecond: two tickets of one second are not the same. */
function exact(at: Instant): string {
  return new Date(at).toISOString();
}
