import { describe, expect, test } from "@jest/globals";
import type { Policy, Tier } from "../../src/policy/model.ts";
import { hoursInWords } from "../../src/report/documents/opening-hours.ts";
import { paperHtml, paperMarkdown } from "../../src/report/documents/paper-written.ts";
import { type SlaCustomer, slaPaper } from "../../src/report/documents/sla.ts";
import { minutesText } from "../../src/report/figures.ts";
import { account, moment, policy, withTier } from "../builders.ts";

const rules = policy();
const at = moment("2026-07-14T13:00:00Z");

function tierOf(from: Policy, id: string): Tier {
  const tier = from.tiers.find((one) => one.id === id);
  if (tier === undefined) throw new Error(`no tier ${id}`);
  return tier;
}

function words(from: Policy, id: string, customer: SlaCustomer | null = null): string {
  return paperMarkdown(slaPaper({ policy: from, tier: tierOf(from, id), customer, at }));
}

/** Rows of the table under a heading. */
function rowsUnder(document: string, heading: string): readonly (readonly string[])[] {
  const part = document.split(/^## /m).find((one) => one.includes(heading)) ?? "";
  return part
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.slice(2, -2).split(" | "));
}

describe("the SLA document says what the policy says", () => {
  test.each(rules.tiers.map((tier) => tier.id))("every time of %s, line by line, and marked", (id) => {
    const sla = rules.slaPolicies[tierOf(rules, id).slaPolicy ?? ""];
    const expected = (["first_reply", "next_reply", "resolution"] as const).flatMap((metric) =>
      (["urgent", "high", "normal", "low"] as const).map((priority) => {
        const target = sla?.[metric][priority] ?? null;
        return target === null
          ? ["not promised", "–", "–"]
          : [
              minutesText(target.minutes),
              target.schedule,
              metric === "first_reply" ? "commitment" : "target",
            ];
      }),
    );
    expect(rowsUnder(words(rules, id), "Promised times").map((row) => row.slice(2))).toEqual(expected);
  });

  test.each(rules.tiers.map((tier) => tier.id))("no figure of %s comes from anywhere else", (id) => {
    const tier = tierOf(rules, id);
    const sla = rules.slaPolicies[tier.slaPolicy ?? ""];
    const targets = Object.values(sla ?? {}).flatMap((row) =>
      Object.values(row).filter((one) => one !== null),
    );
    const steps = (rules.terms?.escalation ?? []).map((one) => one.at);
    const schedules = [...new Set(targets.map((one) => one.schedule))].map((name) => rules.schedules[name]);
    const source = [
      JSON.stringify([rules.terms, tier, schedules, rules.slaObjective, rules.version, rules.effectiveFrom]),
      "14 Jul 2026",
      ...targets.flatMap(({ minutes }) => [
        minutesText(minutes),
        ...steps.map((step) => `${minutes * step} ${minutesText(minutes * step)}`),
      ]),
      ...[...steps, rules.slaObjective.attainment, rules.terms?.serviceCredit?.shareOfQuarter ?? 0].map(
        (share) => `${share * 100} ${(share * 100).toFixed(1)}`,
      ),
    ].join(" ");
    const known = new Set(source.match(/\d+(?:\.\d+)?/g));
    const body = words(rules, id).replace(/^## \d+\. /gm, "");
    expect((body.match(/\d+(?:\.\d+)?/g) ?? []).filter((figure) => !known.has(figure))).toEqual([]);
  });

  test("what the policy drops, the document drops", () => {
    const silent = words({ ...rules, terms: null }, "enterprise_support");
    for (const sentence of [
      "The policy names no channels.",
      "No escalation path is promised.",
      "No procedure outside support hours is promised.",
      "The policy names no exclusions.",
      "No service credit is promised.",
      "No period of notice is promised for changes of these terms.",
      "The policy does not define the priorities.",
    ])
      expect(silent).toContain(sentence);
    expect(rowsUnder(silent, "Promised times").filter((row) => row.includes("commitment"))).toEqual([]);
    expect(silent).not.toMatch(/credited|Northwind|on call/);
  });

  test("a sentence of the policy stands in the document as it is", () => {
    const terms = rules.terms;
    const document = words(rules, "enterprise_support");
    const sentences = [
      terms?.afterHours,
      terms?.review,
      ...(terms?.exclusions ?? []),
      ...(terms?.channels.covered ?? []),
      ...(terms?.escalation ?? []).map((one) => one.to),
      ...Object.values(terms?.severities ?? {}).flatMap((one) => [one.means, ...one.examples]),
    ];
    expect(sentences.length).toBeGreaterThan(15);
    expect(sentences.filter((one) => !document.includes(one ?? "–"))).toEqual([]);
  });

  test("a changed policy changes the document, and nothing but that line", () => {
    const before = words(rules, "pro").split("\n");
    const changed = withTier(rules, "pro", (tier) => ({
      entitlements: { ...tier.entitlements, authorizedContacts: 7 },
    }));
    const after = words(changed, "pro").split("\n");
    expect(after.filter((line, i) => line !== before[i])).toEqual([
      "- Authorised contacts: up to 7 named people",
    ]);
  });

  test("a tier without a fee is owed no credit, and one without an SLA policy no time", () => {
    expect(words(rules, "enterprise")).toContain("No fee is charged for this tier by itself");
    expect(words(rules, "enterprise_support")).toContain(
      "If more than 4 times (first reply) are missed in a calendar quarter, 20.0% of the quarter's fee",
    );
    const bare = words(
      withTier(rules, "pro", () => ({ slaPolicy: null })),
      "pro",
    );
    expect(rowsUnder(bare, "Promised times").every((row) => row[2] === "not promised")).toBe(true);
    expect(bare).toContain("No time is promised to this tier, so no hours are.");
  });
});

describe("made out to a customer", () => {
  const customer: SlaCustomer = {
    account: account({ name: "<script>alert(1)</script> | Söhne *GmbH*", contractEnd: null }),
    basis: "addon",
    tam: "kim@northwind.example",
  };

  test("names basis, term and account manager; an end that is not known is said to be not known", () => {
    const document = words(rules, "enterprise_support", customer);
    expect(document).toContain("- Term: 2026-01-01 to no end stated");
    expect(document).toContain("- Technical account manager: kim@northwind.example");
  });

  test("a name with markup is a name", () => {
    const paper = slaPaper({ policy: rules, tier: tierOf(rules, "enterprise_support"), customer, at });
    expect(paperHtml(paper)).not.toMatch(/<script/i);
    expect(paperMarkdown(paper)).toContain("\\<script\\>alert(1)\\</script\\> \\| Söhne \\*GmbH\\*");
  });
});

test.each([
  [{ mon: ["09:00-17:00"], tue: ["09:00-17:00"], wed: ["09:00-17:00"] }, "Monday to Wednesday 09:00–17:00"],
  [
    { mon: ["09:00-12:00", "13:00-17:00"], sat: ["10:00-12:00"] },
    "Monday 09:00–12:00 and 13:00–17:00, Saturday 10:00–12:00",
  ],
  [{ mon: ["09:00-17:00"], wed: ["09:00-17:00"] }, "Monday 09:00–17:00, Wednesday 09:00–17:00"],
])("opening hours %j are told as people tell them", (weekly, text) => {
  expect(hoursInWords({ alwaysOpen: false, timezone: "Europe/Berlin", weekly, holidays: [] })).toBe(
    `${text} (Europe/Berlin)`,
  );
});
