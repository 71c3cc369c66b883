/**
 * Writes a decision on a ticket: one conditional PUT of exactly what differs, and a look at what became of it.
 *
 * Three traps shape the request. `tags` and `follower_ids` overwrite whole lists, so tags go one by one and followers
 * as actions. `safe_update: false` has the same effect as true, so it is only ever sent as true. Zendesk ignores keys
 * it does not know instead of refusing them, so the answer's tags are compared with the wanted ones.
 */
import { CannotApply, NeedsAdmin } from "../../src/errors.ts";
import type { TicketChange } from "../../src/policy/model.ts";
import type { Lane, TicketReading, TicketWritten } from "../../src/ports.ts";
import type { ZendeskClient } from "./client.ts";
import type { AccountView, Names } from "./describe.ts";
import { auditSchema, numeric, recordOf, type ZendeskTicket } from "./schemas.ts";
import { DECISION_KEY, replacedBy } from "./ticket-history.ts";
import { groupName, ticketFrom } from "./ticket-reading.ts";

export interface WritingOptions {
  readonly client: ZendeskClient;
  readonly account: AccountView;
  readonly prefix: string;
}

/**
 * Writes `change`, if the ticket is still as `reading` says.
 *
 * @throws Outdated it changed since. @throws CannotApply it is closed or gone. @throws NeedsAdmin the group or the tier
 * option does not exist, or exists twice. @throws what `before` rejects with.
 */
export async function writeTicket(
  options: WritingOptions,
  reading: TicketReading,
  change: TicketChange,
  decisionId: string,
  lane: Lane,
  before?: () => Promise<void>,
): Promise<TicketWritten> {
  const { client } = options;
  const doing = `writing ticket ${reading.id}`;
  if (reading.status === "closed") throw new CannotApply(`ticket ${reading.id} is closed`);
  const names = await namesFor(options, change, lane);
  const fields = fieldsOf(change, names, options.prefix);
  if (Object.keys(fields).length === 0) return untouched(reading);
  const answer = await client.call({
    endpoint: "updateTicket",
    ids: [reading.id],
    json: {
      ticket: {
        ...fields,
        metadata: { [DECISION_KEY]: decisionId },
        safe_update: true,
        updated_stamp: reading.stamp,
      },
    },
    lane,
    doing,
    ...(before === undefined ? {} : { before }),
  });
  const written = ticketFrom(answer?.body, doing);
  const settled = await settleTags(client, written, change, lane);
  return {
    stamp: settled.updated_at.text,
    priority: settled.priority,
    group: groupName(names, settled.group_id),
    tags: settled.tags,
    replaced: replacedIn(recordOf(answer?.body)?.audit, names),
    warnings: answer?.warnings ?? [],
  };
}

/** The change in Zendesk's words; empty = nothing to write. */
export function fieldsOf(
  change: TicketChange,
  names: Names,
  prefix: string,
): Readonly<Record<string, unknown>> {
  const { tagsAdd = [], tagsRemove = [], followersAdd = [], followersRemove = [] } = change;
  const followers = [
    ...followersAdd.map((id) => ({ user_id: numeric(id), action: "put" })),
    ...followersRemove.map((id) => ({ user_id: numeric(id), action: "delete" })),
  ];
  return {
    ...(change.priority === undefined ? {} : { priority: change.priority }),
    ...(change.group === undefined ? {} : { group_id: numeric(groupIdOf(names, change.group)) }),
    ...(change.tier === undefined
      ? {}
      : { custom_fields: [tierValue(names, change.tier === null ? null : `${prefix}tier_${change.tier}`)] }),
    ...(tagsAdd.length === 0 ? {} : { additional_tags: tagsAdd }),
    ...(tagsRemove.length === 0 ? {} : { remove_tags: tagsRemove }),
    ...(followers.length === 0 ? {} : { followers }),
  };
}

function namesFor(options: WritingOptions, change: TicketChange, lane: Lane): Promise<Names> {
  return options.account.namesWith((names) => namesSuit(names, change), lane);
}

/** Do these names know everything the change names? */
export function namesSuit(names: Names, change: TicketChange): boolean {
  return (
    (change.group === undefined || names.groups.some((group) => group.name === change.group)) &&
    (change.tier === undefined || names.tierField !== null)
  );
}

function groupIdOf(names: Names, name: string): string {
  const [found, second] = names.groups.filter((group) => group.name === name);
  if (found === undefined)
    throw new NeedsAdmin(`Zendesk has no group "${name}"`, {
      fix: `Create the group "${name}" in Zendesk, or correct its name in the policy.`,
    });
  if (second !== undefined)
    throw new NeedsAdmin(`Zendesk has more than one group "${name}"`, {
      fix: `Rename one of the groups "${name}" in Zendesk, so that the policy can mean only one.`,
    });
  return found.id;
}

function tierValue(
  names: Names,
  tag: string | null,
): { readonly id: number | string; readonly value: string | null } {
  const field = names.tierField;
  if (tag === null && field !== null) return { id: numeric(field.id), value: null };
  if (field?.custom_field_options.some((option) => option.value === tag))
    return { id: numeric(field.id), value: tag };
  throw new NeedsAdmin(`no ticket drop-down has the option ${tag}`, {
    fix: `Add the option with the tag ${tag} to the tier's ticket field in Zendesk (Admin Center > Objects and rules > Tickets > Fields).`,
  });
}

/**
 * Makes sure the tags really are as wanted.
 *
 * Assumption: `additional_tags` and `remove_tags` work on a single ticket's PUT. Zendesk's OpenAPI file lists them only
 * for update_many; several code bases use them here (facts on ticket writes, read 2026-11-22). Where the answer shows
 * otherwise, the documented tag endpoints do it, each conditional on the stamp just read.
 */
async function settleTags(
  client: ZendeskClient,
  written: ZendeskTicket,
  change: TicketChange,
  lane: Lane,
): Promise<ZendeskTicket> {
  const has = (ticket: ZendeskTicket, tag: string): boolean =>
    ticket.tags.some((present) => present.toLowerCase() === tag.toLowerCase());
  let ticket = written;
  const missing = (change.tagsAdd ?? []).filter((tag) => !has(ticket, tag));
  if (missing.length > 0) ticket = await changeTags(client, ticket, "addTags", missing, lane);
  const left = (change.tagsRemove ?? []).filter((tag) => has(ticket, tag));
  if (left.length > 0) ticket = await changeTags(client, ticket, "removeTags", left, lane);
  return ticket;
}

/** The tag endpoints answer with tags alone, so the new stamp costs a read. */
async function changeTags(
  client: ZendeskClient,
  ticket: ZendeskTicket,
  endpoint: "addTags" | "removeTags",
  tags: readonly string[],
  lane: Lane,
): Promise<ZendeskTicket> {
  const stamp = { updated_stamp: ticket.updated_at.text, safe_update: true };
  const ids = [ticket.id];
  const doing = `${endpoint === "addTags" ? "adding tags to" : "removing tags from"} ticket ${ticket.id}`;
  await client.call(
    endpoint === "addTags"
      ? { endpoint, ids, json: { tags, ...stamp }, lane, doing }
      : { endpoint, ids, query: { tags: tags.join(",") }, json: stamp, lane, doing },
  );
  const answer = await client.call({ endpoint: "showTicket", ids, lane, doing });
  return ticketFrom(answer?.body, doing);
}

function replacedIn(value: unknown, names: Names): TicketWritten["replaced"] {
  const audit = auditSchema.safeParse(value);
  return audit.success ? replacedBy(audit.data, names) : {};
}

function untouched(reading: TicketReading): TicketWritten {
  const { stamp, priority, group, tags } = reading;
  return { stamp, priority, group, tags, replaced: {}, warnings: [] };
}
