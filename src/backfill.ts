/**
 * Tickets that were open before we were: looked at once, when somebody wants it, with a preview of what would change.
 *
 * A run only names the tickets and puts them into the inbox, at the lowest lane; deciding and writing is the worker's, so
 * pauses, limits, people's edits and crashes are met as for any other ticket.
 */
import PQueue from "p-queue";
import { decide } from "./policy/decide.ts";
import type { Decision, Instant, Policy, TicketChange } from "./policy/model.ts";
import type { Clock, OpenTicket, RunTickets, Store, TicketReading } from "./ports.ts";
import { ownDelivery } from "./re-evaluation.ts";
import { changeFor } from "./ticket-change.ts";
import { earlierOf } from "./ticket-earlier.ts";
import { withOrigin } from "./ticket-organization.ts";
import { outsidePilot } from "./ticket-pilot.ts";
import { type SituationPorts, situationOf } from "./ticket-situation.ts";
import { ticketHeld } from "./undo/holding.ts";

/** `new_only`: tickets nobody has taken up yet. `open_too`: also open, pending and on-hold ones. */
export type BackfillScope = "new_only" | "open_too";

export interface BackfillPorts extends SituationPorts {
  readonly clock: Clock;
  readonly policy: () => Policy;
}

/** What a backfill would change, before anything is. */
export interface BackfillPreview {
  /** Open tickets that the scope takes in. */
  readonly tickets: number;
  /** Open tickets that it leaves out: taken up by somebody, and only new ones are wanted. */
  readonly outOfScope: number;
  /** By tier id, those that would be written and those that are right already. */
  readonly tiers: readonly { readonly tier: string; readonly tickets: number; readonly writes: number }[];
  /** Left alone, by reason. */
  readonly left: readonly { readonly reason: string; readonly tickets: number }[];
  /** Tickets that differ and stay as they are, because what would be written was taken back by `undo`. */
  readonly held: number;
  /** Examples of what would be written, at most 20. */
  readonly examples: readonly BackfillExample[];
  /** Calls that the run itself would cost, and the minutes at so many ticket writes a minute. */
  readonly calls: number;
  readonly minutes: number;
}

export interface BackfillExample {
  readonly ticketId: string;
  readonly accountId: string | null;
  readonly tier: string;
  readonly before: Pick<TicketReading, "priority" | "group">;
  readonly change: TicketChange;
}

/** Zendesk's limit of single ticket writes, of which a backfill leaves the half to live tickets. */
const WRITES_A_MINUTE = 50;
/** The index behind the list of open tickets is minutes late; what is younger is the sweep's. */
const YOUNG_MS = 10 * 60_000;
const EXAMPLES = 20;
/** Tickets decided at the same time: who set a priority costs a call. */
const AT_ONCE = 4;

/** Does the scope take a ticket in? */
export function inScope(ticket: OpenTicket, scope: BackfillScope): boolean {
  return scope === "open_too" || (ticket.status === "new" && !ticket.assigned);
}

/** Reads every open ticket and decides it without writing; `progress` hears of each page. */
export async function previewBackfill(
  ports: BackfillPorts,
  scope: BackfillScope,
  signal: AbortSignal,
  progress: (looked: number) => void,
): Promise<BackfillPreview> {
  const tally = newTally();
  const deciding = new PQueue({ concurrency: AT_ONCE });
  let looked = 0;
  for await (const page of ports.desk.openTickets(ports.clock.now() - YOUNG_MS, signal)) {
    const wanted = page.filter((ticket) => inScope(ticket, scope));
    tally.outOfScope += page.length - wanted.length;
    const ids = wanted.map((ticket) => ticket.id);
    const readings = ids.length === 0 ? [] : await ports.desk.readTickets(ids, "backfill");
    const foreseen = await deciding.addAll(
      readings.map((reading) => async () => ({ reading, is: await wouldBe(ports, reading) })),
    );
    for (const { reading, is } of foreseen) count(tally, reading, is);
    looked += page.length;
    progress(looked);
  }
  return previewOf(tally);
}

interface Foreseen {
  readonly decision: Decision;
  readonly change: TicketChange | null;
  /** What would be written was taken back. */
  readonly held: boolean;
}

async function wouldBe(ports: BackfillPorts, reading: TicketReading): Promise<Foreseen> {
  const policy = ports.policy();
  const skip = (reason: string): Foreseen => ({
    decision: { action: "skip", reasons: [reason] },
    change: null,
    held: false,
  });
  if (reading.merged) return skip("ticket_merged");
  const outside = await outsidePilot(ports.desk, policy, reading);
  if (outside !== null) return skip(outside);
  const { prior } = earlierOf(await ports.store.ledger.decisionsOf(reading.id));
  const situation = await situationOf(ports, policy, reading, "backfill", prior, "backfill");
  const decision = withOrigin(decide(situation, policy, ports.clock.now()), reading, situation);
  const change = decision.action === "apply" ? changeFor(reading, situation, decision) : null;
  // A preview ends no hold, as a simulation does not.
  const holding = { store: ports.store, policy, simulating: true };
  const held = change !== null && (await ticketHeld(holding, reading.id, "backfill", decision));
  return { decision, change, held };
}

interface Tally {
  outOfScope: number;
  tickets: number;
  writes: number;
  held: number;
  readonly tiers: Map<string, { tickets: number; writes: number }>;
  readonly left: Map<string, number>;
  readonly examples: BackfillExample[];
}

function newTally(): Tally {
  return { outOfScope: 0, tickets: 0, writes: 0, held: 0, tiers: new Map(), left: new Map(), examples: [] };
}

function count(tally: Tally, reading: TicketReading, { decision, change, held }: Foreseen): void {
  tally.tickets++;
  if (decision.action === "skip") {
    const reason = decision.reasons[0] ?? "none";
    tally.left.set(reason, (tally.left.get(reason) ?? 0) + 1);
    return;
  }
  const tier = tally.tiers.get(decision.tier) ?? { tickets: 0, writes: 0 };
  tally.tiers.set(decision.tier, tier);
  tier.tickets++;
  if (held) tally.held++;
  if (change === null || held) return;
  tier.writes++;
  tally.writes++;
  if (tally.examples.length >= EXAMPLES) return;
  const { priority, group } = reading;
  const { accountId, tier: name } = decision;
  tally.examples.push({ ticketId: reading.id, accountId, tier: name, before: { priority, group }, change });
}

function previewOf({ tiers, left, held, tickets, writes, outOfScope, examples }: Tally): BackfillPreview {
  return {
    tickets,
    outOfScope,
    tiers: [...tiers].map(([tier, counts]) => ({ tier, ...counts })).sort((a, b) => b.tickets - a.tickets),
    left: [...left].map(([reason, n]) => ({ reason, tickets: n })).sort((a, b) => b.tickets - a.tickets),
    held,
    examples,
    // The list, one read and at most one write a ticket, and the read-back of a hundred at once.
    calls: Math.ceil((tickets + outOfScope) / 100) + tickets + writes + Math.ceil(writes / 100),
    minutes: Math.ceil(writes / WRITES_A_MINUTE),
  };
}

export interface BackfillRun {
  readonly runId: string;
  /** Open tickets that were put to work; null = the run was listed before, and goes on. */
  readonly listed: number | null;
}

const CURRENT = "backfill:current";

/** The run that is not finished; null = none. */
export async function unfinishedRun({ register, runs }: Store): Promise<string | null> {
  const id = (await register.setting(CURRENT)) ?? "";
  const run = id === "" ? null : await runs.find(id);
  return run === null || run.endedAt !== null ? null : run.id;
}

/**
 * Starts a run, or goes on with the one that was interrupted: names every open ticket of the scope and puts it into the
 * inbox. Running again adds only what is missing.
 */
export async function startBackfill(
  { desk, store, clock }: Pick<BackfillPorts, "desk" | "store" | "clock">,
  scope: BackfillScope,
  newRunId: string,
  signal: AbortSignal,
  progress: (listed: number) => void,
): Promise<BackfillRun> {
  const unfinished = await unfinishedRun(store);
  const runId = unfinished ?? newRunId;
  if (unfinished === null) {
    const startedAt = clock.now();
    await store.runs.start({
      id: runId,
      kind: `backfill:${scope}`,
      startedAt,
      endedAt: null,
      counts: {},
      error: null,
    });
    await store.register.setSetting(CURRENT, runId);
  }
  let listed = 0;
  for await (const page of desk.openTickets(clock.now() - YOUNG_MS, signal)) {
    const wanted = page.filter((ticket) => inScope(ticket, scope));
    listed += await takeIn(store, desk.name, runId, wanted);
    progress(listed);
  }
  return { runId, listed };
}

async function takeIn(
  store: Store,
  source: string,
  runId: string,
  tickets: readonly OpenTicket[],
): Promise<number> {
  const rows = tickets.map(({ id }) => ({ ticketId: id, eventKey: `backfill:${runId}:${id}` }));
  if (rows.length === 0) return 0;
  // First the run, then the work: a crash between them leaves tickets that the next start puts to work.
  await store.openTickets.addToRun(runId, rows);
  for (const { ticketId, eventKey } of rows)
    await store.inbox.accept(ownDelivery(source, ticketId, "backfill", eventKey), "backfill", 0);
  return rows.length;
}

/** What came of a run's tickets. */
export interface BackfillOutcome extends RunTickets {
  readonly written: number;
  readonly left: number;
}

/** Counts what a run did, by the decisions made since it began. */
export async function outcomeOf(store: Store, runId: string, since: Instant): Promise<BackfillOutcome> {
  const progress = await store.openTickets.progress(runId);
  let written = 0;
  let left = 0;
  for (let after: string | null = null; ; ) {
    const ids = await store.openTickets.ofRun(runId, after, 500);
    for (const id of ids) {
      const made = (await store.ledger.decisionsOf(id)).filter(
        (one) => one.event === "backfill" && one.decidedAt >= since,
      );
      if (made.some((one) => one.state === "written")) written++;
      else if (made.length > 0) left++;
    }
    after = ids.at(-1) ?? null;
    if (after === null) break;
  }
  return { ...progress, written, left };
}

/** Ends a run: its counts stand in the history, and the next one starts anew. */
export async function endBackfill(
  store: Store,
  runId: string,
  outcome: BackfillOutcome,
  at: Instant,
): Promise<void> {
  const { tickets, written, left, parked } = outcome;
  await store.runs.end(runId, at, { tickets, written, left, parked }, null);
  await store.register.setSetting(CURRENT, "");
}
