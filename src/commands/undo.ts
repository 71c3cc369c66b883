/** `undo RUN`, `undo --tickets --since T`: puts back what was written. What people changed since stays, and is listed. */
import type { LeftLine, RunRecord, UndoReport } from "../ports.ts";
import { lookedAt, undone, undoPlanned } from "../provision/undo.ts";
import { closed, inTurn, type OnDesk, onDesk } from "./on-desk.ts";
import { moment } from "./on-store.ts";
import { colours, complain, EXIT, progress, say, sayJson } from "./terminal.ts";
import {
  instantOf,
  released as letGo,
  type UndoSurroundings,
  undoOfBackfill,
  undoOfSync,
  undoOfTickets,
} from "./undo-writes.ts";

/** What is put back, and how. */
export interface UndoOptions {
  readonly dryRun?: boolean;
  readonly release?: boolean;
  /** Live ticket writes instead of a run. */
  readonly tickets?: boolean;
  /** Since when, with `tickets`. */
  readonly since?: string;
  readonly json?: boolean;
}

/** How runs of one kind are put back. */
interface KindOfRun {
  /** The run's kind up to its first colon: `sync` of `sync:hubspot`. */
  readonly kind: string;
  /** null = somebody else is at it, which was told. */
  readonly undo: (run: RunRecord, around: UndoSurroundings) => Promise<UndoReport | null>;
  /** Ends the hold on what an undo took back; answers how many changes may be made again. */
  readonly release: (run: RunRecord, around: UndoSurroundings) => Promise<number>;
}

/** Every kind of run that can be put back. */
const KINDS: readonly KindOfRun[] = [
  // An apply is always a person's decision, so nothing is made again by itself and nothing is on hold.
  { kind: "apply", undo: undoApply, release: async () => 0 },
  { kind: "sync", undo: undoOfSync, release: (run, { store }) => letGo(store, run) },
  { kind: "backfill", undo: undoOfBackfill, release: (run, { store }) => letGo(store, run) },
];

/** Runs that cannot be put back by this verb, and what does it instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  undo: "Run again what was undone: `priority-support apply`; or let a sync or a backfill make it again with `priority-support undo --release` and the id of the run that was undone.",
  uninstall: "Run `priority-support apply`.",
};

/** Puts a run or live ticket writes back, or shows what that would do; exit 1 when something stays as it is. */
export async function undoCommand(id: string | undefined, options: UndoOptions): Promise<number> {
  if (options.tickets === true) return ticketsCommand(id, options);
  if (id === undefined || options.since !== undefined) {
    complain(
      "Give the id of a run, or --tickets with --since.\nfix: For example `undo --tickets --since 2026-06-09T14:00Z`.",
    );
    return EXIT.usage;
  }
  return onDesk(async (on) => {
    const run = await on.store.runs.find(id);
    if (run === null) return unknown(on, id);
    const name = run.kind.split(":")[0] ?? "";
    const kind = KINDS.find((one) => one.kind === name);
    if (run.kind === LIVE && options.release === true) return released(await letGo(on.store, run), options);
    if (kind === undefined) return impossible(run, INSTEAD[name]);
    if (options.dryRun !== true && options.release !== true && (await closed(on.store))) return EXIT.problems;
    const bar = progress("Putting back");
    const around = { ...on, dryRun: options.dryRun === true, progress: bar.update };
    try {
      if (options.release === true) return released(await kind.release(run, around), options);
      const report = await kind.undo(run, around);
      bar.stop();
      return report === null ? EXIT.problems : told(report, options);
    } finally {
      bar.stop();
    }
  });
}

/** An undo of live ticket writes: its own id is what its holds go by. */
const LIVE = "undo:tickets";

async function ticketsCommand(id: string | undefined, options: UndoOptions): Promise<number> {
  const since = instantOf(options.since ?? "");
  if (id !== undefined || since === null || options.release === true) {
    complain(
      "--tickets goes with --since and a moment, and with no run.\nfix: For example `undo --tickets --since 2026-06-09T14:00Z`; to end the hold, `undo --release` with the id that the undo told.",
    );
    return EXIT.usage;
  }
  return onDesk(async (on) => {
    if (options.dryRun !== true && (await closed(on.store))) return EXIT.problems;
    const bar = progress("Putting back");
    try {
      const report = await undoOfTickets(since, {
        ...on,
        dryRun: options.dryRun === true,
        progress: bar.update,
      });
      bar.stop();
      return told(report, options);
    } finally {
      bar.stop();
    }
  });
}

async function undoApply(run: RunRecord, around: UndoSurroundings): Promise<UndoReport | null> {
  const { ports, store, dryRun } = around;
  let report: UndoReport | null = null;
  await inTurn(store, async (held) => {
    const made = await undoPlanned(run.id, ports);
    report = dryRun ? lookedAt(made) : await undone(made, ports, { held, progress: around.progress });
    return EXIT.fine;
  });
  return report;
}

const RECENT = 5;

async function unknown({ store }: OnDesk, id: string): Promise<number> {
  const able = (await store.runs.recent(50)).filter(({ kind }) =>
    KINDS.some((one) => one.kind === kind.split(":")[0]),
  );
  const known = able
    .slice(0, RECENT)
    .map((run) => `  ${run.id}  ${run.kind}  ${moment(run.startedAt)}`)
    .join("\n");
  complain(
    `There is no run ${id}.\nfix: ${known === "" ? "No run can be put back yet." : `Name one of these:\n${known}`}`,
  );
  return EXIT.usage;
}

function impossible(run: RunRecord, instead = "Nothing needs putting back."): number {
  complain(`Run ${run.id} is of kind ${run.kind}, which is not put back.\nfix: ${instead}`);
  return EXIT.usage;
}

function released(count: number, options: UndoOptions): number {
  if (options.json === true) sayJson({ released: count });
  else say(count === 0 ? "Nothing was on hold." : `${count} changes may be made again.`);
  return EXIT.fine;
}

/** Prints the report; exit 1 when something stays or was refused. */
export function told(report: UndoReport, options: UndoOptions): number {
  const { undone: back, left, failed, already, onHold, undoRunId } = report;
  const dry = options.dryRun === true;
  if (options.json === true) sayJson({ ...report, dryRun: dry });
  else {
    for (const { what, did } of back) say(`${colours.green(dry ? "•" : "✓")} ${what}  ${colours.dim(did)}`);
    for (const line of left) leftLine(colours.yellow("!"), line);
    for (const line of failed) leftLine(colours.red("✗"), line);
    const hold = onHold === 0 ? "" : `; ${onHold} on hold until facts or policy change`;
    say(
      `\n${dry ? "would put back" : "put back"} ${back.length}, left ${left.length}, failed ${failed.length}, as before already ${already}${hold}.`,
    );
    if (undoRunId !== null) say(colours.dim(`run ${undoRunId}`));
  }
  return left.length + failed.length > 0 ? EXIT.problems : EXIT.fine;
}

/** One thing that stays, with its reason and what to do. */
export function leftLine(mark: string, { what, why, fix }: LeftLine): void {
  say(`${mark} ${what}: ${why}`);
  if (fix !== null) say(`  fix: ${fix}`);
}
