/**
 * Watches every change on the desk while a run lasts, and knows what it should not have seen: a person's value replaced
 * and not given back, a write while writing is paused, a promise broken on an open ticket.
 */
import type { Audit, DeskTicket, FieldChange } from "./desk-model.ts";
import type { Life } from "./simulation.ts";

type Field = "priority" | "group";

/** A value of a person's that we replaced. */
interface Replaced {
  readonly ticketId: string;
  readonly field: Field;
  readonly value: string;
  readonly by: string;
  /** Still to be given back: nobody has set anything else since. */
  open: boolean;
  done: boolean;
}

/** Where a ticket was moved to, and whether we were told. */
export interface Moved {
  readonly organizationId: string;
  told: boolean;
}

export interface Witness {
  readonly breach: (what: string) => void;
  readonly breaches: () => readonly string[];
  /** A change on the desk, by anybody. */
  readonly changed: (ticket: DeskTicket, audit: Audit) => void;
  /** A ticket was deleted. */
  readonly removed: (ticketId: string) => void;
  /** A process begins to write outside. */
  readonly begins: (life: Life, what: string) => void;
  /** Writing is stopped from now on, or goes on. */
  readonly stopped: (how: "paused" | "simulating", since: number | null) => void;
  /** On, or over so shortly that the sweep may not have begun anew. */
  readonly isSimulating: () => boolean;
  /** Keys of the webhooks that were acknowledged. */
  readonly acknowledged: string[];
  readonly moved: Map<string, Moved>;
  /** Tickets that were looked at while simulating: they are left until somebody asks for them. */
  readonly excused: Set<string>;
  /** Does an audit of ours give a person's value back? */
  readonly isGivenBack: (audit: Audit) => boolean;
}

export interface WitnessOptions {
  readonly now: () => number;
  /** Have we looked at this ticket already, by the ledger? */
  readonly isKnown: (ticketId: string) => boolean;
}

const RANK: readonly (string | null)[] = ["low", "normal", "high", "urgent"];
/** The only group from which a ticket is routed on although it has one. */
const REROUTABLE = "Support";
/** A write that was decided just before the pause may still be on its way for as long as its lease. */
const STOP_TAKES_MS = 30_000;
/** Turns an hour after which a field is left to another automation. */
const MOST_TURNS = 3;
const HOUR_MS = 3_600_000;
/** After simulation the sweep begins where its next round does; a process that stands still takes longer. */
const SWEEP_BEGINS_MS = 300_000;

/** Watches from the first change on. */
export function openWitness({ now, isKnown }: WitnessOptions): Witness {
  const found: string[] = [];
  const peoples = new Map<string, string>();
  const ours = new Map<string, string>();
  const replaced: Replaced[] = [];
  const givenBack = new Set<Audit>();
  let liveSince = Number.NEGATIVE_INFINITY;
  const stops = new Map<string, number>();
  const breach = (what: string): void => void found.push(what);
  const isTheirs = (ticket: DeskTicket, field: Field, value: string): boolean => {
    if (ours.get(`${ticket.id} ${field}`) === value) return false;
    return field === "priority" || value !== REROUTABLE || isKnown(ticket.id);
  };
  /** Nothing goes back onto a ticket that has ended. */
  const over = (ticketId: string): void => {
    for (const one of replaced) if (one.ticketId === ticketId) one.open = false;
  };
  const byOthers = (ticket: DeskTicket, audit: Audit, { after }: FieldChange, field: Field): void => {
    const place = `${ticket.id} ${field}`;
    for (const one of replaced) if (one.ticketId === ticket.id && one.field === field) one.open = false;
    peoples.delete(place);
    if (audit.author === "agent" && after !== null && isTheirs(ticket, field, after))
      peoples.set(place, after);
  };
  const byUs = (ticket: DeskTicket, audit: Audit, change: FieldChange, field: Field): void => {
    const place = `${ticket.id} ${field}`;
    // Who sets our value by hand meanwhile cannot be told from us, and gets the earlier choice back.
    const mine = replaced.find(
      (one) => !one.done && one.ticketId === ticket.id && one.field === field && one.value === change.after,
    );
    if (mine !== undefined) {
      mine.open = false;
      mine.done = true;
      givenBack.add(audit);
      peoples.set(place, mine.value);
      return;
    }
    const theirs = peoples.get(place);
    if (theirs !== undefined && theirs === change.before)
      replaced.push({ ticketId: ticket.id, field, value: theirs, by: audit.by, open: true, done: false });
    peoples.delete(place);
    if (change.after !== null) ours.set(place, change.after);
    judged(ticket, audit, change, field);
  };
  const judged = (ticket: DeskTicket, audit: Audit, change: FieldChange, field: Field): void => {
    const earlier = ticket.audits.filter(
      (one) => one !== audit && one.author === "us" && !givenBack.has(one),
    );
    if (field === "group" && audit.assigneeBefore !== null)
      breach(`ticket ${ticket.id} was moved to ${change.after} although somebody works on it`);
    const sinks = RANK.indexOf(change.after) < RANK.indexOf(change.before);
    if (field === "priority" && sinks && earlier.length > 0)
      breach(`the priority of ticket ${ticket.id} was lowered to ${change.after} after it had been decided`);
    const turns = earlier.filter(
      (one) =>
        one.at > audit.at - HOUR_MS &&
        one.changes.some((each) => each.field === field && each.after === change.after),
    );
    if (turns.length >= MOST_TURNS)
      breach(`the ${field} of ticket ${ticket.id} was fought over for more than ${MOST_TURNS} turns`);
  };
  return {
    breach,
    breaches: () => [
      ...found,
      ...replaced
        .filter((one) => one.open)
        .map(
          ({ ticketId, field, value, by }) =>
            `${by} overwrote the ${field} ${value} that a person had set on ticket ${ticketId}`,
        ),
    ],
    changed: (ticket, audit) => {
      if (ticket.status === "closed") over(ticket.id);
      for (const change of audit.changes) {
        if (change.field === "tags" && audit.author === "us") onlyOurTags(ticket, audit, change, breach);
        if (change.field !== "priority" && change.field !== "group") continue;
        if (audit.author === "us") byUs(ticket, audit, change, change.field);
        else byOthers(ticket, audit, change, change.field);
      }
      if (audit.author === "us" && audit.tagsBefore.includes("ps_skip") && !givenBack.has(audit))
        breach(`${audit.by} wrote ticket ${ticket.id}, which is tagged ps_skip`);
    },
    removed: over,
    begins: (life, what) => {
      // What we took from a person goes back to them at any time.
      if (replaced.some((one) => one.open && what === `ticket ${one.ticketId}`)) return;
      for (const [how, since] of stops)
        if (now() - since > STOP_TAKES_MS)
          breach(`${life.name} wrote ${what} although the service is ${how}`);
    },
    stopped: (how, since) => {
      // A simulated decision takes the place of one in doubt: what that one had seen before a person's move is forgotten.
      if (how === "simulating")
        for (const [place, value] of peoples)
          if (place.endsWith(" group") && value === REROUTABLE) peoples.delete(place);
      if (since !== null) stops.set(how, since);
      if (since === null && stops.delete(how) && how === "simulating") liveSince = now();
    },
    isSimulating: () => stops.has("simulating") || now() - liveSince < SWEEP_BEGINS_MS,
    acknowledged: [],
    moved: new Map(),
    excused: new Set(),
    isGivenBack: (audit) => givenBack.has(audit),
  };
}

function onlyOurTags(
  ticket: DeskTicket,
  audit: Audit,
  { before, after }: FieldChange,
  breach: (what: string) => void,
): void {
  const [left, right] = [before, after].map((tags) => (tags ?? "").split(" ").filter((tag) => tag !== ""));
  const touched = [
    ...(left ?? []).filter((tag) => !right?.includes(tag)),
    ...(right ?? []).filter((tag) => !left?.includes(tag)),
  ];
  const foreign = touched.filter((tag) => !tag.startsWith("ps_") || tag === "ps_skip");
  if (foreign.length > 0) breach(`${audit.by} touched the tags ${foreign.join(" ")} of ticket ${ticket.id}`);
}
