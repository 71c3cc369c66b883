/** The policy as text: which one decides, what is wrong with a draft, and what a new one needs a restart for. */
import { existsSync } from "node:fs";
import { SMALLEST_POLICY } from "../first-policy.ts";
import type { Finding, Policy } from "../policy/model.ts";
import { type PolicyRead, readPolicyFile, readPolicyText } from "../policy-file.ts";
import { publishedVersions } from "../policy-published.ts";
import type { ConsoleParts } from "./parts.ts";
import { notFound } from "./problem.ts";

/** The newest policy text, in force or about to be. */
export interface CurrentText {
  readonly version: string;
  readonly yaml: string;
  readonly hash: string;
  readonly from: "file" | "console" | "nowhere";
}

/**
 * What the next draft is made from: the file where it is the truth, else what was published last. While things are being
 * set up there may be neither: then it is the smallest policy there is, from nowhere.
 */
export async function currentText(
  parts: Pick<ConsoleParts, "store" | "policySource" | "setUp">,
): Promise<CurrentText> {
  const { explicit, path } = parts.policySource;
  const [newest] = explicit ? [] : await publishedVersions(parts.store.register);
  const kept = newest === undefined ? null : await parts.store.console.policies.get(newest);
  if (kept !== null)
    return { version: kept.version, yaml: kept.content, hash: kept.contentHash, from: "console" };
  const read = existsSync(path) ? readPolicyFile(path) : null;
  if (read === null && parts.setUp.isSetUpMode) {
    const { policy, hash, text } = readPolicyText(SMALLEST_POLICY);
    return { version: policy?.version ?? "unreadable", yaml: text, hash, from: "nowhere" };
  }
  if (read === null)
    throw notFound(`There is no policy file ${path}.`, "Publish a policy, or write the file.");
  return { version: read.policy?.version ?? "unreadable", yaml: read.text, hash: read.hash, from: "file" };
}

/** The linter, remembering its last answer. */
export function rememberingLint(): (yaml: string) => PolicyRead {
  let last: PolicyRead | null = null;
  return (yaml) => {
    if (last === null || last.text !== yaml) last = readPolicyText(yaml);
    return last;
  };
}

/** A draft without errors, or null with what is wrong. */
export function draftOf(yaml: string): {
  readonly policy: Policy | null;
  readonly findings: readonly Finding[];
  readonly hash: string;
} {
  const { policy, findings, hash } = readPolicyText(yaml);
  const broken = findings.some((one) => one.severity === "error");
  return { policy: broken ? null : policy, findings, hash };
}

/** Sections in which a policy differs from what desk and CRM were connected with. */
export function restartNeeded(connected: Policy, policy: Policy): readonly string[] {
  const tierTags = (one: Policy): readonly string[] => one.tiers.map((tier) => tier.id);
  const parts: readonly (readonly [string, (one: Policy) => unknown])[] = [
    ["crm", (one) => one.crm],
    ["sources", (one) => [one.sources, one.tables]],
    ["desk", (one) => [one.desk, Object.keys(one.priority.impactField)]],
    ["tag_namespace", (one) => one.prefix],
    ["tiers", tierTags],
  ];
  return parts.flatMap(([name, part]) =>
    JSON.stringify(part(connected)) === JSON.stringify(part(policy)) ? [] : [name],
  );
}
