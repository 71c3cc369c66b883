/** What people do in Zendesk without calling its API: customers write, agents work, routing hands out. */
import type { JournalEntry } from "./server.ts";
import type { Meter } from "./zendesk-guard.ts";
import { mergeTickets } from "./zendesk-merge.ts";
import { liveOrganization, updateOrganization } from "./zendesk-organizations.ts";
import { nextAgent } from "./zendesk-queues.ts";
import type { Json, OrganizationRecord, TicketRecord, UserRecord } from "./zendesk-records.ts";
import { userOf } from "./zendesk-seed.ts";
import { ticketOr404 } from "./zendesk-ticket-change.ts";
import { createTicket, updateTicket } from "./zendesk-tickets.ts";
import { keepUser, stamp, userByEmail, type World } from "./zendesk-world.ts";

/** A ticket as a customer (or an agent) sends it in, in the API's shape plus who and how. */
export interface NewTicket extends Json {
  /** E-mail or id of the author; default: the first end user. */
  readonly from?: string;
  /** `email`, `web`, `api`…; default `email`. */
  readonly channel?: string;
}

/** People's doings; each costs no API call. */
export interface People {
  createTicket(input?: NewTicket): TicketRecord;
  /** What a person does to a ticket in the agent screen (or a customer by answering): the shape of a PUT's `ticket`. */
  agentUpdate(ticketId: string, change: Json, userId: string): TicketRecord;
  /** Omnichannel routing hands the ticket to an agent of its queue, or of its group where no queue took it. */
  route(ticketId: string): TicketRecord;
  /** Merges tickets into one, as an agent would. */
  merge(targetId: string, sourceIds: readonly string[], userId: string): void;
  deleteTicket(ticketId: string): void;
  /** The customer says how it was; without a comment when there is none to make. */
  rate(ticketId: string, score: "good" | "bad", comment?: string): void;
  updateOrganization(organizationId: string, change: Json): OrganizationRecord;
  addUser(user: Json): UserRecord;
}

type Note = (path: string) => (what: unknown) => void;

/** Writes into the journal what people do without calling the API. */
function noteOf(world: World, note: (entry: JournalEntry) => void): Note {
  return (path) => (what) =>
    note({
      at: world.now(),
      method: "UI",
      path,
      query: "",
      body: undefined,
      status: 200,
      effect: [what],
      callClass: "ui",
    });
}

/** The people of a world; what they do is written into the journal and counts against an agent's own limits. */
export function peopleOf(world: World, meter: Meter, journal: (entry: JournalEntry) => void): People {
  const note = noteOf(world, journal);
  const user = (id: string): UserRecord => userOr(world, id);
  return {
    createTicket: ({ from, channel, ...input } = {}) => {
      const author = from === undefined ? firstCustomer(world) : user(from);
      const spec = { subject: "A question", comment: { body: "Please help." }, ...input };
      const effect = note("/tickets");
      return createTicket(world, spec, { user: author, channel: channel ?? "email", effect }).ticket;
    },
    agentUpdate: (ticketId, change, userId) => {
      meter.humanEdit(ticketId, userId, world.now());
      const author = { user: user(userId), channel: "web", effect: note(`/tickets/${ticketId}`) };
      return updateTicket(world, ticketOr404(world, ticketId), change, author).ticket;
    },
    route: (ticketId) => {
      const ticket = ticketOr404(world, ticketId);
      const next = ticket.assigneeId === null ? nextAgent(world, ticket) : null;
      if (next === null) return ticket;
      const author = { user: next.agent, channel: "system", effect: note(`/tickets/${ticketId}`) };
      return updateTicket(world, ticket, { assignee_id: next.agent.id, group_id: next.groupId }, author)
        .ticket;
    },
    merge: (targetId, sourceIds, userId) => {
      const effect = note(`/tickets/${targetId}`);
      mergeTickets(world, targetId, sourceIds, { user: user(userId), channel: "web", effect });
    },
    deleteTicket: (ticketId) => {
      const ticket = ticketOr404(world, ticketId);
      world.state.tickets.set(ticketId, { ...ticket, deleted: true, updatedAt: stamp(world) });
      note(`/tickets/${ticketId}`)({ kind: "ticket_deleted", ticketId });
    },
    rate: (ticketId, score, comment = "") => {
      const ticket = ticketOr404(world, ticketId);
      world.state.tickets.set(ticketId, {
        ...ticket,
        satisfaction: { score, comment },
        updatedAt: stamp(world),
      });
      note(`/tickets/${ticketId}`)({ kind: "ticket_rated", ticketId });
    },
    updateOrganization: (organizationId, change) => {
      const row = liveOrganization(world, organizationId);
      if (row === null) throw new Error(`no organization ${organizationId}`);
      return updateOrganization(world, row, change, note(`/organizations/${organizationId}`));
    },
    addUser: (input) => addUser(world, input),
  };
}

/** Adds a user in the seed's shape. */
export function addUser(world: World, input: Json): UserRecord {
  return keepUser(world, userOf(world, input));
}

function userOr(world: World, id: string): UserRecord {
  const found = world.state.users.get(id) ?? userByEmail(world, id);
  if (found === null) throw new Error(`no user ${id}`);
  return found;
}

function firstCustomer(world: World): UserRecord {
  const found = [...world.state.users.values()].find((known) => known.role === "end-user");
  return found ?? addUser(world, { email: "customer@customer.example", name: "A Customer" });
}
