/** What a ticket's audits and its requester's identities tell: who set the priority, which decisions were applied. */
import type { Lane, TicketHistory, TicketWritten } from "../../src/ports.ts";
import { LARGE_PAGE_BYTES, type ZendeskClient } from "./client.ts";
import type { AccountView, Names } from "./describe.ts";
import {
  auditSchema,
  identitySchema,
  idOf,
  listOf,
  priorityOf,
  readEach,
  userSchema,
  type ZendeskAudit,
  type ZendeskUser,
} from "./schemas.ts";
import { groupName } from "./ticket-reading.ts";

/** Key of our decision id in a write's metadata; Zendesk keeps it under `metadata.custom`. */
export const DECISION_KEY = "ps_decision";

/** A thousand audits tell enough; a ticket with more is a machine's. */
const MAX_PAGES = 10;

/**
 * Who set the present priority, our decisions found in the audits, and what their writes replaced.
 *
 * Asks for the newest first and stops at the first page where it gets them so and the priority is explained; an account
 * that ignores the order is read to the end. Works with any order because the audits are put in order here.
 */
export async function readHistory(
  { client, account }: { readonly client: ZendeskClient; readonly account: AccountView },
  id: string,
  lane: Lane,
): Promise<TicketHistory> {
  const audits: ZendeskAudit[] = [];
  const users = new Map<string, ZendeskUser>();
  let pages = 0;
  for await (const body of client.pages({
    endpoint: "listAudits",
    ids: [id],
    query: { "page[size]": "100", sort: "-created_at", include: "users" },
    lane,
    doing: `reading the audits of ticket ${id}`,
    maxBytes: LARGE_PAGE_BYTES,
  })) {
    const page = readEach(auditSchema, listOf(body, "audits"), "audit", client.report);
    audits.push(...page);
    for (const user of readEach(userSchema, listOf(body, "users"), "user", client.report))
      users.set(user.id, user);
    pages += 1;
    if (pages >= MAX_PAGES || (newestFirst(page) && page.some(setsPriority))) break;
  }
  const setter = [...audits].sort(byNewest).find(setsPriority);
  const ours = audits.filter((audit) => decisionOf(audit) !== null);
  const replacing = ours.filter((audit) => audit.events.some((event) => event.type === "Change"));
  const names = replacing.length === 0 ? null : await account.namesWith(() => true, lane);
  // The first write of a decision stands last, and counts: a later one with its id gave a person's value back.
  const replaced = replacing.toSorted(byNewest).flatMap((audit): [string, TicketWritten["replaced"]][] => {
    const [decision, values] = [decisionOf(audit), names === null ? {} : replacedBy(audit, names)];
    return decision === null || Object.keys(values).length === 0 ? [] : [[decision, values]];
  });
  return {
    priorityAuthor: setter === undefined ? null : authorOf(setter, users),
    decisionIds: ours.flatMap((audit) => decisionOf(audit) ?? []),
    ...newestOf(audits),
    ...(replaced.length === 0 ? {} : { replaced: new Map(replaced) }),
  };
}

/** A ticket's creation leaves events of the type Create, a change never does. */
function newestOf(audits: readonly ZendeskAudit[]): Pick<TicketHistory, "newest"> {
  const [last] = audits.toSorted(byNewest);
  if (last === undefined) return {};
  const creation = last.events.some((event) => event.type === "Create");
  return { newest: { decisionId: decisionOf(last), creation } };
}

function decisionOf({ metadata }: ZendeskAudit): string | null {
  const found = metadata[DECISION_KEY];
  return typeof found === "string" ? found : null;
}

/** What a write of ours replaced. Changes a trigger made inside the same audit replaced our value, not a person's. */
export function replacedBy(audit: ZendeskAudit, names: Names): TicketWritten["replaced"] {
  const ours = (field: string): ZendeskAudit["events"][number] | undefined =>
    audit.events.find(
      (event) => event.type === "Change" && event.field === field && event.via?.channel !== "rule",
    );
  const priority = ours("priority");
  const group = ours("group_id");
  return {
    ...(priority === undefined ? {} : { priority: priorityOf(priority.previous) }),
    ...(group === undefined ? {} : { group: groupName(names, idOf(group.previous)) }),
  };
}

/** Is the requester's address proven: their primary e-mail identity, or any where none is marked primary. */
export async function isVerified(client: ZendeskClient, requesterId: string, lane: Lane): Promise<boolean> {
  const emails: { readonly primary: boolean; readonly verified: boolean }[] = [];
  for await (const body of client.pages({
    endpoint: "listIdentities",
    ids: [requesterId],
    query: { "page[size]": "100" },
    lane,
    doing: `reading the identities of user ${requesterId}`,
    absent: [404, 410],
  })) {
    const page = readEach(identitySchema, listOf(body, "identities"), "identity", client.report);
    emails.push(...page.filter((identity) => identity.type === "email"));
  }
  const primary = emails.find((identity) => identity.primary);
  return primary === undefined ? emails.some((identity) => identity.verified) : primary.verified;
}

/** Audit ids grow, so they order what happened within one second. */
function byNewest(a: ZendeskAudit, b: ZendeskAudit): number {
  return (b.created_at ?? 0) - (a.created_at ?? 0) || Number(b.id ?? 0) - Number(a.id ?? 0);
}

function newestFirst(page: readonly ZendeskAudit[]): boolean {
  const first = page[0]?.created_at ?? null;
  const last = page.at(-1)?.created_at ?? null;
  return first !== null && last !== null && first > last;
}

function setsPriority(audit: ZendeskAudit): boolean {
  return priorityEvent(audit) !== undefined;
}

/** A create event without a value gave the ticket no priority. The last event of an audit is the one that stands. */
function priorityEvent(audit: ZendeskAudit): ZendeskAudit["events"][number] | undefined {
  return audit.events.findLast(
    (event) =>
      event.field === "priority" &&
      (event.type === "Change" || (event.type === "Create" && typeof event.value === "string")),
  );
}

function authorOf(
  audit: ZendeskAudit,
  users: ReadonlyMap<string, ZendeskUser>,
): TicketHistory["priorityAuthor"] {
  const id = audit.author_id ?? "";
  // An event's own origin goes before its audit's: a trigger acts inside the audit of whoever wrote.
  const channel = priorityEvent(audit)?.via?.channel ?? audit.via.channel;
  return { id, role: users.get(id)?.role ?? null, byRule: channel === "rule" };
}
