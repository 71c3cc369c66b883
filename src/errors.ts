/**
 * Errors say what to do next, by type; nobody compares messages. Anything that is not one of these is our bug.
 *
 * Messages never hold a secret or a customer's text. Every rethrow keeps `cause`.
 */

/** This one call may succeed later: put the work back and try again. */
export class TryAgain extends Error {
  override readonly name = "TryAgain";
  /** Wait at least this long; null = the usual schedule. */
  readonly afterMs: number | null;
  constructor(message: string, options: { readonly afterMs?: number | null; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.afterMs = options.afterMs ?? null;
  }
}

/** A whole upstream is closed to us at present (rate limit, outage, refused token): stop its lane, count no attempt. */
export class Paused extends Error {
  override readonly name = "Paused";
  readonly upstream: string;
  /** Wait at least this long; null = until a probe succeeds. */
  readonly afterMs: number | null;
  /** What a person can do; null = it passes by itself. */
  readonly fix: string | null;
  constructor(
    message: string,
    options: {
      readonly upstream: string;
      readonly afterMs?: number | null;
      readonly fix?: string | null;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.upstream = options.upstream;
    this.afterMs = options.afterMs ?? null;
    this.fix = options.fix ?? null;
  }
}

/** It left, and nobody can say whether it arrived: what must not happen twice is not sent again. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** The record changed since it was read: read it and decide again. */
export class Outdated extends Error {
  override readonly name = "Outdated";
}

/** This record is done with (deleted, closed, merged): leave it, with the reason. */
export class CannotApply extends Error {
  override readonly name = "CannotApply";
}

/** A person must change something before this can work. `fix` is one imperative sentence. */
export class NeedsAdmin extends Error {
  override readonly name = "NeedsAdmin";
  readonly fix: string;
  constructor(message: string, options: { readonly fix: string; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.fix = options.fix;
  }
}

/** The store cannot commit right now; what was handed in is not stored. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** The settings or the policy file are wrong. Carries every problem at once, each with its fix. */
export class ConfigProblem extends Error {
  override readonly name = "ConfigProblem";
  readonly problems: readonly { readonly what: string; readonly fix: string }[];
  constructor(problems: readonly { readonly what: string; readonly fix: string }[]) {
    super(problems.map((p) => `${p.what}\nfix: ${p.fix}`).join("\n"));
    this.problems = problems;
  }
}
