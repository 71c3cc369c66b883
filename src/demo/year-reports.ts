/** Every report there is over the second half of a played year, made the moment it is over. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "../policy/model.ts";
import type { FactsState, Store, Window } from "../ports.ts";
import { type DifferentiationReport, differentiationReport } from "../report/differentiation.ts";
import { htmlOf } from "../report/page.ts";
import { type MadeReport, REPORT_NAMES, REPORTS, type ReportName } from "../report/reports.ts";
import type { YearPlan } from "../sandbox/year.ts";

export interface YearReports {
  readonly version: YearPlan["version"];
  readonly window: Window;
  readonly state: FactsState;
  /** All of them, by name. */
  readonly made: ReadonlyMap<ReportName, MadeReport>;
  readonly differentiation: DifferentiationReport;
}

/** Makes them from what the service has in its store at `at`. */
export async function yearReports(
  store: Store,
  policy: Policy,
  { version, middle, end }: YearPlan,
  at: number,
): Promise<YearReports> {
  const window = { from: middle, until: end };
  const made = new Map<ReportName, MadeReport>();
  for (const name of REPORT_NAMES) made.set(name, await REPORTS[name].make({ store, policy, window, at }));
  const differentiation = await differentiationReport({ facts: store.facts, policy, window, at });
  return { version, window, state: await store.facts.state(), made, differentiation };
}

/** The reports as one JSON value: of differentiation, the rows that the verdicts rest on, and what they cost others. */
export function reportsJson({ made, differentiation }: YearReports): object {
  const others = [...made].filter(([name]) => name !== "differentiation");
  return {
    differentiation: differentiation.rows
      .filter((row) => row.metric === "first_reply" && row.clock === "calendar")
      .map(({ comparison: { higher, lower, by, interval, withinMinutes, ratio }, ...row }) => ({
        ...row,
        withinMinutes,
        higherInTime: higher,
        lowerInTime: lower,
        difference: by,
        interval,
        ratio,
      })),
    cost: differentiation.cost,
    alerts: differentiation.alerts,
    ...Object.fromEntries(others.map(([name, { report }]) => [name, report])),
  };
}

/** Writes each report as a page into `folder`; the paths, in the order in which people read them. */
export function writePages({ version, made }: YearReports, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return [...made].map(([name, { shown }]) => {
    const path = join(folder, `${version}-${name}.html`);
    writeFileSync(path, htmlOf(shown));
    return path;
  });
}
