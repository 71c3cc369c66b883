/**
 * Structured logs with constant messages: what happened is the message, what it happened to are fields.
 *
 * Only named fields are logged, never whole errors or requests: an error object may carry headers with a token.
 */
import { pino } from "pino";

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
