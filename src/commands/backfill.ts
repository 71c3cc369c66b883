/** `backfill`: tickets that were open before the service was, decided once, with a preview first. */
import { randomUUID } from "node:crypto";
import {
  type BackfillOutcome,
  type BackfillPreview,
  type BackfillScope,
  endBackfill,
  outcomeOf,
  previewBackfill,
  startBackfill,
  unfinishedRun,
} from "../backfill.ts";
import { systemClock } from "../clock.ts";
import { openLog } from "../log.ts";
import { agentFinder } from "../lookups.ts";
import { startWork } from "../main.ts";
import { inWords } from "../policy/words.ts";
import { agreed, canAsk, closed, type OnDesk, onDesk } from "./on-desk.ts";
import { colours, complain, EXIT, progress, say, sayJson, table } from "./terminal.ts";

/** What is taken in, and whether to ask. */
export interface BackfillOptions {
  readonly newOnly?: boolean;
  readonly openToo?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const LOOK_MS = 500;

/** Previews, asks, and sees it through; exit 1 when a ticket needs a person. */
export function backfillCommand(options: BackfillOptions): Promise<number> | number {
  const scope = scopeOf(options);
  if (scope === null) {
    complain(
      "backfill needs to know which tickets: --new-only or --open-too, one of them.\nfix: Begin with `priority-support backfill --new-only --dry-run`.",
    );
    return EXIT.usage;
  }
  if (options.dryRun !== true && options.yes !== true && (options.json === true || !canAsk())) {
    complain(
      "backfill asks before it writes, and there is no terminal to ask on.\nfix: Look at it with --dry-run, then run it with --yes.",
    );
    return EXIT.usage;
  }
  return onDesk(async (on) => {
    if (options.dryRun !== true && (await closed(on.store))) return EXIT.problems;
    return backfill(on, scope, options);
  });
}

function scopeOf({ newOnly, openToo }: BackfillOptions): BackfillScope | null {
  if (newOnly === openToo) return null;
  return newOnly === true ? "new_only" : "open_too";
}

async function backfill(on: OnDesk, scope: BackfillScope, options: BackfillOptions): Promise<number> {
  const unfinished = await unfinishedRun(on.store);
  if (unfinished !== null && options.dryRun !== true) {
    complain(`Run ${unfinished} was interrupted; it goes on.`);
    return carriedOut(on, scope, options, null);
  }
  const preview = await previewed(on, scope);
  if (options.json !== true) printPreview(preview, on);
  const writes = preview.tiers.reduce((sum, one) => sum + one.writes, 0);
  if (options.dryRun === true) {
    if (options.json === true) sayJson({ scope, preview });
    return EXIT.fine;
  }
  if (writes > 0 && options.yes !== true && !(await agreed(`\n${writes} tickets would be written.`))) {
    complain("Nothing was done.");
    return EXIT.problems;
  }
  return carriedOut(on, scope, options, preview);
}

async function previewed(on: OnDesk, scope: BackfillScope): Promise<BackfillPreview> {
  const { desk, store, ports } = on;
  const bar = progress("Looking at open tickets");
  const around = {
    desk,
    store,
    clock: systemClock,
    policy: () => ports.policy,
    agentId: agentFinder(desk.agentByEmail, systemClock),
  };
  return previewBackfill(around, scope, new AbortController().signal, (looked) =>
    bar.update(looked, looked),
  ).finally(bar.stop);
}

async function carriedOut(
  on: OnDesk,
  scope: BackfillScope,
  options: BackfillOptions,
  preview: BackfillPreview | null,
): Promise<number> {
  const { desk, store, ports, config } = on;
  const log = openLog(config.logLevel === "info" ? "warn" : config.logLevel);
  const since = systemClock.now();
  const work = startWork(config, { clock: systemClock, log }, store, ports.policy);
  const bar = progress("Backfill");
  try {
    const { runId } = await startBackfill(
      { desk, store, clock: systemClock },
      scope,
      randomUUID(),
      new AbortController().signal,
      () => {},
    );
    await finished(on, runId, bar.update);
    bar.stop();
    const run = await store.runs.find(runId);
    const outcome = await outcomeOf(store, runId, run?.startedAt ?? since);
    await endBackfill(store, runId, outcome, systemClock.now());
    if (options.json === true) sayJson({ scope, run: runId, preview, outcome });
    else printOutcome(runId, outcome);
    return outcome.parked > 0 ? EXIT.problems : EXIT.fine;
  } finally {
    bar.stop();
    await work.stop();
  }
}

/** Nothing of the run waits any more. */
async function finished(
  { store }: OnDesk,
  runId: string,
  update: (done: number, total: number) => void,
): Promise<void> {
  for (;;) {
    const { tickets, settled } = await store.openTickets.progress(runId);
    update(settled, tickets);
    if (settled >= tickets) return;
    await systemClock.sleep(LOOK_MS);
  }
}

function printPreview(preview: BackfillPreview, { ports }: OnDesk): void {
  const { policy } = ports;
  const name = (id: string): string => policy.tiers.find((tier) => tier.id === id)?.name ?? id;
  say(
    `${preview.tickets} open tickets${preview.outOfScope > 0 ? `, ${preview.outOfScope} more left out` : ""}`,
  );
  if (preview.tiers.length > 0)
    say(
      table(
        ["tier", "tickets", "to write"],
        preview.tiers.map((one) => [name(one.tier), String(one.tickets), String(one.writes)]),
      ),
    );
  for (const { reason, tickets } of preview.left) say(`left alone: ${tickets} · ${inWords(reason, policy)}`);
  if (preview.held > 0)
    say(
      `on hold: ${preview.held} · what would be written was taken back (let go with \`priority-support undo RUN --release\`)`,
    );
  for (const { ticketId, tier, before, change } of preview.examples)
    say(
      colours.dim(
        `  #${ticketId} ${name(tier)}: ${step("priority", before.priority, change.priority)}${step("group", before.group, change.group)}`,
      ),
    );
  say(`at most ${preview.calls} calls, about ${preview.minutes} min`);
}

function step(what: string, from: string | null, to: string | null | undefined): string {
  return to === undefined ? "" : `${what} ${from ?? "none"} → ${to ?? "none"}  `;
}

function printOutcome(runId: string, { tickets, written, left, parked }: BackfillOutcome): void {
  say(`${tickets} tickets: ${written} written, ${left} left as they were, ${parked} for a person.`);
  if (parked > 0) say("fix: Look at `priority-support replay`.");
  say(colours.dim(`undo: priority-support undo ${runId}`));
}
