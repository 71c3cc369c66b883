import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readPolicyFile, readPolicyText } from "../../src/policy-file.ts";

const told = (text: string) =>
  readPolicyText(text).findings.map(({ code, path, message }) => `${code} ${path}: ${message}`);

describe("the text of a policy", () => {
  test("may begin with a byte order mark", () => {
    expect(readPolicyText("\uFEFFtiers: [{id: a}]").policy?.defaultTier).toBe("a");
  });

  test("is YAML 1.2: no and on stay words, dates stay text", () => {
    const { policy, findings } = readPolicyText(
      "tiers: [{id: a}]\neffective_from: 2026-06-01\ndesk: {zendesk: {availability: on}}\npriority: {keywords: {negators: [no, not]}}\n",
    );
    expect(findings).toEqual([]);
    expect(policy?.effectiveFrom).toBe("2026-06-01");
    expect(policy?.desk.availability).toBe(true);
    expect(policy?.priority.keywords.negators).toEqual(["no", "not"]);
  });

  test.each([
    [
      "a key that stands twice",
      "tiers:\n  - id: a\ntiers: []\n",
      ["yaml_syntax line 3, column 1: this key stands here for the second time (line 3, column 1)"],
    ],
    [
      "a tag of one's own",
      "tiers: [{id: a}]\nowner: !secret x\n",
      ["yaml_syntax line 2, column 8: Unresolved tag: !secret (line 2, column 8)"],
    ],
    [
      "a second document",
      "tiers: [{id: a}]\n---\nx: 1\n",
      ["yaml_syntax line 2, column 1: the file holds a second document (line 2, column 1)"],
    ],
    ["nothing", "# empty\n", ["schema : nothing is written here; expected a mapping of keys to values"]],
    [
      "an unknown key",
      "tiers:\n  - id: a\n    rnak: 1\n",
      ['unknown_key tiers[0].rnak: "rnak" is not a key that is known here (line 3)'],
    ],
    [
      "a name that points nowhere",
      "tiers:\n  - id: a\n\ngroups:\n  On-call:\n    schedule: nights\n",
      ['unknown_schedule groups["On-call"].schedule: there is no schedule "nights" in this policy (line 6)'],
    ],
  ])("with %s says where", (_what, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  test("that is not YAML is refused with line and column", () => {
    expect(told("tiers:\n  - {id: a\n")[0]).toMatch(/^yaml_syntax line 3, column 1: /);
  });

  test("cannot be blown up by anchors that repeat each other", () => {
    const rows = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [name, of] of [
      ["b", "a"],
      ["c", "b"],
      ["d", "c"],
      ["e", "d"],
    ]) {
      rows.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(", ")}]`);
    }
    expect(told(rows.join("\n")).map((one) => one.split(":")[0])).toEqual(["yaml_syntax "]);
  });

  test("may repeat a block by an anchor", () => {
    const { policy, findings } = readPolicyText(
      "tiers:\n  - {id: a, routing: &r {group: G}}\n  - {id: b, routing: *r}\n",
    );
    expect(findings).toEqual([]);
    expect(policy?.tiers.map((tier) => tier.routing.group)).toEqual(["G", "G"]);
  });

  test("nested without end, or larger than 1 MiB, is refused", () => {
    expect(readPolicyText("[".repeat(50_000)).findings[0]?.code).toBe("yaml_syntax");
    expect(told(`# ${"x".repeat(1024 * 1024)}`)).toEqual(["file_too_large : the file is larger than 1 MiB"]);
  });
});

describe("the version of a policy", () => {
  test("without a name is made from the content", () => {
    const one = readPolicyText("tiers: [{id: a}]");
    expect(one.policy?.version).toBe(`content-${one.hash.slice(0, 12)}`);
    expect(readPolicyText("tiers: [{id: b}]").policy?.version).not.toBe(one.policy?.version);
  });

  test("has the same hash however it is laid out, and another when it says something else", () => {
    const hashOf = (text: string) => readPolicyText(text).hash;
    const flow = hashOf("timezone: UTC\ntiers: [{id: a, rank: 1}]");
    expect(hashOf("# why\ntiers:\n  - rank: 1\n    id: a\ntimezone: 'UTC'\n")).toBe(flow);
    expect(hashOf("timezone: UTC\ntiers: [{id: a, rank: 2}]")).not.toBe(flow);
    expect(flow).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a policy file", () => {
  test("is read with its text, and one that is not there is a finding", () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-file-"));
    try {
      const path = join(folder, "policy.yaml");
      writeFileSync(path, "tiers: [{id: a}]\n");
      expect(readPolicyFile(path)).toMatchObject({
        text: "tiers: [{id: a}]\n",
        findings: [],
        policy: { defaultTier: "a" },
      });
      expect(readPolicyFile(folder).findings.map((one) => one.code)).toEqual(["file_unreadable"]);
      const absent = readPolicyFile(join(folder, "nothing.yaml"));
      expect(absent.policy).toBeNull();
      expect(absent.findings[0]?.message).toContain("ENOENT");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
