/**
 * Which policy decides today: the file's, unless it begins later; then the version before it stays in force.
 *
 * Every version that was ever loaded is kept, so a decision can be explained by the text that made it.
 */
import { existsSync } from "node:fs";
import { ConfigProblem } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Finding, Policy } from "./policy/model.ts";
import { readPolicyFile, readPolicyText } from "./policy-file.ts";
import type { Register } from "./ports.ts";
import { localDay } from "./sync/intake.ts";

/** Loads the file, remembers the version, answers the policy in force at `now`. @throws ConfigProblem */
export async function policyInForce(
  path: string,
  register: Register,
  log: Log,
  now: number,
): Promise<Policy> {
  const { policy, text, hash } = loadPolicy(path);
  await register.putPolicy(policy.version, hash, text, policy.effectiveFrom);
  const today = localDay(policy, now);
  if (policy.effectiveFrom === null || policy.effectiveFrom <= today) return policy;
  const before = await register.policyInForce(today);
  const stored = before === null ? null : readPolicyText(before.content).policy;
  if (stored === null) {
    log.warn(
      { version: policy.version, effectiveFrom: policy.effectiveFrom },
      "the policy begins later and there is none before it; it is used from now on",
    );
    return policy;
  }
  log.info(
    { version: stored.version, next: policy.version, effectiveFrom: policy.effectiveFrom },
    "the earlier policy version stays in force until the next one begins",
  );
  return stored;
}

/** A policy file without errors. @throws ConfigProblem with every finding at once. */
export function loadPolicy(path: string): {
  readonly policy: Policy;
  readonly text: string;
  readonly hash: string;
} {
  if (!existsSync(path))
    throw new ConfigProblem([
      {
        what: `POLICY_FILE: there is no file ${path}.`,
        fix: 'Write one (README, "Write a policy": fifteen lines are enough) or set POLICY_FILE to yours.',
      },
    ]);
  const { policy, findings, text, hash } = readPolicyFile(path);
  if (policy === null)
    throw new ConfigProblem(findings.filter((f) => f.severity === "error").map((f) => problemOf(path, f)));
  return { policy, text, hash };
}

function problemOf(path: string, finding: Finding): { readonly what: string; readonly fix: string } {
  return { what: `${path}: ${finding.path}: ${finding.message} (${finding.code})`, fix: finding.fix };
}

/** The policy that decides now, and a way to look again. */
export interface CurrentPolicy {
  readonly policy: () => Policy;
  /** Looks again when the local day has changed: a later version may begin. */
  readonly refresh: () => Promise<void>;
}

/** Keeps the policy of the day, starting with `first`. */
export function policyOfTheDay(
  path: string,
  register: Register,
  log: Log,
  now: () => number,
  first: Policy,
): CurrentPolicy {
  let policy = first;
  let day = localDay(first, now());
  const refresh = async (): Promise<void> => {
    const today = localDay(policy, now());
    if (today === day) return;
    day = today;
    policy = await policyInForce(path, register, log, now());
  };
  return { policy: () => policy, refresh };
}
