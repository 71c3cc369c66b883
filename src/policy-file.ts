/** Reads a policy file as text: YAML 1.2, nothing exotic, and every mistake with its line. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { lintPolicy } from "./policy/lint.ts";
import type { Finding, Policy } from "./policy/model.ts";
import { UNVERSIONED } from "./policy/policy-normalise.ts";

/** A policy file as read. */
export interface PolicyRead {
  /** null when anything in the file is an error. */
  readonly policy: Policy | null;
  readonly findings: readonly Finding[];
  /** SHA-256, hex, of what the file says: comments, order of keys and layout do not count. */
  readonly hash: string;
  readonly text: string;
}

const SIZE_MAX_BYTES = 1024 * 1024;

/** Anchors may repeat a row of times here and there; thousands of copies are an attack or a mistake. */
const ALIASES_MAX = 100;

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** JSON with sorted keys: the same for two files that say the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function error(code: string, path: string, message: string, fix: string): Finding {
  return { code, severity: "error", path, message, fix };
}

function refused(text: string, findings: readonly Finding[]): PolicyRead {
  return { policy: null, findings, hash: sha256(text), text };
}

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly findings: readonly Finding[];
}

function parsed(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
    lineCounter: lines,
  });
  // A tag that is not of the core schema is only a warning to the parser; to us it is a value we cannot know.
  const findings = [...document.errors, ...document.warnings].map((one) => {
    const { line, col } = lines.linePos(one.pos[0]);
    const place = `line ${line}, column ${col}`;
    const [said, fix] = SYNTAX_WORDS[one.code] ?? [one.message, "Correct the YAML at this place."];
    return error("yaml_syntax", place, `${said} (${place})`, fix);
  });
  return { document, lines, findings: findings.slice(0, SYNTAX_FINDINGS_MAX) };
}

/** What the parser says in its own terms, in an author's. */
const SYNTAX_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  DUPLICATE_KEY: ["this key stands here for the second time", "Keep one of the two keys."],
  MULTIPLE_DOCS: ["the file holds a second document", "Remove the line `---` and what follows it."],
};

/** One slip early in a file can make the parser stumble over all the rest. */
const SYNTAX_FINDINGS_MAX = 20;

const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([A-Za-z_]\w*)/g;

function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(STEP)].map(([, quoted, index, plain]) => {
    if (quoted !== undefined) return String(JSON.parse(`"${quoted}"`));
    return index === undefined ? (plain ?? "") : Number(index);
  });
}

/** Where a path stands in the text; of a key that is missing, where its surroundings stand. */
function offsetOf(document: Document, path: string): number | null {
  const steps = stepsOf(path);
  for (let length = steps.length; length > 0; length -= 1) {
    const above: unknown =
      length === 1 ? document.contents : document.getIn(steps.slice(0, length - 1), true);
    const last = steps[length - 1];
    const pair = isMap(above)
      ? above.items.find(({ key }) => isScalar(key) && key.value === last)
      : undefined;
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
    const node: unknown = isMap(above) ? undefined : document.getIn(steps.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}

function withLines(findings: readonly Finding[], { document, lines }: Parsed): readonly Finding[] {
  return findings.map((finding) => {
    const offset = offsetOf(document, finding.path);
    if (offset === null) return finding;
    return { ...finding, message: `${finding.message} (line ${lines.linePos(offset).line})` };
  });
}

/**
 * The policy that a text holds, or everything that is wrong with it.
 *
 * YAML 1.2 core schema (unquoted `no` is text, dates stay text), no tags of one's own, no key twice, at most 1 MiB. A
 * policy without `policy_version` gets one from its content, so that other content is another version.
 */
export function readPolicyText(text: string): PolicyRead {
  if (Buffer.byteLength(text) > SIZE_MAX_BYTES) {
    const message = "the file is larger than 1 MiB";
    return refused(text, [error("file_too_large", "", message, "Give the path of a policy file.")]);
  }
  let raw: unknown;
  let yaml: Parsed;
  try {
    yaml = parsed(text.replace(/^\uFEFF/, ""));
    if (yaml.findings.length > 0) return refused(text, yaml.findings);
    raw = yaml.document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    // Too many aliases, or nested deeper than the parser can follow.
    const message = `the text cannot be read: ${String(cause)}`;
    return refused(text, [
      error("yaml_syntax", "", message, "Write the policy without deep nesting and repeated anchors."),
    ]);
  }
  const hash = sha256(canonical(raw ?? null));
  const { policy, findings } = lintPolicy(raw);
  const versioned =
    policy?.version === UNVERSIONED ? { ...policy, version: `content-${hash.slice(0, 12)}` } : policy;
  return { policy: versioned, findings: withLines(findings, yaml), hash, text };
}

/** The policy of a file; a file that cannot be read is a finding too. */
export function readPolicyFile(path: string): PolicyRead {
  try {
    if (statSync(path).size > SIZE_MAX_BYTES + 3) {
      const message = `${path} is larger than 1 MiB`;
      return refused("", [error("file_too_large", "", message, "Give the path of a policy file.")]);
    }
    return readPolicyText(readFileSync(path, "utf8"));
  } catch (cause) {
    const why =
      cause !== null && typeof cause === "object" && "code" in cause ? String(cause.code) : "unknown error";
    const message = `${path} cannot be read (${why})`;
    return refused("", [
      error("file_unreadable", "", message, "Give the path of a policy file that exists and may be read."),
    ]);
  }
}
