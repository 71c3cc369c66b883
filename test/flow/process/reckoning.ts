/** The reckoning after a run: every ticket against the judge, every delivery against the store, every call counted. */
import type { JournalEntry } from "../../../src/sandbox/server.ts";
import { openStore } from "../../../src/store/open.ts";
import { judgeOver, lookOf, type Sent, type Verdict, writesIn } from "./judge.ts";
import type { Rig } from "./rig.ts";
import type { Source } from "./sending.ts";
import { stillThere } from "./settling.ts";
import { rowsOf } from "./store-rows.ts";

/** What was found; the lists are empty when all is well. */
export interface Reckoning {
  /** Tickets that do not look as the judge says. */
  readonly wrong: readonly {
    readonly sent: Sent["mixed"];
    readonly wanted: Verdict;
    readonly found: Verdict;
    /** The service's own reasons, of each of its decisions. */
    readonly because: readonly (readonly string[])[];
  }[];
  /** Tickets without exactly one settled decision; deleted ones that nobody was told of need none. */
  readonly undecided: readonly string[];
  /** Tickets written more than once. */
  readonly doubled: readonly string[];
  /** Deliveries the service took that its store does not know as done. */
  readonly unaccounted: readonly string[];
  readonly acknowledged: number;
  /** Tickets whose write had arrived before a kill and was recognised afterwards. */
  readonly recognised: number;
  /** Tickets that had to be written. */
  readonly toWrite: number;
  /** Calls about tickets by kind, and requests that changed one. */
  readonly calls: Readonly<
    Record<"reads" | "writes" | "applied" | "jobs" | "verifications" | "audits" | "other", number>
  >;
}

/** Reckons up a run whose service has been stopped. */
export async function reckon(rig: Rig, source: Source, sent: readonly Sent[]): Promise<Reckoning> {
  const [state, journal] = [await rig.state(), await rig.journal()];
  const writes = writesIn(journal);
  const judge = judgeOver(source.data, source.policy, state);
  const rows = sent.map(({ mixed, ticket }) => {
    const applied = writes.get(ticket.id)?.applied ?? [];
    const wanted = judge({ mixed, ticket }, applied[0]?.at ?? ticket.createdAt);
    return { id: ticket.id, mixed, applied, wanted, found: lookOf(state, ticket.id, applied.length > 0) };
  });
  const taken = Object.values(state.invocations).filter(({ statusCode }) => statusCode === 200);
  const done = await doneDeliveries(rig);
  const { because, ...ledger } = await ledgerOf(rig, sent);
  return {
    wrong: rows
      .filter(({ wanted, found }) => spelled(wanted) !== spelled(found))
      .map(({ id, mixed, wanted, found }) => ({ sent: mixed, wanted, found, because: because(id) })),
    ...ledger,
    doubled: rows.filter(({ applied }) => applied.length > 1).map(({ id }) => id),
    unaccounted: taken.map(({ id }) => id).filter((id) => !done.has(id)),
    acknowledged: taken.length,
    toWrite: rows.filter(({ wanted }) => wanted.written).length,
    calls: callsIn(journal),
  };
}

function spelled(verdict: Verdict): string {
  const { tags, followerIds } = verdict;
  return JSON.stringify({ ...verdict, tags: [...tags].sort(), followerIds: [...followerIds].sort() });
}

async function ledgerOf(
  rig: Rig,
  sent: readonly Sent[],
): Promise<
  Pick<Reckoning, "undecided" | "recognised"> & {
    readonly because: (id: string) => readonly (readonly string[])[];
  }
> {
  const ids = sent.map(({ ticket }) => ticket.id);
  const store = await openStore(rig.databaseUrl, { warn: () => undefined });
  try {
    const decisions = new Map(
      await Promise.all(ids.map(async (id) => [id, await store.ledger.decisionsOf(id)] as const)),
    );
    const { pending, parked } = await store.inbox.backlog();
    const settled = (id: string): boolean => {
      const [only, second] = decisions.get(id) ?? [];
      return second === undefined && (only?.state === "written" || only?.state === "left");
    };
    const none = ids.filter((id) => decisions.get(id)?.length === 0);
    const needed = new Set(await stillThere(rig, sent, none));
    const unsettled = ids.filter((id) => !settled(id) && (!none.includes(id) || needed.has(id)));
    return {
      because: (id) => (decisions.get(id) ?? []).map(({ decision }) => decision.reasons),
      undecided: [
        ...unsettled.map((id) => `${id}: ${told(decisions.get(id) ?? [])}`),
        ...(pending + parked === 0 ? [] : [`${pending} pending, ${parked} parked`]),
      ],
      recognised: [...decisions.values()].flat().filter(({ outcome }) => outcome.startsWith("found applied"))
        .length,
    };
  } finally {
    await store.close();
  }
}

const DONE = "select invocation_key from deliveries where state = 'done'";

/** A ticket's decisions in a few words. */
function told(decisions: readonly { readonly state: string; readonly outcome: string }[]): string {
  return decisions.map(({ state, outcome }) => `${state} (${outcome})`).join(", then ") || "no decision";
}

/** Invocation ids of the deliveries that ended, read behind the store's back. */
async function doneDeliveries({ databaseUrl }: Rig): Promise<ReadonlySet<unknown>> {
  return new Set((await rowsOf(databaseUrl, DONE)).map((row) => row.invocation_key));
}

function callsIn(journal: readonly JournalEntry[]): Reckoning["calls"] {
  const count = (test: (entry: JournalEntry) => boolean): number => journal.filter(test).length;
  const one = /^\/api\/v2\/tickets\/\d+$/;
  return {
    reads: count(({ method, path }) => method === "GET" && one.test(path)),
    writes: [...writesIn(journal).values()].reduce((sum, { asked }) => sum + asked, 0),
    applied: [...writesIn(journal).values()].reduce((sum, { applied }) => sum + applied.length, 0),
    jobs: count(({ path }) => path === "/api/v2/tickets/update_many"),
    verifications: count(({ path }) => path === "/api/v2/tickets/show_many"),
    audits: count(({ path }) => /^\/api\/v2\/tickets\/\d+\/audits$/.test(path)),
    other: count(({ path }) => /^\/api\/v2\/users\/(?:\d+\/identities|search)$/.test(path)),
  };
}

/** The figures in words. */
export function inWords(found: Reckoning, tickets: number): string {
  const each = (n: number): string => `${n} (${(n / tickets).toFixed(3)} a ticket)`;
  const { calls } = found;
  return [
    `  deliveries acknowledged ${found.acknowledged}, unaccounted for ${found.unaccounted.length}`,
    `  tickets wrong ${found.wrong.length}, without one settled decision ${found.undecided.length}, doubled ${found.doubled.length}`,
    `  recognised as written before a kill ${found.recognised}`,
    `  had to be written ${found.toWrite}: asked ${each(calls.writes)}, applied ${each(calls.applied)}, ${calls.jobs} jobs`,
    `  reads ${each(calls.reads)}, verification ${each(calls.verifications)}, audits ${each(calls.audits)}, people ${each(calls.other)}`,
  ].join("\n");
}
