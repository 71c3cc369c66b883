/** What a decision changes on the ticket as it was read, and what the ticket was before. */
import { changeOf } from "./policy/change.ts";
import { LIVE_CHANNELS } from "./policy/live-channels.ts";
import type { ApplyDecision, PrioritySetter, Situation, TicketChange } from "./policy/model.ts";
import type { TicketImage, TicketReading } from "./ports.ts";

/** The difference between the ticket and its decision; null = there is none. */
export function changeFor(
  reading: TicketReading,
  situation: Situation,
  decision: ApplyDecision,
): TicketChange | null {
  const wanted = LIVE_CHANNELS.includes(reading.channel) ? { ...decision, group: reading.group } : decision;
  const change = changeOf({ ...situation.ticket, followerIds: reading.followerIds }, wanted);
  if (reading.tierField === undefined || reading.tierField === decision.tier) return change;
  return { ...change, tier: decision.tier };
}

/** The writable part of the ticket before us; all empty when it could not be read. */
export function imageOf(reading: TicketReading | null, prioritySetBy: PrioritySetter): TicketImage {
  return {
    priority: reading?.priority ?? null,
    prioritySetBy,
    group: reading?.group ?? null,
    tags: reading?.tags ?? [],
    organizationId: reading?.organizationId ?? null,
    requesterId: reading?.requesterId ?? null,
    ...(reading !== null && openedByStaff(reading) ? { openedByStaff: true } : {}),
  };
}

function openedByStaff({ submitterRole, submitterId, requesterId }: TicketReading): boolean {
  return (submitterRole === "agent" || submitterRole === "admin") && submitterId !== requesterId;
}
