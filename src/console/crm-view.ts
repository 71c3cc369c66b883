/**
 * The CRM's fields and what they hold, as they were last read: asked for at most every few minutes, and while the CRM does
 * not answer what it said before stays, with its age. Held in memory alone: samples are customers' facts.
 */
import { NeedsAdmin, Paused, TryAgain } from "../errors.ts";
import type { Instant } from "../policy/model.ts";
import type { Crm, FieldSample, SourceField } from "../ports.ts";

/** An answer, when it was given, and why there is no newer one. */
export interface Seen<T> {
  readonly value: T;
  readonly at: Instant;
  /** null = it is as new as it should be. */
  readonly trouble: { readonly message: string; readonly fix: string } | null;
}

/** How often a value occurs in a property. */
export interface ValueCounts {
  readonly looked: number;
  readonly blank: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** One CRM as the mapping page sees it. */
export interface CrmView {
  readonly fields: () => Promise<Seen<readonly SourceField[]>>;
  /** What these fields hold in `limit` of the records; empty where the CRM cannot tell. */
  readonly samples: (names: readonly string[], limit: number) => Promise<Seen<readonly FieldSample[]>>;
  /** Every value of a property, counted over the records that `ids` names. */
  readonly values: (
    property: string,
    ids: (signal: AbortSignal) => Promise<readonly string[]>,
  ) => Promise<Seen<ValueCounts>>;
}

const FRESH_MS = 60_000;
/** Samples cost a call for each hundred records. */
const SAMPLES_FRESH_MS = 10 * 60_000;
/** A person waits for the answer. */
const PATIENCE_MS = 25_000;

/** Nothing is asked until somebody looks. */
export function openCrmView(crm: Crm, now: () => Instant): CrmView {
  const keep = keeping(now);
  const samples = new Map<string, { readonly sample: FieldSample; readonly at: Instant }>();
  return {
    fields: () => keep("fields", FRESH_MS, () => crm.fields()),
    samples: async (names, limit) => {
      const old = names.filter((name) => (samples.get(name)?.at ?? 0) < now() - SAMPLES_FRESH_MS);
      const asked = await attempt(async () => {
        const { describeFields } = crm;
        if (old.length === 0 || describeFields === undefined) return;
        const found = await describeFields(old, limit, AbortSignal.timeout(PATIENCE_MS));
        for (const sample of found) samples.set(sample.name, { sample, at: now() });
      });
      const kept = names.flatMap((name) => samples.get(name) ?? []);
      if (asked.trouble !== null && kept.length === 0) throw asked.error;
      const at = kept.length === 0 ? now() : Math.min(...kept.map((one) => one.at));
      return { value: kept.map((one) => one.sample), at, trouble: asked.trouble };
    },
    values: (property, ids) =>
      keep(`values ${property}`, SAMPLES_FRESH_MS, () =>
        valuesOf(crm, property, ids, AbortSignal.timeout(PATIENCE_MS)),
      ),
  };
}

type Keep = <T>(key: string, freshMs: number, ask: () => Promise<T>) => Promise<Seen<T>>;

function keeping(now: () => Instant): Keep {
  const kept = new Map<string, { readonly value: unknown; readonly at: Instant }>();
  return async <T>(key: string, freshMs: number, ask: () => Promise<T>): Promise<Seen<T>> => {
    const before = kept.get(key) as { readonly value: T; readonly at: Instant } | undefined;
    if (before !== undefined && before.at > now() - freshMs) return { ...before, trouble: null };
    const asked = await attempt(async () => {
      const value = await ask();
      kept.set(key, { value, at: now() });
    });
    const last = kept.get(key) as { readonly value: T; readonly at: Instant } | undefined;
    if (last === undefined) throw asked.error;
    return { ...last, trouble: asked.trouble };
  };
}

/** What the CRM refuses or cannot do now is told; anything else is thrown on. */
async function attempt(
  work: () => Promise<void>,
): Promise<{ readonly trouble: Seen<never>["trouble"]; readonly error: unknown }> {
  try {
    await work();
    return { trouble: null, error: null };
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return { trouble, error };
  }
}

/** What the other side refuses or cannot do now, in words; null = something else went wrong. */
export function troubleOf(error: unknown): Seen<never>["trouble"] {
  const passes = error instanceof Paused || error instanceof TryAgain || error instanceof NeedsAdmin;
  if (!passes) return null;
  const fix = "fix" in error && error.fix !== null ? error.fix : "Wait a minute, then load the page again.";
  return { message: error.message, fix };
}

async function valuesOf(
  crm: Crm,
  property: string,
  ids: (signal: AbortSignal) => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<ValueCounts> {
  const { accounts } = await crm.read(await ids(signal), [property], signal);
  const counts = new Map<string, number>();
  let blank = 0;
  for (const { values } of accounts) {
    const value = values[property]?.trim() ?? "";
    if (value === "") blank += 1;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return { looked: accounts.length, blank, counts };
}
