/** Promises that run out: which SLA clocks people must hear of, at which stage, and who. */
import { askClocks, type RunningClocks } from "../console/running-clocks.ts";
import { deskUrl } from "../console/shown.ts";
import { compilePolicy } from "../policy/compiled.ts";
import type { Account, ApplyDecision, Instant, Policy, SlaMetric } from "../policy/model.ts";
import { targetUsed } from "../policy/target-used.ts";
import { foldedName } from "../policy/text-fold.ts";
import type { DecisionRecord, Desk, Message, SlaReading, Store, TicketReading } from "../ports.ts";
import { METRIC_WORDS, momentText } from "../report/figures.ts";
import { outsidePilot } from "../ticket-pilot.ts";
import type { Telling } from "./tell.ts";

/** A stage of the way to a breach: part of the target that has passed, and who hears besides the account manager. */
export interface Stage {
  readonly at: number;
  /** null = the tier's lead. */
  readonly to: readonly string[] | null;
}

/** Without an escalation in the terms people hear when three quarters have passed, and when it is due. */
const AT_RISK = 0.75;
const METRICS = ["first_reply", "next_reply", "resolution"] as const satisfies readonly SlaMetric[];
/** A clock that runs is in this stage, by the help desk's word. */
const RUNNING = "active";
/** A breach older than this is in the reports; nobody can be in time any more. */
const OLD_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** The stages of a policy, earliest first: those that customers are told of, where they are told of any. */
export function stagesOf({ terms, people }: Policy): readonly Stage[] {
  const told = terms?.escalation ?? [];
  if (told.length === 0)
    return [
      { at: AT_RISK, to: null },
      { at: 1, to: null },
    ];
  const roles = people?.roles ?? {};
  return told
    .map(({ at, to }) => ({
      at,
      to: Object.hasOwn(roles, foldedName(to)) ? roles[foldedName(to)] : undefined,
    }))
    .flatMap(({ at, to }): readonly Stage[] =>
      // Below three quarters it is the ticket's agent's own business, unless somebody is named.
      to === undefined && at < AT_RISK ? [] : [{ at, to: to ?? null }],
    )
    .toSorted((a, b) => a.at - b.at);
}

/** Who leads the tier; the default tier and those below have a lead only where it is named. */
export function leadsOf(tier: string, policy: Policy): readonly string[] {
  const { people, tiers, defaultTier } = policy;
  if (people === null) return [];
  const own = Object.hasOwn(people.leads, tier) ? people.leads[tier] : undefined;
  if (own !== undefined) return own;
  const rank = (id: string): number => tiers.find((one) => one.id === id)?.rank ?? 0;
  return rank(tier) > rank(defaultTier) ? people.lead : [];
}

/** The account manager of a ticket: as a follower of it, inherited ones included, else by the account. */
export function managersOf(
  decision: Pick<ApplyDecision, "followersAdd">,
  account: Account | undefined,
): readonly string[] {
  const followers = decision.followersAdd.filter((one) => one.includes("@"));
  if (followers.length > 0) return followers;
  const own = account?.tam?.agent ?? "";
  return own.includes("@") ? [own] : [];
}

/** What the texts and links need. */
export interface Around {
  readonly policy: Policy;
  readonly accounts: ReadonlyMap<string, { readonly account: Account }>;
  /** Address of the help desk. */
  readonly origin: string;
  readonly publicUrl: string | null;
  readonly now: Instant;
  /** Breaches before then happened before anybody was to be told. */
  readonly since: Instant;
}

/** Every stage that a ticket's clocks have reached and people are to hear of: of each clock the latest one alone. */
export function dueTellings(
  { record, reading }: RunningClocks["tickets"][number],
  around: Around,
): readonly Telling[] {
  const { decision } = record;
  if (decision.action !== "apply" || reading === null) return [];
  return METRICS.flatMap((metric): readonly Telling[] => {
    const clock = runningClock(reading, metric, around.policy);
    if (clock === null) return [];
    const { schedules } = compilePolicy(around.policy);
    const used =
      targetUsed(decision.due[metric], clock, schedules, around.now) ?? (clock <= around.now ? 1 : 0);
    const stages = stagesOf(around.policy);
    const stage = stages.findLast(({ at }) => at <= used + 1e-9);
    const old = clock < Math.max(around.since, around.now - OLD_MS);
    if (stage === undefined || old) return [];
    const next = stages.find(({ at }) => at > stage.at && at <= 1);
    return [tellingOf({ record, decision, metric, breachAt: clock, used, stage, next }, around)];
  });
}

/** When a clock of the ticket that runs is due; null = it does not run. */
function runningClock(reading: SlaReading, metric: SlaMetric, policy: Policy): Instant | null {
  const name = policy.slaMetricMap[metric];
  return reading.clocks.find((one) => one.metric === name && one.stage === RUNNING)?.breachAt ?? null;
}

interface Reached {
  readonly record: DecisionRecord;
  readonly decision: ApplyDecision;
  readonly metric: SlaMetric;
  readonly breachAt: Instant;
  readonly used: number;
  readonly stage: Stage;
  readonly next: Stage | undefined;
}

function tellingOf(reached: Reached, around: Around): Telling {
  const { record, decision, metric, breachAt, stage, next } = reached;
  const { policy, accounts, now } = around;
  const account = record.accountId === null ? undefined : accounts.get(record.accountId)?.account;
  const late = breachAt <= now;
  return {
    kind: "clock",
    notice: {
      key: `clock:${record.ticketId}:${instanceOf(metric, breachAt)}:${Math.round(stage.at * 100)}`,
      title: `${METRIC_WORDS[metric]} ${late ? "is late" : "is due soon"}: ticket ${record.ticketId}`,
      lines: linesOf(reached, around, account),
      severity: late ? "critical" : "warning",
      link:
        around.publicUrl === null
          ? null
          : `${around.publicUrl}/console/tickets/${encodeURIComponent(record.ticketId)}`,
      also: [{ label: "Ticket in the help desk", url: deskUrl(around.origin, "tickets", record.ticketId) }],
    },
    to: [...(stage.to ?? leadsOf(decision.tier, policy)), ...managersOf(decision, account)],
    ticketId: record.ticketId,
    accountId: record.accountId,
    // Once the breach has its own message the warning is not worth reading.
    goodUntil: !late && next !== undefined ? breachAt : Math.max(breachAt, now) + OLD_MS,
  };
}

/** A ticket has one first reply and one resolution, and as many next replies as questions, each due at its own moment. */
function instanceOf(metric: SlaMetric, breachAt: Instant): string {
  return metric === "next_reply" ? `${metric}@${Math.round(breachAt / 1000)}` : metric;
}

function linesOf(
  { record, decision, metric, breachAt, used }: Reached,
  { policy, now }: Around,
  account: Account | undefined,
): readonly string[] {
  const tier = policy.tiers.find((one) => one.id === decision.tier)?.name ?? decision.tier;
  const priority = record.change?.priority ?? record.before.priority;
  const minutes = decision.due[metric].minutes;
  const late = Math.floor((now - breachAt) / MINUTE_MS);
  const at = `${momentText(breachAt, policy.timezone)} ${policy.timezone}`;
  const passed = minutes === null ? "" : `; ${Math.round(used * 100)} % of ${minutes} min have passed`;
  return [
    `Customer: ${account?.name ?? record.accountId ?? "not known"}, ${tier}`,
    ...(priority === null ? [] : [`Priority: ${priority}`]),
    breachAt <= now ? `It was due ${at}, ${late} min ago.` : `It is due ${at}${passed}.`,
    metric === "resolution"
      ? "Solve the ticket, or agree with the customer what happens next."
      : "Reply to the customer, or hand the ticket to somebody who can.",
  ];
}

export interface ClockPorts {
  readonly store: Pick<Store, "console" | "accounts" | "notices">;
  readonly desk: Pick<Desk, "readSlas" | "readTickets" | "describe">;
  readonly policy: Policy;
  readonly origin: string;
  readonly publicUrl: string | null;
}

/**
 * What people are to hear of the clocks at this moment. Tickets that were solved, merged or taken out of the service's hands
 * meanwhile are left out. @throws Paused, TryAgain the help desk does not answer.
 */
export async function clockTellings(
  { store, desk, policy, origin, publicUrl }: ClockPorts,
  since: Instant,
  now: Instant,
): Promise<readonly Telling[]> {
  const { tickets } = await askClocks(store, desk, now);
  const ids = tickets.flatMap(({ record }) => (record.accountId === null ? [] : [record.accountId]));
  const accounts = await store.accounts.many([...new Set(ids)]);
  const reached = tickets.flatMap((one) =>
    dueTellings(one, { policy, accounts, origin, publicUrl, now, since }),
  );
  const known = await store.notices.known(reached.map(({ notice }) => notice.key));
  const due = reached.filter(({ notice, to }) => to.length > 0 && !known.has(notice.key));
  const concerned = [...new Set(due.flatMap(({ ticketId }) => (ticketId === null ? [] : [ticketId])))];
  if (concerned.length === 0) return [];
  const ours = new Set<string>();
  for (const reading of await desk.readTickets(concerned, "live"))
    if (await isOurs(desk, policy, reading)) ours.add(reading.id);
  return due.filter(({ ticketId }) => ticketId !== null && ours.has(ticketId));
}

/** Is the ticket still one of those the service looks after? */
async function isOurs(
  desk: Pick<Desk, "describe">,
  policy: Policy,
  reading: TicketReading,
): Promise<boolean> {
  const { skipTagsAny, skipStatuses } = policy.scope;
  const over = ["solved", "closed", "deleted", ...skipStatuses].includes(reading.status) || reading.merged;
  if (over || reading.tags.some((tag) => skipTagsAny.includes(tag))) return false;
  return (await outsidePilot(desk, policy, reading)) === null;
}

/** Does the clock of a message that could not be sent at once still run? */
export async function stillRuns(
  desk: Pick<Desk, "readSlas">,
  policy: Policy,
  message: Message,
): Promise<boolean> {
  const [, ticketId, instance = ""] = message.notice.key.split(":");
  if (message.kind !== "clock" || ticketId === undefined) return true;
  const metric = METRICS.find((one) => one === instance.split("@")[0]);
  if (metric === undefined) return true;
  const [reading] = await desk.readSlas([ticketId], "live");
  const due = reading === undefined ? null : runningClock(reading, metric, policy);
  return due !== null && (metric !== "next_reply" || instanceOf(metric, due) === instance);
}
