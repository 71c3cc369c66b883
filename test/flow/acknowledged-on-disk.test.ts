/** An acknowledgement means "on disk", as the kernel sees it: `serve` under strace. kill -9 alone would not show that. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { type House, serve, startHouse } from "../security/house.ts";
import { openLine, requestBytes, signedForZendesk } from "../security/wire.ts";
import { callsIn, type OnDisk, onDisk, type SystemCall } from "./process/trace.ts";

const DELIVERIES = 300;
const LINES = 6;
/** A traced process on a busy machine is slow. */
const PATIENCE_MS = 60_000;
/** A page of the store's log, and room for escapes. */
const BYTES_TOLD = 4_200;

const strace = spawnSync("strace", ["-f", "-o", "/dev/null", "true"], { encoding: "utf8" });
const missing =
  strace.error !== undefined
    ? "apt-get install -y strace"
    : strace.status !== 0
      ? `strace may not trace here: ${strace.stderr.trim().split("\n").at(-1)}`
      : null;
if (missing !== null)
  process.stderr.write(`\nNOT RUN: acknowledged means on disk, seen by the kernel (${missing})\n\n`);

let house: House;
beforeAll(async () => {
  nock.restore();
  house = await startHouse();
});
afterAll(() => house.close());

/** Sends signed webhooks over several connections at once; the mark in each body. */
async function acknowledged(port: number): Promise<readonly string[]> {
  const marks = Array.from({ length: DELIVERIES }, () => `mark-${randomBytes(8).toString("hex")}`);
  const waiting = [...marks.entries()];
  const one = async (): Promise<void> => {
    const line = openLine(port, PATIENCE_MS);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [number, mark] = next;
      const body = JSON.stringify({ ticket_id: String(900_000 + number), mark });
      const at = `${new Date().toISOString().slice(0, 19)}Z`;
      const headers = signedForZendesk(house.secret, at, body);
      const { status } = await line.ask(requestBytes("/webhooks/zendesk", headers, Buffer.from(body)));
      if (status !== 200) throw new Error(`delivery ${number} was answered with ${status}`);
    }
    line.close();
  };
  await Promise.all(Array.from({ length: LINES }, one));
  return marks;
}

function tally(calls: readonly SystemCall[], marks: readonly string[]): Partial<Record<OnDisk, number>> {
  const counts: Partial<Record<OnDisk, number>> = {};
  for (const mark of marks) {
    const how = onDisk(calls, mark);
    counts[how] = (counts[how] ?? 0) + 1;
  }
  return counts;
}

(missing === null ? describe : describe.skip)("an acknowledgement", () => {
  test("is written to the sender only after a sync of the disk that covers its row", async () => {
    const trace = join(house.folder, "trace");
    const told = ["-y", "-s", String(BYTES_TOLD), "-e", "trace=read,pwrite64,write,writev,fdatasync,fsync"];
    const under = ["strace", "-f", "--seccomp-bpf", "-o", trace, ...told];
    const path = { PATH: process.env.PATH ?? "" };
    const service = await serve({ ...house.env, ...path, LOG_LEVEL: "warn" }, house.folder, under);
    const marks = await acknowledged(service.port).finally(service.stop);
    const calls = callsIn(readFileSync(trace, "latin1"));
    expect(tally(calls, marks)).toEqual({ "synced before it was acknowledged": DELIVERIES });
    // The same trace without its syncs proves nothing, and that is seen.
    const withoutSyncs = calls.filter(({ name }) => name !== "fdatasync" && name !== "fsync");
    expect(tally(withoutSyncs, marks)).toEqual({ "acknowledged before it was synced": DELIVERIES });
  }, 120_000);
});
