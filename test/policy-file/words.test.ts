import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { Basis } from "../../src/policy/model.ts";
import { BASIS_WORDS, FLAG_WORDS, REASON_WORDS } from "../../src/policy/word-table.ts";
import { basisInWords, flagInWords, hasWords, inWords } from "../../src/policy/words.ts";
import { exampleData, policyOf } from "./example.ts";

const POLICY = policyOf(exampleData());
const RULES = new URL("../../src/policy/", import.meta.url);

/** First words of reason codes; a literal that begins with one of them, in a file that gives reasons, is a reason. */
const REASON =
  /["'`]((?:account|addon|arr|contract|default|domain|downgrade|excluded|fact|family|grant|group|hierarchy|inherited|no_entitlement|not_deciding|override|plan|priority|promise|requester|sla|stale|status|tam|trial|waitlisted)(?:_[a-z]+)+|waitlisted)(?::\$\{[^}]*\}|:[a-z_]+)?["'`]/g;

/** Literals of that form which name something else. */
const NOT_REASONS: readonly string[] = ["arr_sum", "contract_end", "contract_start", "requester_changed"];

function reasonsInRules(): readonly string[] {
  const files = readdirSync(RULES).filter(
    (name) =>
      name.endsWith(".ts") && !/^(policy|lint|word|json-schema|model|fact|guard|reconcile|case)/.test(name),
  );
  const found = files.flatMap((name) => {
    const text = readFileSync(new URL(name, RULES), "utf8");
    return [...text.matchAll(REASON)].map(([, code]) => code ?? "");
  });
  return [...new Set(found)].filter((code) => !NOT_REASONS.includes(code)).sort();
}

describe("every reason", () => {
  test("that the rules can give has a sentence", () => {
    const codes = reasonsInRules();
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !hasWords(code))).toEqual([]);
  });

  test("is one plain sentence", () => {
    for (const code of Object.keys(REASON_WORDS)) {
      const sentence = inWords(code, POLICY);
      expect(sentence).toMatch(/^[A-Z][^.{}_]*\.$/);
    }
  });
});

describe("in words", () => {
  test.each([
    ["grant_plan:enterprise", "The plan gives Enterprise."],
    ["grant_addon:enterprise_support", "The add-on gives Enterprise Support (add-on)."],
    ["waitlisted:pro", "The ARR is enough for Pro, but that tier is full and the customer is waiting."],
    ["grant_plan:retired", "The plan gives retired."],
    ["status_gate:on_hold", "The account is on hold, which limits the tier."],
    ["status_flag:past_due", "The account is late with a payment, which changes nothing."],
    ["fact_unreadable:contractEnd", "The CRM value for the contract's end cannot be read."],
    ["priority_keyword", "The priority was raised: the text names something urgent."],
    ["brand_new_reason:x", "Brand new reason x."],
    ["constructor", "Constructor."],
  ])("%s is %j", (reason, sentence) => {
    expect(inWords(reason, POLICY)).toBe(sentence);
  });

  test("a basis says what the tier rests on", () => {
    const bases = Object.keys(BASIS_WORDS) as Basis[];
    expect(
      bases.map((basis) => basisInWords(basis, POLICY)).every((words) => /^[a-z][^{}_]+$/.test(words)),
    ).toBe(true);
    expect(basisInWords("default", POLICY)).toBe("nothing in particular: everyone has at least Standard");
  });

  test("a flag says the same with and without the prefix", () => {
    for (const flag of Object.keys(FLAG_WORDS)) {
      expect(flagInWords(`ps_${flag}`, POLICY)).toBe(flagInWords(flag, POLICY));
      expect(flagInWords(flag, POLICY)).toMatch(/^[A-Z].*\.$/);
    }
    expect(flagInWords("ps_something_new", POLICY)).toBe("Something new.");
  });
});
