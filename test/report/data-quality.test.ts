import { afterAll, describe, expect, test } from "@jest/globals";
import type { Store } from "../../src/ports.ts";
import { csvOf } from "../../src/report/csv.ts";
import { type DataQualityReport, dataQualityReport } from "../../src/report/data-quality.ts";
import { dataQualityShown } from "../../src/report/data-quality-shown.ts";
import type { QualityId } from "../../src/report/quality-lines.ts";
import { textOf } from "../../src/report/text.ts";
import { moment, override, policy } from "../builders.ts";
import { delivery, PARKED } from "../store/kit.ts";
import { ticketFact } from "../store/report-promises.ts";
import { type Customer, storeWith } from "./present-store.ts";
import type { Told } from "./pretend-facts.ts";

const rules = policy();
const AT = moment("2026-06-15T12:00:00Z");
const HOUR = 3_600_000;
const window = { from: moment("2026-05-01T04:00:00Z"), until: moment("2026-06-01T04:00:00Z") };
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

async function reportOf(
  customers: readonly Customer[],
  told: Told = {},
  more: (store: Store) => Promise<void> = async () => undefined,
): Promise<DataQualityReport> {
  const { store, end } = await storeWith(customers, rules, AT, told);
  ends.push(end);
  await more(store);
  return dataQualityReport({ facts: store.facts, store, policy: rules, window, at: AT });
}

const line = (report: DataQualityReport, id: QualityId) => report.lines.find((one) => one.id === id);
const says = (report: DataQualityReport, id: QualityId) => {
  const { value, n, verdict, names } = line(report, id) ?? {};
  return [value, n, verdict, names?.map((one) => one.id)];
};

describe("can the data be trusted", () => {
  test("tickets without a customer: below 2 % is good, 2 % is not, merged and older ones are not asked", async () => {
    const tickets = (nobodys: number) => [
      ...Array.from({ length: 100 }, (_, i) =>
        ticketFact(`t${i}`, { createdAt: window.from + i, accountId: i < nobodys ? null : "acme" }),
      ),
      ticketFact("merged", { createdAt: window.from, accountId: null, excluded: "merged" }),
      ticketFact("old", { createdAt: window.from, accountId: null, tier: null, beforeInstallation: true }),
    ];
    expect(says(await reportOf([], { tickets: tickets(1) }), "unmatched_tickets")).toEqual([
      1,
      100,
      "good",
      ["t0"],
    ]);
    const bad = await reportOf([], { tickets: tickets(2) });
    expect(says(bad, "unmatched_tickets")).toEqual([2, 100, "bad", ["t0", "t1"]]);
    expect(bad.frame.leftOut.map((one) => one.reason).toSorted()).toEqual(["before_installation", "merged"]);
  });

  test("our write comes within a minute for 19 of 20, and what is left of the promise is said", async () => {
    const slow = Array.from({ length: 20 }, (_, i) =>
      ticketFact(`t${i}`, {
        createdAt: window.from + i,
        writtenAfterMs: i === 19 ? 600_000 : i === 18 ? 90_000 : 800,
      }),
    );
    const report = await reportOf([], {
      tickets: [...slow, ticketFact("left", { createdAt: window.from, writtenAfterMs: null })],
    });
    expect(says(report, "write_delay").slice(0, 3)).toEqual([90, 20, "bad"]);
    expect(line(report, "write_delay")?.names[0]).toEqual({ id: "t19", name: null, detail: "600.0 s" });
    expect(report.promise).toEqual({
      tierName: "Enterprise Support (add-on)",
      minutes: 30,
      minutesLeft: 28.5,
    });
  });

  test("old facts, a missing TAM, and an organization that shows something else are named", async () => {
    const es: Omit<Customer, "id"> = { tier: "enterprise_support", basis: "addon", plan: "enterprise" };
    const report = await reportOf(
      [
        {
          id: "fresh",
          ...es,
          tam: { agent: "kim@northwind.example", active: true },
          syncedAt: AT - 72 * HOUR,
        },
        {
          id: "old",
          ...es,
          tam: { agent: "gone@northwind.example", active: false },
          syncedAt: AT - 73 * HOUR,
        },
        { id: "never", ...es, syncedAt: null },
        { id: "standard", tier: "standard", linked: false },
        { id: "gone", ...es, goneOn: "2026-06-01" },
      ],
      {},
      async (store) => {
        const shown = (id: string, tier: string) => ({
          ps_tier: `ps_tier_${tier}`,
          ps_basis: "addon",
          ps_tam: id === "fresh" ? "kim@northwind.example" : null,
          ps_renewal: "2026-12-31T00:00:00Z",
          ps_account: id,
        });
        const organization = (id: string, tier: string) => ({
          ...{ id: `org-${id}`, name: id, externalId: null, domains: [], tags: [] },
          fields: shown(id, tier),
        });
        await store.organizations.put([
          organization("fresh", "enterprise_support"),
          organization("old", "pro"),
          organization("never", "enterprise_support"),
        ]);
      },
    );
    expect(says(report, "stale_facts")).toEqual([2, 4, "bad", ["never", "old"]]);
    expect(says(report, "no_tam")).toEqual([2, 3, "bad", ["never", "old"]]);
    expect(says(report, "drift")).toEqual([1, 3, "bad", ["org-old"]]);
    expect(line(report, "drift")?.names[0]?.detail).toBe(
      "ps_tier: ps_tier_pro instead of ps_tier_enterprise_support",
    );
  });

  test("reviews, overrides that end, organizations and domains of nobody or of two, writes that failed", async () => {
    const report = await reportOf(
      [
        { id: "one", tier: "pro", domains: ["shared.example"] },
        { id: "two", tier: "pro", domains: ["shared.example"] },
      ],
      {},
      async (store) => {
        await store.runs.review(
          ["one"],
          [
            { accountId: "one", code: "plan_unmapped", detail: "Gold" },
            { accountId: "one", code: "arr_currency_unknown", detail: "" },
          ],
          AT,
        );
        const ends = (id: string, days: number) =>
          override({
            id,
            accountId: "one",
            startsAt: null,
            createdAt: AT - HOUR,
            expiresAt: AT + days * 24 * HOUR,
          });
        for (const one of [ends("soon", 30), ends("later", 31), ends("over", -0.01), ends("ended", 5)])
          await store.overrides.add(one);
        await store.overrides.end("ended", AT - 1, "kim");
        await store.organizations.put([
          { id: "nobodys", name: "Nobody's", externalId: null, domains: ["x.example"], tags: [], fields: {} },
        ]);
        await store.inbox.accept(delivery("77", { subjectId: "77" }), "live", 0);
        const [claim] = await store.inbox.claim("me", 60_000, 1);
        if (claim !== undefined) await store.inbox.release(claim, PARKED);
      },
    );
    expect(says(report, "in_review")).toEqual([1, 2, "bad", ["one"]]);
    expect(says(report, "overrides_ending")).toEqual([1, 2, "look", ["soon"]]);
    expect(says(report, "organizations_without_account")).toEqual([1, 3, "look", ["nobodys"]]);
    expect(says(report, "domains_twice")).toEqual([1, 2, "bad", ["shared.example"]]);
    expect(says(report, "failed_writes")).toEqual([1, 0, "bad", ["77"]]);
    expect(line(report, "failed_writes")?.names[0]?.detail).toBe("group gone Create the group.");
    const text = textOf(dataQualityShown(report), () => "");
    expect(text).toContain("Tickets whose write failed: 1. Do what each of them says, then `replay`.");
    expect(csvOf(dataQualityShown(report))).toContain(",domains_twice,");
  });

  test("nothing yet is nothing to count, and no goal that is reached by having nothing", async () => {
    const report = await reportOf([]);
    const noData = report.lines.filter((one) => one.verdict === "no_data").map((one) => one.id);
    expect(noData).toEqual(["unmatched_tickets", "stale_facts", "drift", "no_tam", "write_delay"]);
    expect(report.promise).toBeNull();
  });
});
