/**
 * What a person wrote in the same second, and our write replaced, goes back at once.
 *
 * The stamp's second had ended when we read, so this is the second line of defence: the desk compares and writes in two
 * steps, and somebody may come between.
 */
import { CannotApply } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Priority, TicketChange } from "./policy/model.ts";
import type { DecisionRecord, Desk, Lane, TicketWritten } from "./ports.ts";

/** A write that went through; `before` of its decision tells what we had read. */
export interface DoneWrite {
  readonly draft: DecisionRecord;
  readonly lane: Lane;
  readonly replaced: TicketWritten["replaced"];
  /** It went back before a restart; only the record is still to be made true. Left out = no. */
  readonly isBack?: boolean;
}

/** How the decision ended, and what really was there before us. */
export type TrueEnd = Pick<DecisionRecord, "outcome" | "before">;

/** Gives a person's priority and group back, unless somebody has set something else since. */
export async function giveBack(
  { desk, log }: { readonly desk: Desk; readonly log: Log },
  { draft, lane, replaced: { priority, group }, isBack = false }: DoneWrite,
): Promise<TrueEnd> {
  const { before, change } = draft;
  const theirPriority = isTheirs(priority, before.priority) ? priority : null;
  const theirGroup = isTheirs(group, before.group) ? group : null;
  const theirs = [...(theirPriority === null ? [] : ["priority"]), ...(theirGroup === null ? [] : ["group"])];
  if (theirs.length === 0) return { outcome: "written", before };
  const fresh = isBack ? null : await desk.readTicket(draft.ticketId, lane);
  const back: TicketChange = {
    ...(theirPriority !== null && fresh?.priority === change?.priority ? { priority: theirPriority } : {}),
    ...(theirGroup !== null && fresh?.group === change?.group ? { group: theirGroup } : {}),
  };
  const isEnded = await endsMeanwhile(async () => {
    if (fresh !== null && Object.keys(back).length > 0) await desk.writeTicket(fresh, back, draft.id, lane);
  });
  const what = isEnded ? "could not be put back, the ticket has ended" : "was put back";
  log.warn(
    { ticket: draft.ticketId, fields: theirs, isEnded },
    "an agent wrote in the same second as we did",
  );
  return {
    outcome: `written; the ${theirs.join(" and the ")} a person set in the same second ${what}`,
    before: {
      ...before,
      ...(theirPriority === null ? {} : { priority: theirPriority, prioritySetBy: "agent" as const }),
      ...(theirGroup === null ? {} : { group: theirGroup }),
    },
  };
}

/** true = the ticket was closed or deleted in between, and nothing can be written any more. */
async function endsMeanwhile(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof CannotApply) return true;
    throw error;
  }
}

/** Another value than we had read. An emptied field cannot be emptied again: Zendesk refuses a blank priority. */
function isTheirs<Value extends Priority | string>(
  replaced: Value | null | undefined,
  read: Value | null,
): replaced is Value {
  return replaced !== undefined && replaced !== null && replaced !== read;
}
