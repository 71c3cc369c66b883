/** Figure: how many durable answers a second, beside the least that durability can cost; and how long one takes at 500/s. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Load } from "./ack-load.ts";
import { type Child, startChild } from "./child.ts";
import { median, range, rounded } from "./numbers.ts";
import { type Measured, type Row, row } from "./report.ts";

const SECRET = "a signing secret of the benchmark";
const CONNECTIONS = 64;
const ACCOUNTS = 2_000;
const STEADY = 500;

interface Doors {
  readonly load: Child;
  readonly ours: string;
  readonly base: string;
}

/** Both doors take turns under the same sender, so that what else the machine does meets both. */
export async function measureAck(quick: boolean): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-ack-"));
  const children = [
    startChild("./ack-load.ts"),
    startChild("./ack-door.ts"),
    startChild("./ack-baseline.ts"),
  ] as const;
  try {
    const [load, door, baseline] = children;
    const told = { folder, secret: SECRET, accounts: ACCOUNTS };
    const [ours, base] = await Promise.all(
      [door, baseline].map(async (child) => (await child.ask<{ url: string }>("start", told)).url),
    );
    return await measured({ load, ours: ours ?? "", base: base ?? "" }, quick);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(doors: Doors, quick: boolean): Promise<Measured> {
  const [rounds, seconds] = quick ? [3, 2] : [5, 4];
  const full: { ours: Load; base: Load }[] = [];
  for (let i = 0; i <= rounds; i += 1) {
    const base = await send(doors, doors.base, "closed", { seconds });
    full.push({ base, ours: await send(doors, doors.ours, "closed", { seconds }) });
  }
  // The first round warms both up.
  full.shift();
  const steady: { ours: Load; base: Load }[] = [];
  for (let i = 0; i < (quick ? 1 : 3); i += 1) {
    const told = { seconds: quick ? 4 : 6, perSecond: STEADY };
    const base = await send(doors, doors.base, "open", told);
    steady.push({ base, ours: await send(doors, doors.ours, "open", told) });
  }
  return { rows: rowsOf(full, steady), details: { connections: CONNECTIONS, full, steady } };
}

function send(doors: Doors, url: string, how: "closed" | "open", told: object): Promise<Load> {
  return doors.load.ask(how, { url, secret: SECRET, connections: CONNECTIONS, accounts: ACCOUNTS, ...told });
}

type Rounds = readonly { readonly ours: Load; readonly base: Load }[];

function rowsOf(full: Rounds, steady: Rounds): readonly Row[] {
  const ratios = full.map(({ ours, base }) => ours.perSecond / base.perSecond);
  const of = (rounds: Rounds, who: "ours" | "base", what: "perSecond" | "p50" | "p99"): number =>
    median(rounds.map((one) => one[who][what]));
  const figure = "durable acknowledgement";
  const shown = (rounds: Rounds, what: "perSecond" | "p50" | "p99"): string =>
    `least possible ${rounded(of(rounds, "base", what))}`;
  const notTaken = [...full, ...steady].reduce((sum, { ours }) => sum + ours.refused, 0);
  return [
    row({
      figure,
      what: "rate ÷ bare node:http + HMAC + grouped fdatasync",
      value: median(ratios),
      unit: "",
      bound: { least: 0.6 },
      kind: "time",
      beside: `${rounded(of(full, "ours", "perSecond"))}/s ÷ ${rounded(of(full, "base", "perSecond"))}/s`,
      note: `rounds ${range(ratios)}`,
    }),
    row({
      figure,
      what: `p99 at ${STEADY}/s`,
      value: of(steady, "ours", "p99"),
      unit: "ms",
      bound: { most: 25 },
      kind: "time",
      beside: `${shown(steady, "p99")} ms`,
      note: `rounds ${range(steady.map(({ ours }) => ours.p99))} ms`,
    }),
    row({
      figure,
      what: `p50 at ${STEADY}/s`,
      value: of(steady, "ours", "p50"),
      unit: "ms",
      kind: "time",
      beside: `${shown(steady, "p50")} ms`,
    }),
    row({
      figure,
      what: "signed deliveries not answered with 200",
      value: notTaken,
      unit: "",
      bound: { most: 0 },
      kind: "count",
      note: `of ${[...full, ...steady].reduce((sum, { ours }) => sum + ours.answered, 0)}`,
    }),
  ];
}
