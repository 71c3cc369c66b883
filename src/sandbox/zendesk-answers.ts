/** How Zendesk says no, in the three shapes its errors come in, and how it says yes with warnings. */
import type { Reply } from "./server.ts";

/** A refusal on its way out of a handler. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly refusal: Reply;
  constructor(refusal: Reply) {
    super(`${refusal.status} ${JSON.stringify(refusal.body)}`);
    this.refusal = refusal;
  }
}

/** Is this thrown value a refusal? */
export const isRefusal = (value: unknown): value is Refusal => value instanceof Refusal;

/** Throws this reply out of the handler. */
export function refuse(reply: Reply): never {
  throw new Refusal(reply);
}

/** 404 for a record that does not exist or is deleted. */
export const notFound = (): Reply => ({
  status: 404,
  body: { error: "RecordNotFound", description: "Not found" },
});

/** 404 for a path nobody serves. */
export const noSuchPath = (): Reply => ({
  status: 404,
  body: { error: { title: "Invalid endpoint", message: "Not found" } },
});

/** 401: no or wrong credentials. */
export const unauthenticated = (): Reply => ({
  status: 401,
  headers: { "www-authenticate": 'Basic realm="Web Password"' },
  body: { error: "Couldn't authenticate you" },
});

/** 403: the user's role does not allow it. */
export const forbidden = (): Reply => ({
  status: 403,
  body: {
    error: {
      title: "Forbidden",
      message: "You do not have access to this page. Please contact the account owner for further help.",
    },
  },
});

/** 400 in the older shape. */
export const badRequest = (error: string, description: string): Reply => ({
  status: 400,
  body: { error, description },
});

/** 422 for a record whose values are not acceptable: field → sentence. */
export const invalid = (details: Readonly<Record<string, string>>): Reply => ({
  status: 422,
  body: {
    error: "RecordInvalid",
    description: "Record validation errors",
    details: Object.fromEntries(
      Object.entries(details).map(([field, description]) => [
        field,
        [{ description, error: "InvalidValue" }],
      ]),
    ),
  },
});

/** 422 in the newest shape, used by triggers and webhooks. */
export const invalidItem = (status: number, code: string, title: string, detail: string): Reply => ({
  status,
  body: { errors: [{ code, title, detail }] },
});

/** 409 of a safe update that came too late. The body is remembered, not verified. */
export const updateConflict = (): Reply => ({
  status: 409,
  body: {
    error: "UpdateConflict",
    description:
      "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.",
  },
});

/** 400 for more than 100 rows in a bulk call. */
export const tooManyValues = (): Reply =>
  badRequest("TooManyValues", "Parameter values exceed the maximum of 100");

/** The warning header that real accounts send for keys they do not know. */
export const unknownKeysHeader = (
  controller: string,
  keys: readonly string[],
): Readonly<Record<string, string>> =>
  keys.length === 0
    ? {}
    : {
        "x-zendesk-api-warn": `{:controller=>"api/v2/${controller}", :action=>"update", :unpermitted_keys=>[${keys
          .map((key) => `"${key}"`)
          .join(", ")}]}`,
      };
