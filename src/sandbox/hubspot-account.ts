/** Owners, and what the CRM says about the account itself. */
import { invalid, notFound } from "./hubspot-answers.ts";
import type { OwnerRecord } from "./hubspot-model.ts";
import type { Call, Reply } from "./server.ts";

/** The CRM account (portal). */
export interface Portal {
  readonly portalId: number;
  /** IANA zone; the daily limit starts afresh at its midnight. */
  readonly timeZone: string;
  readonly companyCurrency: string;
  readonly additionalCurrencies: readonly string[];
}

/** Answers `GET /crm/owners/…`: by e-mail, page by page (100), those who left only with `archived=true`. */
export function listOwners(owners: readonly OwnerRecord[], call: Call): Reply {
  const archived = call.query.get("archived") === "true";
  const email = call.query.get("email");
  const limit = Number(call.query.get("limit") ?? 100);
  const from = Number(call.query.get("after") ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) return invalid("limit must be 1 to 500");
  const rows = owners.filter(
    (owner) => owner.archived === archived && (email === null || owner.email === email.toLowerCase()),
  );
  const more = from + limit < rows.length ? { paging: { next: { after: String(from + limit) } } } : {};
  return { status: 200, body: { results: rows.slice(from, from + limit).map(ownerOnWire), ...more } };
}

/** Answers `GET /crm/owners/…/:id`, by owner id or, with `idProperty=userId`, by user id. */
export function readOwner(owners: readonly OwnerRecord[], call: Call): Reply {
  const key = call.query.get("idProperty") === "userId" ? "userId" : "id";
  const archived = call.query.get("archived") === "true";
  const owner = owners.find((row) => row[key] === call.params.id && row.archived === archived);
  if (owner === undefined) return notFound("resource not found");
  return { status: 200, body: ownerOnWire(owner) };
}

/** Who left has no user id any more; the old one is under another name (remembered, not verified). */
function ownerOnWire(owner: OwnerRecord): unknown {
  const { id, email, firstName, lastName, archived } = owner;
  const userId = Number(owner.userId);
  return {
    id,
    email,
    type: "PERSON",
    firstName,
    lastName,
    userId: archived ? null : userId,
    userIdIncludingInactive: userId,
    createdAt: "2021-03-01T09:00:00.000Z",
    updatedAt: "2024-03-01T09:00:00.000Z",
    archived,
  };
}

/** Answers `GET /account-info/…/details`. */
export function details(portal: Portal): Reply {
  return {
    status: 200,
    body: {
      portalId: portal.portalId,
      accountType: "STANDARD",
      timeZone: portal.timeZone,
      companyCurrency: portal.companyCurrency,
      additionalCurrencies: portal.additionalCurrencies,
      uiDomain: "app.hubspot.com",
      dataHostingLocation: "na1",
    },
  };
}
