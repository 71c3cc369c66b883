import { expect, test } from "@jest/globals";
import { linksOf } from "../../src/console/report-links.ts";
import type { ShownPart } from "../../src/report/shown.ts";

const part = (
  id: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  data: ShownPart["data"],
): ShownPart => ({
  ...{ id, title: "", about: "", plot: null },
  table: { head, figures: [], rows, empty: "" },
  data,
});

test.each([
  [
    "an account's name leads to its page",
    part("accounts", ["Score", "Account"], [["7", "A"]], [{ account: "hubspot:1" }]),
    { column: 1, paths: ["/customers/hubspot%3A1"] },
  ],
  [
    "the number of accounts in review leads to the review list",
    part(
      "lines",
      ["What", "Now"],
      [
        ["x", "1"],
        ["y", "2"],
      ],
      [{ line: "in_review" }, { line: "new_one" }],
    ),
    { column: 0, paths: ["/customers/review", null] },
  ],
  [
    "a record leads to its own page, also where spreadsheets get more records than the page",
    part(
      "names",
      ["What", "Record"],
      [
        ["x", "12"],
        ["y", "hubspot:1"],
        ["z", "a.example"],
      ],
      [
        { line: "write_delay", id: "11" },
        { line: "unmatched_tickets", id: "12" },
        { line: "no_tam", id: "hubspot:1" },
        { line: "domains_twice", id: "a.example" },
      ],
    ),
    { column: 1, paths: ["/tickets/12", "/customers/hubspot%3A1", null] },
  ],
  ["figures of tiers lead nowhere", part("targets", ["Tier"], [["Pro"]], [{ tier: "pro" }]), null],
  ["rows without their own data lead nowhere", part("x", ["Account"], [["A"]], []), null],
])("%s", (_what, shown, links) => {
  expect(linksOf(shown)).toEqual(links);
});
