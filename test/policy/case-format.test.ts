import { describe, expect, test } from "@jest/globals";
import { readCase, writeResult } from "../../src/policy/case-format.ts";
import { decide } from "../../src/policy/decide.ts";
import { policy } from "../builders.ts";

const rules = policy();
const smallest = {
  id: "Q1",
  now: "2026-06-09T15:00:00Z",
  ticket: { id: "t1", created_at: "2026-06-09T15:00:00Z", requester: {} },
};

describe("reading a case", () => {
  test("needs no more than an id, a moment and a ticket", () => {
    const { id, situation, now } = readCase(smallest);
    expect({ id, now }).toEqual({ id: "Q1", now: Date.parse("2026-06-09T15:00:00Z") });
    expect(situation.ticket).toMatchObject({
      status: "new",
      tags: [],
      priority: null,
      prioritySetBy: "none",
      group: null,
    });
    expect(situation.ticket.requester).toEqual({ email: null, role: "end-user", vip: false, verified: true });
    expect(situation).toMatchObject({ event: "created", prior: null, overrides: [] });
  });

  test("takes amounts exactly as they are written, as number or as text", () => {
    const amounts = ["80400.005", 80400.005, 100000, "1e5", "0.10"].map((amount) => {
      const { situation } = readCase({ ...smallest, accounts: { a: { arr: { amount, currency: "USD" } } } });
      return situation.accounts.get("a")?.arr?.amount;
    });
    expect(amounts).toEqual(["80400.005", "80400.005", "100000", "100000", "0.1"]);
  });

  test("gives the ledger's state to whichever account is matched", () => {
    const { situation } = readCase({
      ...smallest,
      accounts: { a: {}, b: {} },
      state: { tier: "pro", basis: "arr", lower_since: "2026-06-01T00:00:00+02:00" },
    });
    const state = {
      tier: "pro",
      basis: "arr",
      lowerSince: Date.parse("2026-05-31T22:00:00Z"),
      waitlisted: [],
    };
    expect([...situation.held]).toEqual([
      ["a", state],
      ["b", state],
    ]);
  });

  test("takes unknown staffing as unknown", () => {
    const { situation } = readCase({ ...smallest, availability: { Support: { online: 0 }, Other: {} } });
    expect(situation.availability.get("Support")).toEqual({ online: 0, unassigned: null });
    expect(situation.availability.get("Other")).toEqual({ online: null, unassigned: null });
  });

  test.each([
    [
      "a date that is none",
      { accounts: { a: { contract_end: "2026-02-30" } } },
      "case Q1: accounts.a.contract_end: ",
    ],
    [
      "an amount that is none",
      { accounts: { a: { arr: { amount: "12k", currency: "USD" } } } },
      "case Q1: accounts.a.arr.amount: not a decimal number",
    ],
    ["a moment without zone", { now: "2026-06-09T15:00:00" }, "case Q1: now: "],
    ["a status nobody knows", { accounts: { a: { status: "sleeping" } } }, "case Q1: accounts.a.status: "],
    ["a ticket that is missing", { ticket: undefined }, "case Q1: ticket: "],
    ["an id that is missing", { id: undefined }, "a case without an id: id: "],
  ])("names the case and the place of %s", (_sentence, changes, message) => {
    expect(() => readCase({ ...smallest, ...changes })).toThrow(message);
  });

  test("names every place at once", () => {
    const broken = { ...smallest, now: "soon", overrides: [{ id: "o" }] };
    expect(() => readCase(broken)).toThrow(/now: .*overrides\.0\.account_id: .*overrides\.0\.created_at: /);
  });

  test.each([null, "text", 7, []])("refuses what is no case at all (%j)", (json) => {
    expect(() => readCase(json)).toThrow("a case without an id");
  });
});

describe("writing a result", () => {
  test("has exactly the compared fields of a ticket to change", () => {
    const { id, situation, now } = readCase(smallest);
    expect(writeResult(id, decide(situation, rules, now), rules)).toEqual({
      id: "Q1",
      action: "apply",
      tier: "standard",
      basis: "default",
      priority: "normal",
      priority_changed: true,
      group: "Support",
      followers_add: [],
      sla_policy: "PS Standard",
      first_reply_target_minutes: 960,
      first_reply_clock: "business",
      first_reply_due_at: "2026-06-11T15:00:00Z",
      tags_add: ["ps_tier_standard", "ps_unmatched"],
      tags_remove: [],
      reasons: ["account_unmatched", "default_tier", "priority_default", "group_primary"],
    });
  });

  test("has only the reason of a ticket left alone", () => {
    const { id, situation, now } = readCase({
      ...smallest,
      ticket: { ...smallest.ticket, status: "closed" },
    });
    expect(writeResult(id, decide(situation, rules, now), rules)).toEqual({
      id: "Q1",
      action: "skip",
      reasons: ["excluded_closed"],
    });
  });
});
