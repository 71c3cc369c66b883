/**
 * Plays a seeded year: customers write to the sandbox desk, the service decides and writes, agents answer, and the
 * service reads what happened by the desk's exports. Nothing is told to the store: reports see what the service saw.
 *
 * The clock jumps from one happening to the next and runs fast while the service works. Tickets come a few at a time,
 * as if a mailbox were fetched: so a year takes half a minute.
 */
import type { Service } from "../main.ts";
import type { Policy } from "../policy/model.ts";
import type { Dataset } from "../sandbox/dataset.ts";
import { dice } from "../sandbox/dataset-dice.ts";
import type { HubspotSandbox } from "../sandbox/hubspot.ts";
import { type PlannedTicket, plannedTickets } from "../sandbox/year.ts";
import type { ZendeskSandbox } from "../sandbox/zendesk.ts";
import type { PlayedClock } from "./played-clock.ts";
import type { YearCast, YearCustomer } from "./year-cast.ts";

export interface YearStage {
  readonly service: Service;
  readonly policy: Policy;
  readonly desk: ZendeskSandbox;
  readonly crm: HubspotSandbox;
  readonly clock: PlayedClock;
  readonly data: Dataset;
  readonly cast: YearCast;
  /** Resolves when the ticket's SLA was read back. */
  readonly verified: (ticketId: string) => Promise<void>;
  /** Share of the year that is over, 0 to 1. */
  readonly progress: (share: number) => void;
}

/** Something that happens at a moment. */
interface Happening {
  readonly at: number;
  readonly does: () => Promise<void> | void;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Fast enough that nobody waits for a second to end, slow enough that a lease of 30 s outlasts a busy machine. */
const SPEED = 60;
/** Tickets that come together. */
const TOGETHER = 4;
/** Just before a second ends: the service may write as soon as it has. */
const LATE_IN_A_SECOND_MS = 940;

/** Days before the installation from which the desk has tickets. */
export const DAYS_BEFORE = 14;
const WRITTEN_BEFORE = 24;

/** Tickets that customers wrote before anybody installed the service; the clock stands at the year's beginning then. */
export function writtenBefore(stage: Pick<YearStage, "desk" | "clock" | "cast">): void {
  const { desk, clock, cast } = stage;
  for (let i = 0; i < WRITTEN_BEFORE; i++) {
    const customer = cast.customers[(i * 7) % cast.customers.length];
    desk.createTicket({
      from: customer?.users[0]?.email ?? "",
      subject: `About imports (before, ${i + 1})`,
      comment: { body: "We have a question about imports." },
    });
    clock.advanceTo(clock.now() + (DAYS_BEFORE * DAY_MS) / (WRITTEN_BEFORE + 1));
  }
  clock.advanceTo(cast.plan.begin);
}

/** Plays the whole year; the clock stands at its end afterwards, and everything is in the store. */
export async function playYear(stage: YearStage): Promise<void> {
  const { clock, cast } = stage;
  const { begin, end } = cast.plan;
  const happenings = [...writing(stage), ...routine(stage)]
    .filter(({ at }) => at < end)
    .sort((a, b) => a.at - b.at);
  clock.runAt(SPEED);
  for (const { at, does } of happenings) {
    clock.advanceTo(at);
    await does();
    stage.progress((at - begin) / (end - begin));
  }
  clock.advanceTo(end);
  await keepUp(stage);
  clock.runAt(1);
}

/** What the service does by itself day and night, once a week: the year has no time for more. */
function routine(stage: YearStage): readonly Happening[] {
  const { cast, crm } = stage;
  const { begin, end } = cast.plan;
  const edits = cast.edits.map(
    ({ at, companyId, properties }): Happening => ({
      at,
      does: async () => {
        crm.setCompany(companyId, properties);
        stage.clock.advanceTo(at + 5 * MINUTE_MS);
        await stage.service.sync("changed");
      },
    }),
  );
  const weeks = Math.floor((end - begin) / (7 * DAY_MS));
  const rounds = Array.from(
    { length: weeks },
    (_, week): Happening => ({
      at: begin + (week + 1) * 7 * DAY_MS,
      does: () => keepUp(stage),
    }),
  );
  return [...edits, ...rounds];
}

async function keepUp({ service, clock }: YearStage): Promise<void> {
  await service.sync("changed");
  await service.upkeep.sweep();
  for (;;) {
    const round = await service.upkeep.ingest();
    if (round.state === "busy" || !round.behind) return;
    clock.advanceTo(clock.now() + 5 * MINUTE_MS);
  }
}

/** Tickets as they come, and all that becomes of them. */
function writing(stage: YearStage): readonly Happening[] {
  const { cast } = stage;
  const planned = [...plannedTickets(cast.plan)]
    .filter((one) => one.createdAt < (cast.leavesAt(one.tier, one.account) ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => a.createdAt - b.createdAt);
  const happenings: Happening[] = [];
  for (let i = 0; i < planned.length; i += TOGETHER) {
    const bunch = planned.slice(i, i + TOGETHER).map((ticket) => ({ ticket, id: "" }));
    const at = Math.floor((bunch[0]?.ticket.createdAt ?? 0) / 1000) * 1000 + LATE_IN_A_SECOND_MS;
    happenings.push({
      at,
      does: async () => {
        for (const one of bunch) one.id = create(stage, one.ticket);
        await Promise.all(bunch.map((one) => stage.verified(one.id)));
      },
    });
    happenings.push(...bunch.flatMap((one) => courseOf(stage, one, at)));
  }
  return happenings;
}

function customerOf({ cast }: YearStage, ticket: PlannedTicket): YearCustomer {
  const found = cast.customers.find((one) => one.tier === ticket.tier && one.account === ticket.account);
  if (found === undefined) throw new Error(`no customer ${ticket.tier} ${ticket.account}`);
  return found;
}

function create(stage: YearStage, ticket: PlannedTicket): string {
  const { users } = customerOf(stage, ticket);
  const from = users[ticket.number % users.length]?.email ?? "";
  const usual = stage.policy.tiers.find(({ id }) => id === ticket.tier)?.priority.default;
  return stage.desk.createTicket({
    from,
    channel: "email",
    subject: `About ${ticket.topic} (${ticket.tier} ${ticket.number + 1})`,
    comment: { body: `We have a question about ${ticket.topic}.` },
    tags: [ticket.topic],
    // What the policy gives anyway need not be asked for.
    ...(ticket.priority === usual ? {} : { priority: ticket.priority }),
  }).id;
}

interface Played {
  readonly ticket: PlannedTicket;
  id: string;
}

/** What agents and the customer do with a ticket, until it is solved. */
function courseOf(stage: YearStage, one: Played, createdAt: number): readonly Happening[] {
  const { ticket } = one;
  if (ticket.odd !== null) return [{ at: createdAt + 25 * MINUTE_MS, does: () => putAway(stage, one) }];
  if (ticket.unanswered || ticket.minutes === null) return [];
  const draw = dice(stage.cast.plan.seed + 9, ticket.number * 8 + ticket.tier.length);
  const after = (from: number, minutes: number): number => from + Math.round(minutes * MINUTE_MS);
  const replied = after(createdAt, ticket.minutes.first_reply);
  const asked = draw.chance(0.6) ? after(replied, draw.int(15, 600)) : null;
  const answered = asked === null ? replied : after(asked, ticket.minutes.next_reply);
  const solved = Math.max(after(createdAt, ticket.minutes.resolution), after(answered, 5));
  const again = after(solved, draw.int(1_440, 4_320));
  const last = ticket.reopened ? after(again, ticket.minutes.resolution / 4) : solved;
  const rated = after(last, draw.int(60, 2_880));
  const agent = draw.next();
  return [
    { at: replied, does: () => agentSays(stage, one, agent, "open") },
    ...(asked === null
      ? []
      : [
          { at: asked, does: () => customerSays(stage, one) },
          { at: answered, does: () => agentSays(stage, one, agent, "open") },
        ]),
    { at: solved, does: () => agentSays(stage, one, agent, "solved") },
    ...(ticket.reopened
      ? [
          { at: again, does: () => customerSays(stage, one) },
          { at: last, does: () => agentSays(stage, one, agent, "solved") },
        ]
      : []),
    { at: rated, does: () => rate(stage, one) },
  ];
}

/** An agent of the ticket's group answers in public; `draw` in [0,1) chooses who. */
function agentSays({ desk, data }: YearStage, { id }: Played, draw: number, status: string): void {
  const ticket = desk.state.tickets.get(id);
  const group = desk.state.groups.get(ticket?.groupId ?? "")?.name;
  const active = data.agents.filter((agent) => agent.active);
  const own = active.filter((agent) => agent.groups.includes(group ?? ""));
  const people = own.length > 0 ? own : active;
  const email = people[Math.floor(draw * people.length)]?.email;
  const agent = [...desk.state.users.values()].find((user) => user.email === email);
  if (agent === undefined) throw new Error("the desk has no agent");
  const own_ = ticket?.assigneeId ?? agent.id;
  desk.agentUpdate(
    id,
    {
      status,
      assignee_id: own_,
      group_id: ticket?.groupId,
      comment: { body: "Here is what we found.", public: true },
    },
    own_,
  );
}

function customerSays({ desk }: YearStage, { id }: Played): void {
  const requester = desk.state.tickets.get(id)?.requesterId ?? "";
  desk.agentUpdate(id, { status: "open", comment: { body: "One more question.", public: true } }, requester);
}

function rate({ desk }: YearStage, { id, ticket }: Played): void {
  if (ticket.rating !== null) desk.rate(id, ticket.rating);
}

/** Merged into the newest other ticket of the same customer, or thrown away as spam. */
function putAway({ desk }: YearStage, { id, ticket }: Played): void {
  const own = desk.state.tickets.get(id);
  const other = [...desk.state.tickets.values()]
    .filter((one) => one.organizationId === own?.organizationId && one.id !== id && !one.deleted)
    .findLast((one) => one.status !== "closed");
  const agent = [...desk.state.users.values()].find((user) => user.role === "agent");
  if (ticket.odd === "merged" && other !== undefined && agent !== undefined)
    desk.merge(other.id, [id], agent.id);
  else desk.deleteTicket(id);
}
