import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { SyncReport } from "../../src/account-sync.ts";
import { dataset } from "../../src/sandbox/dataset.ts";
import { startWorld, TUESDAY, type World } from "./world.ts";

const COMPANIES = 2_000;
const LIST_PAGE = 100;
const SEARCH_PAGE = 200;
const BATCH = 100;
const pages = (count: number, size: number): number => Math.ceil(count / size);

let w: World;
beforeAll(async () => {
  const data = dataset({ seed: 11, asOf: TUESDAY, companies: COMPANIES });
  w = await startWorld({
    data,
    synced: false,
    crm: { limits: { perTenSeconds: 100_000, searchPerSecond: 10_000 } },
  });
}, 60_000);
afterAll(() => w.close());

function called(report: SyncReport | null): number {
  return Object.values(report?.calls ?? {}).reduce((a, b) => a + b, 0);
}

function tell(what: string, report: SyncReport | null, bound: number): void {
  const { intake, organizations, labels } = report ?? { intake: null, organizations: 0, labels: 0 };
  const calls = called(report);
  process.stdout.write(
    `${what}: ${intake?.read ?? 0} read, ${intake?.changed ?? 0} changed, ${organizations} organizations, ${labels} labels; ` +
      `${calls} calls, lower bound ${bound}, ratio ${(calls / bound).toFixed(2)}\n`,
  );
}

describe("what a sync costs", () => {
  test("the first one reads every company once and writes each side in batches", async () => {
    const report = await w.service.sync("changed");
    expect(report?.intake.changed).toBe(COMPANIES);
    expect(report?.failed).toEqual([]);
    const bound =
      pages(COMPANIES, LIST_PAGE) +
      pages(COMPANIES, BATCH) +
      2 * pages(report?.organizations ?? 0, BATCH) +
      pages(report?.labels ?? 0, BATCH);
    tell("first sync", report, bound);
    expect(report?.labels).toBe(COMPANIES);
    expect(report?.organizations).toBeGreaterThan(1_500);
  }, 120_000);

  test("one in which nothing changed costs at most two reads of each kind and writes nothing", async () => {
    // The first look after it still sees our own label writes in its window, and reads none of them.
    w.clock.advanceTo(w.clock.now() + 15 * 60_000);
    tell("our own labels only", await w.service.sync("changed"), pages(COMPANIES, SEARCH_PAGE));
    w.clock.advanceTo(w.clock.now() + 15 * 60_000);
    const before = w.crm.journal.length;
    const report = await w.service.sync("changed");
    tell("nothing changed", report, 2);
    expect([report?.changes, report?.organizations, report?.labels]).toEqual([[], 0, 0]);
    const asked = w.crm.journal.slice(before).map((e) => `${e.method} ${e.path}`);
    expect(asked.filter((call) => call.includes("batch"))).toEqual([]);
    expect(asked.filter((call) => call.includes("search")).length).toBeLessThanOrEqual(2);
    expect(report?.calls["zendesk.incremental"] ?? 0).toBeLessThanOrEqual(1);
  });

  test("an import that gives every company the same millisecond is found to the last one", async () => {
    w.clock.advanceTo(w.clock.now() + 60 * 60_000);
    for (const company of w.crm.state.companies()) w.crm.setCompany(company.id, { renewal_open: "true" });
    w.clock.advanceTo(w.clock.now() + 60_000);
    const report = await w.service.sync("changed");
    const [written, labels] = [report?.organizations ?? 0, report?.labels ?? 0];
    // A job is one call and at least one poll.
    const bound =
      pages(COMPANIES, SEARCH_PAGE) +
      pages(COMPANIES, BATCH) +
      2 * pages(written, BATCH) +
      pages(labels, BATCH);
    tell("all changed at once", report, bound);
    expect(report?.intake.changed).toBe(COMPANIES);
    expect(called(report)).toBeLessThanOrEqual(Math.ceil(bound * 1.1) + 4);
  }, 120_000);
});
