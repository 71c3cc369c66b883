/** Bodies the CRM API answers with: records, errors, limits. */
import type { Reply } from "./server.ts";

/** One entry of an error body's `errors`. */
export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** Stable, made-up correlation ids, so that a run can be repeated byte for byte. */
export function correlationId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** An error in the CRM's usual shape. */
export function refusal(
  status: number,
  category: string,
  message: string,
  details: readonly ErrorDetail[] = [],
): Reply {
  const errors = details.length === 0 ? {} : { errors: details };
  return {
    status,
    body: { status: "error", message, correlationId: correlationId(status), ...errors, category },
  };
}

/** 400 for a request the API cannot accept. */
export function invalid(message: string, details: readonly ErrorDetail[] = []): Reply {
  return refusal(400, "VALIDATION_ERROR", message, details);
}

/** 404 for a record or path that is not there. */
export function notFound(message: string): Reply {
  return refusal(404, "OBJECT_NOT_FOUND", message);
}

/** 401: no token, or not this one. Message remembered, not verified. */
export function unauthenticated(): Reply {
  return refusal(
    401,
    "INVALID_AUTHENTICATION",
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
  );
}

/** 403: the token lacks one of these scopes. Shape remembered, not verified. */
export function missingScopes(scopes: readonly string[]): Reply {
  return refusal(
    403,
    "MISSING_SCOPES",
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    [
      {
        message: "One or more of the following scopes are required.",
        context: { requiredGranularScopes: scopes },
      },
    ],
  );
}

/** 429 of the search bucket, as recorded in 2022: no policy name, no error type, no Retry-After. */
export function searchTooFast(): Reply {
  return {
    status: 429,
    body: {
      status: "error",
      message: "You have reached your secondly limit.",
      correlationId: correlationId(429),
      category: "RATE_LIMITS",
    },
  };
}

/** 429 of the ten-second window or of the day. The first text is the one public mocks use, the second is documented. */
export function tooMany(policyName: "TEN_SECONDLY_ROLLING" | "DAILY"): Reply {
  const limit = policyName === "DAILY" ? "daily" : "ten_secondly_rolling";
  return {
    status: 429,
    body: {
      status: "error",
      message: `You have reached your ${limit} limit.`,
      errorType: "RATE_LIMIT",
      correlationId: correlationId(429),
      policyName,
      requestId: correlationId(1429),
    },
  };
}
