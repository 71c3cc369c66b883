/** What trouble with an upstream closes, and what opens it again. */
import { createHash } from "node:crypto";
import { Paused } from "../errors.ts";
import type { Health } from "../ports.ts";
import { ACCOUNT } from "./book.ts";
import { drop, type Line, pump } from "./line.ts";
import type { PacerOptions } from "./options.ts";
import { PROBE_MS } from "./slices.ts";

/** One failed call is that call's trouble; so many in a row are the upstream's. */
const FAILURES = 5;
/** Credentials that were refused are tried again after this long: a refusal can be the upstream's mistake. */
const SAME_AGAIN_MS = 15 * 60_000;
/** A block this long is told to people: it is the longest wait that an answer can ask for (15 minutes). */
const LONG_MS = 15 * 60_000;

export function block(line: Line, name: string, forMs: number): void {
  const { budget, options } = line;
  budget.shut(name, forMs);
  drop(line, name);
  if (forMs >= LONG_MS)
    options.alarm?.raise({
      key: `held_back:${options.upstream}`,
      title: `${options.upstream} takes no calls for ${Math.round(forMs / 60_000)} minutes`,
      lines: [
        `It asked for that wait, or longer, in answer to ${name === ACCOUNT ? "a call" : `a call of the class ${name}`}.`,
        "Nothing is lost: what waits goes on by itself.",
        `fix: Look at the API usage in ${options.upstream}; another app may be using up the limit.`,
      ],
      severity: "warning",
      link: null,
    });
}

export function met(line: Line, endpointClass: string, health: Health): void {
  const { budget, failures, options, state } = line;
  const counts = line.answers.get(endpointClass) ?? new Map<Health, number>();
  line.answers.set(endpointClass, counts.set(health, (counts.get(health) ?? 0) + 1));
  const inARow = health === "failing" ? (failures.get(endpointClass) ?? 0) + 1 : 0;
  failures.set(endpointClass, inARow);
  if (health === "unreachable") block(line, ACCOUNT, PROBE_MS);
  if (inARow >= FAILURES) block(line, endpointClass, PROBE_MS);
  if (health !== "well") return;
  // What was under way when the credentials were refused proves nothing.
  if (state.refusal?.tried === true) {
    state.refusal = null;
    options.alarm?.over(`refused:${options.upstream}`);
  }
  if ((line.trying.get(endpointClass) ?? 0) === 0 || !budget.reopen(endpointClass)) return;
  options.alarm?.over(`held_back:${options.upstream}`);
  line.later.clear();
  pump(line);
}

export function refused(line: Line, problem: string, fix: string): void {
  const { options, state, time } = line;
  const first = state.refusal === null;
  state.refusal = { credentials: hashed(options), at: time.ticks(), tried: false, problem, fix };
  for (const one of line.waiting.splice(0))
    one.reject(new Paused(problem, { upstream: options.upstream, fix }));
  if (first)
    options.alarm?.raise({
      key: `refused:${options.upstream}`,
      title: `${options.upstream} refuses our credentials`,
      lines: [problem, `fix: ${fix}`, "Nothing is lost: what waits goes on as soon as they are replaced."],
      severity: "critical",
      link: null,
    });
}

/** @throws Paused while the credentials are those that were refused. */
export function refuseIfRefused({ options, state, time }: Line): void {
  const { refusal } = state;
  if (refusal === null) return;
  if (refusal.credentials === hashed(options) && time.ticks() - refusal.at < SAME_AGAIN_MS)
    throw new Paused(refusal.problem, { upstream: options.upstream, fix: refusal.fix });
  state.refusal = { ...refusal, at: time.ticks(), tried: true };
}

function hashed(options: PacerOptions): string {
  return createHash("sha256")
    .update(options.credentials?.() ?? "")
    .digest("base64");
}
