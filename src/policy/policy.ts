/** Reads a policy file: what people write → what the rules use, with every structural mistake at once. */
import type { Finding, Policy } from "./model.ts";
import { crmRefusals } from "./policy-crm.ts";
import {
  issueFindings,
  namingKnownKeys,
  offendingPaths,
  type Path,
  pathText,
  valueAt,
} from "./policy-findings.ts";
import { normalised } from "./policy-normalise.ts";
import { type PolicyFile, policyFile } from "./policy-schema.ts";
import { shapeFindings } from "./policy-shape.ts";
import { sourceRefusals, tableRefusals } from "./policy-sources.ts";

/** A policy file as far as it can be understood. */
export interface PolicyDraft {
  /** The policy with every unusable value left out, so that the rest can be looked at too; null = too little is left. */
  readonly draft: Policy | null;
  /** The same, in the author's words. */
  readonly file: PolicyFile | null;
  readonly findings: readonly Finding[];
  /** What was left out, as paths. */
  readonly leftOut: readonly string[];
}

const ROUNDS = 4;

function without(root: unknown, paths: readonly Path[]): unknown {
  const copy: unknown = structuredClone(root);
  for (const path of paths) {
    const last = path.at(-1);
    const parent = valueAt(copy, path.slice(0, -1));
    if (last !== undefined && parent !== null && typeof parent === "object")
      Reflect.deleteProperty(parent, last);
  }
  return copy;
}

/**
 * Reads what can be read and names everything else.
 *
 * @param raw the file as plain data (from YAML or JSON); it is not changed.
 */
export function readDraft(raw: unknown): PolicyDraft {
  const refused = [...crmRefusals(raw), ...tableRefusals(raw), ...sourceRefusals(raw)];
  const findings = refused.map((one) => one.finding);
  const leftOut: Path[] = refused.map((one) => one.path);
  for (let round = 0; round < ROUNDS; round += 1) {
    const current = without(raw, leftOut);
    const result = policyFile.safeParse(current, { error: namingKnownKeys });
    if (result.success) {
      findings.push(...shapeFindings(result.data));
      return { draft: normalised(result.data), file: result.data, findings, leftOut: leftOut.map(pathText) };
    }
    const { issues } = result.error;
    // Later rounds only see what taking values out has caused, which is nothing the author wrote.
    if (round === 0) findings.push(...issues.flatMap((issue) => issueFindings(current, issue)));
    leftOut.push(...issues.flatMap((issue) => offendingPaths(current, issue)));
    if (leftOut.some((path) => path.length === 0)) break;
  }
  return { draft: null, file: null, findings, leftOut: leftOut.map(pathText) };
}

/**
 * The policy of a file, or every structural mistake in it.
 *
 * Structure only: names that point nowhere and promises that contradict each other are `lintPolicy`'s.
 * @param raw the file as plain data (from YAML or JSON).
 */
export function parsePolicy(raw: unknown): {
  readonly policy: Policy | null;
  readonly findings: readonly Finding[];
} {
  const { draft, findings } = readDraft(raw);
  const refused = findings.some((finding) => finding.severity === "error");
  return { policy: refused ? null : draft, findings };
}
