/** `node test/report/printed.ts --write` makes the pages of docs/reports that played.ts leaves, from the pretended year. */
import { mkdirSync, writeFileSync } from "node:fs";
import type { Economics } from "../../src/policy/model.ts";
import type { AccountMoment } from "../../src/ports.ts";
import { attainmentReport } from "../../src/report/attainment.ts";
import { differentiationReport } from "../../src/report/differentiation.ts";
import { paperHtml } from "../../src/report/documents/paper-written.ts";
import { reviewPaper } from "../../src/report/documents/review.ts";
import { reviewFigures } from "../../src/report/documents/review-figures.ts";
import { slaPaper } from "../../src/report/documents/sla.ts";
import { economicsReport } from "../../src/report/economics.ts";
import { economicsShown } from "../../src/report/economics-shown.ts";
import type { OutsideSignals } from "../../src/report/health-measures.ts";
import { htmlOf } from "../../src/report/page.ts";
import { REPORTS, type ReportAsked, type ReportName } from "../../src/report/reports.ts";
import { policy } from "../builders.ts";
import { storeWith } from "./present-store.ts";
import { pretendFacts } from "./pretend-facts.ts";
import { pretendYear, type Version, YEAR } from "./pretend-year.ts";

const rules = policy();

/** The two reports over the second half of a pretended year. */
export async function reportsOf(version: Version) {
  const facts = pretendFacts({ ...pretendYear(version, rules), through: YEAR.at });
  const window = { from: YEAR.middle, until: YEAR.end };
  const input = { facts, policy: rules, window, at: YEAR.at };
  return { attainment: await attainmentReport(input), differentiation: await differentiationReport(input) };
}

/** The customers of the year's end, in a store: reports of the present read them there. */
export async function storeOfYear(version: Version) {
  const year = pretendYear(version, rules);
  const customers = year.moments.map(
    ({ accountId, at: _at, basis, tam, addons, goneOn: _gone, ...rest }, i) => ({
      ...rest,
      id: accountId,
      basis,
      addons: addons.map((one) => ({ ...one, scope: "account" as const })),
      // One in nine has no manager yet.
      tam:
        tam === null || i % 9 === 0
          ? null
          : { agent: i % 2 === 0 ? tam : "sam@northwind.example", active: true },
    }),
  );
  return storeWith(customers, rules, YEAR.at, { ...year, through: YEAR.at });
}

/** Name of a page in docs/reports → what is asked of which report. */
const PRESENT: readonly (readonly [string, ReportName, Pick<ReportAsked, "enter" | "outside">])[] = [
  ["capacity.html", "capacity", {}],
  ["capacity-what-if.html", "capacity", { enter: [{ tier: "enterprise", amount: "50000" }] }],
  ["health.html", "health", { outside: feelings() }],
  ["data-quality.html", "data-quality", {}],
];

/** What a survey and the product itself would say of some customers. */
function feelings() {
  const some = [3, 7, 11, 15].map((i): [string, OutsideSignals] => [
    `hubspot:enterprise-${i}`,
    { sentiment: 90 - 5 * i, usage: 20 + 4 * i, usageChange: i === 11 ? -0.4 : 0 },
  ]);
  return new Map(some);
}

/** What the vendor reckons with: the figures of the owner's example. */
const COSTS: Economics = {
  ...{
    tamCostYear: "140000",
    tams: null,
    onCallCostYear: "30000",
    extraSeatsCostYear: "0",
    toolsCostYear: "20000",
  },
  ...{ margin: 0.75, years: 1, acv: null, churnWith: null, churnWithout: null, arrIncludesAddons: true },
};

/** The same customers with a past: most buyers join in the course of the year, three others leave, some grow. */
function livedThrough(moments: readonly AccountMoment[]): readonly AccountMoment[] {
  return moments.flatMap((one, i) => {
    const nth = Number(one.accountId.split("-").at(-1));
    const since = { ...one, contractStart: ["2021-03-01", "2024-02-01", "2025-05-01"][i % 3] ?? null };
    const later = (months: number, changes: Partial<AccountMoment>) => ({
      ...since,
      at: YEAR.begin + months * 30 * 86_400_000,
      ...changes,
    });
    const arr = {
      amount: String(Number(one.arr?.amount ?? 0) * (nth % 4 === 0 ? 1.2 : 0.96)),
      currency: "USD",
    };
    if (one.tier === "enterprise_support" && nth >= 4)
      return [
        { ...since, tier: "enterprise", basis: "plan" as const, addons: [] },
        later(nth - 3, { addons: [{ sku: "ENT-SUPPORT", start: null, end: null }] }),
      ];
    if (one.tier === "enterprise" && nth < 3)
      return [since, later(3 + nth, { status: "cancelled", contractEnd: null })];
    return nth % 3 === 0 ? [since, later(6, { arr })] : [since];
  });
}

/** Is it worth it, over the whole year. */
async function economicsPage(): Promise<string> {
  const year = pretendYear("faster", rules);
  const facts = pretendFacts({ ...year, moments: livedThrough(year.moments), through: YEAR.at });
  const window = { from: YEAR.begin, until: YEAR.end };
  const input = { facts, policy: { ...rules, economics: COSTS }, window, at: YEAR.at };
  return htmlOf(economicsShown(await economicsReport(input)));
}

/** Reports that read the present, of the year in which priority support works. */
export async function presentPages(): Promise<ReadonlyMap<string, string>> {
  const { store, end } = await storeOfYear("faster");
  const window = { from: YEAR.middle, until: YEAR.end };
  const made = new Map<string, string>();
  for (const [page, name, asked] of PRESENT) {
    const { shown } = await REPORTS[name].make({ store, policy: rules, window, at: YEAR.at, ...asked });
    made.set(page, htmlOf(shown));
  }
  await end();
  return made.set("economics.html", await economicsPage());
}

/** The business review of one customer of the year in which priority support works. */
export async function review(internal: boolean) {
  const facts = pretendFacts({ ...pretendYear("faster", rules), through: YEAR.at });
  const input = {
    policy: rules,
    window: { from: YEAR.end - 91 * 86_400_000, until: YEAR.end },
    at: YEAR.at,
  };
  const figures = await reviewFigures({ ...input, facts, accountId: "hubspot:enterprise_support-1" });
  if (figures === null) throw new Error("the customer is not there");
  return reviewPaper({ ...input, figures, internal });
}

/** Name of a page in docs/reports → its HTML. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const internal of [false, true])
    made.set(internal ? "qbr-internal.html" : "qbr.html", paperHtml(await review(internal)));
  const tier = rules.tiers.at(-1);
  if (tier !== undefined)
    made.set("sla.html", paperHtml(slaPaper({ policy: rules, tier, customer: null, at: YEAR.at })));
  return made;
}

if (process.argv.includes("--write")) {
  mkdirSync("docs/reports", { recursive: true });
  for (const [name, page] of [...(await pages()), ...(await presentPages())])
    writeFileSync(`docs/reports/${name}`, page);
}
