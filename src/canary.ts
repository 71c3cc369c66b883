/**
 * The whole way through, once: a test ticket is made, told to the running service, decided, written and verified; then it
 * is solved and its decisions are taken out of the figures. What it does not reach is named.
 *
 * It looks from outside: at the desk, and at the store that the service writes. The service itself is not asked.
 */

import { ourWebhooks } from "./check/webhook-lines.ts";
import type { Instant, Policy } from "./policy/model.ts";
import type { Clock, DecisionRecord, Desk, Store, TestTickets } from "./ports.ts";
import { pausedSince } from "./switches.ts";

/** What a ticket passes, in this order. */
export type Station = "ticket" | "webhook" | "decision" | "write" | "sla";

export interface CanaryPorts {
  readonly desk: Pick<Desk, "name" | "readTicket" | "inspect" | "invocations">;
  readonly testTickets: TestTickets;
  readonly store: Pick<Store, "inbox" | "ledger" | "register">;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly publicUrl: string | null;
  /** In whose name the ticket is made. */
  readonly requester: { readonly name: string; readonly email: string };
  /** Told at every station, for whoever watches. */
  readonly reached: (station: Station, detail: string) => void;
}

/** A station it did not reach. */
export interface Missed {
  readonly station: Station;
  readonly detail: string;
  readonly fix: string;
}

export interface CanaryReport {
  /** null = none could be made. */
  readonly ticketId: string | null;
  readonly reached: readonly { readonly station: Station; readonly detail: string }[];
  /** null = it got through. */
  readonly missed: Missed | null;
  readonly ms: number;
}

/**
 * A reserved address that takes no mail (RFC 2606; example.com publishes a null MX): nobody is written to, and no customer
 * of ours is matched.
 */
export const CANARY_REQUESTER = {
  name: "Priority support test",
  email: "priority-support-canary@example.com",
} as const;

/** How long each station may take. The sweep finds a ticket without a webhook after 90 s: it must not hide a dead one. */
const PATIENCE_MS: Readonly<Record<Station, number>> = {
  ticket: 0,
  webhook: 60_000,
  decision: 60_000,
  write: 15_000,
  sla: 60_000,
};
const LOOK_MS = 500;
/** Setting that holds the test ticket that is under way: one that was left behind is cleaned up by the next run. */
const UNDER_WAY = "canary";

/** Sends it through. @throws what the desk or the store throws; the ticket is taken out of the way all the same. */
export async function sendCanary(ports: CanaryPorts): Promise<CanaryReport> {
  const started = ports.clock.now();
  const { register } = ports.store;
  const left = (await register.setting(UNDER_WAY)) ?? "";
  if (left !== "") await cleanedUp(ports, left);
  const shut = await closedNow(ports);
  if (shut !== null) return { ticketId: null, reached: [], missed: shut, ms: 0 };
  const { id } = await ports.testTickets.open({
    requester: ports.requester,
    subject: "Test of priority support: please ignore",
    body: "This ticket tests whether new tickets are decided and verified. It is solved by itself within minutes.",
    tags: [`${ports.policy.prefix}canary`],
  });
  await register.setSetting(UNDER_WAY, id);
  const reached: { station: Station; detail: string }[] = [];
  const note = (station: Station, detail: string): void => {
    reached.push({ station, detail });
    ports.reached(station, detail);
  };
  try {
    note("ticket", `ticket ${id} was made`);
    const missed = await along(ports, id, note);
    return { ticketId: id, reached, missed, ms: ports.clock.now() - started };
  } finally {
    await cleanedUp(ports, id);
  }
}

/** Nothing would be written: the test would only wait. */
async function closedNow({ store: { register } }: CanaryPorts): Promise<Missed | null> {
  const simulating = (await register.setting("mode")) === "simulate";
  if (simulating || (await pausedSince(register)) !== null)
    return {
      station: "ticket",
      detail: `${simulating ? "The service simulates" : "Writing outside is paused"}: a test ticket would not be written.`,
      fix: simulating ? "Switch simulating off first." : "Run `priority-support resume` first.",
    };
  return null;
}

/** Solved, out of the figures, and forgotten. */
async function cleanedUp({ testTickets, store }: CanaryPorts, id: string): Promise<void> {
  await testTickets.solve(id);
  await store.ledger.drop(id);
  await store.register.setSetting(UNDER_WAY, "");
}

async function along(
  ports: CanaryPorts,
  id: string,
  note: (station: Station, detail: string) => void,
): Promise<Missed | null> {
  const { inbox } = ports.store;
  const from = ports.clock.now();
  const since = (): string => `after ${Math.round((ports.clock.now() - from) / 100) / 10} s`;
  const told = await within(ports, "webhook", async () =>
    (await inbox.unheardOf(ports.desk.name, [id])).length === 0 ? true : null,
  );
  if (told === null) return untold(ports, from);
  note("webhook", `told to the service ${since()}`);
  const decided = await within(ports, "decision", () => decisionOf(ports, id));
  if (decided === null) return undecided(ports, id);
  note("decision", `${words(decided)} ${since()}`);
  const unwritten = await within(ports, "write", () => writtenAs(ports, id, decided));
  if (unwritten !== "as decided") return notWritten(unwritten, decided);
  note("write", `${decided.change === null ? "nothing had to be written" : "written"} ${since()}`);
  const record = await within(ports, "sla", async () => {
    const now = await decisionOf(ports, id);
    return now !== null && now.verification !== null ? now : null;
  });
  return verified(record, note, since());
}

/** Looks until there is an answer or the station's time is up. */
async function within<T>(
  { clock }: CanaryPorts,
  station: Station,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const until = clock.now() + PATIENCE_MS[station];
  for (;;) {
    const found = await look();
    if (found !== null || clock.now() >= until) return found;
    await clock.sleep(LOOK_MS);
  }
}

async function decisionOf({ store }: CanaryPorts, id: string): Promise<DecisionRecord | null> {
  const [newest] = await store.ledger.decisionsOf(id);
  return newest === undefined || newest.state === "intended" ? null : newest;
}

function words({ decision }: DecisionRecord): string {
  return decision.action === "skip"
    ? `left alone (${decision.reasons.join(", ")})`
    : `decided: ${decision.tier}, priority ${decision.priority ?? "none"}`;
}

/** Is the ticket as decided? Anything else is in words; null = not yet. */
async function writtenAs(ports: CanaryPorts, id: string, record: DecisionRecord): Promise<string | null> {
  const { decision } = record;
  if (decision.action === "skip") return "left alone";
  if (record.state === "simulated") return "simulated";
  const ticket = await ports.desk.readTicket(id, "live");
  if (ticket === null) return "the ticket is gone";
  const missing = decision.tagsAdd.filter((tag) => !ticket.tags.includes(tag));
  return missing.length === 0 && ticket.priority === decision.priority ? "as decided" : null;
}

/** The desk did not tell us: is there a webhook, and how did its last calls end? */
async function untold(ports: CanaryPorts, from: Instant): Promise<Missed> {
  const [webhook] = ourWebhooks(await ports.desk.inspect(), ports.publicUrl);
  if (webhook === undefined)
    return {
      station: "webhook",
      detail: "No webhook of the help desk calls this service.",
      fix: "Run `priority-support apply`.",
    };
  const calls = (await ports.desk.invocations(webhook.id)).filter((call) => (call.at ?? 0) >= from - 1_000);
  const [last] = calls;
  if (last === undefined)
    return {
      station: "webhook",
      detail: `The webhook ${webhook.name} was not called within a minute.`,
      fix: "Look at the webhook lines of this check: webhook and trigger must be active, and the trigger's conditions must fit.",
    };
  return {
    station: "webhook",
    detail: `The webhook ${webhook.name} was called and ended with ${last.statusCode ?? last.status}; the delivery is not in the store.`,
    fix: "Look whether `priority-support serve` runs on the same DATABASE_URL, and whether PUBLIC_URL leads to it.",
  };
}

async function undecided({ store }: CanaryPorts, id: string): Promise<Missed> {
  const parked = (await store.inbox.parked(100)).find((one) => one.subjectId === id);
  if (parked !== undefined)
    return { station: "decision", detail: `It was parked: ${parked.reason}`, fix: parked.fix };
  return {
    station: "decision",
    detail: "The delivery is stored, and nobody has decided the ticket within a minute.",
    fix: "Look at the service's log and at /readyz: is a worker running, and is the help desk closed to it?",
  };
}

function notWritten(how: string | null, { decision, state }: DecisionRecord): Missed {
  const reasons = decision.reasons.join(", ");
  if (decision.action === "skip")
    return {
      station: "decision",
      detail: `The ticket was left alone: ${reasons}.`,
      fix: "Give --requester the address of a test customer that the policy's scope does not exclude.",
    };
  if (state === "simulated")
    return {
      station: "write",
      detail: "The service was started with --simulate: it decided and wrote nothing.",
      fix: "Start it without --simulate.",
    };
  return {
    station: "write",
    detail:
      how === null
        ? "The ticket is not as decided: something changes it back."
        : `The ticket is not as decided: ${how}.`,
    fix: "Look at the ticket's events for a trigger that runs after us, and at `priority-support check`.",
  };
}

function verified(
  record: DecisionRecord | null,
  note: (station: Station, detail: string) => void,
  since: string,
): Missed | null {
  const found = record?.verification ?? null;
  if (found === null)
    return {
      station: "sla",
      detail: "The SLA was not read back within a minute.",
      fix: "Look at the service's log: reading SLA clocks fails, or the API budget is used up.",
    };
  if (!found.ok)
    return { station: "sla", detail: found.detail, fix: found.fix ?? "Look at the SLA lines of this check." };
  note("sla", `${found.detail} ${since}`);
  return null;
}
