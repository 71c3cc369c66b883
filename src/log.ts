/**
 * Structured logs with constant messages: what happened is the message, what it happened to are fields.
 *
 * Only named fields are logged, never whole errors or requests: an error object may carry headers with a token.
 */
import { pino } from "pino";
import {
  CannotApply,
  ConfigProblem,
  NeedsAdmin,
  Outdated,
  Paused,
  StoreUnavailable,
  TryAgain,
  Unanswered,
} from "./errors.ts";

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A logger that writes JSON lines to stderr, so that stdout stays free for answers. */
export function openLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** A logger that says nothing. */
export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What a page may say of an error: our own words, or only that there was one. */
export function shownReason(error: unknown): string {
  const ours = [
    TryAgain,
    Unanswered,
    Paused,
    NeedsAdmin,
    Outdated,
    CannotApply,
    StoreUnavailable,
    ConfigProblem,
  ];
  return ours.some((type) => error instanceof type)
    ? errorFields(error).message
    : "failed in a way nobody foresaw; the log says more";
}

/** What may be logged of an error: its type, its message, what to do, and the types of its causes. */
export function errorFields(error: unknown): {
  readonly error: string;
  readonly message: string;
  readonly fix?: string;
} {
  if (!(error instanceof Error)) return { error: "unknown", message: String(error).slice(0, 200) };
  const fix = "fix" in error && typeof error.fix === "string" ? { fix: error.fix } : {};
  const cause = error.cause instanceof Error ? `${error.name} < ${error.cause.name}` : error.name;
  return { error: cause, message: error.message.slice(0, 500), ...fix };
}
