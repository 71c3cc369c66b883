/**
 * What an agent sees beside a ticket or an organization, from our own store alone: it answers in milliseconds and also
 * while the CRM or the help desk is down, and says how old the facts are.
 */
import type { z } from "zod";
import { listOverrides } from "../overrides.ts";
import type { Account, ApplyDecision, Policy } from "../policy/model.ts";
import { basisInWords } from "../policy/words.ts";
import type { DecisionRecord, Store } from "../ports.ts";
import { accountHealth } from "../report/health.ts";
import { overrideShown } from "./customers.ts";
import { EVERY_DECISION } from "./decision-shown.ts";
import type { ConsoleParts } from "./parts.ts";
import type { organizationSidebar, ticketSidebar } from "./schemas-sidebar.ts";
import {
  accountShown,
  ageMinutes,
  basisOrNull,
  iso,
  isoOrNull,
  moneyShown,
  oldest,
  reasonsShown,
  tierShown,
} from "./shown.ts";
import { firstReplyAt, openTicketsOf, ticketHistoryOf } from "./sidebar-tickets.ts";
import { accountBehind, peopleOf, standingOf, warningsOf } from "./standing.ts";

type Ticket = z.input<typeof ticketSidebar>;
type Organization = z.input<typeof organizationSidebar>;

/** Changes of the tier that are listed. */
const CHANGES = 20;

/**
 * Beside a ticket: what was promised when it was decided; before that, what its customer has.
 *
 * @param organizationId where the ticket is not decided yet; null = not told.
 */
export async function ticketSidebarOf(
  parts: ConsoleParts,
  ticketId: string,
  organizationId: string | null,
  now: number,
): Promise<Ticket> {
  const { store } = parts;
  const policy = parts.policy.policy();
  const record = await lastApplied(store, ticketId);
  const applied = record?.decision.action === "apply" ? record.decision : null;
  const accountId = applied === null ? await accountBehind(store, organizationId) : applied.accountId;
  const standing = await standingOf(store, policy, accountId, now);
  const tier = applied?.tier ?? standing.tier;
  const basis = applied?.basis ?? standing.basis;
  const factsAt = factsAtOf(applied, standing.account);
  return {
    at: iso(now),
    ticketId,
    known: applied !== null,
    account: accountId === null ? null : accountShown(accountId, standing.account ?? undefined),
    tier: tierShown(tier, policy),
    basisWords: basis === null ? null : basisInWords(basis, policy),
    due: await dueOf(store, ticketId, applied, now),
    slaAttached: record?.verification?.ok ?? null,
    reasons: reasonsShown(applied?.reasons ?? standing.reasons, policy),
    warnings: [...warningsOf(applied, standing, policy)],
    factsAt: isoOrNull(factsAt),
    factsAgeMinutes: ageMinutes(factsAt, now),
    people: peopleOf(standing, tier, policy),
    tickets: await openTicketsOf(parts, accountId, ticketId, now),
    health: await healthShown(store, accountId, policy, now),
  };
}

/** Beside an organization. `seesMoney`: light agents can read whatever stands here. */
export async function organizationSidebarOf(
  parts: ConsoleParts,
  organizationId: string,
  seesMoney: boolean,
  now: number,
): Promise<Organization> {
  const { store } = parts;
  const policy = parts.policy.policy();
  const accountId = await accountBehind(store, organizationId);
  const standing = await standingOf(store, policy, accountId, now);
  const { account, tier, basis } = standing;
  const overrides = accountId === null ? [] : await listOverrides(store, policy, now);
  return {
    at: iso(now),
    organizationId,
    account: accountId === null ? null : accountShown(accountId, account ?? undefined),
    tier: tierShown(tier, policy),
    basis,
    basisWords: basis === null ? null : basisInWords(basis, policy),
    basisSaid: basisOrNull(basis, policy),
    arr: seesMoney ? moneyShown(account?.arr ?? null) : null,
    contract:
      account === null
        ? null
        : {
            start: account.contractStart,
            end: account.contractEnd,
            renewalInProgress: account.renewalInProgress,
          },
    reasons: reasonsShown(standing.reasons, policy),
    warnings: [...warningsOf(null, standing, policy)],
    factsAt: isoOrNull(account?.syncedAt ?? null),
    factsAgeMinutes: ageMinutes(account?.syncedAt ?? null, now),
    people: peopleOf(standing, tier, policy),
    overrides: overrides
      .filter((one) => one.accountId === accountId)
      .map((one) => overrideShown(one, account ?? undefined, policy)),
    history: accountId === null ? [] : await tierHistory(store, accountId, policy),
    ...(await ticketHistoryOf(parts, accountId, now)),
    health: await healthShown(store, accountId, policy, now),
  };
}

/** The newest decision that says what the ticket has; simulated ones count here, for they are shown as such. */
async function lastApplied(store: Store, ticketId: string): Promise<DecisionRecord | null> {
  const rows = await store.console.lists.decisions({ ...EVERY_DECISION, ticketId, limit: 20 });
  return rows.find(({ record }) => record.decision.action === "apply")?.record ?? null;
}

function factsAtOf(applied: ApplyDecision | null, account: Account | null): number | null {
  return account?.syncedAt ?? oldest((applied?.facts ?? []).map((one) => one.syncedAt));
}

async function healthShown(
  store: Store,
  accountId: string | null,
  policy: Policy,
  at: number,
): Promise<Ticket["health"]> {
  if (accountId === null) return null;
  const found = await accountHealth({ store, facts: store.facts, policy, at }, accountId);
  if (found === null) return null;
  const { health, n, alerts } = found;
  return {
    score: health.score,
    colour: health.colour,
    tickets: n,
    alerts: alerts.toSorted((a, b) => b.urgency - a.urgency).map(({ text }) => text),
  };
}

async function dueOf(
  store: Store,
  ticketId: string,
  applied: ApplyDecision | null,
  now: number,
): Promise<Ticket["due"]> {
  const dueAt = applied?.due.first_reply.dueAt ?? null;
  if (dueAt === null) return null;
  const repliedAt = await firstReplyAt(store, ticketId);
  return {
    metric: "first_reply",
    dueAt: iso(dueAt),
    minutesLeft: Math.floor((dueAt - now) / 60_000),
    repliedAt: isoOrNull(repliedAt),
    inTime: repliedAt === null ? null : repliedAt <= dueAt,
  };
}

/** Every change of the tier, newest first; the first entry has no tier before it. */
async function tierHistory(
  store: Store,
  accountId: string,
  policy: Policy,
): Promise<Organization["history"]> {
  const moments = (await store.facts.historyOf(accountId)).toSorted((a, b) => a.at - b.at);
  return moments
    .flatMap(({ at, tier }, place) => {
      const before = moments[place - 1]?.tier;
      if (before === tier) return [];
      return [
        {
          at: iso(at),
          from: before === undefined ? null : tierShown(before, policy),
          to: tierShown(tier, policy),
        },
      ];
    })
    .toReversed()
    .slice(0, CHANGES);
}
