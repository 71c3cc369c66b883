/** What must be written on a ticket so that it looks as decided. */
import type { ApplyDecision, Ticket, TicketChange } from "./model.ts";

/** A ticket with what is known of its followers and of its tier drop-down. */
export type WrittenTicket = Ticket & {
  /** Ids of those who follow it; absent = none known. */
  readonly followerIds?: readonly string[] | undefined;
  /** Tier now in the drop-down, null = empty; absent = there is no such field. */
  readonly tierField?: string | null | undefined;
};

/** The writes that are still needed; null = the ticket already looks as decided. */
export function changeOf(ticket: WrittenTicket, decision: ApplyDecision): TicketChange | null {
  const { priority, group, tier } = decision;
  const tagsAdd = decision.tagsAdd.filter((tag) => !ticket.tags.includes(tag));
  const tagsRemove = decision.tagsRemove.filter((tag) => ticket.tags.includes(tag));
  const followersAdd = decision.followersAdd.filter((agent) => !ticket.followerIds?.includes(agent));
  const change: TicketChange = {
    ...(priority !== null && priority !== ticket.priority ? { priority } : {}),
    ...(group !== null && group !== ticket.group ? { group } : {}),
    ...(tagsAdd.length > 0 ? { tagsAdd } : {}),
    ...(tagsRemove.length > 0 ? { tagsRemove } : {}),
    ...(followersAdd.length > 0 ? { followersAdd } : {}),
    ...(ticket.tierField !== undefined && ticket.tierField !== tier ? { tier } : {}),
  };
  return Object.keys(change).length === 0 ? null : change;
}
