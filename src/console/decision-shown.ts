/** A decision as people read it: names, sentences, before and after. */
import type { z } from "zod";
import type { Account, Policy } from "../policy/model.ts";
import { basisInWords, factInWords } from "../policy/words.ts";
import type { DecisionRecord, LedgerRow, Store } from "../ports.ts";
import type { decisionRow, decisionStory, ticketImage } from "./schemas-decisions.ts";
import {
  accountShown,
  basisOrNull,
  flagShown,
  iso,
  isoOrNull,
  oldest,
  reasonsShown,
  tierShown,
} from "./shown.ts";

type Row = z.input<typeof decisionRow>;
type Names = ReadonlyMap<string, { readonly account: Account }>;

/** A query without any condition, from the newest on. */
export const EVERY_DECISION = {
  after: null,
  ticketId: null,
  accountId: null,
  state: null,
  tier: null,
  unverifiedOnly: false,
} as const;

/** Decisions for a list; the accounts' names are looked up together. */
export async function rowsShown(
  store: Store,
  rows: readonly LedgerRow[],
  policy: Policy,
): Promise<readonly Row[]> {
  const names = await namesOf(
    store,
    rows.map(({ record }) => record),
  );
  return rows.map((row) => rowShown(row, policy, names));
}

function namesOf(store: Store, records: readonly DecisionRecord[]): Promise<Names> {
  const ids = records.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]));
  return store.accounts.many([...new Set(ids)]);
}

function rowShown({ seq, record }: LedgerRow, policy: Policy, names: Names): Row {
  const { decision, accountId, verification } = record;
  const applied = decision.action === "apply" ? decision : null;
  const due = applied?.due.first_reply.dueAt ?? null;
  return {
    id: record.id,
    seq,
    ticketId: record.ticketId,
    account: accountId === null ? null : accountShown(accountId, names.get(accountId)?.account),
    event: record.event,
    decidedAt: iso(record.decidedAt),
    asOf: iso(record.asOf),
    state: record.state,
    outcome: record.outcome,
    tier: applied === null ? null : tierShown(applied.tier, policy),
    before: before(record),
    after: after(record),
    firstReplyDueAt: isoOrNull(due),
    slaPolicy: applied?.slaPolicy ?? null,
    verification:
      verification === null
        ? null
        : { ...verification, at: iso(verification.at), fix: verification.fix ?? null },
    reasons: reasonsShown(decision.reasons, policy),
    ms: Math.max(0, Math.round(record.decidedAt - record.asOf)),
  };
}

function before({ before: image }: DecisionRecord): z.input<typeof ticketImage> {
  const { priority, prioritySetBy, group, tags } = image;
  return { priority, prioritySetBy, group, tags: [...tags] };
}

/** What the ticket looks like with our change on it; nobody is said to have set what we set. */
function after({ before: image, change }: DecisionRecord): z.input<typeof ticketImage> {
  const { tagsAdd = [], tagsRemove = [] } = change ?? {};
  const tags = image.tags.filter((tag) => !tagsRemove.includes(tag));
  return {
    priority: change?.priority ?? image.priority,
    prioritySetBy: change?.priority === undefined ? image.prioritySetBy : null,
    group: change?.group ?? image.group,
    tags: [...new Set([...tags, ...tagsAdd])],
  };
}

/** One decision with everything it rests on. */
export async function storyShown(
  store: Store,
  row: LedgerRow,
  policy: Policy,
): Promise<z.input<typeof decisionStory>> {
  const { record } = row;
  const { decision } = record;
  const shown = rowShown(row, policy, await namesOf(store, [record]));
  const applied = decision.action === "apply" ? decision : null;
  const facts = applied?.facts ?? [];
  const tierTag = `${policy.prefix}tier_`;
  const flags = (applied?.tagsAdd ?? []).filter((tag) => !tag.startsWith(tierTag));
  return {
    ...shown,
    policyVersion: record.policyVersion,
    basis: applied?.basis ?? null,
    basisWords: applied === null ? null : basisInWords(applied.basis, policy),
    basisSaid: basisOrNull(applied?.basis ?? null, policy),
    flags: flags.map((code) => flagShown(code, policy)),
    due: Object.entries(applied?.due ?? {}).map(([metric, one]) => ({
      metric,
      minutes: one.minutes,
      clock: one.clock,
      dueAt: isoOrNull(one.dueAt),
    })),
    facts: facts.map((one) => ({
      accountId: one.accountId,
      fact: one.fact,
      words: factInWords(one.fact),
      value: one.value,
      confirmedAt: isoOrNull(one.syncedAt),
    })),
    factsAt: isoOrNull(oldest(facts.map((one) => one.syncedAt))),
    keyword: applied?.keyword ?? null,
    followersAdded: [...(record.change?.followersAdd ?? [])],
  };
}
