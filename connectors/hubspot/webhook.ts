/** A HubSpot webhook → the companies that may have changed. Its values are never used: the companies are read. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { RawRequest, WebhookReading } from "../../src/ports.ts";
import { parseShallow } from "../http.ts";
import { isSigned, signedBytes } from "./signature.ts";

export interface WebhookOptions {
  /** The app's client secret; null = webhooks are not set up. */
  readonly clientSecret: string | null;
  /** Address under which HubSpot reaches us, without the path. */
  readonly publicUrl: string;
  /** Id of the HubSpot account whose events count, where an app is installed in several; null or absent = any. */
  readonly portalId?: string | null;
  /** The property we write ourselves: its changes are our own echo. null = none is written. */
  readonly labelProperty: string | null;
  /** Now, ms. */
  readonly now: number;
}

/** HubSpot's own bound for the age of a request (validating-requests guide, read 2026-11-22). */
const MAX_AGE_MS = 300_000;
/** Object type id of companies in the generic `object.*` events. */
const COMPANY = "0-2";

const id = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^\d{1,30}$/.test(text))
  .nullish()
  .catch(null);
const text = z.string().nullish().catch(null);

/** HubSpot's examples say `subscriptionType`, its field table says `eventType`: both occur. */
const event = z.object({
  subscriptionType: text,
  eventType: text,
  objectTypeId: text,
  propertyName: text,
  associationType: text,
  portalId: id,
  fromObjectTypeId: text,
  toObjectTypeId: text,
  objectId: id,
  primaryObjectId: id,
  newObjectId: id,
  mergedObjectIds: z.array(id).catch([]),
  fromObjectId: id,
  toObjectId: id,
});

type Event = z.infer<typeof event>;

/**
 * What a request to the webhook address is: refused (not signed by HubSpot for this address), malformed, of no
 * interest, or a delivery of company ids. A genuine request that is more than five minutes off is kept and flagged.
 */
export function readHubspotWebhook(request: RawRequest, options: WebhookOptions): WebhookReading {
  const secret = options.clientSecret?.trim() ?? "";
  if (secret === "") return { kind: "refused", why: "no HubSpot client secret is set" };
  if (options.publicUrl.trim() === "") return { kind: "refused", why: "PUBLIC_URL is not set" };
  const signature = request.headers["x-hubspot-signature-v3"];
  const timestamp = request.headers["x-hubspot-request-timestamp"];
  if (!signature || !timestamp) return { kind: "refused", why: "the version 3 signature is missing" };
  if (!/^\d{1,15}$/.test(timestamp)) return { kind: "refused", why: "the timestamp is no number" };
  const url = options.publicUrl.replace(/\/+$/, "") + request.path;
  const bytes = signedBytes(request.method, url, request.body, timestamp);
  if (!isSigned(bytes, secret, signature)) return { kind: "refused", why: "the signature is wrong" };
  const events = eventsOf(request.body);
  if (events === null) return { kind: "malformed", why: "the body is not a JSON list" };
  const ours = events.filter((one) => isOurs(one, options.portalId?.trim() ?? ""));
  const accountIds = [...new Set(ours.flatMap((one) => companyIds(one, options.labelProperty)))];
  if (accountIds.length === 0) return { kind: "ignored", why: "no event concerns a company" };
  return {
    kind: "delivery",
    delivery: {
      source: "hubspot",
      kind: "accounts",
      subjectId: "",
      // HubSpot does not promise that an eventId is unique, so only the bytes tell a repeat.
      keys: {
        event: null,
        invocation: null,
        bytes: createHash("sha256").update(bytes).digest("hex"),
        madeAt: Number(timestamp),
      },
      hint: null,
      accountIds,
      flagged: Math.abs(options.now - Number(timestamp)) > MAX_AGE_MS,
      body: request.body,
    },
  };
}

function eventsOf(body: Uint8Array): readonly Event[] | null {
  try {
    const parsed = parseShallow(body);
    if (!Array.isArray(parsed)) return null;
    return parsed.flatMap((item) => event.safeParse(item).data ?? []);
  } catch {
    return null;
  }
}

/** The same app may serve several accounts, where the same record ids stand for other companies. */
function isOurs(one: Event, portalId: string): boolean {
  return portalId === "" || one.portalId === null || one.portalId === undefined || one.portalId === portalId;
}

function companyIds(one: Event, labelProperty: string | null): readonly string[] {
  const type = one.subscriptionType || one.eventType || "";
  if (type.endsWith(".associationChange")) return associated(one, type);
  const concerns =
    type.startsWith("company.") || (type.startsWith("object.") && one.objectTypeId === COMPANY);
  if (!concerns) return [];
  if (type.endsWith(".propertyChange") && labelProperty !== null && one.propertyName === labelProperty)
    return [];
  return present([one.objectId, one.primaryObjectId, one.newObjectId, ...one.mergedObjectIds]);
}

/** The company side of an association; the other side is a deal or a person. Two companies: both. */
function associated(one: Event, type: string): readonly string[] {
  const [from = "", to = ""] = (one.associationType ?? "").split("_TO_");
  const own = type.startsWith("company.") || one.objectTypeId === COMPANY;
  const fromCompany =
    from.includes("COMPANY") || one.fromObjectTypeId === COMPANY || (own && one.associationType == null);
  const toCompany = to.includes("COMPANY") || one.toObjectTypeId === COMPANY;
  return present([
    own ? one.objectId : null,
    fromCompany ? one.fromObjectId : null,
    toCompany ? one.toObjectId : null,
  ]);
}

function present(ids: readonly (string | null | undefined)[]): readonly string[] {
  return ids.filter((one) => one !== null && one !== undefined);
}
