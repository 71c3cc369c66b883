/** Writes the one property that is ours, and answers for each record by itself. */
import type { RowOutcome } from "../../src/ports.ts";
import { type Answer, type Call, type Client, shaped } from "./client.ts";
import { missingProperty } from "./failure.ts";
import { BATCH } from "./limits.ts";
import { chunks } from "./read.ts";
import { batchSchema, listed, type Problem, refusalOf, stampOf } from "./schemas.ts";
import { updateCompanies } from "./sdk.ts";

interface Row {
  readonly id: string;
  readonly value: string;
}

type Outcome = RowOutcome & { readonly updatedAt: string | null };

/** Refusals of a whole batch that one of its records may have caused. */
const REFUSALS = [400, 404, 409] as const;

/**
 * Writes `value` into `property` of each company; "" clears it. The last of several rows with one id counts.
 *
 * One refused record never blocks its mates: a batch that is refused as a whole is halved until the cause stands
 * alone. Once some rows are written, a closed or stopped HubSpot is an outcome of the others (`retry`), not an error.
 *
 * @throws NeedsAdmin the property does not exist. @throws Paused or TryAgain before anything was written.
 */
export async function writeLabels(
  client: Client,
  rows: readonly Row[],
  property: string,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const latest = [...new Map(rows.map((row) => [row.id, row])).values()];
  const outcomes = new Map<string, Outcome>();
  const noOption = new Set<string>();
  const waiting = chunks(
    latest.filter((row) => /^\d{1,30}$/.test(row.id)),
    BATCH,
  );
  for (const row of latest) if (!/^\d{1,30}$/.test(row.id)) outcomes.set(row.id, notFound(row.id));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const batch = next.filter((row) => !noOption.has(row.value));
    for (const row of next)
      if (noOption.has(row.value)) outcomes.set(row.id, refused(row.id, "INVALID_OPTION", property));
    if (batch.length === 0) continue;
    try {
      const step = await writeBatch(client, batch, property, signal);
      for (const outcome of step.outcomes) outcomes.set(outcome.id, outcome);
      for (const value of step.noOption) noOption.add(value);
      waiting.unshift(...step.again);
    } catch (error) {
      if (![...outcomes.values()].some((outcome) => outcome.ok)) throw error;
      for (const row of [batch, ...waiting].flat()) outcomes.set(row.id, postponed(row.id));
      break;
    }
  }
  return [...outcomes.values()];
}

interface Step {
  readonly outcomes: readonly Outcome[];
  readonly again: readonly Row[][];
  /** Values that the property has no option for. */
  readonly noOption: readonly string[];
}

async function writeBatch(
  client: Client,
  rows: readonly Row[],
  property: string,
  signal: AbortSignal,
): Promise<Step> {
  const call: Call = {
    request: updateCompanies(rows.map((row) => ({ id: row.id, properties: { [property]: row.value } }))),
    lane: "tier_change",
    signal,
    expected: REFUSALS,
  };
  const answer = await client.exchange(call);
  const refusal = REFUSALS.some((status) => status === answer.status);
  if (!refusal) return written(rows, answer, property);
  if (missingProperty(answer.body) !== null) throw await client.failureOf(answer, call);
  const [only] = rows;
  if (rows.length > 1 || only === undefined)
    return { outcomes: [], again: chunks(rows, Math.ceil(rows.length / 2)), noOption: [] };
  const code = answer.status === 404 ? "OBJECT_NOT_FOUND" : codeIn(answer.body, answer.status);
  const outcome = answer.status === 409 ? postponed(only.id) : refused(only.id, code, property);
  return { outcomes: [outcome], again: [], noOption: code === "INVALID_OPTION" ? [only.value] : [] };
}

/** What became of each row of an accepted batch (200, or 207 with some of them refused). */
function written(rows: readonly Row[], answer: Answer, property: string): Step {
  const batch = shaped(answer, batchSchema);
  const stamps = new Map(batch.records.map((company) => [company.id, stampOf(company)]));
  const problems = new Map(
    batch.errors.flatMap((problem) => listed(problem.context, "ids").map((id) => [id, problem] as const)),
  );
  const outcomes: Outcome[] = [];
  const open: Row[] = [];
  for (const row of rows) {
    const problem = problems.get(row.id);
    if (problem !== undefined) outcomes.push(refused(row.id, codeIn(problem, 400), property));
    else if (stamps.has(row.id)) outcomes.push(done(row.id, stamps.get(row.id) ?? null));
    else open.push(row);
  }
  const [only] = open;
  if (only === undefined || rows.length > 1)
    return { outcomes, again: open.map((row) => [row]), noOption: [] };
  return { outcomes: [alone(only, batch.errors, [...stamps.values()], property)], again: [], noOption: [] };
}

/** A row that was sent alone: one record back is its own, even under the id it was merged into. */
function alone(
  row: Row,
  problems: readonly Problem[],
  stamps: readonly (string | null)[],
  property: string,
): Outcome {
  const [problem] = problems;
  if (problem !== undefined) return refused(row.id, codeIn(problem, 400), property);
  return stamps.length === 1 ? done(row.id, stamps[0] ?? null) : postponed(row.id);
}

function done(id: string, updatedAt: string | null): Outcome {
  return { id, ok: true, retry: false, reason: null, updatedAt };
}

function notFound(id: string): Outcome {
  return { id, ok: false, retry: false, reason: "HubSpot has no company with this id", updatedAt: null };
}

function postponed(id: string): Outcome {
  const reason = "HubSpot could not take the label now; it is written at the next run";
  return { id, ok: false, retry: true, reason, updatedAt: null };
}

/** The reason in our words, by HubSpot's code: what HubSpot writes may hold the customer's values. */
function refused(id: string, code: string, property: string): Outcome {
  if (code === "OBJECT_NOT_FOUND") return notFound(id);
  const reasons: Readonly<Record<string, string>> = {
    INVALID_OPTION: `${property} has no such option in HubSpot; run apply to add the missing options`,
    MISSING_REQUIRED_PROPERTY:
      "a rule of this HubSpot account requires another property of the company to be filled first",
    MISSING_CONDITIONAL_REQUIRED_PROPERTY:
      "a conditional rule of this HubSpot account requires another property of the company to be filled first",
    READ_ONLY_VALUE: `${property} is read-only in HubSpot`,
  };
  const reason = reasons[code] ?? `HubSpot refused the label (${code})`;
  return { id, ok: false, retry: false, reason, updatedAt: null };
}

const KNOWN =
  /\b(INVALID_OPTION|MISSING_CONDITIONAL_REQUIRED_PROPERTY|MISSING_REQUIRED_PROPERTY|READ_ONLY_VALUE|OBJECT_NOT_FOUND)\b/;

/** HubSpot's code for a refusal: `errors[].code`, a code inside the message, or the category. */
function codeIn(problem: unknown, status: number): string {
  const named = KNOWN.exec(JSON.stringify(problem))?.[1];
  if (named !== undefined) return named;
  const category = refusalOf(problem)?.category ?? "";
  return /^[A-Z][A-Z_]{1,60}$/.test(category) ? category : String(status);
}
