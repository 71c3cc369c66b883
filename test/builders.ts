/** Customers, tickets, policies and situations for tests: something ordinary, changed where the test says so. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { changeOf, type WrittenTicket } from "../src/policy/change.ts";
import { decide } from "../src/policy/decide.ts";
import type {
  Account,
  AddonLine,
  ApplyDecision,
  HeldState,
  Instant,
  Override,
  Policy,
  Requester,
  Situation,
  Ticket,
  Tier,
  TierId,
  TierVerdict,
} from "../src/policy/model.ts";
import { parsePolicy } from "../src/policy/policy.ts";
import { tierOf } from "../src/policy/tier.ts";

const EXAMPLE = new URL("../policy.example.yaml", import.meta.url);

/** A Tuesday, 11:00 in New York: everybody is at work. */
export const TUESDAY: Instant = Date.parse("2026-06-09T15:00:00Z");

/** A moment from its ISO text. */
export const moment = (text: string): Instant => Date.parse(text);

/** The example policy, with some of its parts replaced. */
export function policy(changes: Partial<Policy> = {}): Policy {
  const read = parsePolicy(parse(readFileSync(EXAMPLE, "utf8"), { version: "1.2", schema: "core" }));
  if (read.policy === null) throw new Error(JSON.stringify(read.findings));
  return { ...read.policy, ...changes };
}

/** The same policy with one tier changed. */
export function withTier(base: Policy, id: TierId, change: (tier: Tier) => Partial<Tier>): Policy {
  return {
    ...base,
    tiers: base.tiers.map((tier) => (tier.id === id ? { ...tier, ...change(tier) } : tier)),
  };
}

/** `acme`: active, contract 2026, facts one hour old, and nothing bought yet. */
export function account(changes: Partial<Account> = {}): Account {
  return {
    id: "acme",
    name: "Acme",
    plan: null,
    arr: null,
    status: "active",
    contractStart: "2026-01-01",
    contractEnd: "2026-12-31",
    renewalInProgress: false,
    addons: [],
    parentId: null,
    standalone: false,
    trial: null,
    tam: null,
    domains: [],
    syncedAt: TUESDAY - 3_600_000,
    goneOn: null,
    unreadable: [],
    ...changes,
  };
}

/** The support package, for the account itself and the year 2026. */
export function package2026(changes: Partial<AddonLine> = {}): AddonLine {
  return { sku: "ENT-SUPPORT", start: "2026-01-01", end: "2026-12-31", scope: "account", ...changes };
}

/** A new e-mail ticket of `acme` without priority or group. */
export function ticket(changes: Partial<Ticket> = {}): Ticket {
  return {
    id: "1",
    createdAt: TUESDAY,
    status: "new",
    subject: "Question about invoices",
    description: "Where do I find them?",
    priority: null,
    prioritySetBy: "none",
    impact: null,
    group: null,
    assignee: null,
    form: null,
    channel: "email",
    tags: [],
    organizationId: "org-acme",
    requester: requester(),
    ...changes,
  };
}

/** An ordinary end user of acme. */
export function requester(changes: Partial<Requester> = {}): Requester {
  return { email: "kim@acme.example", role: "end-user", vip: false, ...changes };
}

/** What the ledger holds of an account. */
export function held(tier: TierId, basis: HeldState["basis"], changes: Partial<HeldState> = {}): HeldState {
  return { tier, basis, lowerSince: null, waitlisted: [], ...changes };
}

/** An exception for `acme`, in force for the whole of June 2026. */
export function override(changes: Partial<Override> = {}): Override {
  return {
    id: `override ${changes.kind ?? "floor"} ${changes.tier ?? "enterprise"}`,
    accountId: "acme",
    kind: "floor",
    tier: "enterprise",
    reason: "strategic",
    approvedBy: "vp",
    createdAt: moment("2026-06-01T00:00:00Z"),
    startsAt: null,
    expiresAt: moment("2026-07-01T00:00:00Z"),
    ...changes,
  };
}

/** Accounts by id. */
export function byId(accounts: readonly Account[]): ReadonlyMap<string, Account> {
  return new Map(accounts.map((one) => [one.id, one]));
}

/** A new ticket of the first account, whose organization is linked to it. */
export function situation(
  changes: Partial<Omit<Situation, "accounts" | "held">> & {
    readonly accounts?: readonly Account[];
    readonly held?: HeldState | null;
  } = {},
): Situation {
  const { accounts = [account()], held: state = null, ...rest } = changes;
  const owner = accounts[0]?.id ?? "acme";
  return {
    ticket: ticket(),
    event: "created",
    orgLinks: new Map([["org-acme", owner]]),
    accounts: byId(accounts),
    held: new Map(state === null ? [] : [[owner, state]]),
    overrides: [],
    availability: new Map(),
    prior: null,
    ...rest,
  };
}

/** The decision on a ticket that is ours to decide; a ticket left alone fails the test. */
export function applied(given: Situation, rules: Policy, now: Instant = TUESDAY): ApplyDecision {
  const decision = decide(given, rules, now);
  if (decision.action === "skip") throw new Error(`left alone: ${decision.reasons.join(", ")}`);
  return decision;
}

/** The tier of the first account. */
export function verdict(
  accounts: readonly Account[],
  rules: Policy,
  more: {
    readonly held?: HeldState | null;
    readonly overrides?: readonly Override[];
    readonly asOf?: Instant;
    readonly now?: Instant;
  } = {},
): TierVerdict {
  const { held: state = null, overrides = [], asOf = TUESDAY, now = asOf } = more;
  return tierOf(accounts[0]?.id ?? "", byId(accounts), state, overrides, rules, { asOf, now });
}

/** The ticket as it looks after the desk took the change; who set the priority before us stays known. */
export function afterWriting(before: WrittenTicket, decision: ApplyDecision): WrittenTicket {
  const change = changeOf(before, decision);
  if (change === null) return before;
  const tags = new Set([...before.tags, ...(change.tagsAdd ?? [])]);
  for (const tag of change.tagsRemove ?? []) tags.delete(tag);
  return {
    ...before,
    priority: change.priority ?? before.priority,
    group: change.group ?? before.group,
    tags: [...tags],
    followerIds: [...(before.followerIds ?? []), ...(change.followersAdd ?? [])],
  };
}
