import { describe, expect, test } from "@jest/globals";
import { nextTry } from "../../src/policy/retry.ts";

const S = 1000;
const M = 60 * S;
const H = 60 * M;

describe("when failed work is tried again", () => {
  test.each([
    [1, S, 5 * S],
    [2, 5 * S, 30 * S],
    [3, 30 * S, 2 * M],
    [4, 2 * M, 10 * M],
    [5, 10 * M, 30 * M],
    [6, 30 * M, 2 * H],
    [7, 2 * H, 5 * H],
    [8, 5 * H, 10 * H],
    [9, 10 * H, 24 * H],
    [10, 10 * H, 24 * H],
  ])("after failure %i it waits between %i and %i ms", (attempt, shortest, longest) => {
    expect(nextTry(attempt, null, 0)).toBe(shortest);
    expect(nextTry(attempt, null, 0.5)).toBe((shortest + longest) / 2);
    expect(nextTry(attempt, null, 1 - 2 ** -53)).toBe(longest);
  });

  test("never after the tenth failure, even when asked to", () => {
    expect(nextTry(11, null, 0)).toBeNull();
    expect(nextTry(11, 5 * S, 0)).toBeNull();
  });

  test("never sooner than the other side asked for", () => {
    expect(nextTry(1, 90 * S, 0)).toBe(90 * S);
    expect(nextTry(4, 5 * S, 0)).toBe(2 * M);
  });
});
