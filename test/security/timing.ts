/**
 * Does a wrong signature tell by its time where it is wrong? `node test/security/timing.ts [ROUNDS]`, a minute or so.
 *
 * Wrong first letter against wrong last letter, in an order that is drawn, the slowest tenth left out (interruptions);
 * Welch's t of both. Beside it, in the same rounds, a comparison that stops at the first difference: what a leak would
 * look like on this machine. Times are noise on a busy machine, so this is run by hand and never in the build.
 */
import { createHmac, randomInt } from "node:crypto";
import { readZendeskWebhook } from "../../connectors/zendesk/webhook.ts";

/** Verifications of a batch that is timed as one: a single one is shorter than the clock's own noise. */
const BATCH = 50;
const KEPT = 0.9;
/** Above this, two times are told apart (dudect, https://eprint.iacr.org/2016/1123, read 2026-12-01). */
const TELLS = 4.5;

const rounds = Number(process.argv[2] ?? 20_000);
const secret = "a webhook secret of some length";
const timestamp = "2026-06-09T14:00:00Z";
const body = Buffer.from(JSON.stringify({ ticket_id: "35436", filler: "x".repeat(800) }));
const right = createHmac("sha256", secret).update(timestamp).update(body).digest("base64");
const other = (letter: string | undefined): string => (letter === "A" ? "B" : "A");
const wrong = {
  first: other(right[0]) + right.slice(1),
  last: right.slice(0, -2) + other(right.at(-2)) + right.slice(-1),
} as const;

const ways = {
  "as the service verifies": (signature: string): boolean => {
    const headers = {
      "x-zendesk-webhook-signature": signature,
      "x-zendesk-webhook-signature-timestamp": timestamp,
    };
    const request = { method: "POST", path: "/webhooks/zendesk", headers, body };
    return readZendeskWebhook(request, { secrets: [secret], now: 0 }).kind !== "refused";
  },
  "a comparison that stops at the first difference": (signature: string): boolean => {
    for (let i = 0; i < right.length; i += 1) if (right[i] !== signature[i]) return false;
    return true;
  },
} as const;

for (const [name, accepts] of Object.entries(ways)) {
  const times = { first: [] as number[], last: [] as number[] };
  timed(accepts, rounds / 10, { first: [], last: [] });
  timed(accepts, rounds, times);
  const [first, last] = [trimmed(times.first), trimmed(times.last)];
  const t = welch(first, last);
  process.stdout.write(
    `${name}: ${rounds * BATCH} verifications; wrong first letter ${mean(first).toFixed(2)} ns, wrong last letter ${mean(last).toFixed(2)} ns, t = ${t.toFixed(2)}: ${Math.abs(t) < TELLS ? "not told apart" : "TOLD APART"}\n`,
  );
}

function timed(
  accepts: (signature: string) => boolean,
  count: number,
  times: { readonly first: number[]; readonly last: number[] },
): void {
  for (let round = 0; round < count; round += 1) {
    const which = randomInt(2) === 0 ? "first" : "last";
    const signature = wrong[which];
    const began = process.hrtime.bigint();
    let accepted = 0;
    for (let i = 0; i < BATCH; i += 1) if (accepts(signature)) accepted += 1;
    times[which].push(Number(process.hrtime.bigint() - began) / BATCH);
    if (accepted > 0) throw new Error("a wrong signature was accepted");
  }
}

function trimmed(times: readonly number[]): readonly number[] {
  return times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length * KEPT));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function welch(a: readonly number[], b: readonly number[]): number {
  const spread = (values: readonly number[]): number => {
    const middle = mean(values);
    return (
      values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1) / values.length
    );
  };
  return (mean(a) - mean(b)) / Math.sqrt(spread(a) + spread(b));
}
