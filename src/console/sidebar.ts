/**
 * What an agent sees beside a ticket or an organization, from our own store alone: it answers in milliseconds and also
 * while the CRM or the help desk is down, and says how old the facts are.
 */
import type { z } from "zod";
import { listOverrides } from "../overrides.ts";
import type { Account, ApplyDecision, Basis, Policy, TierId, TierVerdict } from "../policy/model.ts";
import { basisInWords, flagInWords, inWords } from "../policy/words.ts";
import type { DecisionRecord, LedgerRow, Store } from "../ports.ts";
import { verdictNow } from "./customer-story.ts";
import { overrideShown } from "./customers.ts";
import { EVERY_DECISION } from "./decision-shown.ts";
import type { ConsoleParts } from "./parts.ts";
import type { organizationSidebar, ticketSidebar } from "./schemas-sidebar.ts";
import {
  accountShown,
  ageMinutes,
  deskUrl,
  iso,
  isoOrNull,
  moneyShown,
  oldest,
  reasonsShown,
  tierShown,
} from "./shown.ts";

type Ticket = z.input<typeof ticketSidebar>;
type Organization = z.input<typeof organizationSidebar>;
type Warning = Ticket["warnings"][number];

const OTHERS = 10;
const OTHERS_MS = 30 * 86_400_000;
const SEEN = 200;
const WRITES = 200;

/** What is known of a customer without any ticket. */
interface Standing {
  readonly account: Account | null;
  readonly tier: TierId;
  readonly basis: Basis | null;
  readonly reasons: readonly string[];
  readonly flags: readonly string[];
  readonly verdict: TierVerdict | null;
}

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
    due: dueOf(applied, now),
    slaAttached: record?.verification?.ok ?? null,
    reasons: reasonsShown(applied?.reasons ?? standing.reasons, policy),
    warnings: [...warningsOf(applied, standing, policy)],
    factsAt: isoOrNull(factsAt),
    factsAgeMinutes: ageMinutes(factsAt, now),
    people: peopleOf(standing, tier, policy),
    tickets: await othersOf(parts, accountId, ticketId, now),
    health: null,
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
  const rows = await recent(store, accountId, SEEN);
  const verified = rows.filter(({ record }) => record.verification !== null);
  return {
    at: iso(now),
    organizationId,
    account: accountId === null ? null : accountShown(accountId, account ?? undefined),
    tier: tierShown(tier, policy),
    basis,
    basisWords: basis === null ? null : basisInWords(basis, policy),
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
    tickets: rows.slice(0, OTHERS).flatMap((row) => otherShown(row, policy, parts.apps.origin)),
    attainment: {
      promised: verified.length,
      attached: verified.filter(({ record }) => record.verification?.ok === true).length,
    },
  };
}

/** The newest decision that says what the ticket has; simulated ones count here, for they are shown as such. */
async function lastApplied(store: Store, ticketId: string): Promise<DecisionRecord | null> {
  const rows = await store.console.lists.decisions({ ...EVERY_DECISION, ticketId, limit: 20 });
  return rows.find(({ record }) => record.decision.action === "apply")?.record ?? null;
}

async function accountBehind(store: Store, organizationId: string | null): Promise<string | null> {
  if (organizationId === null) return null;
  return (await store.organizations.accountOf([organizationId])).get(organizationId) ?? null;
}

async function standingOf(
  store: Store,
  policy: Policy,
  accountId: string | null,
  now: number,
): Promise<Standing> {
  const stored = accountId === null ? null : await store.accounts.get(accountId);
  if (accountId === null || stored === null)
    return {
      account: null,
      tier: policy.matching.unmatched.tier,
      basis: null,
      reasons: ["account_unmatched"],
      flags: ["unmatched"],
      verdict: null,
    };
  const verdict = await verdictNow(store, policy, accountId, now);
  const { tier, basis, reasons, flags } = verdict;
  return { account: stored.account, tier, basis, reasons, flags, verdict };
}

function factsAtOf(applied: ApplyDecision | null, account: Account | null): number | null {
  return account?.syncedAt ?? oldest((applied?.facts ?? []).map((one) => one.syncedAt));
}

function dueOf(applied: ApplyDecision | null, now: number): Ticket["due"] {
  const dueAt = applied?.due.first_reply.dueAt ?? null;
  if (dueAt === null) return null;
  return { metric: "first_reply", dueAt: iso(dueAt), minutesLeft: Math.floor((dueAt - now) / 60_000) };
}

/** The ticket's own flags first; what has become true of the customer since is told as well. */
function warningsOf(
  applied: ApplyDecision | null,
  { flags, account }: Standing,
  policy: Policy,
): readonly Warning[] {
  const tierTag = `${policy.prefix}tier_`;
  const tags = (applied?.tagsAdd ?? []).filter((tag) => !tag.startsWith(tierTag));
  const bare = tags.map((tag) => (tag.startsWith(policy.prefix) ? tag.slice(policy.prefix.length) : tag));
  const codes = [...new Set([...bare, ...(account === null && applied !== null ? [] : flags)])];
  const late =
    account?.status === "past_due"
      ? [{ code: "past_due", words: inWords("status_flag:past_due", policy) }]
      : [];
  return [...codes.map((code) => ({ code, words: flagInWords(code, policy) })), ...late];
}

function peopleOf({ account, verdict }: Standing, tier: TierId, policy: Policy): Ticket["people"] {
  const tam = account?.tam?.active === true ? account.tam : (verdict?.inheritedTam ?? null);
  const entitled = policy.tiers.find((one) => one.id === tier)?.entitlements;
  return { tam: tam?.agent ?? null, slackChannel: entitled?.slackChannel ?? false };
}

async function recent(store: Store, accountId: string | null, limit: number): Promise<readonly LedgerRow[]> {
  if (accountId === null) return [];
  const rows = await store.console.lists.decisions({ ...EVERY_DECISION, accountId, limit });
  const seen = new Set<string>();
  return rows.filter(({ record }) => {
    const first = !seen.has(record.ticketId);
    seen.add(record.ticketId);
    return first;
  });
}

async function othersOf(
  parts: ConsoleParts,
  accountId: string | null,
  ticketId: string,
  now: number,
): Promise<Ticket["tickets"]> {
  const rows = await recent(parts.store, accountId, 5 * OTHERS);
  return rows
    .filter(({ record }) => record.ticketId !== ticketId && record.decidedAt > now - OTHERS_MS)
    .flatMap((row) => otherShown(row, parts.policy.policy(), parts.apps.origin))
    .slice(0, OTHERS);
}

function otherShown({ record }: LedgerRow, policy: Policy, origin: string): Ticket["tickets"] {
  const { decision, change, before } = record;
  if (decision.action !== "apply") return [];
  return [
    {
      ticketId: record.ticketId,
      url: deskUrl(origin, "tickets", record.ticketId),
      decidedAt: iso(record.decidedAt),
      tier: tierShown(decision.tier, policy),
      priority: change?.priority ?? before.priority,
      firstReplyDueAt: isoOrNull(decision.due.first_reply.dueAt),
      slaAttached: record.verification?.ok ?? null,
    },
  ];
}

/** What the help desk's record was told, newest first. */
async function tierHistory(
  store: Store,
  accountId: string,
  policy: Policy,
): Promise<Organization["history"]> {
  const key = `${policy.prefix}tier`;
  const tag = `${key}_`;
  const tierIn = (value: string | null | undefined) =>
    value?.startsWith(tag) === true ? tierShown(value.slice(tag.length), policy) : null;
  return (await store.runs.writesFor(accountId, WRITES)).flatMap((write) => {
    const to = tierIn(write.after[key]);
    const told = write.target === "organization" && write.state === "written" && to !== null;
    return told ? [{ at: iso(write.at), from: tierIn(write.before[key]), to }] : [];
  });
}
