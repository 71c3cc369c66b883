/** `undo` of syncs, backfills and live ticket writes: what each of them needs, opened for it. */
import { openCrm } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { openLog } from "../log.ts";
import type { Instant } from "../policy/model.ts";
import type { RunRecord, Store, UndoReport } from "../ports.ts";
import { pausedSince } from "../switches.ts";
import type { TicketUndoPorts } from "../undo/one-ticket.ts";
import { undoSync } from "../undo/sync-run.ts";
import { undoBackfill, undoTickets } from "../undo/tickets.ts";
import type { OnDesk } from "./on-desk.ts";
import { untilSignalled } from "./serve.ts";
import { complain } from "./terminal.ts";

/** What an undo of any kind of run gets. */
export interface UndoSurroundings extends OnDesk {
  readonly dryRun: boolean;
  readonly progress: (done: number, total: number) => void;
}

/** Puts a sync back; null = a sync is at work, which was told. */
export async function undoOfSync(run: RunRecord, around: UndoSurroundings): Promise<UndoReport | null> {
  const { config, store, ports, dryRun, progress } = around;
  const crm = openCrm(config, ports.policy, systemClock, { budgets: store.budgets });
  if (crm === null || run.kind !== `sync:${crm.port.name}`) {
    await crm?.stop();
    complain(
      `Run ${run.id} is of kind ${run.kind}, and the policy reads another CRM now.\nfix: Set POLICY_FILE to the policy of that time, or correct the values by hand.`,
    );
    return null;
  }
  const stopping = new AbortController();
  void untilSignalled().then(() => stopping.abort());
  try {
    const all = { ...writing(around), crm: crm.port, mapping: crm.mapping };
    const report = await undoSync(run, all, { dryRun, progress, signal: stopping.signal });
    if (report === null)
      complain("A sync is at work right now; nothing was put back.\nfix: Wait for it, then run this again.");
    return report;
  } finally {
    await crm.stop();
  }
}

/** Puts a backfill back. */
export function undoOfBackfill(run: RunRecord, around: UndoSurroundings): Promise<UndoReport> {
  return undoBackfill(run, writing(around), around);
}

/** Puts back what was written on tickets since `since`, other than by a backfill. */
export function undoOfTickets(since: Instant, around: UndoSurroundings): Promise<UndoReport> {
  return undoTickets(since, writing(around), around);
}

function writing({ config, store, desk, ports }: UndoSurroundings): TicketUndoPorts {
  const { policy } = ports;
  const log = openLog(config.logLevel === "info" ? "warn" : config.logLevel);
  return { desk, store, clock: systemClock, log, policy, mayWrite: () => open(store) };
}

async function open({ register }: Pick<Store, "register">): Promise<boolean> {
  return (await pausedSince(register)) === null && (await register.setting("mode")) !== "simulate";
}

/** Ends the hold on what was taken back of a run; accounts are looked at again by the next sync. */
export async function released(
  { holds, accounts }: Pick<Store, "holds" | "accounts">,
  run: RunRecord,
): Promise<number> {
  const over = await holds.release(run.id);
  const again = over.flatMap(({ target, accountId }) => (target === "ticket" ? [] : (accountId ?? [])));
  await accounts.markPending([...new Set(again)]);
  return over.length;
}

/** An instant as people type it: ISO, in UTC where no zone is said; null = not one. */
export function instantOf(text: string): Instant | null {
  const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;
  if (!shape.test(text)) return null;
  const at = Date.parse(/T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes("T") ? text : `${text}Z`);
  return Number.isFinite(at) ? at : null;
}
