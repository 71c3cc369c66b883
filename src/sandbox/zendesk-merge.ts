/** Merging tickets: the others end closed, with Zendesk's tag and a comment that points to the one that stays. */
import type { Json } from "./zendesk-records.ts";
import { type Author, updateTicket } from "./zendesk-tickets.ts";
import { liveTicket, numeric, type World } from "./zendesk-world.ts";

/** Closes every ticket of `ids` into `targetId`; one result row each. */
export function mergeTickets(
  world: World,
  targetId: string,
  ids: readonly string[],
  author: Author,
): readonly Json[] {
  return ids.map((id, index) => {
    const source = liveTicket(world, id);
    const target = liveTicket(world, targetId);
    if (source === null || target === null || source.status === "closed" || id === targetId)
      return { index, id: numeric(id), error: "TicketMergeFailed", details: `Ticket ${id} cannot be merged` };
    updateTicket(
      world,
      source,
      {
        status: "closed",
        additional_tags: ["closed_by_merge"],
        comment: { body: `This request was closed and merged into request #${targetId}`, public: false },
      },
      { ...author, rel: "merge" },
    );
    updateTicket(
      world,
      target,
      { comment: { body: `Request #${id} was closed and merged into this request.`, public: false } },
      author,
    );
    return { index, id: numeric(id), action: "merge", status: "Updated", success: true };
  });
}
