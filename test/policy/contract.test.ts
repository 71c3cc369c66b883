import { describe, expect, test } from "@jest/globals";
import { contractOf } from "../../src/policy/contract.ts";
import type { Account } from "../../src/policy/model.ts";
import { account, moment, policy, verdict } from "../builders.ts";

const rules = policy();

describe("a contract on 9 June 2026", () => {
  const rows: readonly [string, Partial<Account>, string][] = [
    ["is active between its dates", {}, "active"],
    ["has not started the day before its start", { contractStart: "2026-06-10" }, "not_started"],
    ["is active on its first day", { contractStart: "2026-06-09" }, "active"],
    ["is active on its last day", { contractEnd: "2026-06-09" }, "active"],
    ["is in grace the day after its end", { contractEnd: "2026-06-08" }, "grace"],
    ["is in grace on the 14th day after its end", { contractEnd: "2026-05-26" }, "grace"],
    ["has lapsed on the 15th day after its end", { contractEnd: "2026-05-25" }, "lapsed"],
    [
      "is in grace on the 30th day while a renewal is open",
      { contractEnd: "2026-05-10", renewalInProgress: true },
      "grace",
    ],
    [
      "has lapsed on the 31st day though a renewal is open",
      { contractEnd: "2026-05-09", renewalInProgress: true },
      "lapsed",
    ],
    ["goes on without an end", { contractEnd: null }, "active"],
    ["goes on without any date", { contractStart: null, contractEnd: null }, "active"],
    ["is served to its end when cancelled", { status: "cancelled", contractEnd: "2026-06-09" }, "active"],
    ["has no grace when cancelled", { status: "cancelled", contractEnd: "2026-06-08" }, "lapsed"],
    [
      "has no grace when cancelled, whatever renewal is open",
      { status: "cancelled", contractEnd: "2026-06-08", renewalInProgress: true },
      "lapsed",
    ],
    ["has lapsed when cancelled without an end", { status: "cancelled", contractEnd: null }, "lapsed"],
    [
      "has not started even if cancelled before its start",
      { status: "cancelled", contractStart: "2026-07-01" },
      "not_started",
    ],
    [
      "goes on when its dates contradict each other",
      { contractStart: "2026-12-31", contractEnd: "2026-01-01" },
      "active",
    ],
    [
      "has lapsed when cancelled with contradicting dates",
      { status: "cancelled", contractStart: "2026-12-31", contractEnd: "2026-01-01" },
      "lapsed",
    ],
    ["may last one day", { contractStart: "2026-06-09", contractEnd: "2026-06-09" }, "active"],
    ["ends on the day the company was first seen gone", { goneOn: "2026-06-08" }, "grace"],
    ["has lapsed 15 days after the company was first seen gone", { goneOn: "2026-05-25" }, "lapsed"],
    [
      "keeps its own end when that came before the company was gone",
      { contractEnd: "2026-05-25", goneOn: "2026-06-08" },
      "lapsed",
    ],
    [
      "does not go on for ever when a gone company's dates contradict each other",
      { contractStart: "2026-12-31", contractEnd: "2026-01-01", goneOn: "2026-05-01" },
      "lapsed",
    ],
  ];
  test.each(rows)("%s", (_sentence, changes, state) => {
    expect(contractOf(account(changes), "2026-06-09", rules).state).toBe(state);
  });
});

test("cancelled customers can be given up at once, or be given grace, where the policy says so", () => {
  const atOnce = policy({ contract: { ...rules.contract, cancelledUntilEnd: false } });
  expect(contractOf(account({ status: "cancelled" }), "2026-06-09", atOnce).state).toBe("lapsed");
  const kind = policy({ contract: { ...rules.contract, cancelledGrace: true } });
  const over = account({ status: "cancelled", contractEnd: "2026-06-08" });
  expect(contractOf(over, "2026-06-09", kind).state).toBe("grace");
});

describe("the state of the own contract is reported", () => {
  const rows: readonly [string, Partial<Account>, readonly string[], readonly string[]][] = [
    ["as grace", { contractEnd: "2026-06-01" }, ["contract_lapse_grace"], ["grace"]],
    ["as lapsed", { contractEnd: "2026-01-31" }, ["contract_lapsed"], []],
    ["as not started", { contractStart: "2026-07-01" }, ["contract_not_started"], []],
    [
      "as doubtful, with a review",
      { contractStart: "2026-12-31", contractEnd: "2026-01-01" },
      ["contract_dates_invalid"],
      ["review"],
    ],
    ["for a trial too", { status: "trial", contractEnd: "2026-06-01" }, ["contract_lapse_grace"], ["grace"]],
  ];
  test.each(rows)("%s", (_sentence, changes, reasons, flags) => {
    const found = verdict([account({ plan: "Pro", ...changes })], rules);
    expect(found.reasons).toEqual(expect.arrayContaining([...reasons]));
    expect(found.flags).toEqual(expect.arrayContaining([...flags]));
  });

  test("but contradicting dates of a parent are not the child's review", () => {
    const child = account({ parentId: "hq", plan: "Pro" });
    const parent = account({ id: "hq", contractStart: "2026-12-31", contractEnd: "2026-01-01" });
    expect(verdict([child, parent], rules)).toMatchObject({ reasons: ["grant_plan:pro"], flags: [] });
  });
});

test("an end date lasts to the end of that day in the policy's zone", () => {
  const customer = account({
    plan: "Enterprise",
    contractEnd: "2026-06-30",
    syncedAt: moment("2026-07-01T00:00:00Z"),
  });
  const asOf = (text: string) => verdict([customer], rules, { asOf: moment(text) }).reasons;
  expect(asOf("2026-07-01T03:59:59Z")).toEqual(["grant_plan:enterprise"]);
  expect(asOf("2026-07-01T04:00:00Z")).toEqual(["contract_lapse_grace", "grant_plan:enterprise"]);
});

test("a start date counts from midnight in the policy's zone", () => {
  const customer = account({ plan: "Enterprise", contractStart: "2026-06-09" });
  const asOf = (text: string) => verdict([customer], rules, { asOf: moment(text) }).tier;
  expect(asOf("2026-06-09T03:59:59Z")).toBe("standard");
  expect(asOf("2026-06-09T04:00:00Z")).toBe("enterprise");
});

test("dates are judged at the ticket's creation, not when it is looked at", () => {
  const customer = account({
    plan: "Enterprise",
    contractEnd: "2026-06-09",
    syncedAt: moment("2026-06-28T00:00:00Z"),
  });
  const late = { asOf: moment("2026-06-09T15:00:00Z"), now: moment("2026-06-29T00:00:00Z") };
  expect(verdict([customer], rules, late).reasons).toEqual(["grant_plan:enterprise"]);
});
