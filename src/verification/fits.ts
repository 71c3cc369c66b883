/** Does an SLA policy's filter fit a ticket, as far as can be told from the ticket alone? Pure. */
import type { DeskCondition, DeskConditions, TicketReading } from "../ports.ts";

/** What of a ticket filters are held against. */
export type Filtered = Pick<TicketReading, "tags" | "organizationId" | "brandId" | "requesterId">;

/** true = it fits, false = it does not, null = it depends on something that is not looked at here. */
export function fits(filter: DeskConditions, ticket: Filtered): boolean | null {
  const each = filter.all.map((one) => holds(one, ticket));
  const some = filter.any.map((one) => holds(one, ticket));
  const anyHolds = some.length === 0 || some.includes(true) ? true : some.includes(null) ? null : false;
  if (each.includes(false) || anyHolds === false) return false;
  return each.includes(null) || anyHolds === null ? null : true;
}

/** Filters name tags by `includes` and ids by `is` (recorded definitions of a real account, read 2026-11-22). */
function holds({ field, operator, value }: DeskCondition, ticket: Filtered): boolean | null {
  const present = valuesOf(field, ticket);
  const hit = value.split(/[\s,]+/).some((one) => present?.includes(one) === true);
  if (present === null) return null;
  if (operator === "includes" || operator === "is") return hit;
  return operator === "not_includes" || operator === "is_not" ? !hit : null;
}

function valuesOf(field: string, ticket: Filtered): readonly string[] | null {
  switch (field) {
    case "current_tags":
      return ticket.tags;
    case "organization_id":
      return [ticket.organizationId ?? ""];
    case "brand_id":
      return [ticket.brandId ?? ""];
    case "requester_id":
      return [ticket.requesterId ?? ""];
    default:
      return null;
  }
}
