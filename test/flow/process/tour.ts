/** A kill at each of some places, once, in an order that the seed decides, on one service with a SQLite file. */
import { dice } from "../../../src/sandbox/dataset-dice.ts";
import { campaign, synced } from "./campaign.ts";
import { inWords, type Reckoning, reckon } from "./reckoning.ts";
import { startRig } from "./rig.ts";
import type { Trouble } from "./troubles.ts";

const TICKETS_EACH = 8;
const PER_SECOND = 20;

/** What the tour came to. */
export interface Toured {
  readonly found: Reckoning;
  readonly tickets: number;
  /** How the service ended when it was asked to. */
  readonly code: number | null;
}

/** Makes the tour and prints its figures. */
export async function tour(places: readonly Trouble[], seed: number): Promise<Toured> {
  const rig = await startRig(
    { perMinute: 100_000, patience: 2, latencyMs: 10, jobMs: 300 },
    { instances: 1, databaseUrl: null, forwarder: true, tapped: true },
  );
  try {
    const began = performance.now();
    const source = await synced(rig, seed);
    const { sent } = await campaign(rig, source, {
      tickets: TICKETS_EACH * places.length,
      perSecond: PER_SECOND,
      troubles: shuffled(places, seed),
      seed,
      fellDatabase: async () => undefined,
      progress: () => undefined,
    });
    const { code } = await rig.stop();
    const found = await reckon(rig, source, sent);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `\n${sent.length} tickets, killed at ${places.length} places in ${seconds} s (seed ${seed})\n${inWords(found, sent.length)}\n`,
    );
    return { found, tickets: sent.length, code };
  } finally {
    await rig.close();
  }
}

/** The same things in an order that the seed decides. */
export function shuffled<T>(things: readonly T[], seed: number): readonly T[] {
  const draw = dice(seed, 1);
  return things
    .map((thing) => ({ thing, at: draw.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}
