import { describe, expect, test } from "@jest/globals";
import { type Candidate, waitingFor } from "../../src/policy/waitlist.ts";

function one(accountId: string, arr: string | null, more: Partial<Candidate> = {}): Candidate {
  return { accountId, arr, contractual: false, holds: false, ...more };
}

describe("who waits for a full tier", () => {
  test("nobody waits while there is room", () => {
    expect([...waitingFor(2, [one("a", "1"), one("b", "2")])]).toEqual([]);
  });

  test("the lowest ARR waits", () => {
    expect([...waitingFor(1, [one("a", "100000.00"), one("b", "100000.01")])]).toEqual(["a"]);
  });

  test("amounts are compared as numbers, not as text", () => {
    expect([...waitingFor(1, [one("a", "9"), one("b", "10")])]).toEqual(["a"]);
  });

  test("who has the tier already keeps it before a bigger newcomer", () => {
    expect([...waitingFor(1, [one("new", "900000"), one("old", "90000", { holds: true })])]).toEqual(["new"]);
  });

  test("a contractual holder is never refused, even when the tier is over-full", () => {
    const bought = ["p", "q", "r"].map((id) => one(id, null, { contractual: true }));
    expect([...waitingFor(2, [...bought, one("a", "500000", { holds: true })])]).toEqual(["a"]);
  });

  test("equal claims are settled by id, whatever the order they come in", () => {
    const candidates = [one("b", "5"), one("a", "5"), one("c", "5")];
    expect([...waitingFor(2, candidates)]).toEqual(["c"]);
    expect([...waitingFor(2, [...candidates].reverse())]).toEqual(["c"]);
  });
});
