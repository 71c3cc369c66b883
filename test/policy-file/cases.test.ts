import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { lintPolicy } from "../../src/policy/lint.ts";
import { exampleData, type Operation, patched, policyOf } from "./example.ts";

const CASES_FILE = process.env.DECISION_CASES_FILE ?? "";

const caseFile = z.object({
  policy: z.unknown(),
  policy_lint_cases: z.array(
    z.object({
      id: z.string(),
      patch: z.array(
        z.object({
          op: z.string(),
          path: z.string(),
          value: z.unknown().optional(),
          from: z.string().optional(),
        }),
      ),
      expect_code: z.string(),
      expect_severity: z.enum(["error", "warning"]),
    }),
  ),
});

function operations(
  patch: z.output<typeof caseFile>["policy_lint_cases"][number]["patch"],
): readonly Operation[] {
  return patch.map(({ op, path, value, from }) => ({
    op,
    path,
    value,
    ...(from === undefined ? {} : { from }),
  }));
}

if (CASES_FILE === "") {
  const why = "NOT RUN: the agreed lint cases. Set DECISION_CASES_FILE to the file of decision cases.";
  test(why, () => {
    process.stderr.write(`${why}\n`);
    expect(process.env.CI ?? "").toBe("");
  });
} else {
  describe("the agreed lint cases", () => {
    const { policy, policy_lint_cases: cases } = caseFile.parse(JSON.parse(readFileSync(CASES_FILE, "utf8")));

    test.each(cases.map((one) => [one.id, one.expect_severity, one.expect_code, one.patch] as const))(
      "%s gives the %s %s",
      (_id, severity, code, patch) => {
        const found = lintPolicy(patched(policy, operations(patch))).findings;
        expect(found.map((one) => `${one.severity} ${one.code}`)).toContain(`${severity} ${code}`);
      },
    );

    test("their policy has no error and is the example policy", () => {
      expect(lintPolicy(policy).findings.filter((one) => one.severity === "error")).toEqual([]);
      // What customers are told in documents decides nothing, and the agreed policy leaves it out.
      expect(policyOf(policy)).toEqual({ ...policyOf(exampleData()), terms: null });
    });
  });
}
