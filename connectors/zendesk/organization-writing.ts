/** Writes our own fields on organizations: batches of a hundred as background jobs, one outcome per row. */
import { NeedsAdmin, Outdated, Paused, TryAgain } from "../../src/errors.ts";
import type { OrganizationChange } from "../../src/policy/model.ts";
import type { RowOutcome } from "../../src/ports.ts";
import type { AccountView } from "./describe.ts";
import { type JobOptions, outcomesOf, type StartedJob, startJob } from "./jobs.ts";
import { numeric } from "./schemas.ts";

export interface OrganizationRow {
  readonly id: string;
  readonly fields: OrganizationChange;
}

/** Rows one bulk call takes; more is refused with TooManyValues (facts on bulk calls, read 2026-11-22). */
export const BATCH = 100;
/** Jobs under way at once: a third of the account's 30, the rest is left to others. */
export const JOBS_AT_ONCE = 10;

/**
 * Writes the rows and answers for each of them. A row that is not ours to write, or whose field is not provisioned, is
 * refused here: Zendesk would ignore an unknown field silently.
 *
 * The single-record PUT is never used: it takes five writes a minute per organization.
 *
 * @throws Paused Zendesk is closed to us and no row was accepted yet; afterwards the rest is answered as `retry`.
 */
export async function writeOrganizations(
  options: JobOptions & { readonly account: AccountView; readonly prefix: string },
  rows: readonly OrganizationRow[],
): Promise<readonly RowOutcome[]> {
  const merged = mergeById(rows);
  const known = await options.account.organizationFields([
    ...new Set(merged.flatMap((row) => Object.keys(row.fields))),
  ]);
  const refused = merged.flatMap((row) => refusalOf(row, options.prefix, known) ?? []);
  const refusedIds = new Set(refused.map((row) => row.id));
  const batches = chunk(
    merged.filter((row) => !refusedIds.has(row.id)),
    BATCH,
  );
  const outcomes: RowOutcome[] = [...refused];
  const start = (batch: readonly OrganizationRow[]): Promise<StartedJob> => startBatch(options, batch);
  let accepted = false;
  for (const wave of chunk(batches, JOBS_AT_ONCE)) {
    const { started, failed }: Wave = await startWave(options, wave, accepted, start);
    accepted ||= started.length > 0;
    outcomes.push(...failed, ...(await outcomesOf(options, started)));
  }
  return outcomes;
}

/** What became of the batches of a wave. */
export interface Wave {
  readonly started: readonly StartedJob[];
  readonly failed: readonly RowOutcome[];
}

/**
 * Starts a job for each batch of a wave; what could not be started is answered row by row.
 *
 * @throws Paused Zendesk is closed to us and nothing was accepted yet.
 */
export async function startWave<Row extends { readonly id: string }>(
  options: JobOptions,
  wave: readonly (readonly Row[])[],
  accepted: boolean,
  start: (batch: readonly Row[]) => Promise<StartedJob>,
): Promise<Wave> {
  const started: StartedJob[] = [];
  const failed: RowOutcome[] = [];
  let closed: Error | null = null;
  for (const batch of wave) {
    if (closed === null && options.signal.aborted)
      closed = new TryAgain("stopped before these rows were sent");
    if (closed === null) {
      try {
        started.push(await start(batch));
        continue;
      } catch (error) {
        if (error instanceof Paused && !accepted && started.length === 0) throw error;
        if (!isKnown(error)) throw error;
        // What is closed or busy stays so for the rest of the wave; anything else concerns this batch alone.
        if (error instanceof Paused || error instanceof TryAgain) closed = error;
        failed.push(...batch.map((row) => failedRow(row.id, error)));
        continue;
      }
    }
    failed.push(...batch.map((row) => failedRow(row.id, closed)));
  }
  return { started, failed };
}

function startBatch(options: JobOptions, batch: readonly OrganizationRow[]): Promise<StartedJob> {
  return startJob(
    options,
    {
      endpoint: "updateOrganizations",
      json: { organizations: batch.map((row) => ({ id: numeric(row.id), organization_fields: row.fields })) },
      lane: options.lane,
      doing: `updating ${batch.length} organizations`,
    },
    batch.map((row) => row.id),
  );
}

/** Two rows of one organization would race in one job: they are one row, the later value of a field counts. */
function mergeById(rows: readonly OrganizationRow[]): readonly OrganizationRow[] {
  const merged = new Map<string, OrganizationChange>();
  for (const { id, fields } of rows) merged.set(id, { ...merged.get(id), ...fields });
  return [...merged].map(([id, fields]) => ({ id, fields }));
}

function refusalOf(row: OrganizationRow, prefix: string, known: readonly string[]): RowOutcome | null {
  const refuse = (reason: string): RowOutcome => ({ id: row.id, ok: false, retry: false, reason });
  const keys = Object.keys(row.fields);
  const foreign = keys.filter((key) => !key.startsWith(prefix));
  if (foreign.length > 0) return refuse(`not our fields: ${foreign.join(", ")}`);
  const missing = keys.filter((key) => !known.includes(key));
  if (missing.length > 0)
    return refuse(
      `Zendesk has no organization field ${missing.join(", ")}: add it (docs/connect-zendesk.md, section 2)`,
    );
  return /^[1-9]\d*$/.test(row.id) ? null : refuse("not a Zendesk organization id");
}

function isKnown(error: unknown): error is Error {
  return (
    error instanceof Paused ||
    error instanceof TryAgain ||
    error instanceof Outdated ||
    error instanceof NeedsAdmin
  );
}

function failedRow(id: string, error: Error | null): RowOutcome {
  return { id, ok: false, retry: !(error instanceof NeedsAdmin), reason: error?.message ?? null };
}

/** A list in pieces of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size));
  return chunks;
}
