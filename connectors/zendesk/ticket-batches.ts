/**
 * Writes many tickets at once: batches of a hundred as background jobs, each row conditional, every row read back.
 *
 * A job's word is not enough for a ticket: Zendesk ignores keys it does not know instead of refusing them, and a job
 * that vanished may have done its rows, or do them later. So a row counts as written only when its job says so and the
 * ticket, read back, is as wanted.
 */
import { NeedsAdmin, Outdated, Paused, TryAgain } from "../../src/errors.ts";
import type { TicketChange } from "../../src/policy/model.ts";
import type { RowOutcome, TicketReading, TicketRow, TicketRowOutcome } from "../../src/ports.ts";
import type { Names } from "./describe.ts";
import { type JobOptions, outcomesOf, type StartedJob, startJob } from "./jobs.ts";
import { BATCH, chunk, JOBS_AT_ONCE, startWave, type Wave } from "./organization-writing.ts";
import { numeric } from "./schemas.ts";
import { DECISION_KEY } from "./ticket-history.ts";
import { type ReadingOptions, readTickets } from "./ticket-reading.ts";
import { fieldsOf, namesSuit } from "./ticket-writing.ts";

/** A row in Zendesk's words. */
interface SentRow {
  readonly id: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * Words of a failed row that mean "changed since it was read". Assumption (remembered, not verified): a row that
 * `safe_update` refused says UpdateConflict, as the answer to a single ticket's write does.
 */
const CONFLICT = /UpdateConflict|outdated ticket data/i;

/**
 * Writes the rows and answers for each of them. What cannot go as a row is refused here, with its reason, and can be
 * written one by one.
 *
 * @throws Paused Zendesk is closed to us and no row was accepted yet; afterwards the rest is answered as `retry`.
 */
export async function writeTickets(
  options: JobOptions & ReadingOptions,
  rows: readonly TicketRow[],
): Promise<readonly TicketRowOutcome[]> {
  const names = await options.account.namesWith(
    (known) => rows.every(({ change }) => namesSuit(known, change)),
    options.lane,
  );
  const outcomes: RowOutcome[] = [];
  const sent: SentRow[] = [];
  for (const row of rows) {
    const made = sentRow(options, row, names, sent);
    if ("json" in made) sent.push(made);
    else outcomes.push(made);
  }
  let accepted = false;
  for (const wave of chunk(chunk(sent, BATCH), JOBS_AT_ONCE)) {
    const { started, failed }: Wave = await startWave(options, wave, accepted, (batch) =>
      startBatch(options, batch),
    );
    accepted ||= started.length > 0;
    outcomes.push(...failed, ...(await readBack(options, rows, await outcomesOf(options, started))));
  }
  return outcomes.map((row) => ({
    ...row,
    conflict: !row.ok && row.retry && CONFLICT.test(row.reason ?? ""),
  }));
}

/**
 * The row to send, or what became of it without being sent.
 *
 * Assumptions, not verified: a row honours `safe_update` and its stamp as a single write does, and keeps `metadata`
 * (Zendesk's OpenAPI file of 2026-04-28 lists both for a ticket, and does not say so of a row); rows take no
 * `followers` actions, so such changes go one by one.
 */
function sentRow(
  { prefix }: ReadingOptions,
  { reading, change, decisionId }: TicketRow,
  names: Names,
  before: readonly SentRow[],
): SentRow | RowOutcome {
  const { id } = reading;
  const refuse = (reason: string, retry = false): RowOutcome => ({ id, ok: false, retry, reason });
  if (!/^[1-9]\d*$/.test(id)) return refuse("not a Zendesk ticket id");
  if (reading.status === "closed") return refuse(`ticket ${id} is closed`);
  if ((change.followersAdd ?? []).length > 0)
    return refuse("followers cannot be added in a batch; this ticket is written by itself");
  if (before.some((row) => row.id === id)) return refuse("another row of the batch is of this ticket", true);
  try {
    const fields = fieldsOf(change, names, prefix);
    if (Object.keys(fields).length === 0) return { id, ok: true, retry: false, reason: null };
    const guard = { safe_update: true, updated_stamp: reading.stamp };
    return { id, json: { id: numeric(id), ...fields, metadata: { [DECISION_KEY]: decisionId }, ...guard } };
  } catch (error) {
    if (error instanceof NeedsAdmin) return refuse(error.message);
    throw error;
  }
}

function startBatch(options: JobOptions, batch: readonly SentRow[]): Promise<StartedJob> {
  return startJob(
    options,
    {
      endpoint: "updateTickets",
      json: { tickets: batch.map((row) => row.json) },
      lane: options.lane,
      doing: `updating ${batch.length} tickets`,
    },
    batch.map((row) => row.id),
  );
}

/** Holds what the job calls written against the tickets as they are now. */
async function readBack(
  options: JobOptions & ReadingOptions,
  rows: readonly TicketRow[],
  outcomes: readonly RowOutcome[],
): Promise<readonly RowOutcome[]> {
  const claimed = outcomes.filter((row) => row.ok).map((row) => row.id);
  if (claimed.length === 0) return outcomes;
  const now = await readingsOf(options, claimed);
  const changes = new Map(rows.map((row) => [row.reading.id, row.change]));
  return outcomes.map((row) => {
    if (!row.ok) return row;
    const again = (reason: string): RowOutcome => ({ id: row.id, ok: false, retry: true, reason });
    if (typeof now === "string") return again(`the job calls it written, it was not read back: ${now}`);
    const reading = now.get(row.id);
    if (reading === undefined) return again("the job calls it written, but the ticket was not found");
    const missing = differences(reading, changes.get(row.id) ?? {});
    return missing.length === 0
      ? row
      : again(`the job calls it written, but not as wanted: ${missing.join(", ")}`);
  });
}

/** The tickets by id, or why they could not be read. */
async function readingsOf(
  options: JobOptions & ReadingOptions,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TicketReading> | string> {
  try {
    const readings = await readTickets(options, ids, options.lane, options.signal);
    return new Map(readings.map((reading) => [reading.id, reading]));
  } catch (error) {
    // The rows were sent: whatever keeps us from reading them, their outcome is open and not ours to throw away.
    if (isKnown(error)) return error.message;
    throw error;
  }
}

function isKnown(error: unknown): error is Error {
  return [Paused, TryAgain, Outdated, NeedsAdmin].some((type) => error instanceof type);
}

/** What of the change the ticket does not show. */
function differences(reading: TicketReading, change: TicketChange): readonly string[] {
  const tags = new Set(reading.tags.map((tag) => tag.toLowerCase()));
  const has = (tag: string): boolean => tags.has(tag.toLowerCase());
  return [
    ...(change.priority === undefined || change.priority === reading.priority ? [] : ["priority"]),
    ...(change.group === undefined || change.group === reading.group ? [] : ["group"]),
    ...(change.tier === undefined || change.tier === reading.tierField ? [] : ["tier"]),
    ...((change.tagsAdd ?? []).every(has) && !(change.tagsRemove ?? []).some(has) ? [] : ["tags"]),
  ];
}
