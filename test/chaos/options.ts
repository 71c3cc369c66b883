/** What `npm run chaos` is told on its command line. */
import { parseArgs } from "node:util";
import { BOUNDARIES } from "../flow/process/boundaries.ts";
import { shuffled } from "../flow/process/tour.ts";
import type { Trouble } from "../flow/process/troubles.ts";

/** One run. */
export interface ChaosOptions {
  readonly store: "sqlite" | "postgres";
  readonly instances: number;
  readonly tickets: number;
  readonly perSecond: number;
  /** How often each kind of trouble happens. */
  readonly times: Readonly<Record<TroubleOption, number>>;
  readonly latencyMs: number;
  readonly seed: number;
}

/** Troubles by their option; the words for each are in `USAGE`. */
const TROUBLE = {
  kills: "kill",
  floods: "flood",
  "false-starts": "false start",
  stops: "stop",
  pauses: "pause",
  "database-kills": "database",
  outages: "outage",
} as const satisfies Readonly<Record<string, Trouble>>;

type TroubleOption = keyof typeof TROUBLE | "boundaries";

/** The options in words. */
export const USAGE = `npm run chaos -- [options]

  --store sqlite|postgres   default sqlite; postgres starts a private server
  --instances 1|2|4         serve processes on one store; default 1, more than one needs postgres
  --tickets N               default 10000, in a steady stream; floods come on top
  --per-second N            tickets arriving a second; default 100
  --kills N                 kill -9 of an instance at any moment, and its restart; default 50
  --boundaries N            kill -9 at each of ${BOUNDARIES.single.length + BOUNDARIES.together.length} places of a ticket's way, N times each; default 0
  --floods N                300 tickets at once, which go as jobs, and a kill among them; default 0
  --false-starts N          kill -9, and again while it is starting; default 0
  --stops N                 SIGTERM, and a new start; default 0
  --pauses N                SIGSTOP for longer than a lease, then SIGCONT; default 0, needs two instances
  --database-kills N        PostgreSQL stopped with -m immediate and started again; default 0, needs postgres
  --outages N               the same, and 30 s until it is back; default 0, needs postgres
  --latency N               ms the help desk takes to answer; default 40
  --seed N                  repeats a run's tickets and troubles; default: drawn and printed
`;

/** The troubles of a run, in an order that the seed decides. */
export function troublesOf({ times, seed }: ChaosOptions): readonly Trouble[] {
  const places = [...BOUNDARIES.single, ...BOUNDARIES.together];
  const each = (trouble: Trouble, count: number): readonly Trouble[] =>
    Array.from({ length: count }, () => trouble);
  const all = [
    ...Object.entries(TROUBLE).flatMap(([option, trouble]) =>
      each(trouble, times[option as keyof typeof TROUBLE]),
    ),
    ...places.flatMap((place) => each(place, times.boundaries)),
  ];
  return shuffled(all, seed);
}

/** Reads the command line; `drawn` is the seed when none is given. @throws Error that names the option and its fix. */
export function optionsOf(args: readonly string[], drawn: number): ChaosOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: text,
      instances: text,
      tickets: text,
      "per-second": text,
      kills: text,
      boundaries: text,
      floods: text,
      "false-starts": text,
      stops: text,
      pauses: text,
      "database-kills": text,
      outages: text,
      latency: text,
      seed: text,
    },
  });
  const number = (name: Exclude<keyof typeof values, "store">, otherwise: number, least = 0): number => {
    const given = values[name];
    const value = given === undefined ? otherwise : Number(given);
    if (Number.isInteger(value) && value >= least) return value;
    throw new Error(
      `--${name} ${given} is not a whole number from ${least} up.\nfix: Give one, as in --${name} ${otherwise}.`,
    );
  };
  const options: ChaosOptions = {
    store: storeOf(values.store ?? "sqlite"),
    instances: number("instances", 1, 1),
    tickets: number("tickets", 10_000, 1),
    perSecond: number("per-second", 100, 1),
    times: {
      kills: number("kills", 50),
      boundaries: number("boundaries", 0),
      floods: number("floods", 0),
      "false-starts": number("false-starts", 0),
      stops: number("stops", 0),
      pauses: number("pauses", 0),
      "database-kills": number("database-kills", 0),
      outages: number("outages", 0),
    },
    latencyMs: number("latency", 40),
    seed: number("seed", drawn),
  };
  refuseImpossible(options);
  return options;
}

function storeOf(given: string): ChaosOptions["store"] {
  if (given === "sqlite" || given === "postgres") return given;
  throw new Error(`--store ${given} is unknown.\nfix: Say --store sqlite or --store postgres.`);
}

function refuseImpossible({ store, instances, times }: ChaosOptions): void {
  if (store === "sqlite" && instances > 1)
    throw new Error("Several instances are tried on PostgreSQL only.\nfix: Add --store postgres.");
  if (store === "sqlite" && times["database-kills"] + times.outages > 0)
    throw new Error("SQLite has no server to kill.\nfix: Add --store postgres.");
  if (instances < 2 && times.pauses > 0)
    throw new Error(
      "A pause needs somebody to take the tickets over.\nfix: Add --store postgres --instances 2.",
    );
}
