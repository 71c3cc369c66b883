/**
 * What must have become of every ticket, worked out from the data set with the pure rules alone: the service's store and
 * ledger are not looked at, and no code of the service decides who owns an organization here.
 */
import { changeOf } from "../../../src/policy/change.ts";
import { decide } from "../../../src/policy/decide.ts";
import { accountOf } from "../../../src/policy/facts.ts";
import type { Account, Policy, Situation, Ticket } from "../../../src/policy/model.ts";
import type { Dataset } from "../../../src/sandbox/dataset.ts";
import type { JournalEntry } from "../../../src/sandbox/server.ts";
import type { TicketRecord, UserRecord } from "../../../src/sandbox/zendesk-records.ts";
import type { Mixed } from "./mixture.ts";

/** The desk's state as `/_sandbox/state` tells it. */
export interface DeskState {
  readonly tickets: Readonly<Record<string, TicketRecord>>;
  readonly users: Readonly<Record<string, UserRecord>>;
  readonly groups: Readonly<Record<string, { readonly name: string }>>;
  readonly organizations: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
  readonly invocations: Readonly<
    Record<
      string,
      {
        readonly id: string;
        readonly ticketId: string | null;
        readonly statusCode: number | null;
        readonly attempts: readonly {
          readonly statusCode: number | null;
          readonly responseHeaders: Readonly<Record<string, string>>;
        }[];
      }
    >
  >;
}

/** A ticket that was sent: what was asked for, and what the desk made of it before anybody else looked. */
export interface Sent {
  readonly mixed: Mixed;
  readonly ticket: Pick<TicketRecord, "id" | "createdAt" | "priority" | "groupId" | "tags" | "followerIds">;
}

/** What the ticket must look like in the end, and whether that took a write. */
export interface Verdict {
  readonly ticketId: string;
  readonly priority: string | null;
  readonly group: string | null;
  readonly tags: readonly string[];
  readonly followerIds: readonly string[];
  readonly written: boolean;
}

/** Live conversations keep their group (README, "What happens with each kind of ticket"). */
const LIVE = ["chat", "native_messaging"];

/** A judge over one data set, as it is loaded into one desk. */
export function judgeOver(
  data: Dataset,
  policy: Policy,
  desk: DeskState,
): (sent: Sent, at: number) => Verdict {
  const people = new Map(Object.values(desk.users).map((user) => [user.email, user]));
  const accounts = accountsOf(data, policy, people);
  const orgLinks = linksOf(data, desk);
  const groupName = (id: string | null): string | null => desk.groups[id ?? ""]?.name ?? null;
  return (sent, at) => {
    const before = { ...sent.ticket, group: groupName(sent.ticket.groupId) };
    const { id, priority, group, tags, followerIds } = before;
    const same: Verdict = { ticketId: id, priority, group, tags, followerIds, written: false };
    if (sent.mixed.fate === "deleted") return same;
    const ticket = ticketOf(sent, before.group, people.get(sent.mixed.from) ?? null);
    const fresh = new Map([...accounts].map(([id, account]) => [id, { ...account, syncedAt: at }]));
    const situation: Situation = {
      ticket,
      event: "created",
      orgLinks,
      accounts: fresh,
      held: new Map(),
      overrides: policy.overrides.items,
      availability: new Map(),
      prior: null,
    };
    const decision = decide(situation, policy, at);
    if (decision.action === "skip") return same;
    const wanted = LIVE.includes(ticket.channel) ? { ...decision, group: before.group } : decision;
    const change = changeOf({ ...ticket, followerIds }, wanted);
    return {
      ticketId: id,
      priority: change?.priority ?? priority,
      group: change?.group ?? group,
      tags: [...tags, ...(change?.tagsAdd ?? [])].filter((tag) => !change?.tagsRemove?.includes(tag)),
      followerIds: [...followerIds, ...(change?.followersAdd ?? [])],
      written: change !== null,
    };
  };
}

function ticketOf({ mixed, ticket }: Sent, group: string | null, requester: UserRecord | null): Ticket {
  return {
    id: ticket.id,
    createdAt: ticket.createdAt,
    status: mixed.fate === "closed" ? "closed" : "new",
    subject: mixed.subject,
    description: mixed.body,
    priority: ticket.priority,
    prioritySetBy: mixed.setBy,
    impact: null,
    group,
    assignee: mixed.assignee,
    form: mixed.form,
    channel: mixed.channel,
    tags: ticket.tags,
    organizationId: requester?.organizationId ?? null,
    requester: {
      email: mixed.from,
      role: requester?.role ?? "end-user",
      vip: requester?.tags.includes("vip") === true,
      verified: requester?.verified === true,
    },
  };
}

/** Every company of the data set as the mapping reads it; its TAM is the active agent with the owner's address. */
function accountsOf(
  data: Dataset,
  policy: Policy,
  people: ReadonlyMap<string, UserRecord>,
): ReadonlyMap<string, Account> {
  const mapping = policy.crm.hubspot;
  if (mapping === undefined) throw new Error("the policy maps no CRM");
  const owners = new Map(data.owners.map((owner) => [owner.id, owner.email]));
  return new Map(
    data.companies.map(({ id, properties }) => {
      const record = { id, name: properties.name, values: properties };
      const { account } = accountOf(record, mapping, { idPrefix: "hubspot:", syncedAt: 0 });
      const agent = people.get(owners.get(account.tam?.agent ?? "") ?? "");
      const active = agent !== undefined && agent.role !== "end-user" && agent.active && !agent.suspended;
      const tam = account.tam === null ? null : { agent: active ? agent.id : account.tam.agent, active };
      return [account.id, { ...account, tam }];
    }),
  );
}

/** A company owns one organization: the one that carries its id; without one, the only one with its domain. */
function linksOf(data: Dataset, desk: DeskState): ReadonlyMap<string, string> {
  const idOf = new Map(Object.values(desk.organizations).map(({ id, name }) => [name, id]));
  const links = new Map<string, string>();
  for (const { id } of data.companies) {
    const mine = data.organizations.filter((organization) => organization.companyId === id);
    const named = mine.filter((organization) => organization.externalId !== null);
    const [own, second] = named.length > 0 ? named : mine;
    if (own !== undefined && second === undefined) links.set(idOf.get(own.name) ?? "", `hubspot:${id}`);
  }
  return links;
}

/** What the service did to one ticket, by the desk's journal. */
export interface Done {
  readonly asked: number;
  /** Requests that changed it. */
  readonly applied: readonly JournalEntry[];
}

/**
 * Writes by ticket; requests that found nothing to do, or came too late, count as asked only. Every row of an
 * `update_many` is a write of its ticket.
 */
export function writesIn(journal: readonly JournalEntry[]): ReadonlyMap<string, Done> {
  const found = new Map<string, { asked: number; applied: JournalEntry[] }>();
  for (const entry of journal) {
    const changed = entry.effect.map((effect) => (effect as { readonly ticketId?: string }).ticketId);
    for (const id of askedOf(entry)) {
      const done = found.get(id) ?? { asked: 0, applied: [] };
      done.asked += 1;
      for (const _ of changed.filter((ticketId) => ticketId === id)) done.applied.push(entry);
      found.set(id, done);
    }
  }
  return found;
}

/** The tickets that a request of the service wanted to write; a comment is an agent's, the service makes none. */
function askedOf({ method, path, body }: JournalEntry): readonly string[] {
  if (method === "GET") return [];
  if ((body as { readonly ticket?: { readonly comment?: unknown } } | null)?.ticket?.comment !== undefined)
    return [];
  const one = /^\/api\/v2\/tickets\/(\d+)(?:\/tags)?$/.exec(path)?.[1];
  if (one !== undefined) return [one];
  if (path !== "/api/v2/tickets/update_many") return [];
  const rows = (body as { readonly tickets?: readonly { readonly id: unknown }[] } | null)?.tickets ?? [];
  return rows.map(({ id }) => String(id));
}

/** The ticket as it really is, in the verdict's words. */
export function lookOf(desk: DeskState, id: string, written: boolean): Verdict {
  const ticket = desk.tickets[id];
  if (ticket === undefined) throw new Error(`the desk has no ticket ${id}`);
  const { priority, tags, followerIds } = ticket;
  return {
    ticketId: id,
    priority,
    group: desk.groups[ticket.groupId ?? ""]?.name ?? null,
    tags,
    followerIds,
    written,
  };
}
