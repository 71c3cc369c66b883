/** Omnichannel routing with custom queues: which queue takes a ticket, and who is given it. */
import { meets } from "./zendesk-conditions.ts";
import type { QueueRecord, TicketRecord, UserRecord } from "./zendesk-records.ts";
import type { World } from "./zendesk-world.ts";

/** Queues in the order in which they are tried. */
export const queuesInOrder = (world: World): readonly QueueRecord[] =>
  [...world.state.queues.values()].sort((a, b) => a.order - b.order);

/**
 * The ticket with the first queue that fits it, looked at on every ticket event after the triggers. A queue routes by
 * its own groups: what the ticket's group field says no longer matters
 * (https://support.zendesk.com/hc/en-us/articles/6712096584090, as quoted by others; read 2026-11-22).
 */
export function withQueue(world: World, ticket: TicketRecord): TicketRecord {
  if (!world.behaviour.queues || ticket.assigneeId !== null || !["new", "open"].includes(ticket.status))
    return { ...ticket, queueId: null };
  const moment = { ticket, before: ticket, actor: null, channel: ticket.channel, commentPublic: null };
  const queue = queuesInOrder(world).find((one) => meets(world, one.definition, moment));
  return { ...ticket, queueId: queue?.id ?? null };
}

/**
 * Agent and group that routing gives a ticket to: the first active agent of the queue's primary groups, then of its
 * secondary ones; without a queue, of the ticket's own group. null = nobody is there.
 */
export function nextAgent(
  world: World,
  ticket: TicketRecord,
): { readonly agent: UserRecord; readonly groupId: string } | null {
  const queue = ticket.queueId === null ? undefined : world.state.queues.get(ticket.queueId);
  const own = ticket.groupId === null ? [] : [ticket.groupId];
  const groupIds = queue === undefined ? own : [...queue.primaryGroupIds, ...queue.secondaryGroupIds];
  const staff = [...world.state.users.values()].filter(
    (user) => user.role !== "end-user" && user.active && !user.suspended,
  );
  for (const groupId of groupIds) {
    const agent = staff.find((user) => user.groupIds.includes(groupId));
    if (agent !== undefined) return { agent, groupId };
  }
  return null;
}
