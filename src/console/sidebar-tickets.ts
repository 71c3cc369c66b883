/** A customer's tickets beside a ticket or an organization: which are open, and whether their promises were kept. */
import type { z } from "zod";
import type { Instant, Policy, SlaMetric } from "../policy/model.ts";
import type { LedgerRow, MetricEvent, Store, TargetFact, TicketFact } from "../ports.ts";
import { counts } from "../report/frame.ts";
import { EVERY_DECISION } from "./decision-shown.ts";
import type { ConsoleParts } from "./parts.ts";
import type { organizationSidebar, otherTicket } from "./schemas-sidebar.ts";
import { deskUrl, iso, isoOrNull, tierShown } from "./shown.ts";

type Ticket = z.input<typeof otherTicket>;
type Attainment = z.input<typeof organizationSidebar>["attainment"];

const OTHERS = 10;
/** A ticket without a decision for longer is not looked for. */
const OTHERS_MS = 90 * 86_400_000;
const LOOKED = 50;
const SEEN = 200;
const HISTORY_DAYS = 90;
const METRICS: readonly SlaMetric[] = ["first_reply", "next_reply", "resolution"];
const DONE: readonly string[] = ["solved", "closed", "deleted"];

/** Other tickets of the account that are not solved, newest decision first; one the help desk told nothing of counts as open. */
export async function openTicketsOf(
  parts: ConsoleParts,
  accountId: string | null,
  ticketId: string,
  now: Instant,
): Promise<Ticket[]> {
  const rows = (await newestOf(parts.store, accountId, LOOKED)).filter(
    ({ record }) => record.ticketId !== ticketId && record.decidedAt > now - OTHERS_MS,
  );
  const { facts } = parts.store;
  const known = await facts.ticketsById(rows.map(({ record }) => record.ticketId));
  const open = rows.filter(({ record }) => !DONE.includes(known.get(record.ticketId)?.status ?? ""));
  const listed = open.slice(0, OTHERS);
  const events = await facts.eventsOf(listed.map(({ record }) => record.ticketId));
  return listed.flatMap((row) => {
    const { ticketId: id, decision } = row.record;
    const dueAt = decision.action === "apply" ? decision.due.first_reply.dueAt : null;
    const repliedAt = replyIn(events.get(id) ?? []);
    const inTime = dueAt !== null && repliedAt !== null && repliedAt <= dueAt;
    const firstReply = dueAt === null || repliedAt === null ? null : inTime ? "kept" : "late";
    return shown(row, known.get(id) ?? null, firstReply, parts);
  });
}

/** The account's last tickets with how each first reply went, and how its promises were kept over 90 days. */
export async function ticketHistoryOf(
  parts: ConsoleParts,
  accountId: string | null,
  now: Instant,
): Promise<{ readonly tickets: Ticket[]; readonly attainment: Attainment }> {
  const { facts } = parts.store;
  const rows = await newestOf(parts.store, accountId, SEEN);
  const window = { from: now - HISTORY_DAYS * 86_400_000, until: now + 1 };
  const known = accountId === null ? NOTHING : await facts.ofAccount(accountId, window);
  const tickets = new Map(known.tickets.map((one) => [one.ticketId, one]));
  const replies = new Map(
    known.targets.flatMap((one) =>
      one.metric === "first_reply" && one.instance === 1 ? [[one.ticketId, one]] : [],
    ),
  );
  const verified = rows.filter(({ record }) => record.verification !== null);
  const attached = verified.filter(({ record }) => record.verification?.ok === true);
  const counted = known.targets.filter((one) => {
    const ticket = tickets.get(one.ticketId);
    return ticket !== undefined && counts(ticket);
  });
  return {
    tickets: rows.slice(0, OTHERS).flatMap((row) => {
      const { ticketId } = row.record;
      return shown(row, tickets.get(ticketId) ?? null, outcomeOf(replies.get(ticketId), now), parts);
    }),
    attainment: {
      promised: verified.length,
      attached: attached.length,
      days: HISTORY_DAYS,
      targets: METRICS.map((metric) => ({ metric, ...kept(counted, metric, now) })),
      factsThrough: isoOrNull((await facts.state()).through),
    },
  };
}

const NOTHING = { tickets: [] as readonly TicketFact[], targets: [] as readonly TargetFact[] };

/** When the ticket's first public reply by an agent came; null = not yet, or the help desk has not told. */
export async function firstReplyAt(store: Store, ticketId: string): Promise<Instant | null> {
  return replyIn((await store.facts.eventsOf([ticketId])).get(ticketId) ?? []);
}

function replyIn(events: readonly MetricEvent[]): Instant | null {
  const given = events.find(
    ({ metric, instance, kind }) => metric === "reply_time" && instance === 1 && kind === "fulfill",
  );
  return given?.at ?? null;
}

async function newestOf(
  store: Store,
  accountId: string | null,
  limit: number,
): Promise<readonly LedgerRow[]> {
  if (accountId === null) return [];
  const rows = await store.console.lists.decisions({ ...EVERY_DECISION, accountId, limit });
  const seen = new Set<string>();
  return rows.filter(({ record }) => {
    const first = !seen.has(record.ticketId);
    seen.add(record.ticketId);
    return first;
  });
}

function shown(
  { record }: LedgerRow,
  fact: TicketFact | null,
  firstReply: Ticket["firstReply"],
  parts: ConsoleParts,
): Ticket[] {
  const { decision, change, before } = record;
  if (decision.action !== "apply") return [];
  const policy: Policy = parts.policy.policy();
  return [
    {
      ticketId: record.ticketId,
      url: deskUrl(parts.apps.origin, "tickets", record.ticketId),
      decidedAt: iso(record.decidedAt),
      tier: tierShown(decision.tier, policy),
      priority: change?.priority ?? before.priority,
      status: fact?.status ?? null,
      firstReplyDueAt: isoOrNull(decision.due.first_reply.dueAt),
      firstReply,
      slaAttached: record.verification?.ok ?? null,
    },
  ];
}

/** The store may not have heard yet that a running target fell due. */
function outcomeOf(target: TargetFact | undefined, now: Instant): Ticket["firstReply"] {
  if (target === undefined || target.targetMinutes === null || target.state === "void") return null;
  if (target.state === "running") return target.dueAt !== null && target.dueAt < now ? "late" : "running";
  return target.state === "met" ? "kept" : "late";
}

function kept(targets: readonly TargetFact[], metric: SlaMetric, now: Instant) {
  const all = targets.filter((one) => one.metric === metric).map((one) => outcomeOf(one, now));
  const count = (outcome: Ticket["firstReply"]): number => all.filter((one) => one === outcome).length;
  return { kept: count("kept"), late: count("late"), running: count("running") };
}
