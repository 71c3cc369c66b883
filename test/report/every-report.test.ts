/** What holds for every report, whoever asks for it. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import type { Store } from "../../src/ports.ts";
import { csvOf } from "../../src/report/csv.ts";
import { htmlOf } from "../../src/report/page.ts";
import { REPORT_NAMES, REPORTS } from "../../src/report/reports.ts";
import { textOf } from "../../src/report/text.ts";
import { policy } from "../builders.ts";
import { storeWith } from "./present-store.ts";
import { YEAR } from "./pretend-year.ts";
import { storeOfYear } from "./printed.ts";

const rules = policy();
const window = { from: YEAR.middle, until: YEAR.end };
const stores: { readonly store: Store; readonly end: () => Promise<void> }[] = [];
beforeAll(async () => {
  stores.push(await storeOfYear("faster"), await storeWith([], rules, YEAR.at));
});
afterAll(async () => {
  for (const { end } of stores) await end();
});

describe.each([
  ["a year of tickets", 0],
  ["nothing yet", 1],
])("of %s", (_name, which) => {
  test.each(REPORT_NAMES)("%s is plain data, and reads in text, CSV and on a page", async (name) => {
    const store = stores[which]?.store;
    if (store === undefined) throw new Error("the stores are not open");
    const { report, shown } = await REPORTS[name].make({ store, policy: rules, window, at: YEAR.at });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect([report.frame.name, report.frame.title]).toEqual([name, REPORTS[name].title]);
    expect(shown.lead.length).toBeGreaterThan(0);
    const text = textOf(shown, (head, rows) => [head, ...rows].map((row) => row.join(" | ")).join("\n"));
    const page = htmlOf(shown);
    for (const written of [text, page]) expect(written).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(page).not.toMatch(/<script|style=|https?:\/\/(?!www\.w3\.org)/);
    const rows = parse(csvOf(shown), { columns: true }) as Record<string, string>[];
    expect(rows.filter((row) => row.report !== name)).toEqual([]);
    for (const { id, data, table } of shown.parts) {
      const keys = data.map((row) => Object.keys(row).join());
      expect([id, new Set(keys).size <= 1]).toEqual([id, true]);
      expect(table.rows.filter((row) => row.length !== table.head.length)).toEqual([]);
    }
  });
});
