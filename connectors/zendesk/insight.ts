/** What Zendesk tells of its own rules and clocks: SLA policies, clock events, opening hours. Nothing is remembered. */
import type { DeskInsight } from "../../src/ports.ts";
import type { ZendeskClient } from "./client.ts";
import { metricEvents } from "./metric-events.ts";
import { readSchedules } from "./schedules.ts";
import { slaPolicies } from "./setup.ts";
import { ticketOutcomes } from "./ticket-outcomes.ts";

/** The questions of `DeskInsight`, asked through the desk's own client. */
export function insightOf(client: ZendeskClient, now: () => number): DeskInsight {
  return {
    slaPolicies: () => slaPolicies(client),
    metricEvents: (cursor, signal) => metricEvents({ client, now }, cursor, signal),
    ticketOutcomes: (cursor, signal) => ticketOutcomes({ client, now }, cursor, signal),
    schedules: () => readSchedules(client),
  };
}
