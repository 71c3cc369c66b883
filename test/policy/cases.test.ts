import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { readCase, writeResult } from "../../src/policy/case-format.ts";
import { decide } from "../../src/policy/decide.ts";
import { parsePolicy } from "../../src/policy/policy.ts";
import { policy } from "../builders.ts";

/** A file of decision cases (`decision-cases/1`) to hold the rules against. */
const FILE = process.env.DECISION_CASES_FILE ?? "";

const caseFile = z.object({
  policy: z.unknown(),
  compare: z.object({ skip: z.array(z.string()), apply: z.array(z.string()), sets: z.array(z.string()) }),
  cases: z.array(
    z.looseObject({ id: z.string(), expected: z.looseObject({ action: z.enum(["skip", "apply"]) }) }),
  ),
});

/** Only the compared fields; those that are sets in one order. */
function comparable(
  result: Record<string, unknown>,
  fields: readonly string[],
  sets: readonly string[],
): unknown {
  return Object.fromEntries(
    fields.map((field) => {
      const value = result[field];
      return [field, sets.includes(field) && Array.isArray(value) ? [...value].sort() : value];
    }),
  );
}

if (FILE === "") {
  test("decision cases: NOT RUN unless DECISION_CASES_FILE names a file of them", () => {
    process.stderr.write("\n*** decision cases NOT RUN: DECISION_CASES_FILE is not set ***\n");
    expect(process.env.CI ?? "").toBe("");
  });
} else {
  const { policy: raw, compare, cases } = caseFile.parse(JSON.parse(readFileSync(FILE, "utf8")));
  const { policy: rules, findings } = parsePolicy(raw);

  describe("each decision case of the file", () => {
    test("there is at least one, under a policy that can be read", () => {
      expect(findings.filter((finding) => finding.severity === "error")).toEqual([]);
      expect(cases.length).toBeGreaterThan(0);
    });

    test.each(cases.map((one) => [`${one.id} ${String(one.title ?? "")}`, one] as const))(
      "%s",
      (_title, { expected, ...question }) => {
        if (rules === null) throw new Error("the file's policy cannot be read");
        const { id, situation, now } = readCase(question);
        const result = writeResult(id, decide(situation, rules, now), rules);
        const fields = compare[expected.action];
        expect(comparable(result, fields, compare.sets)).toEqual(comparable(expected, fields, compare.sets));
        expect(Object.keys(result).toSorted()).toEqual(["id", ...fields].toSorted());
      },
    );
  });
}

const contract = {
  contract_start: "2026-02-01",
  contract_end: "2027-01-31",
  synced_at: "2026-09-15T12:00:00Z",
};
const family = { sku: "ENT-SUPPORT", start: null, end: null, scope: "family" };
const summary = "tier basis priority group sla first-reply-due";

/** Whole tickets, from the customer's side: every part of the rules in one line. Now is Tuesday 15 September 2026, 10:00 in New York. */
describe(`whole tickets (${summary})`, () => {
  const now = "2026-09-15T14:00:00Z";
  test.each([
    [
      "a small customer's question waits two business days",
      { me: { ...contract, plan: "Starter" } },
      {},
      {},
      "standard plan normal Support PS Standard 2026-09-17T14:00:00Z",
    ],
    [
      "a customer worth 110,000 euros whose plan is blank is served as Enterprise",
      { me: { ...contract, arr: { amount: "110000", currency: "EUR" } } },
      {},
      {},
      "enterprise arr high Enterprise Support PS Enterprise 2026-09-15T16:00:00Z",
    ],
    [
      "a French subsidiary is covered by its group's package and reports an outage",
      {
        me: { ...contract, parent_id: "group" },
        group: { ...contract, plan: "Enterprise", addons: [family] },
      },
      { subject: "Complete outage" },
      {},
      "enterprise_support parent urgent Premier Support PS Enterprise Support 2026-09-15T14:15:00Z",
    ],
    [
      "the same subsidiary on hold waits like a small customer, outage or not",
      {
        me: { ...contract, parent_id: "group", status: "on_hold" },
        group: { ...contract, plan: "Enterprise", addons: [family] },
      },
      { subject: "Complete outage" },
      {},
      "standard gate high Support PS Standard 2026-09-16T14:00:00Z",
    ],
    [
      "a Pro customer writing on Friday evening is answered by Monday evening",
      { me: { ...contract, plan: "Professional" } },
      { created_at: "2026-09-11T22:00:00Z" },
      {},
      "pro plan normal Priority Support PS Pro 2026-09-14T21:00:00Z",
    ],
    [
      "a proof of concept is served as Pro",
      { me: { ...contract, status: "trial", plan: "Enterprise", trial: { poc: true, end: "2026-09-15" } } },
      {},
      {},
      "pro trial normal Priority Support PS Pro 2026-09-16T14:00:00Z",
    ],
    [
      "a customer whose Enterprise plan disappeared from the CRM yesterday keeps it for a week",
      { me: { ...contract, plan: "Pro" } },
      {},
      { state: { tier: "enterprise", basis: "plan", lower_since: "2026-09-14T09:00:00Z" } },
      "enterprise held high Enterprise Support PS Enterprise 2026-09-15T16:00:00Z",
    ],
    [
      "a customer that left last month, seen only as gone, is served as anyone",
      { me: { ...contract, plan: "Enterprise", gone_on: "2026-08-20" } },
      {},
      {},
      "standard default normal Support PS Standard 2026-09-17T14:00:00Z",
    ],
    [
      "a launch customer with a floor is served above its plan, even by a VIP's step",
      { me: { ...contract, plan: "Starter" } },
      { requester: { email: "ceo@me.example", vip: true } },
      {
        overrides: [
          {
            id: "launch",
            account_id: "me",
            kind: "floor",
            tier: "enterprise",
            created_at: "2026-09-01T00:00:00Z",
            expires_at: "2026-10-01T00:00:00Z",
          },
        ],
      },
      "enterprise override urgent Enterprise Support PS Enterprise 2026-09-15T15:00:00Z",
    ],
    [
      "a billing request of an Enterprise customer stays where it is, with its clock",
      { me: { ...contract, plan: "Enterprise" } },
      { form: "Billing", group: "Accounting" },
      {},
      "enterprise plan high Accounting PS Enterprise 2026-09-15T16:00:00Z",
    ],
    [
      "an overflowing group hands over to the next",
      { me: { ...contract, plan: "Enterprise" } },
      {},
      {
        availability: {
          "Enterprise Support": { online: 3, unassigned: 31 },
          "Premier Support": { online: 1, unassigned: 0 },
        },
      },
      "enterprise plan high Premier Support PS Enterprise 2026-09-15T16:00:00Z",
    ],
    [
      "an agent's low on an Enterprise ticket stays, and the clock follows it",
      { me: { ...contract, plan: "Enterprise" } },
      { priority: "low", priority_set_by: "agent" },
      {},
      "enterprise plan low Enterprise Support PS Enterprise 2026-09-15T22:00:00Z",
    ],
    [
      "a stranger with a loud subject is helped within a business day",
      { me: { ...contract, plan: "Enterprise", domains: ["me.example"] } },
      { organization_id: null, subject: "PRODUCTION DOWN!!", requester: { email: "x@you.example" } },
      {},
      "standard default high Support PS Standard 2026-09-16T14:00:00Z",
    ],
  ])("%s", (_sentence, accounts, ticket, more, expected) => {
    const { situation, now: at } = readCase({
      id: "whole",
      now,
      org_links: { org: "me" },
      accounts,
      ticket: {
        id: "t",
        created_at: now,
        organization_id: "org",
        requester: { email: "kim@me.example" },
        ...ticket,
      },
      ...more,
    });
    const rules = policy();
    const result = writeResult("whole", decide(situation, rules, at), rules);
    const { tier, basis, priority, group, sla_policy, first_reply_due_at } = result;
    expect([tier, basis, priority, group, sla_policy, first_reply_due_at].join(" ")).toBe(expected);
  });
});
