/** `guard list|approve|reject RUN`: changes held by the mass-change brake, and what a person decides about them. */
import { userInfo } from "node:os";
import { systemClock } from "../clock.ts";
import type { Money } from "../policy/model.ts";
import type { Clock, Store } from "../ports.ts";
import { approveRun, rejectRun, waitingRun } from "../sync/guard-decision.ts";
import { detailsOf, type HeldDemotion, type HeldRunDetails } from "../sync/guard-listing.ts";
import { moment, onStore, span } from "./on-store.ts";
import { colours, complain, EXIT, say, sayJson, table } from "./terminal.ts";

export interface GuardOptions {
  readonly by?: string;
  readonly json?: boolean;
}

/** How long a decision waits for a running sync. */
const PATIENCE_MS = 60_000;

/** Lists what is held, or decides about one run; exit 1 when nothing waits under it, 2 for another word. */
export function guardCommand(
  action: string,
  id: string | undefined,
  options: GuardOptions,
): Promise<number> | number {
  if (action === "list") return onStore((store) => list(store, id, options.json === true));
  if ((action === "approve" || action === "reject") && id !== undefined)
    return onStore((store) => decide(store, systemClock, action, id, options));
  if (action === "approve" || action === "reject") {
    complain(
      `guard ${action} needs the run that is meant.\nfix: \`priority-support guard list\` shows the runs; then \`guard ${action} RUN\`.`,
    );
    return EXIT.usage;
  }
  complain(
    `guard ${action}${id === undefined ? "" : ` ${id}`} is nothing that can be done.\nfix: Use \`guard list\`, \`guard approve RUN\` or \`guard reject RUN\`.`,
  );
  return EXIT.usage;
}

async function list(store: Store, id: string | undefined, json: boolean): Promise<number> {
  const only = id === undefined ? null : await waitingRun(store, id);
  if (id !== undefined && only === null) return unknown(id);
  const runs = only === null ? await store.guard.waiting() : [only];
  const details: HeldRunDetails[] = [];
  for (const run of runs) details.push(await detailsOf(store, run));
  if (json) sayJson({ runs: details.map((one) => asDocument(one, systemClock.now())) });
  else if (details.length === 0) say("Nothing is held.");
  else for (const one of details) for (const line of linesOf(one, systemClock.now())) say(line);
  return EXIT.fine;
}

async function decide(
  store: Store,
  clock: Clock,
  action: "approve" | "reject",
  id: string,
  options: GuardOptions,
): Promise<number> {
  const run = await waitingRun(store, id);
  if (run === null) return unknown(id);
  const { demotions } = await detailsOf(store, run);
  const ports = { store, clock, patienceMs: PATIENCE_MS };
  const by = options.by ?? userInfo().username;
  const { rows } = await (action === "approve" ? approveRun : rejectRun)(ports, run, by);
  const decided = action === "approve" ? "approved" : "rejected";
  if (options.json === true) {
    sayJson({ runId: run.runId, decided, by, records: rows.length, accounts: demotions.map(plain) });
    return EXIT.fine;
  }
  say(`${decided}: ${rows.length} records of run ${run.runId}, ${demotions.length} accounts.`);
  say(
    action === "approve"
      ? "The next sync carries them out (within a minute while the service runs, or now with `priority-support sync`)."
      : "Everybody keeps the present tier. The same facts are not proposed again until the record changes in the CRM.",
  );
  return EXIT.fine;
}

function unknown(id: string): number {
  complain(
    `Nothing waits under run ${id}.\nfix: Look at \`priority-support guard list\`; the first characters of a run's id are enough.`,
  );
  return EXIT.problems;
}

function plain({ arr, ...one }: HeldDemotion): object {
  return { ...one, arr: arr === null ? null : { amount: arr.amount, currency: arr.currency } };
}

function asDocument({ run, demotions, arr }: HeldRunDetails, now: number): object {
  const { runId, source, at, codes, reason, records } = run;
  const held = { runId, source, heldSince: moment(at), ageMs: now - at, codes, reason, records };
  return { ...held, demotions: demotions.length, arr, accounts: demotions.map(plain) };
}

function linesOf({ run, demotions, arr }: HeldRunDetails, now: number): readonly string[] {
  const money = arr.length === 0 ? "" : `, ARR ${arr.map(inWords).join(" + ")}`;
  const gone = run.records - new Set(demotions.map((one) => one.because)).size;
  return [
    colours.bold(`Run ${run.runId}, held since ${moment(run.at)} (${span(now - run.at)} ago)`),
    `  ${run.reason}`,
    `  ${demotions.length} accounts would be demoted${money}.`,
    ...(gone > 0 ? [`  ${gone} more records are missing and would demote nobody.`] : []),
    ...(demotions.length > 0 ? [tableOf(demotions)] : []),
    `  approve: ${colours.cyan(`priority-support guard approve ${run.runId}`)}`,
    `  reject:  ${colours.cyan(`priority-support guard reject ${run.runId}`)}`,
    "",
  ];
}

function tableOf(demotions: readonly HeldDemotion[]): string {
  return table(
    ["account", "customer", "tier", "ARR", "because"],
    demotions.map((one) => [
      one.accountId,
      one.name ?? "",
      `${one.fromTier} → ${one.toTier}`,
      one.arr === null ? "" : inWords(one.arr),
      why(one),
    ]),
  );
}

function why({ because, accountId, change }: HeldDemotion): string {
  const what = change === "gone" ? "not listed any more" : "facts changed";
  return because === accountId ? what : `${because}: ${what}`;
}

function inWords({ amount, currency }: Money): string {
  return `${amount} ${currency ?? "(currency unknown)"}`;
}
