/** The demo's script of live tickets: each is sent in, followed through the service, and read back from the desk. */
import type { Service } from "../main.ts";
import type { Policy } from "../policy/model.ts";
import type { DecisionRecord } from "../ports.ts";
import { type Dataset, type DemoTicket, demoTickets } from "../sandbox/dataset.ts";
import type { ZendeskSandbox } from "../sandbox/zendesk.ts";
import type { DemoClock } from "./demo-clock.ts";
import { formId } from "./desk-seed.ts";

/** Tickets on their way at the same time; more would only wait for each other's second to end. */
const AT_ONCE = 6;

/** One ticket's way through the service. */
export interface DemoResult {
  readonly id: string;
  readonly shows: string;
  readonly subject: string;
  readonly account: string | null;
  readonly customer: string;
  readonly tier: string | null;
  readonly before: {
    readonly priority: string | null;
    readonly group: string | null;
    readonly tags: readonly string[];
  };
  readonly after: {
    readonly priority: string | null;
    readonly group: string | null;
    readonly tags: readonly string[];
  };
  readonly slaPolicy: string | null;
  /** null = nothing to verify: the ticket was left alone. */
  readonly slaVerified: boolean | null;
  readonly firstReplyDueAt: string | null;
  readonly reasons: readonly string[];
  readonly outcome: string;
  /** From the ticket's creation until it was settled. */
  readonly ms: number;
}

/** What the script is played on. */
export interface Stage {
  readonly service: Service;
  readonly policy: Policy;
  readonly desk: ZendeskSandbox;
  readonly clock: DemoClock;
  readonly data: Dataset;
  /** Each ticket as soon as it is settled and its SLA read back. */
  readonly onTicket: (ticket: DemoResult) => void;
}

/** Plays the script: office-hours tickets first, then the clock moves on to those of the weekend. */
export async function playScript(stage: Stage): Promise<readonly DemoResult[]> {
  const script = demoTickets(stage.data);
  const results: DemoResult[] = [];
  const weekend = (t: DemoTicket): boolean => new Date(t.createdAt).getUTCDay() === 0;
  for (const group of [script.filter((t) => !weekend(t)), script.filter(weekend)]) {
    if (group.length > 0 && group.every(weekend)) {
      stage.clock.advanceTo(nextSundayNoon(stage.clock.now()));
      await stage.service.sync("changed");
    }
    const untold: Sent[] = [];
    for (let i = 0; i < group.length; i += AT_ONCE) {
      const sent = group.slice(i, i + AT_ONCE).map((scene) => send(stage, scene));
      untold.push(...sent.filter((one) => !isTold(stage, one)));
      const told = sent.filter((one) => !untold.includes(one));
      results.push(...(await Promise.all(told.map((one) => follow(stage, one, 0)))));
    }
    results.push(...(await swept(stage, untold)));
  }
  return results;
}

/** Did one of the desk's triggers call us? Ours leave out what the policy never touches. */
function isTold({ desk }: Stage, { ticket }: Sent): boolean {
  return [...desk.state.invocations.values()].some(({ ticketId }) => ticketId === ticket.id);
}

/** A webhook is given 90 s before the sweep looks for its ticket. */
const UNTOLD_MS = 120_000;

/** What nobody told us of is found all the same. */
async function swept(stage: Stage, sent: readonly Sent[]): Promise<readonly DemoResult[]> {
  if (sent.length === 0) return [];
  stage.clock.advanceTo(stage.clock.now() + UNTOLD_MS);
  await stage.service.upkeep.sweep();
  return Promise.all(sent.map((one) => follow(stage, one, UNTOLD_MS)));
}

function nextSundayNoon(now: number): number {
  const day = new Date(now);
  const noon = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12);
  return noon + ((7 - day.getUTCDay()) % 7) * 86_400_000;
}

/** Waits for what becomes of a ticket; `skippedMs` went by on the clock alone. */
async function follow(
  stage: Stage,
  { scene, created, ticket, before }: Sent,
  skippedMs: number,
): Promise<DemoResult> {
  const record = await settledRecord(stage, ticket.id);
  const after = stage.desk.state.tickets.get(ticket.id);
  const image = after === undefined || after.deleted ? before : imageOf(stage, after);
  const { decision } = record;
  const applied = decision.action === "apply" ? decision : null;
  const due = applied?.due.first_reply.dueAt ?? null;
  const result: DemoResult = {
    id: ticket.id,
    shows: scene.shows,
    subject: scene.subject,
    account: applied?.accountId ?? null,
    customer: stage.data.organizations.find((o) => o.key === scene.organization)?.name ?? scene.requester,
    tier: applied?.tier ?? null,
    before,
    after: image,
    slaPolicy: applied?.slaPolicy ?? null,
    slaVerified: record.verification === null ? null : record.verification.ok,
    firstReplyDueAt: due === null ? null : `${new Date(due).toISOString().slice(0, 19)}Z`,
    reasons: decision.reasons,
    outcome: record.outcome,
    ms: Math.max(0, record.decidedAt - created - skippedMs),
  };
  stage.onTicket(result);
  return result;
}

interface Sent {
  readonly scene: DemoTicket;
  readonly created: number;
  readonly ticket: { readonly id: string };
  readonly before: DemoResult["before"];
}

function send(stage: Stage, scene: DemoTicket): Sent {
  const { desk, policy } = stage;
  const created = stage.clock.now();
  const automated = scene.prioritySetBy === "automation";
  const form = formId(policy, scene.form);
  const group = [...desk.state.groups.values()].find((g) => g.name === scene.group);
  const agent =
    [...desk.state.users.values()].find((u) => u.email === scene.assignee) ??
    [...desk.state.users.values()].find((u) => u.role === "agent");
  const ticket = desk.createTicket({
    from: scene.requester,
    channel: scene.channel,
    subject: scene.subject,
    comment: { body: scene.body },
    tags: automated ? [...scene.tags, "monitoring"] : scene.tags,
    ...(scene.prioritySetBy === "requester" ? { priority: scene.priority } : {}),
    ...(form === null ? {} : { ticket_form_id: form }),
    ...(group === undefined ? {} : { group_id: group.id }),
    ...(scene.assignee === null ? {} : { assignee_id: agent?.id }),
  });
  const by = agent?.id ?? "";
  if (scene.prioritySetBy === "agent") desk.agentUpdate(ticket.id, { priority: scene.priority }, by);
  const before = imageOf(stage, desk.state.tickets.get(ticket.id) ?? ticket);
  if (scene.fate === "closed") desk.agentUpdate(ticket.id, { status: "closed" }, by);
  if (scene.fate === "deleted") desk.deleteTicket(ticket.id);
  return { scene, created, ticket, before };
}

function imageOf(
  stage: Stage,
  ticket: {
    readonly priority: string | null;
    readonly groupId: string | null;
    readonly tags: readonly string[];
  },
): DemoResult["before"] {
  return {
    priority: ticket.priority,
    group: stage.desk.state.groups.get(ticket.groupId ?? "")?.name ?? null,
    tags: ticket.tags,
  };
}

/** The ledger's line about a ticket, once it is settled and, where an SLA was promised, read back. */
async function settledRecord(stage: Stage, ticketId: string): Promise<DecisionRecord> {
  for (let waited = 0; waited < 60_000; waited += 25) {
    const [newest] = await stage.service.store.ledger.decisionsOf(ticketId);
    const settled = newest !== undefined && newest.state !== "intended";
    if (settled && (newest.decision.action === "skip" || newest.verification !== null)) return newest;
    await stage.clock.sleep(25);
  }
  throw new Error(`ticket ${ticketId} was not settled within a minute; see the log (LOG_LEVEL=debug)`);
}
