/** How each kind is put in order. */
import type { OrderedKind } from "../../src/ports.ts";
import type { Call } from "./client.ts";
import { numeric } from "./schemas.ts";

/**
 * The one call that puts objects of a kind in order.
 *
 * Triggers of an account with categories are moved by a job of the categories: the plain call is refused once there is
 * more than one category (OpenAPI file of 2026-04-28, Reorder Ticket Triggers, read 2026-11-22).
 */
export function orderCall(
  kind: OrderedKind,
  ids: readonly string[],
  within: string | null,
): Pick<Call, "endpoint" | "json"> {
  switch (kind) {
    case "sla_policy":
      // The file names a query parameter; clients in use send a body.
      return { endpoint: "reorderSlaPolicies", json: { sla_policy_ids: ids.map(numeric) } };
    case "queue":
      return { endpoint: "reorderQueues", json: { queue_ids: ids } };
    case "trigger_category":
      return { endpoint: "moveTriggers", json: job("trigger_categories", ids) };
    case "trigger":
      return within === null
        ? { endpoint: "reorderTriggers", json: { trigger_ids: ids.map(numeric) } }
        : { endpoint: "moveTriggers", json: job("triggers", ids) };
  }
}

function job(key: "trigger_categories" | "triggers", ids: readonly string[]): unknown {
  const rows = ids.map((id, index) => ({ id, position: index + (key === "triggers" ? 1 : 0) }));
  return { job: { action: "patch", items: { [key]: rows } } };
}
