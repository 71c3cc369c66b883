/** Figure: what becomes of tickets while the service is killed again and again; the campaign and judge of `npm run chaos`. */
import { campaign, synced } from "../flow/process/campaign.ts";
import { reckon } from "../flow/process/reckoning.ts";
import { startRig } from "../flow/process/rig.ts";
import { type Measured, row } from "./report.ts";

const SEED = 20_261_122;
/** Answers of the desk take this long, so that kills fall between a write and its answer. */
const ANSWER_MS = 40;
const PER_SECOND = 100;

/** Tickets in a steady stream, and so many kills spread over it. */
export async function measureKills(tickets: number, kills: number): Promise<Measured> {
  const limits = { perMinute: 1_000_000, patience: 10, latencyMs: ANSWER_MS };
  const rig = await startRig(limits, { instances: 1, databaseUrl: null, forwarder: true, tapped: false });
  try {
    const source = await synced(rig, SEED);
    const began = performance.now();
    const { sent } = await campaign(rig, source, {
      tickets,
      perSecond: PER_SECOND,
      troubles: Array.from({ length: kills }, () => "kill" as const),
      seed: SEED,
      fellDatabase: async () => undefined,
      progress: () => undefined,
    });
    const seconds = (performance.now() - began) / 1000;
    await rig.stop();
    return rowsOf({ tickets, kills, seconds }, await reckon(rig, source, sent));
  } finally {
    await rig.close();
  }
}

function rowsOf(
  run: { readonly tickets: number; readonly kills: number; readonly seconds: number },
  found: Awaited<ReturnType<typeof reckon>>,
): Measured {
  const counts = { figure: "killed again and again", unit: "", kind: "count" } as const;
  const { wrong, undecided, doubled, unaccounted, calls, acknowledged } = found;
  const note = `${run.tickets} tickets, ${run.kills} kills with SIGKILL, ${Math.round(run.seconds)} s, seed ${SEED}`;
  return {
    rows: [
      row({
        ...counts,
        what: "lost: acknowledged, but not settled",
        value: unaccounted.length + undecided.length,
        bound: { most: 0 },
        note: `${note}; ${acknowledged} deliveries acknowledged`,
      }),
      row({ ...counts, what: "doubled: written more than once", value: doubled.length, bound: { most: 0 } }),
      row({ ...counts, what: "not as the rules say", value: wrong.length, bound: { most: 0 } }),
      row({ ...counts, what: "writes a ticket", value: calls.writes / run.tickets, bound: { most: 1.1 } }),
    ],
    details: { run, calls, acknowledged, unaccounted, undecided, doubled, wrong: wrong.slice(0, 5) },
  };
}
