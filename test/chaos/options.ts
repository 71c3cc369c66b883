/** What `npm run chaos` is told on its command line. */
import { parseArgs } from "node:util";

/** One run. */
export interface ChaosOptions {
  readonly tickets: number;
  readonly perSecond: number;
  readonly kills: number;
  readonly pauses: number;
  readonly databaseKills: number;
  readonly store: "sqlite" | "postgres";
  readonly instances: number;
  readonly latencyMs: number;
  readonly seed: number;
}

/** The options in words. */
export const USAGE = `npm run chaos -- [options]

  --store sqlite|postgres   default sqlite; postgres starts a private server
  --instances 1|2|4         serve processes on one store; default 1, more than one needs postgres
  --tickets N               default 10000
  --per-second N            tickets arriving a second; default 100
  --kills N                 kill -9 of an instance, and its restart; default 50
  --pauses N                SIGSTOP for longer than a lease, then SIGCONT; default 0, needs two instances
  --database-kills N        PostgreSQL stopped with -m immediate and started again; default 0, needs postgres
  --latency N               ms the help desk takes to answer; default 40
  --seed N                  repeats a run's tickets and troubles; default: drawn and printed
`;

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
      pauses: text,
      "database-kills": text,
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
    kills: number("kills", 50),
    pauses: number("pauses", 0),
    databaseKills: number("database-kills", 0),
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

function refuseImpossible({ store, instances, pauses, databaseKills }: ChaosOptions): void {
  if (store === "sqlite" && instances > 1)
    throw new Error("Several instances are tried on PostgreSQL only.\nfix: Add --store postgres.");
  if (store === "sqlite" && databaseKills > 0)
    throw new Error("SQLite has no server to kill.\nfix: Add --store postgres.");
  if (instances < 2 && pauses > 0)
    throw new Error(
      "A pause needs somebody to take the tickets over.\nfix: Add --store postgres --instances 2.",
    );
}
