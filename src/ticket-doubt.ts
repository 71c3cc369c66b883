/**
 * A write of ours whose answer never came: did it arrive, and may it still?
 *
 * A write that is made again settles the doubt by itself: it bears the same decision id, and of two with the same stamp the
 * desk takes one. Where nothing is to be written any more, because the service simulates now or the policy changed, only
 * waiting settles it.
 */
import type { Log } from "./log.ts";
import type { DecisionRecord, Delivery, Desk, Lane, TicketImage } from "./ports.ts";
import { giveBack } from "./ticket-give-back.ts";

/**
 * Six times the deadline of a request, from when its ticket was looked at again: what the desk has not carried out by then
 * it does not carry out.
 */
export const IN_DOUBT = { reason: "in_doubt", afterMs: 60_000 };

/** What a ticket's image and a reading of it have in common. */
type Seen = Pick<TicketImage, "priority" | "group" | "tags" | "organizationId">;

/**
 * May a write in doubt that is not on the ticket still arrive? Not where the ticket was changed since the write was decided:
 * it bears another stamp. Nor where one of the claim's deliveries was put off for just that: it waited the whole time, by
 * the store's clock.
 */
export function mayStillArrive(
  { before }: { readonly before: Seen },
  { deliveries }: { readonly deliveries: readonly Pick<Delivery, "reason">[] },
  reading: Seen,
): boolean {
  const has = (tags: readonly string[]): string => tags.toSorted().join(" ");
  const isUntouched =
    before.priority === reading.priority &&
    before.group === reading.group &&
    before.organizationId === reading.organizationId &&
    has(before.tags) === has(reading.tags);
  return isUntouched && deliveries.every(({ reason }) => reason !== IN_DOUBT.reason);
}

/** The decision as it ended, if its write arrived after all; null = it did not. */
export async function foundApplied(
  ports: { readonly desk: Desk; readonly log: Log },
  doubtful: DecisionRecord,
  lane: Lane,
): Promise<DecisionRecord | null> {
  const { decisionIds, replaced } = await ports.desk.readHistory(doubtful.ticketId, lane);
  if (!decisionIds.includes(doubtful.id)) return null;
  // A second write of the same decision was the one that gave a person's value back.
  const isBack = decisionIds.filter((id) => id === doubtful.id).length > 1;
  const done = { draft: doubtful, lane, replaced: replaced?.get(doubtful.id) ?? {}, isBack };
  const end = await giveBack(ports, done);
  const more = end.outcome === "written" ? "" : `: ${end.outcome}`;
  return { ...doubtful, ...end, state: "written", outcome: `found applied after a restart${more}` };
}
