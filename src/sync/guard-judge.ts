/** Judges a whole intake at once: what was set aside is accepted, or held together with one alert. */
import { shrinkOf } from "../policy/guard.ts";
import type { Demotion, HeldRun, SetAside } from "../ports.ts";
import { accept, type BrakePorts } from "./guard-accept.ts";
import { demotedBy, type Judge, judgeOf } from "./guard-demotions.ts";
import { changeOf, type FactChange, groupsOf, touchedBy } from "./guard-families.ts";
import { type Listing, setMissingAside } from "./guard-vanished.ts";
import { verdictOn } from "./guard-verdict.ts";

/** Changes that wait for a person. */
export interface HeldChanges extends HeldRun {
  readonly demotions: readonly Demotion[];
}

/** Accepts or holds everything set aside, and marks or holds the missing. `gone` = records marked as gone. */
export async function judgeRun(
  ports: BrakePorts,
  listing: Listing,
): Promise<{ readonly gone: number; readonly held: HeldChanges | null }> {
  const { store, source, log } = ports;
  // Facts that were set aside before their record went say nothing while it is gone.
  const missing = new Set(listing.ids);
  const proposed = (await proposedFacts(ports)).filter((row) => !missing.has(row.sourceId));
  const shrink = shrinkOf(listing.sizes);
  const vanished = shrink === null ? [] : await setMissingAside(ports, listing.ids);
  const demotions = await together(ports, proposed);
  const lost = [...demotions, ...vanished.flatMap((row) => row.demotes)];
  const verdict = await verdictOn(ports, lost, listing.sizes);
  const reason = verdict.reason ?? (vanished.length > 0 ? shrink : null);
  const gone = shrink === null ? await markGone(ports, listing.ids) : 0;
  if (reason === null) {
    await acceptProposed(ports, proposed, demotions);
    return { gone, held: null };
  }
  // Only the listing is in doubt and nobody would be demoted: facts that were set aside for nothing need not wait.
  const waiting = verdict.reason === null ? vanished : [...proposed, ...vanished];
  if (verdict.reason === null) await acceptProposed(ports, proposed, demotions);
  await tellTogether(store, waiting, demotions);
  const codes = verdict.codes.length > 0 ? verdict.codes : ["listing_shrank"];
  const run: HeldRun = { runId: ports.runId, source, at: ports.clock.now(), codes, reason };
  await store.guard.hold(
    run,
    waiting.map((row) => row.accountId),
  );
  const held = { ...run, demotions: once(lost) };
  log.error(alertFields(held, waiting.length), "changes held by the brake");
  return { gone, held };
}

/** Each record alone may cost less than all together: a person is shown where an account would end. */
async function tellTogether(
  store: BrakePorts["store"],
  rows: readonly SetAside[],
  demotions: readonly Demotion[],
): Promise<void> {
  const ends = new Map(demotions.map((one) => [one.accountId, one]));
  const told = rows.filter((row) => row.facts !== null);
  if (told.length > 0)
    await store.guard.setAside(
      told.map((row) => ({ ...row, demotes: row.demotes.map((one) => ends.get(one.accountId) ?? one) })),
    );
}

/** Facts not judged yet. A missing record that a crash left unjudged is forgotten: the next listing tells. */
async function proposedFacts({ store, source }: BrakePorts): Promise<readonly SetAside[]> {
  const rows = await store.guard.inState(source, "proposed");
  const unjudged = rows.filter((row) => row.facts === null);
  if (unjudged.length > 0) await store.guard.drop(unjudged.map((row) => row.accountId));
  return rows.filter((row) => row.facts !== null);
}

/** Whom everything that was set aside demotes, taken together: relatives' changes may add up. */
async function together(ports: BrakePorts, proposed: readonly SetAside[]): Promise<readonly Demotion[]> {
  const changes = proposed.flatMap((row) => (row.facts === null ? [] : [changeOf(row.facts)]));
  const judge = judgeOf(ports.policy, ports.clock.now());
  const found: Demotion[] = [];
  for (let i = 0; i < changes.length; i += CHUNK)
    found.push(...(await ofChunk(ports, judge, changes, changes.slice(i, i + CHUNK))));
  return once(found);
}

const CHUNK = 500;

/** A family may reach beyond the chunk: everything set aside for it is looked at with it. */
async function ofChunk(
  { store }: BrakePorts,
  judge: Judge,
  all: readonly FactChange[],
  chunk: readonly FactChange[],
): Promise<readonly Demotion[]> {
  const known = await store.accounts.around({ accountIds: touchedBy(chunk) });
  const mine = new Set(chunk);
  const near = all.filter((change) => mine.has(change) || known.accounts.has(change.account.id));
  return groupsOf(near, known).flatMap((group) => demotedBy(judge, group));
}

async function acceptProposed(
  ports: BrakePorts,
  proposed: readonly SetAside[],
  demotions: readonly Demotion[],
): Promise<void> {
  if (proposed.length === 0) return;
  const { store, clock, policy, runId } = ports;
  const windowMs = policy.guard.windowHours * 3_600_000;
  // Counted before it happens: a crash in between counts twice and never not at all.
  await store.guard.passed(runId, demotions, clock.now(), clock.now() - 2 * windowMs);
  await accept(
    ports,
    proposed.flatMap((row) => (row.facts === null ? [] : [row.facts])),
    [],
  );
  await store.guard.drop(proposed.map((row) => row.accountId));
}

async function markGone(ports: BrakePorts, ids: readonly string[]): Promise<number> {
  const { store, source } = ports;
  let count = 0;
  for (let i = 0; i < ids.length; i += CHUNK) {
    const gone = await store.accounts.markGone(source, ids.slice(i, i + CHUNK), ports.today());
    if (gone.length === 0) continue;
    await store.accounts.markPending(await store.accounts.families(gone));
    await store.guard.drop(gone);
    count += gone.length;
  }
  return count;
}

function once(demotions: readonly Demotion[]): readonly Demotion[] {
  return [...new Map(demotions.map((one) => [one.accountId, one])).values()];
}

/** As many as a person reads in an alert; `guard list` has them all. */
const NAMED = 20;

function alertFields(held: HeldChanges, records: number): object {
  const { runId, source, reason, codes, demotions } = held;
  const named = demotions
    .slice(0, NAMED)
    .map(({ accountId, name, fromTier, toTier }) => `${name ?? "?"} (${accountId}): ${fromTier} → ${toTier}`);
  return {
    runId,
    source,
    codes,
    reason,
    records,
    demotions: demotions.length,
    accounts: named,
    fix: `Look at it with \`priority-support guard list\`, then \`guard approve ${runId}\` or \`guard reject ${runId}\`.`,
  };
}
