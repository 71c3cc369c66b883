/** Webhook events as the CRM words them. */
import type { CrmEvent } from "./hubspot-model.ts";

/** Two generations of names: `company.propertyChange`, or `object.propertyChange` with an object type id. */
export type EventShape = "classic" | "generic" | "eventType";

/** What every event of one subscription says about its sender. */
export interface EventSender {
  readonly portalId: number;
  readonly appId: number;
}

/** One event body before delivery; `attemptNumber` is added per attempt. */
export type EventBody = Readonly<Record<string, unknown>>;

/** These two cannot be subscribed to. https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide, read 2026-11-22 */
export const NEVER_TOLD: readonly string[] = ["hs_lastmodifieddate", "num_unique_conversion_events"];

/**
 * The body of one event. Shape `eventType` uses that key instead of `subscriptionType`, as one documented example does.
 *
 * Ids go out as numbers. A merge names the new record in `objectId` and `newObjectId`.
 */
export function eventBody(
  event: CrmEvent,
  eventId: number,
  sender: EventSender,
  shape: EventShape,
): EventBody {
  const subscriptionType = `${shape === "generic" ? "object" : "company"}.${event.kind}`;
  return {
    eventId,
    subscriptionId: subscriptionOf(event),
    ...sender,
    occurredAt: event.at,
    ...(shape === "eventType" ? { eventType: subscriptionType } : { subscriptionType }),
    objectId: Number(event.id),
    ...(shape === "generic" ? { objectTypeId: "0-2", isSensitive: false } : {}),
    ...particulars(event),
  };
}

/** One subscription per kind, and per property for changes: a stable number made from the name. */
function subscriptionOf(event: CrmEvent): number {
  const name = event.kind === "propertyChange" ? event.property : event.kind;
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

function particulars(event: CrmEvent): EventBody {
  if (event.kind === "propertyChange") {
    const person = event.source === "CRM_UI" ? { sourceId: "userId:1104821" } : {};
    return {
      propertyName: event.property,
      propertyValue: event.value,
      changeSource: event.source,
      ...person,
    };
  }
  if (event.kind === "associationChange") {
    return {
      associationType: "COMPANY_TO_DEAL",
      fromObjectId: Number(event.id),
      toObjectId: Number(event.deal),
      associationRemoved: event.removed,
      isPrimaryAssociation: event.primary,
      changeSource: "CRM_UI",
    };
  }
  if (event.kind === "merge") {
    return {
      primaryObjectId: Number(event.primary),
      mergedObjectIds: [Number(event.merged)],
      newObjectId: Number(event.id),
      numberOfPropertiesMoved: event.moved,
      changeSource: "CRM_UI",
    };
  }
  return event.kind === "creation"
    ? { changeFlag: "NEW", changeSource: "CRM_UI" }
    : { changeSource: "CRM_UI" };
}
