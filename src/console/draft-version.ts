/** The version of a changed draft: other content under a version that is kept would be refused. */
import type { PolicyVersions } from "../ports.ts";
import { nextVersion, withValue } from "./policy-edit.ts";
import { draftOf } from "./policy-text.ts";

/** The draft under a version that nobody has taken; one that states none has its own by its content. */
export async function underOwnVersion(yaml: string, kept: Pick<PolicyVersions, "get">): Promise<string> {
  const stated = /^policy_version\s*:\s*["']?([^"'#\n]+?)["']?\s*(?:#.*)?$/m.exec(yaml)?.[1];
  const version = draftOf(yaml).policy?.version ?? stated;
  if (stated === undefined || version === undefined) return yaml;
  const isTaken = async (one: string): Promise<boolean> => (await kept.get(one)) !== null;
  if (!(await isTaken(version))) return yaml;
  return withValue(yaml, ["policy_version"], await nextVersion(version, isTaken));
}
