/** Ready-made faults of the CRM: hand one to `fault()`. */
import { correlationId, searchTooFast, tooMany } from "./hubspot-answers.ts";
import type { Fault } from "./server.ts";

/** Which requests suffer and how often; everything may be left out. */
export type Target = Pick<Fault, "method" | "path" | "times" | "skip">;

/** 477: the account is being moved to another data centre; asks to wait. */
export function migrating(retryAfterSeconds: number, target: Target = {}): Fault {
  return {
    ...target,
    status: 477,
    headers: { "Retry-After": String(retryAfterSeconds) },
    body: errorBody("This portal is being migrated to another data center.", "MIGRATION_IN_PROGRESS"),
  };
}

/** 423: bulk writes have locked the records; wait at least two seconds. */
export function locked(target: Target = {}): Fault {
  return { ...target, status: 423, body: errorBody("The resource is locked.", "LOCKED") };
}

/** 502 with a proxy's page instead of JSON. */
export function badGateway(target: Target = {}): Fault {
  return { ...target, status: 502, bodyText: "<html><head><title>502 Bad Gateway</title></head></html>" };
}

/** 200 with a page instead of JSON, as a login proxy sends it. */
export function loginPage(target: Target = {}): Fault {
  return { ...target, status: 200, bodyText: "<!doctype html><html><body>Please sign in</body></html>" };
}

/** 429 that says the day is used up. */
export function dailyLimit(target: Target = {}): Fault {
  return { ...target, status: 429, body: tooMany("DAILY").body };
}

/** 429 of the ten-second window. */
export function tenSecondLimit(target: Target = {}): Fault {
  return { ...target, status: 429, body: tooMany("TEN_SECONDLY_ROLLING").body };
}

/** 429 of the search bucket. */
export function searchLimit(target: Target = {}): Fault {
  return { ...target, status: 429, body: searchTooFast().body };
}

function errorBody(message: string, category: string): unknown {
  return { status: "error", message, correlationId: correlationId(500), category };
}
