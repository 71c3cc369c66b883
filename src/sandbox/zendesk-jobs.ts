/** Background jobs: accepted at once, finished later, looked at by polling. */
import { randomBytes } from "node:crypto";
import type { Reply } from "./server.ts";
import { notFound } from "./zendesk-answers.ts";
import type { JobRecord, Json } from "./zendesk-records.ts";
import type { World } from "./zendesk-world.ts";

/**
 * Accepts a job and answers its first status, or refuses when too many are under way. `run` answers one row per record
 * and is called once, when the job is due.
 */
export function startJob(world: World, total: number, run: () => readonly Json[]): Reply {
  const open = unfinished(world);
  const remaining = world.limits.jobs - open.length;
  if (remaining <= 0)
    return {
      status: 429,
      headers: { "retry-after": "60", ...inflightHeader(world, 0) },
      body: {
        error: "TooManyJobs",
        description: `You already have ${open.length} jobs queued or running`,
        current_job_ids: open.map((job) => job.id),
      },
    };
  const now = world.now();
  const job: JobRecord = {
    id: `V3-${randomBytes(16).toString("hex")}`,
    total,
    dueAt: now + world.behaviour.jobMs,
    results: null,
    polls: 0,
    createdAt: now,
    run,
  };
  world.state.jobs.set(job.id, job);
  const reply: Reply = {
    status: 200,
    headers: inflightHeader(world, remaining - 1),
    body: { job_status: view(world, job, "queued") },
  };
  settleJobs(world);
  return reply;
}

/** Runs every job whose time has come. */
export function settleJobs(world: World): void {
  for (const job of world.state.jobs.values()) {
    if (job.results !== null || job.dueAt > world.now()) continue;
    // Marked before it runs: nothing that happens meanwhile may run it again.
    world.state.jobs.set(job.id, { ...job, results: [] });
    world.state.jobs.set(job.id, { ...job, results: job.run() });
  }
}

/** One poll of a job. A young job may not be found yet; a finished one may still look busy for some polls. */
export function pollJob(world: World, id: string): Reply {
  const status = polled(world, id);
  return status === null ? notFound() : { status: 200, body: { job_status: status } };
}

/** One poll of several jobs; unknown ones are left out. */
export function pollJobs(world: World, ids: readonly string[]): Reply {
  const found = ids.map((id) => polled(world, id)).filter((status) => status !== null);
  return { status: 200, body: { job_statuses: found } };
}

function polled(world: World, id: string): Json | null {
  const job = world.state.jobs.get(id);
  if (job === undefined) return null;
  const polls = job.polls + 1;
  world.state.jobs.set(id, { ...job, polls });
  const { jobMissingPolls, jobPolls } = world.behaviour;
  if (polls <= jobMissingPolls) return null;
  if (job.results === null || polls - jobMissingPolls <= jobPolls)
    return view(world, job, polls - jobMissingPolls === 1 ? "queued" : "working");
  return view(world, job, "completed");
}

/** A job whose every row failed is `completed` all the same. */
function view(world: World, job: JobRecord, status: "queued" | "working" | "completed"): Json {
  const done = status === "completed";
  return {
    id: job.id,
    job_type: "Bulk Update",
    url: `${world.url()}/api/v2/job_statuses/${job.id}.json`,
    total: job.total,
    progress: done ? job.total : null,
    status,
    message: done ? `Completed at ${new Date(job.dueAt).toUTCString()}` : null,
    results: done ? job.results : null,
  };
}

const unfinished = (world: World): readonly JobRecord[] =>
  [...world.state.jobs.values()].filter((job) => job.results === null);

const inflightHeader = (world: World, remaining: number): Readonly<Record<string, string>> => ({
  [`${world.behaviour.headerSpelling === "new" ? "zendesk-ratelimit" : "zendesk-rate-limit"}-inflight-jobs`]: `total=${world.limits.jobs}; remaining=${remaining}; resets=60`,
});
