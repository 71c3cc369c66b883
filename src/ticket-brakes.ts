/** Stops a tug-of-war: what another automation keeps changing back is left to it, with the reason. */
import { tugOfWar } from "./alerts.ts";
import type { Log } from "./log.ts";
import type { TicketChange } from "./policy/model.ts";
import type { DecisionRecord, Ledger, Notice } from "./ports.ts";

/** The fields two automations can fight over. */
export type FoughtField = "priority" | "group";

const FIELDS: readonly FoughtField[] = ["priority", "group"];
/** Writes of the same value within the window before a field is given up. */
const TURNS = 3;
const WINDOW_MS = 3_600_000;

/**
 * Fields of a change that must not be written (again).
 *
 * We only ever write what differs, so three writes of one value within an hour mean that it was changed away in between
 * each time. Whose hand it was does not matter for stopping; a person's priority was kept long before. A field that was
 * given up stays given up for this ticket.
 */
export function foughtOver(
  change: TicketChange,
  earlier: readonly DecisionRecord[],
  now: number,
): readonly FoughtField[] {
  const turns = (field: FoughtField): number =>
    earlier.filter(
      (one) =>
        one.state === "written" && one.change?.[field] === change[field] && one.decidedAt > now - WINDOW_MS,
    ).length;
  return FIELDS.filter(
    (field) => change[field] !== undefined && (givenUp(field, earlier) || turns(field) >= TURNS),
  );
}

function givenUp(field: FoughtField, earlier: readonly DecisionRecord[]): boolean {
  return earlier.some((one) => one.decision.reasons.includes(reasonFor(field)));
}

function reasonFor(field: FoughtField): string {
  return `ping_pong:${field}`;
}

/** The draft without what another automation keeps changing back; costs a look at the ledger, and only where we wrote before. */
export async function withoutPingPong(
  ports: {
    readonly ledger: Pick<Ledger, "decisionsOf">;
    readonly log: Log;
    /** Called where a field is given up; left out = nobody is told. */
    readonly tell?: ((notice: Notice) => void) | undefined;
  },
  draft: DecisionRecord,
): Promise<DecisionRecord> {
  const { change, decision } = draft;
  if (change === null || FIELDS.every((field) => change[field] === undefined)) return draft;
  const earlier = (await ports.ledger.decisionsOf(draft.ticketId)).filter((one) => one.id !== draft.id);
  const fields = foughtOver(change, earlier, draft.decidedAt);
  if (fields.length === 0) return draft;
  for (const field of fields.filter((one) => !givenUp(one, earlier))) {
    ports.log.warn(
      { ticket: draft.ticketId, field },
      "another automation keeps changing a field back; it is left",
    );
    ports.tell?.(tugOfWar(draft.ticketId, field));
  }
  const rest = Object.fromEntries(
    Object.entries(change).filter(([key]) => !fields.some((field) => field === key)),
  );
  return {
    ...draft,
    decision: { ...decision, reasons: [...decision.reasons, ...fields.map(reasonFor)] },
    change: Object.keys(rest).length === 0 ? null : rest,
    outcome: `left: another automation keeps changing the ${fields.join(" and the ")} back`,
  };
}
