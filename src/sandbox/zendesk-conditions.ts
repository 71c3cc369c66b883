/** Does a ticket meet the conditions of a trigger or an SLA filter? */
import { channelNumber } from "./zendesk-channels.ts";
import type { Condition, Conditions, FieldRecord, TicketRecord, UserRecord } from "./zendesk-records.ts";
import { idOf, type World } from "./zendesk-world.ts";

/** The moment at which conditions are looked at. */
export interface Moment {
  readonly ticket: TicketRecord;
  /** The ticket before this update; null = it is being created. */
  readonly before: TicketRecord | null;
  /** Who makes the update; null for SLA filters. */
  readonly actor: UserRecord | null;
  readonly channel: string;
  /** null = the update has no comment. */
  readonly commentPublic: boolean | null;
}

const TYPE_NUMBERS: Readonly<Record<string, string>> = {
  question: "1",
  incident: "2",
  problem: "3",
  task: "4",
};
const RANKS: Readonly<Record<string, readonly string[]>> = {
  priority: ["", "low", "normal", "high", "urgent"],
  status: ["new", "open", "pending", "hold", "solved", "closed"],
};

/** True when every condition of `all` holds and, if there are any in `any`, at least one of those. */
export function meets(world: World, conditions: Conditions, moment: Moment): boolean {
  const holds = (condition: Condition): boolean => conditionHolds(world, condition, moment);
  return conditions.all.every(holds) && (conditions.any.length === 0 || conditions.any.some(holds));
}

function conditionHolds(world: World, condition: Condition, moment: Moment): boolean {
  if (condition.field === "update_type")
    return (condition.value === "Create") === (moment.before === null) || condition.value === "";
  if (condition.field === "current_tags") return tagsHold(condition, moment.ticket.tags);
  const now = valuesOf(world, condition.field, moment.ticket, moment);
  const before = moment.before === null ? null : valuesOf(world, condition.field, moment.before, moment);
  return operatorHolds(condition, now, before);
}

function tagsHold(condition: Condition, tags: readonly string[]): boolean {
  const wanted = String(condition.value ?? "")
    .split(/\s+/)
    .filter((tag) => tag !== "");
  const found = wanted.some((tag) => tags.includes(tag));
  return condition.operator === "not_includes" ? !found : found;
}

function operatorHolds(
  condition: Condition,
  now: readonly string[],
  before: readonly string[] | null,
): boolean {
  const wanted = (Array.isArray(condition.value) ? condition.value : [condition.value]).map(
    (value) => idOf(value) ?? (typeof value === "boolean" ? String(value) : ""),
  );
  const is = (values: readonly string[]): boolean => wanted.some((value) => values.includes(value));
  const changed = before === null ? now[0] !== "" : before[0] !== now[0];
  switch (condition.operator) {
    case "is":
    case "includes":
      return is(now);
    case "is_not":
    case "not_includes":
      return !is(now);
    case "changed":
      return changed;
    case "not_changed":
      return !changed;
    case "value":
      return changed && is(now);
    case "not_value":
      return changed && !is(now);
    case "value_previous":
      return changed && before !== null && is(before);
    case "not_value_previous":
      return changed && !(before !== null && is(before));
    case "present":
      return now[0] !== "";
    case "not_present":
      return now[0] === "";
    default:
      return compares(condition, now[0] ?? "", wanted[0] ?? "");
  }
}

function compares(condition: Condition, now: string, wanted: string): boolean {
  const ranks = RANKS[condition.field];
  if (now === "" && ranks === undefined) return false;
  const left = ranks === undefined ? magnitude(now) : ranks.indexOf(now);
  const right = ranks === undefined ? magnitude(wanted) : ranks.indexOf(wanted);
  switch (condition.operator) {
    case "less_than":
      return left < right;
    case "less_than_equal":
      return left <= right;
    case "greater_than":
      return left > right;
    case "greater_than_equal":
      return left >= right;
    default:
      return false;
  }
}

const magnitude = (text: string): number =>
  /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text.includes("T") ? text : `${text}T00:00:00Z`);

/** The values a condition on this field may name; the first one is the value itself, "" = none. */
function valuesOf(world: World, field: string, ticket: TicketRecord, moment: Moment): readonly string[] {
  const plain = plainValue(world, field, ticket, moment);
  if (plain !== undefined) return [plain ?? ""];
  const ticketField = /^(ticket_fields|custom_fields)_(\d+)$/.exec(field);
  if (ticketField !== null) {
    const definition = world.state.ticketFields.get(ticketField[2] ?? "");
    const value = fieldText(ticket.customFields[ticketField[2] ?? ""]);
    // SLA filters (`ticket_fields_…`) name the option's id; triggers (`custom_fields_…`) its tag or id.
    return ticketField[1] === "ticket_fields"
      ? [optionId(definition, value)]
      : [value, optionId(definition, value)];
  }
  const custom = /^(organization|requester)\.custom_fields\.(.+)$/.exec(field);
  if (custom === null) return [""];
  const key = custom[2] ?? "";
  if (custom[1] === "requester")
    return [fieldText(world.state.users.get(ticket.requesterId)?.userFields[key])];
  const organization =
    ticket.organizationId === null ? undefined : world.state.organizations.get(ticket.organizationId);
  const value = fieldText(organization?.fields[key]);
  return [
    optionId(
      [...world.state.organizationFields.values()].find((f) => f.key === key),
      value,
    ),
  ];
}

function plainValue(
  world: World,
  field: string,
  ticket: TicketRecord,
  moment: Moment,
): string | null | undefined {
  const requesterRole = world.state.users.get(ticket.requesterId)?.role ?? "end-user";
  const plain: Readonly<Record<string, string | null>> = {
    priority: ticket.priority,
    status: ticket.status,
    type: ticket.type,
    ticket_type_id: ticket.type === null ? "0" : (TYPE_NUMBERS[ticket.type] ?? "0"),
    group_id: ticket.groupId,
    assignee_id: ticket.assigneeId,
    requester_id: ticket.requesterId,
    organization_id: ticket.organizationId,
    brand_id: ticket.brandId,
    ticket_form_id: ticket.formId,
    recipient: ticket.recipient,
    via_id: channelNumber(ticket.channel),
    current_via_id: channelNumber(moment.channel),
    ticket_is_public: ticket.comments.some((comment) => comment.public) ? "public" : "private",
    comment_is_public: moment.commentPublic === null ? "" : String(moment.commentPublic),
    exact_created_at: new Date(ticket.createdAt).toISOString(),
    requester_role: requesterRole === "end-user" ? "0" : requesterRole === "admin" ? "2" : "4",
    role: moment.actor === null ? "" : moment.actor.role.replace("-", "_"),
    current_user_id: moment.actor?.id ?? "",
  };
  return field in plain ? plain[field] : undefined;
}

const fieldText = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

/** Drop-downs are compared by option id, never by tag; other fields by their value. */
function optionId(field: FieldRecord | undefined, value: string): string {
  if (field === undefined || field.options.length === 0) return value;
  return field.options.find((option) => option.value === value)?.id ?? "";
}
