/** Runs the ticket triggers over one update, in Zendesk's looping order. */
import { isRefusal } from "./zendesk-answers.ts";
import { changeEvents } from "./zendesk-audit.ts";
import { type Moment, meets } from "./zendesk-conditions.ts";
import { filled } from "./zendesk-placeholders.ts";
import type { AuditEvent, Json, TicketRecord, TriggerRecord, UserRecord } from "./zendesk-records.ts";
import { changed } from "./zendesk-ticket-change.ts";
import { numeric, type World } from "./zendesk-world.ts";

/** What the triggers made of an update. */
export interface TriggerRun {
  readonly ticket: TicketRecord;
  readonly events: readonly AuditEvent[];
}

/**
 * Goes through the active triggers by position. One that changes the ticket sends the run back to the start; each fires
 * at most once per update. Webhook bodies are filled in the moment the trigger fires, so later triggers are not in them.
 */
export function runTriggers(world: World, start: Moment): TriggerRun {
  const fired = new Set<string>();
  const events: AuditEvent[] = [];
  let ticket = start.ticket;
  let index = 0;
  const ordered = inOrder(world);
  while (index < ordered.length) {
    const trigger = ordered[index];
    index += 1;
    if (trigger === undefined || fired.has(trigger.id)) continue;
    if (!meets(world, trigger.conditions, { ...start, ticket })) continue;
    fired.add(trigger.id);
    const after = fire(world, trigger, ticket, start.actor);
    const via = {
      channel: "rule",
      source: { from: { id: numeric(trigger.id), title: trigger.title }, rel: "trigger" },
    };
    const own = changeEvents(ticket, after, via);
    // A schedule leaves no event in the audit, but it is set all the same.
    ticket = after;
    if (own.length === 0) continue;
    events.push(...own);
    index = 0;
  }
  return { ticket, events };
}

/** Active triggers, first to last. */
export const inOrder = (world: World): readonly TriggerRecord[] =>
  allInOrder(world).filter((trigger) => trigger.active);

/** Every trigger, first to last: by category, then by place in it. Those in no category come last (assumed). */
export function allInOrder(world: World): readonly TriggerRecord[] {
  const place = (trigger: TriggerRecord): number =>
    world.state.categories.get(trigger.categoryId ?? "")?.position ?? Number.MAX_SAFE_INTEGER;
  return [...world.state.triggers.values()].sort(
    (a, b) => place(a) - place(b) || a.position - b.position || (a.id < b.id ? -1 : 1),
  );
}

function fire(
  world: World,
  trigger: TriggerRecord,
  ticket: TicketRecord,
  actor: UserRecord | null,
): TicketRecord {
  let after = ticket;
  for (const action of trigger.actions) {
    if (action.field === "notification_webhook") notify(world, action.value, after, actor);
    else after = attempted(world, after, changeOf(action.field, action.value));
  }
  return after;
}

/** An action that cannot be carried out (a deleted group) is passed over; the update itself goes on. */
function attempted(world: World, ticket: TicketRecord, change: Json): TicketRecord {
  if (ticket.status === "closed") return ticket;
  try {
    return changed(world, ticket, change);
  } catch (error) {
    if (isRefusal(error)) return ticket;
    throw error;
  }
}

function changeOf(field: string, value: unknown): Json {
  const custom = /^custom_fields_(\d+)$/.exec(field);
  if (custom !== null) return { custom_fields: [{ id: custom[1], value }] };
  switch (field) {
    case "set_tags":
      return { tags: value };
    case "current_tags":
      return { additional_tags: value };
    case "remove_tags":
      return { remove_tags: value };
    case "set_schedule":
      return { schedule_id: value };
    case "follower":
      return { followers: [{ user_id: value, action: "put" }] };
    case "priority":
    case "status":
    case "type":
    case "group_id":
    case "assignee_id":
    case "brand_id":
    case "ticket_form_id":
      return { [field]: value };
    default:
      return {};
  }
}

function notify(world: World, value: unknown, ticket: TicketRecord, actor: UserRecord | null): void {
  const [webhookId, template] = Array.isArray(value) ? value : [];
  const webhook = world.state.webhooks.get(String(webhookId));
  if (webhook === undefined) return;
  world.send({
    webhook,
    event: "trigger",
    ticketId: ticket.id,
    payload: filled(world, String(template ?? ""), ticket, actor),
  });
}
