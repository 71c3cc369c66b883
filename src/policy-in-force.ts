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
import { publishedVersions } from "./policy-published.ts";
import type { PolicyVersions, Register } from "./ports.ts";
import { localDay } from "./sync/intake.ts";

/**
 * Loads the file, remembers the version, answers the policy in force at `now`. @throws ConfigProblem
 *
 * @param published versions of the store, where no file was named: what the console published last, and has begun, goes
 * before the file. null = the file is the truth.
 * @param otherwise decides where nothing was published and there is no file; null = there must be one.
 */
export async function policyInForce(
  path: string,
  register: Register,
  log: Log,
  now: number,
  published: PolicyVersions | null = null,
  otherwise: Policy | null = null,
): Promise<Policy> {
  const chosen = published === null ? null : await lastPublished(register, published, now);
  if (chosen !== null) return chosen;
  if (otherwise !== null && !existsSync(path)) return otherwise;
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

/** The newest published version that has begun; null = nothing was published, or nothing has begun. */
export async function lastPublished(
  register: Pick<Register, "setting">,
  published: PolicyVersions,
  now: number,
): Promise<Policy | null> {
  for (const version of await publishedVersions(register)) {
    const kept = await published.get(version);
    const policy = kept === null ? null : readPolicyText(kept.content).policy;
    if (policy === null) continue;
    if (policy.effectiveFrom === null || policy.effectiveFrom <= localDay(policy, now)) return policy;
  }
  return null;
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
  /** Looks again when the local day has changed, for a later version may begin, or when one was published. */
  readonly refresh: () => Promise<void>;
}

/** Keeps the policy of the day, starting with `first`. */
export function policyOfTheDay(
  path: string,
  register: Register,
  log: Log,
  now: () => number,
  first: Policy,
  published: PolicyVersions | null = null,
  otherwise: Policy | null = null,
): CurrentPolicy {
  let policy = first;
  let day = localDay(first, now());
  let seen = "";
  const refresh = async (): Promise<void> => {
    const today = localDay(policy, now());
    const versions = published === null ? "" : (await publishedVersions(register)).join("\n");
    if (today === day && versions === seen) return;
    policy = await policyInForce(path, register, log, now(), published, otherwise);
    day = today;
    seen = versions;
  };
  return { policy: () => policy, refresh };
}
