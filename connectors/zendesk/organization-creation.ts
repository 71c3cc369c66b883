/**
 * Makes organizations: batches of a hundred as background jobs, one outcome per row.
 *
 * Name, domains and external id are sent here and never again: a later write would take them from whoever changed them.
 */
import type { CreatedOrganization, NewOrganization } from "../../src/ports.ts";
import type { AccountView } from "./describe.ts";
import { endedJobs, type JobOptions, outcomeOf, type StartedJob, startJob, unnamed } from "./jobs.ts";
import { BATCH, chunk, JOBS_AT_ONCE, startWave, type Wave } from "./organization-writing.ts";
import { idOf } from "./schemas.ts";

/** Zendesk refuses a name that is taken in these words (recorded for updates; the same is assumed for creations). */
const TAKEN = /name[^.]*already been taken/i;

/**
 * Makes the rows and answers for each of them. A row whose job never named it may have been made all the same; its
 * external id makes a second try fail instead of doubling it, and the next export finds it by that id.
 *
 * @throws Paused Zendesk is closed to us and no row was accepted yet; afterwards the rest is answered as `retry`.
 */
export async function createOrganizations(
  options: JobOptions & { readonly account: AccountView; readonly prefix: string },
  rows: readonly NewOrganization[],
): Promise<readonly CreatedOrganization[]> {
  const outcomes: CreatedOrganization[] = [];
  if (rows.length === 0) return outcomes;
  const wanted = [...new Set(rows.flatMap((row) => Object.keys(row.fields)))];
  const known = await options.account.organizationFields(wanted);
  const start = (batch: readonly NewOrganization[]): Promise<StartedJob> => startBatch(options, batch, known);
  let accepted = false;
  for (const wave of chunk(chunk(rows, BATCH), JOBS_AT_ONCE)) {
    const { started, failed }: Wave = await startWave(options, wave, accepted, start);
    accepted ||= started.length > 0;
    outcomes.push(...failed.map((row) => ({ ...row, organizationId: null })));
    outcomes.push(...(await endedJobs(options, started)).flatMap(createdRows));
  }
  return outcomes.map((row) => inWords(row, rows));
}

function startBatch(
  options: JobOptions & { readonly prefix: string },
  batch: readonly NewOrganization[],
  known: readonly string[],
): Promise<StartedJob> {
  const organizations = batch.map((row) => ({
    name: row.name,
    external_id: row.externalId,
    domain_names: row.domains,
    organization_fields: Object.fromEntries(
      Object.entries(row.fields).filter(([key]) => key.startsWith(options.prefix) && known.includes(key)),
    ),
  }));
  return startJob(
    options,
    {
      endpoint: "createOrganizations",
      json: { organizations },
      lane: options.lane,
      doing: `creating ${batch.length} organizations`,
    },
    batch.map((row) => row.id),
  );
}

/** Rows of a creation are known by their place: the id in the answer is the new organization's (recorded). */
function createdRows({ job, ids }: StartedJob): readonly CreatedOrganization[] {
  const byPlace = new Map(job.results.map((result) => [result.index, result]));
  return ids.map((id, index) => {
    const result = byPlace.get(index);
    if (result === undefined) return { ...unnamed(id, job), organizationId: null };
    const outcome = outcomeOf(id, result);
    return { ...outcome, organizationId: outcome.ok ? idOf(result.id) : null };
  });
}

function inWords(row: CreatedOrganization, rows: readonly NewOrganization[]): CreatedOrganization {
  if (row.ok || !TAKEN.test(row.reason ?? "")) return row;
  const name = rows.find((one) => one.id === row.id)?.name ?? "";
  return { ...row, retry: false, reason: `another organization is already called "${name}"` };
}
