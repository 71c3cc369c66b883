/** Can the figures, and the promises, be trusted: what is unknown, old, contradictory, or was not written. */
import type { Instant, Policy } from "../policy/model.ts";
import { desiredFields, reconcile } from "../policy/reconcile.ts";
import { inWords } from "../policy/words.ts";
import type { Store } from "../ports.ts";
import type { ReportInput } from "./attainment.ts";
import { type ReportFrame, ticketCount } from "./frame.ts";
import { type PresentAccount, presentAccounts } from "./present.ts";
import { NAMED, type QualityLine, type QualityName, qualityLine } from "./quality-lines.ts";
import { strictest } from "./reply-check.ts";
import { ascending, percentile } from "./times.ts";

/** What of the store it reads. */
export type QualityStore = Pick<Store, "accounts" | "organizations" | "overrides" | "runs" | "inbox">;

export interface QualityInput extends ReportInput {
  readonly store: QualityStore;
}

export interface DataQualityReport {
  readonly frame: ReportFrame;
  readonly lines: readonly QualityLine[];
  /** What agents have left of the strictest first-reply promise after the delay; null = no promise, or no write yet. */
  readonly promise: {
    readonly tierName: string;
    readonly minutes: number;
    readonly minutesLeft: number;
  } | null;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ENDING_DAYS = 30;
const REVIEWS = 100_000;

/** Tickets are those of the window; everything else is as it stands now. */
export async function dataQualityReport(input: QualityInput): Promise<DataQualityReport> {
  const { policy, store, at } = input;
  const tickets = await ticketLines(input);
  const accounts = await accountLines(store, policy, at);
  const unlinked = await store.organizations.unlinked(NAMED);
  const shared = await store.accounts.sharedDomains(NAMED);
  const all = await store.accounts.count();
  const { parked } = await store.inbox.backlog();
  return {
    frame: tickets.tally.frame({
      name: "data-quality",
      title: "Can the data be trusted?",
      ...input,
      state: await input.facts.state(),
      notes: NOTES,
    }),
    lines: [
      tickets.unmatched,
      await reviewLine(store, policy, all),
      accounts.stale,
      accounts.drift,
      await overridesLine(store, policy, at),
      qualityLine(
        "organizations_without_account",
        unlinked.count,
        unlinked.all,
        unlinked.organizations.map(({ id, name, domains }) => ({ id, name, detail: domains.join(" ") })),
      ),
      qualityLine(
        "domains_twice",
        shared.count,
        all,
        shared.domains.map(({ domain, accountIds }) => ({
          id: domain,
          name: null,
          detail: accountIds.join(" "),
        })),
      ),
      accounts.noTam,
      qualityLine("failed_writes", parked, tickets.n, await parkedNames(store)),
      tickets.delay,
    ],
    promise: promiseLeft(policy, tickets.delay),
  };
}

const NOTES = [
  "Tickets are those created in the window; everything else is as it stands now.",
  "Organizations are compared as they were when we last read them.",
  "At most a thousand records stand behind a line; `--format json` and `--format csv` name them.",
] as const;

async function ticketLines({ facts, window }: QualityInput) {
  const tally = ticketCount((ticket) => ticket.excluded === null && !ticket.beforeInstallation);
  const unmatched: QualityName[] = [];
  const delays: { readonly id: string; readonly seconds: number }[] = [];
  let [n, nobodys] = [0, 0];
  for await (const page of facts.tickets(window))
    for (const ticket of page) {
      tally.add(ticket);
      if (ticket.excluded !== null || ticket.beforeInstallation) continue;
      n += 1;
      if (ticket.writtenAfterMs !== null)
        delays.push({ id: ticket.ticketId, seconds: ticket.writtenAfterMs / 1000 });
      if (ticket.accountId !== null) continue;
      nobodys += 1;
      const from =
        ticket.organizationId === null ? "no organization" : `organization ${ticket.organizationId}`;
      if (unmatched.length < NAMED)
        unmatched.push({ id: ticket.ticketId, name: null, detail: `${from}, ${ticket.channel}` });
    }
  const seconds = ascending(delays.map((one) => one.seconds));
  const slowest = delays.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  return {
    tally,
    n,
    unmatched: qualityLine("unmatched_tickets", n === 0 ? null : nobodys, n, unmatched),
    delay: qualityLine(
      "write_delay",
      percentile(seconds, 0.95),
      seconds.length,
      slowest.map((one) => ({ id: one.id, name: null, detail: `${one.seconds.toFixed(1)} s` })),
    ),
  };
}

const SLOWEST = 20;

interface Found {
  readonly count: number;
  readonly names: readonly QualityName[];
}

/** Counts what goes on; keeps no more names than are told. */
function collecting() {
  const names: QualityName[] = [];
  let count = 0;
  return {
    add(name: QualityName): void {
      count += 1;
      if (names.length < NAMED) names.push(name);
    },
    found: (): Found => ({ count, names }),
  };
}

async function accountLines(store: QualityStore, policy: Policy, at: Instant) {
  const [old, drifted, without] = [collecting(), collecting(), collecting()];
  const named = new Set(policy.tiers.filter((one) => one.entitlements.namedTam).map((one) => one.id));
  let [accounts, organizations, withTam] = [0, 0, 0];
  for await (const page of presentAccounts(store)) {
    const known = await store.organizations.get(page.flatMap((one) => one.organizationId ?? []));
    for (const one of page) {
      const { account, tier } = one;
      accounts += 1;
      const age = ageOf(one, policy, at);
      if (age !== null) old.add({ id: account.id, name: account.name, detail: age });
      const organization = known.get(one.organizationId ?? "");
      if (organization !== undefined && isOurs(organization.tags, policy)) {
        organizations += 1;
        const desired = desiredFields({ accountId: account.id, account, verdict: one }, policy);
        const differs = reconcile(desired, organization, at, policy);
        if (differs !== null)
          drifted.add({
            id: organization.id,
            name: organization.name,
            detail: Object.keys(differs)
              .filter((key) => key !== `${policy.prefix}changed_at`)
              .map(
                (key) =>
                  `${key}: ${organization.fields[key] ?? "empty"} instead of ${differs[key] ?? "empty"}`,
              )
              .join("; "),
          });
      }
      if (!named.has(tier)) continue;
      withTam += 1;
      if (account.tam?.active !== true)
        without.add({
          id: account.id,
          name: account.name,
          detail: account.tam === null ? "none named" : "not active",
        });
    }
  }
  const line = (id: "stale_facts" | "drift" | "no_tam", { count, names }: Found, of: number) =>
    qualityLine(id, of === 0 ? null : count, of, names);
  return {
    stale: line("stale_facts", old.found(), accounts),
    drift: line("drift", drifted.found(), organizations),
    noTam: line("no_tam", without.found(), withTam),
  };
}

/** A pilot leaves organizations outside it alone. */
function isOurs(tags: readonly string[], { desk }: Policy): boolean {
  const pilot = desk.onlyOrganizationsTagged;
  return pilot.length === 0 || pilot.some((tag) => tags.includes(tag));
}

/** How old the facts are, where that is too old; null = young enough. */
function ageOf({ account }: PresentAccount, policy: Policy, at: Instant): string | null {
  if (account.syncedAt === null) return "never confirmed";
  const hours = (at - account.syncedAt) / HOUR_MS;
  return hours > policy.stability.staleAfterHours ? `${Math.floor(hours)} hours` : null;
}

async function reviewLine(store: QualityStore, policy: Policy, all: number): Promise<QualityLine> {
  const items = await store.runs.reviews(REVIEWS);
  const byAccount = [...Map.groupBy(items, (one) => one.accountId)];
  const known = await store.accounts.many(byAccount.slice(0, NAMED).map(([id]) => id));
  const names = byAccount.slice(0, NAMED).map(([id, own]) => ({
    id,
    name: known.get(id)?.account.name ?? null,
    detail: own
      .map(({ code, detail }) => [inWords(code, policy), detail].filter(Boolean).join(": "))
      .join("; "),
  }));
  return qualityLine("in_review", byAccount.length, all, names);
}

async function overridesLine(store: QualityStore, policy: Policy, at: Instant): Promise<QualityLine> {
  const stored = await store.overrides.list();
  const ids = new Set(stored.map((one) => one.id));
  const all = [
    ...stored.map((one) => ({ ...one, ended: one.endedAt !== null && one.endedAt <= at })),
    ...policy.overrides.items.filter((one) => !ids.has(one.id)).map((one) => ({ ...one, ended: false })),
  ].filter(({ ended, expiresAt }) => !ended && expiresAt !== null && expiresAt > at);
  const ending = all
    .filter(({ expiresAt }) => (expiresAt ?? 0) <= at + ENDING_DAYS * DAY_MS)
    .toSorted((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0));
  return qualityLine(
    "overrides_ending",
    ending.length,
    all.length,
    ending.map(({ id, accountId, kind, tier, approvedBy, expiresAt }) => ({
      id,
      name: accountId,
      detail: `${kind} ${tier}, approved by ${approvedBy}, ends ${new Date(expiresAt ?? 0).toISOString().slice(0, 10)}`,
    })),
  );
}

async function parkedNames(store: QualityStore): Promise<readonly QualityName[]> {
  return (await store.inbox.parked(NAMED)).map(({ subjectId, reason, fix }) => ({
    id: subjectId,
    name: null,
    detail: `${reason} ${fix}`.trim(),
  }));
}

function promiseLeft(policy: Policy, delay: QualityLine): DataQualityReport["promise"] {
  const promise = strictest(policy, policy.tiers);
  if (promise === null || delay.value === null) return null;
  const { minutes } = promise.target;
  return { tierName: promise.tier.name, minutes, minutesLeft: minutes - delay.value / 60 };
}
