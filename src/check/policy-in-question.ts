/** Which policy both sides are held against: the one that decides today, as `serve` and `plan` choose it. Reads only. */
import { existsSync } from "node:fs";
import type { Finding, Policy } from "../policy/model.ts";
import { readPolicyFile, readPolicyText } from "../policy-file.ts";
import { lastPublished } from "../policy-in-force.ts";
import { publishedVersions } from "../policy-published.ts";
import type { Store } from "../ports.ts";
import { localDay } from "../sync/intake.ts";
import { broken, type CheckLine, fine } from "./line.ts";
import { policyLines } from "./own-lines.ts";

/** Where policies come from. */
export interface PolicySources {
  readonly file: string;
  /** The file was named by the operator: it is the truth, whatever the console published. */
  readonly explicit: boolean;
  /** null = it could not be opened; then the file alone is looked at. */
  readonly store: Pick<Store, "register" | "console"> | null;
}

/** The policy that decides today. */
export interface PolicyInQuestion {
  /** null = nothing behind it can be looked at. */
  readonly policy: Policy | null;
  /** SHA-256 of what it says, hex. */
  readonly hash: string;
  readonly lines: readonly CheckLine[];
}

/** Reads it, and says what is wrong with it. @throws what the store throws */
export async function policyInQuestion(sources: PolicySources, now: number): Promise<PolicyInQuestion> {
  const { file, explicit, store } = sources;
  const published =
    explicit || store === null ? null : await lastPublished(store.register, store.console.policies, now);
  if (published === null || store === null) return ofFile(sources, now);
  const kept = await store.console.policies.get(published.version);
  const read = readPolicyText(kept?.content ?? "");
  const where = `published in the console (${file} does not count)`;
  return { policy: published, hash: read.hash, lines: policyLines(where, published, read.findings) };
}

async function ofFile(sources: PolicySources, now: number): Promise<PolicyInQuestion> {
  const { file, store } = sources;
  if (!existsSync(file)) {
    const none = (await waiting(sources)) ?? noFile(file);
    return { policy: null, hash: "", lines: policyLines(file, null, [none]) };
  }
  const { policy, findings, hash } = readPolicyFile(file);
  const lines = policyLines(file, policy, findings);
  if (policy === null || store === null) return { policy, hash, lines };
  const reused = await reusedVersion(policy.version, hash, store);
  if (reused !== null) return { policy, hash, lines: [...lines, reused] };
  return (await before(policy, store, now, lines)) ?? { policy, hash, lines };
}

/** What `serve` would refuse to start for. */
async function reusedVersion(
  version: string,
  hash: string,
  store: Pick<Store, "console">,
): Promise<CheckLine | null> {
  const kept = await store.console.policies.get(version);
  if (kept === null || kept.contentHash === hash) return null;
  return broken(
    "policy",
    "policy_version",
    `Version ${version} was used before with other content, so \`serve\` does not start with this file.`,
    "Give the changed policy a new policy_version.",
  );
}

/** A version that begins later leaves the one before it in force; null = this one is in force, or there is none before. */
async function before(
  policy: Policy,
  { register }: Pick<Store, "register">,
  now: number,
  lines: readonly CheckLine[],
): Promise<PolicyInQuestion | null> {
  const today = localDay(policy, now);
  if (policy.effectiveFrom === null || policy.effectiveFrom <= today) return null;
  const kept = await register.policyInForce(today);
  const read = kept === null ? null : readPolicyText(kept.content);
  if (read === null || read.policy === null) return null;
  const note = `version ${policy.version} begins on ${policy.effectiveFrom}; everything below is held against version ${read.policy.version}, which is in force until then`;
  return { policy: read.policy, hash: read.hash, lines: [...lines, fine("policy", "policy in force", note)] };
}

/** Published, but not begun: it is the only policy there is. null = nothing was published, or it does not count. */
async function waiting({ explicit, store }: PolicySources): Promise<Finding | null> {
  const [version] = explicit || store === null ? [] : await publishedVersions(store.register);
  const kept = version === undefined ? null : ((await store?.console.policies.get(version)) ?? null);
  if (kept === null || kept.effectiveFrom === null) return null;
  return {
    code: "policy_begins_later",
    severity: "error",
    path: "",
    message: `Version ${kept.version} was published and begins on ${kept.effectiveFrom}; until then there is no policy.`,
    fix: "Publish it with an earlier effective_from or without one, or write a policy file for the time before.",
  };
}

function noFile(path: string): Finding {
  return {
    code: "no_policy_file",
    severity: "error",
    path: "",
    message: `There is no file ${path}.`,
    fix: 'Write one (README, "Write a policy": fifteen lines are enough) or set POLICY_FILE to yours.',
  };
}
