/**
 * Background jobs: one batch in, one outcome per row out.
 *
 * A job that is `completed` can hold failed rows, and a failed row carries `error` without any `success: false`
 * (recorded, read 2026-11-22). A job can be unknown just after it was made, and it can vanish: then nobody knows what
 * became of its rows, and they are tried again at the next run, which is harmless for rows that state a final value.
 */
import { Paused, TryAgain } from "../../src/errors.ts";
import type { Lane, RowOutcome } from "../../src/ports.ts";
import { type Call, LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import { idOf, jobSchema, listOf, readEach, recordOf, type ZendeskJob } from "./schemas.ts";

export interface JobOptions {
  readonly client: ZendeskClient;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly lane: Lane;
}

/** A job under way and the ids of its rows, in the order they were sent. */
export interface StartedJob {
  readonly job: ZendeskJob;
  readonly ids: readonly string[];
}

/** Waits between looks, ms; the last one repeats. About five minutes in all, then a job counts as stuck. */
const WAITS = [500, 1_000, 2_000, 4_000, 8_000, 10_000] as const;
const MAX_LOOKS = 32;
/** Looks at which a job may be unknown before it counts as vanished. */
const MAX_UNSEEN = 3;
/** "killed" is seen in third-party code only. */
const ENDED = ["completed", "failed", "killed"];
/** Error words after which a row may succeed at the next run; the list is remembered, not verified. */
const PASSING = /conflict|timeout|timed out|internal|unavailable|too ?many|deadlock/i;

/**
 * Starts a job. While too many are running it waits and asks again, a few times.
 *
 * @throws TryAgain the queue stays full, or the answer names no job. @throws as any call does.
 */
export async function startJob(options: JobOptions, call: Call, ids: readonly string[]): Promise<StartedJob> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await options.client.call({ ...call, signal: options.signal });
      const job = jobSchema.safeParse(recordOf(answer?.body)?.job_status);
      if (job.success) return { job: job.data, ids };
      throw new TryAgain(`Zendesk named no job while ${call.doing}`);
    } catch (error) {
      const waitMs = error instanceof TryAgain ? error.afterMs : null;
      if (waitMs === null || tries >= 3) throw error;
      await options.sleep(waitMs, options.signal);
      if (options.signal.aborted) throw error;
    }
  }
}

/** Waits until every job has ended, has vanished or is stuck, and answers once for every row. */
export async function outcomesOf(
  options: JobOptions,
  started: readonly StartedJob[],
): Promise<readonly RowOutcome[]> {
  return (await endedJobs(options, started)).flatMap(({ job, ids }) => rowsOf(job, ids));
}

/** Each job as it was last seen: ended, vanished or stuck. */
export async function endedJobs(
  options: JobOptions,
  started: readonly StartedJob[],
): Promise<readonly StartedJob[]> {
  const known = new Map(started.map(({ job }) => [job.id, job]));
  const unseen = new Map<string, number>();
  const open = (): readonly string[] =>
    [...known.values()]
      .filter((job) => !ENDED.includes(job.status) && (unseen.get(job.id) ?? 0) < MAX_UNSEEN)
      .map((job) => job.id);
  for (let look = 0; look < MAX_LOOKS && open().length > 0; look += 1) {
    await options.sleep(WAITS[Math.min(look, WAITS.length - 1)] ?? 10_000, options.signal);
    if (options.signal.aborted) break;
    const waiting = open();
    const seen = await lookAt(options, waiting);
    if (seen === "closed") break;
    if (seen === "again") continue;
    for (const job of seen) known.set(job.id, job);
    for (const id of waiting)
      unseen.set(id, seen.some((job) => job.id === id) ? 0 : (unseen.get(id) ?? 0) + 1);
  }
  return started.map(({ job, ids }) => ({ job: known.get(job.id) ?? job, ids }));
}

/** A look that fails is only a look: `again` after its wait, or `closed` where nothing passes by itself. */
async function lookAt(
  options: JobOptions,
  ids: readonly string[],
): Promise<readonly ZendeskJob[] | "again" | "closed"> {
  const { client, lane, signal } = options;
  const doing = `looking at ${ids.length} jobs`;
  try {
    const answer = await client.call({
      endpoint: "showJobs",
      query: { ids: ids.join(",") },
      lane,
      doing,
      maxBytes: LARGE_PAGE_BYTES,
      signal,
      absent: [404],
    });
    return readEach(jobSchema, listOf(answer?.body, "job_statuses"), "job", client.report);
  } catch (error) {
    if (!(error instanceof TryAgain) && !(error instanceof Paused)) return "closed";
    client.report(`${error.message}; the rows of these jobs are not known yet`);
    if (error instanceof Paused && error.afterMs === null) return "closed";
    await options.sleep(error.afterMs ?? 0, signal);
    return "again";
  }
}

/** One outcome per row. Result rows come in three shapes; a row that is in none of them may be tried again. */
function rowsOf(job: ZendeskJob, ids: readonly string[]): readonly RowOutcome[] {
  const results = new Map<string, Readonly<Record<string, unknown>>>();
  for (const result of job.results) {
    const index = typeof result.index === "number" ? ids[result.index] : undefined;
    const id = idOf(result.id) ?? index;
    if (id !== undefined) results.set(id, result);
  }
  return ids.map((id) => {
    const result = results.get(id);
    return result === undefined ? unnamed(id, job) : outcomeOf(id, result);
  });
}

/** The outcome of a row that its job never named. */
export function unnamed(id: string, job: ZendeskJob): RowOutcome {
  return {
    id,
    ok: false,
    retry: true,
    reason: `the job ended as "${job.status}" without naming this row`,
  };
}

/** The outcome of a row by what its job says of it. */
export function outcomeOf(id: string, result: Readonly<Record<string, unknown>>): RowOutcome {
  const code = typeof result.error === "string" ? result.error : null;
  if (code === null && result.success !== false) return { id, ok: true, retry: false, reason: null };
  const details = typeof result.details === "string" ? `: ${result.details.slice(0, 200)}` : "";
  const reason = `${code ?? "not updated"}${details}`;
  return { id, ok: false, retry: PASSING.test(reason), reason };
}
