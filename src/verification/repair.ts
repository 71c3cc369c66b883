/**
 * Lets the help desk match its SLA policies on a ticket anew, once: by repeating its priority, or by putting back the
 * tier's tag. Never after a person's change, never where something else of ours would have to be decided.
 */
import { CannotApply, NeedsAdmin, Outdated, Paused, TryAgain } from "../errors.ts";
import type { ApplyDecision, Policy, TicketChange } from "../policy/model.ts";
import { tierTag } from "../policy/tags.ts";
import type { Clock, DecisionRecord, Desk, SlaRepair, TicketReading } from "../ports.ts";

export interface RepairPorts {
  readonly desk: Pick<Desk, "readTicket" | "readHistory" | "writeTicket">;
  readonly clock: Clock;
  /** false = writing outside is paused, or we only simulate. */
  readonly mayWrite: () => Promise<boolean>;
  readonly policy: () => Policy;
}

/** How it ended. */
export type RepairEnd = Pick<SlaRepair, "end" | "why">;

const OPEN: readonly string[] = ["new", "open", "pending", "hold"];
/** A stamp is a whole second: one that still runs is no fence. */
const SECOND_MS = 1_100;

/** Writes it, or says why not. Never throws what a desk may answer: a repair is tried once. */
export async function repaired(
  ports: RepairPorts,
  record: DecisionRecord & { readonly decision: ApplyDecision },
  how: SlaRepair["how"],
): Promise<RepairEnd> {
  if (!(await ports.mayWrite())) return left("nothing is written outside at present");
  try {
    const reading = await closedReading(ports, record.ticketId);
    const against = reading === null ? "the ticket is gone" : await againstIt(ports, record, reading);
    if (reading === null || against !== null) return left(against ?? "");
    const change = changeFor(how, reading, record.decision, ports.policy());
    await ports.desk.writeTicket(reading, change, record.id, "backfill");
    return { end: "done", why: "" };
  } catch (error) {
    if (error instanceof Outdated) return left("somebody changed the ticket at the same moment");
    if (
      error instanceof CannotApply ||
      error instanceof NeedsAdmin ||
      error instanceof Paused ||
      error instanceof TryAgain
    )
      return left(error.message);
    throw error;
  }
}

function left(why: string): RepairEnd {
  return { end: "left", why };
}

/** The ticket, read when the second of its stamp had ended; null = it is gone. */
async function closedReading({ desk, clock }: RepairPorts, id: string): Promise<TicketReading | null> {
  const first = await desk.readTicket(id, "backfill");
  if (first === null || first.stampClosed) return first;
  await clock.sleep(SECOND_MS);
  return desk.readTicket(id, "backfill");
}

/** Why it must not be written; null = it may. */
async function againstIt(
  { desk }: RepairPorts,
  { id, decision, before, change }: DecisionRecord & { readonly decision: ApplyDecision },
  reading: TicketReading,
): Promise<string | null> {
  if (!OPEN.includes(reading.status)) return `the ticket is ${reading.status}`;
  if (!reading.stampClosed) return "the ticket keeps changing";
  if (reading.priority !== decision.priority) return "somebody changed the priority since";
  // Our own write may be the last one where it gave back the group a person chose in the same second.
  if (reading.group !== (change?.group ?? before.group)) return "the ticket was moved to another group since";
  const { newest } = await desk.readHistory(reading.id, "backfill");
  if (newest?.creation === true || newest?.decisionId === id) return null;
  // A later decision of ours has its own read-back: repairing this one would put back what that one took away.
  return (newest?.decisionId ?? null) === null
    ? "somebody changed the ticket since"
    : "it was decided anew since";
}

/**
 * Assumption: an update counts as an event also where it changes nothing (remembered, not verified). Where it does not,
 * nothing happens, and the ticket is reported as it is.
 */
function changeFor(
  how: SlaRepair["how"],
  reading: TicketReading,
  decision: ApplyDecision,
  policy: Policy,
): TicketChange {
  if (how === "retag") return { tagsAdd: [tierTag(decision.tier, policy)] };
  return reading.priority === null ? {} : { priority: reading.priority };
}
