import { describe, expect, test } from "@jest/globals";
import { table } from "../../src/commands/terminal.ts";

const HEAD = ["id", "account", "reason"];
const ROW = [
  "ov-7cc3727f",
  "hubspot:210000000024",
  "Escalation 4711: promised by the account team until the migration is over and the customer says so",
];

describe("a table on a terminal", () => {
  test.each([60, 80, 120])("is at most %i columns wide and keeps ids in one piece", (columns) => {
    const shown = table(HEAD, [ROW], columns);
    expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(shown).toContain("ov-7cc3727f");
    expect(shown).toContain("hubspot:210000000024");
  });

  test("loses no word of a cell that is wrapped", () => {
    const words = table(HEAD, [ROW], 80).replace(/[│┌┐└┘├┤┬┴┼─\n]/g, " ");
    for (const word of ROW.join(" ").split(" ")) expect(words).toContain(word);
  });

  test("continues a word that is too long for a small terminal, and cuts nothing off", () => {
    const shown = table(["id", "fix"], [["a".repeat(50), "b".repeat(50)]], 60);
    expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(shown.match(/a/g)?.length).toBe(50);
    expect(shown).not.toContain("…");
  });

  test("is as wide as its content where the output is no terminal", () => {
    expect(table(HEAD, [ROW])).toContain(ROW[2]);
  });
});
