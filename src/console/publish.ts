/** A draft becomes the policy: checked, stored, and only where nobody else was faster. */
import { randomUUID } from "node:crypto";
import { markPublished } from "../policy-published.ts";
import type { ConsoleParts } from "./parts.ts";
import { currentText, draftOf, restartNeeded } from "./policy-text.ts";
import { conflict, notFound, refused } from "./problem.ts";

/** What came of it. */
export interface Published {
  readonly version: string;
  /** false = it begins on a later day. */
  readonly inForce: boolean;
  readonly restartNeeded: readonly string[];
}

const LEASE = "policy:publish";
const LEASE_MS = 30_000;

/**
 * Publishes a draft that was made from version `base`.
 *
 * @throws ApiProblem 409 the file is the truth, or somebody published meanwhile; 422 the draft has errors.
 */
export async function publish(
  parts: ConsoleParts,
  draft: { readonly yaml: string; readonly base: string },
  who: string,
): Promise<Published> {
  refuseReadOnly(parts);
  const { policy, findings, hash } = draftOf(draft.yaml);
  if (policy === null)
    throw refused(
      findings
        .filter((one) => one.severity === "error")
        .map((one) => ({ what: `${one.path}: ${one.message} (${one.code})`, fix: one.fix })),
    );
  return alone(parts, draft.base, async () => {
    await parts.store.register.putPolicy(policy.version, hash, draft.yaml, policy.effectiveFrom);
    return inFront(parts, policy.version, who);
  });
}

/** Puts an earlier version in front again. @throws ApiProblem as `publish`, and 404 */
export async function rollBack(
  parts: ConsoleParts,
  to: { readonly version: string; readonly base: string },
  who: string,
): Promise<Published> {
  refuseReadOnly(parts);
  const kept = await parts.store.console.policies.get(to.version);
  if (kept === null) throw notFound(`There is no version ${to.version}.`, "See the list of versions.");
  return alone(parts, to.base, () => inFront(parts, to.version, who));
}

function refuseReadOnly({ policySource }: ConsoleParts): void {
  if (!policySource.explicit) return;
  throw conflict(
    "POLICY_FILE is set, so the file is the truth and the console only reads it.",
    "Download the draft and put it into the file's repository, or unset POLICY_FILE.",
  );
}

/** While nobody else publishes, and only where the draft's base is still the newest version. */
async function alone<T>(parts: ConsoleParts, base: string, work: () => Promise<T>): Promise<T> {
  const { register } = parts.store;
  const owner = randomUUID();
  if (!(await register.lease(LEASE, owner, LEASE_MS)))
    throw conflict(
      "Somebody else is publishing at this moment.",
      "Load the policy again and look at the difference.",
    );
  try {
    const { version } = await currentText(parts);
    if (version !== base)
      throw conflict(
        `Version ${version} was published meanwhile; your draft was made from ${base}.`,
        "Load the policy again, compare, and publish your change on top of it.",
      );
    return await work();
  } finally {
    await register.releaseLease(LEASE, owner);
  }
}

async function inFront(parts: ConsoleParts, version: string, who: string): Promise<Published> {
  await keepFileVersion(parts);
  await markPublished(parts.store.register, version);
  await parts.policy.refresh();
  const running = parts.policy.policy();
  parts.log.warn({ by: who, version }, "a policy version was published");
  return {
    version,
    inForce: running.version === version,
    restartNeeded: restartNeeded(parts.connectedWith, running),
  };
}

/** Before the first publishing the file decided: its version stays in the list, to roll back to. */
async function keepFileVersion(parts: ConsoleParts): Promise<void> {
  const before = await currentText(parts);
  if (before.from !== "file") return;
  await markPublished(parts.store.register, before.version);
}
