/** A past as large as one wants: each ticket and its events follow from its number alone. */
import type { DecisionRecord } from "../../src/ports.ts";

/** How many tickets, and up to when they were written. */
export interface Past {
  readonly tickets: number;
  readonly end: number;
}

/** Begun, policy applied, answered; begun, policy applied, stood still, went on, ended. */
export const EVENTS_A_TICKET = 7;
const DAYS = 88;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ACCOUNTS = 400;

const TIERS = [
  { id: "standard", policy: "PS Standard", minutes: 480, waits: 300 },
  { id: "pro", policy: "PS Pro", minutes: 240, waits: 110 },
  { id: "enterprise", policy: "PS Enterprise", minutes: 120, waits: 48 },
  { id: "enterprise_support", policy: "PS Enterprise Support", minutes: 30, waits: 9 },
] as const;
const BANDS = ["high", "normal", "high", "urgent", "normal"] as const;

const tierOf = (ticket: number) => TIERS[ticket % TIERS.length] ?? TIERS[0];
const bandOf = (ticket: number) => BANDS[Math.floor(ticket / TIERS.length) % BANDS.length] ?? "normal";
const accountOf = (ticket: number): string => `hubspot:${9_000_000 + (ticket % ACCOUNTS)}`;

/** Evenly over 88 days, to the second. */
export function createdAt({ tickets, end }: Past, ticket: number): number {
  return Math.floor((end - (DAYS - (ticket / tickets) * (DAYS - 3)) * DAY_MS) / 1_000) * 1_000;
}

/** Minutes to the first reply: around the tier's, from a quarter to four times of it. */
function waited(ticket: number): number {
  const spread = (Math.imul(ticket + 1, 2_654_435_761) >>> 8) / 2 ** 24;
  return tierOf(ticket).waits * 4 ** (2 * spread - 1);
}

/** A ticket's events as the export tells them, oldest first of each clock. */
export function eventsOf(
  past: Past,
  ticket: number,
): readonly { readonly at: number; readonly row: object }[] {
  const begun = createdAt(past, ticket);
  const { policy, minutes } = tierOf(ticket);
  const after = (share: number): number =>
    Math.floor((begun + waited(ticket) * share * MINUTE_MS) / 1_000) * 1_000;
  const sla = (target: number): object => ({
    sla: {
      ...{ target, target_in_seconds: target * 60, business_hours: false },
      policy: { id: 31, title: policy, description: null },
    },
  });
  const told = [
    { metric: "reply_time", type: "activate", at: begun, more: {} },
    { metric: "reply_time", type: "apply_sla", at: begun, more: sla(minutes) },
    { metric: "reply_time", type: "fulfill", at: after(1), more: {} },
    { metric: "requester_wait_time", type: "activate", at: begun, more: {} },
    { metric: "requester_wait_time", type: "apply_sla", at: begun, more: sla(minutes * 12) },
    { metric: "requester_wait_time", type: "pause", at: after(2), more: {} },
    { metric: "requester_wait_time", type: "fulfill", at: after(6), more: {} },
  ];
  return told.map(({ metric, type, at, more }, place) => ({
    at,
    row: {
      id: ticket * EVENTS_A_TICKET + place + 1,
      ...{ ticket_id: ticket + 1, metric, instance_id: 1, type, deleted: false },
      time: new Date(at).toISOString(),
      ...more,
    },
  }));
}

const TEXT = "We see something odd since this morning, and would like to know what it is. ".repeat(6);

/** A ticket as the export tells it, with as much around it as a real one has. */
export function ticketOf(past: Past, ticket: number): object {
  const solved = createdAt(past, ticket) + waited(ticket) * 6 * MINUTE_MS;
  const moment = (at: number): string => new Date(at).toISOString();
  return {
    id: ticket + 1,
    ...{ subject: "Something odd", description: TEXT, raw_subject: "Something odd", type: "question" },
    created_at: moment(createdAt(past, ticket)),
    updated_at: moment(solved),
    ...{ status: "solved", priority: bandOf(ticket), group_id: 3_600, assignee_id: 80_000 + (ticket % 20) },
    organization_id: 3_900_000 + (ticket % ACCOUNTS),
    ...{ requester_id: 70_000 + (ticket % 200), submitter_id: 70_000 + (ticket % 200) },
    tags: ["exports", `ps_tier_${tierOf(ticket).id}`],
    via: { channel: "email", source: { from: {}, to: {}, rel: null } },
    custom_fields: Array.from({ length: 12 }, (_, i) => ({ id: 360_000 + i, value: null })),
    metric_set: { reopens: ticket % 19 === 0 ? 1 : 0, replies: 2, solved_at: moment(solved) },
    satisfaction_rating: ticket % 5 === 0 ? { score: ticket % 40 === 0 ? "bad" : "good" } : null,
  };
}

/** What the ledger says of its creation. */
export function decisionOf(past: Past, ticket: number): Omit<DecisionRecord, "verification"> {
  const at = createdAt(past, ticket);
  const { id: tier, policy: slaPolicy } = tierOf(ticket);
  const none = { minutes: null, clock: null, dueAt: null };
  const priority = bandOf(ticket);
  return {
    ...{ id: `d-${ticket}`, ticketId: String(ticket + 1), deliveryId: null, accountId: accountOf(ticket) },
    ...{ event: "created", asOf: at, decidedAt: at + 1_200, policyVersion: "2026-06.1" },
    decision: {
      ...{ action: "apply", accountId: accountOf(ticket), tier, basis: "plan", priority },
      ...{ priorityChanged: true, group: "Support", followersAdd: [], slaPolicy },
      due: { first_reply: none, next_reply: none, resolution: none },
      ...{ tagsAdd: [`ps_tier_${tier}`], tagsRemove: [], keyword: null, facts: [], ledger: null },
      reasons: ["matched:organization", "contract:active", "tier:plan", "priority:default"],
    },
    before: {
      ...{ priority: null, prioritySetBy: "none", group: null, tags: [] },
      ...{ organizationId: String(3_900_000 + (ticket % ACCOUNTS)), requesterId: "70000" },
    },
    ...{ change: { priority }, state: "written", outcome: "written" },
  };
}
