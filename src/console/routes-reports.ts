/** Reports: which there are, their figures, what a page shows of them, and files to keep. */
import { z } from "zod";
import type { Policy } from "../policy/model.ts";
import { isReportName, REPORT_NAMES, REPORTS } from "../report/reports.ts";
import { type Enter, enterOf } from "../report/what-if.ts";
import { windowOf } from "../report/window.ts";
import { seesMoney } from "./money.ts";
import { ApiProblem, notFound } from "./problem.ts";
import { isAboutMoney } from "./report-money.ts";
import type { ReportForm } from "./report-order.ts";
import { type ApiCall, type ApiRoute, route, type WrittenAnswer, writtenRoute } from "./route.ts";
import { pathId } from "./schemas.ts";
import {
  oneReportQuery,
  reportFigures,
  reportFileQuery,
  reportList,
  reportShown,
} from "./schemas-reports.ts";

/** Days of a window whose beginning nobody names. */
const USUAL_DAYS = 90;

const named = z.object({ name: pathId });

/** The routes. */
export const reportRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/reports",
    access: "agent",
    tag: "reports",
    summary: "Which reports there are and what each answers; those about money for whoever may see it",
    answers: reportList,
    handle: async ({ parts, session }) => ({
      reports: REPORT_NAMES.filter((name) => seesMoney(parts, session) || !isAboutMoney(name)).map(
        (name) => ({ name, answers: REPORTS[name].title, usualDays: REPORTS[name].usualDays ?? USUAL_DAYS }),
      ),
    }),
  }),
  writtenRoute({
    path: "/reports/{name}",
    access: "agent",
    tag: "reports",
    summary: "A report's own figures, as `priority-support report NAME --format json` prints them",
    params: named,
    query: oneReportQuery,
    answers: reportFigures,
    files: [],
    handle: (call, { params, query }) => written(call, params.name, query, "figures"),
  }),
  writtenRoute({
    path: "/reports/{name}/shown",
    access: "agent",
    tag: "reports",
    summary: "The same report as people see it: sentences, plots and tables, ready to be shown",
    params: named,
    query: oneReportQuery,
    answers: reportShown,
    files: [],
    handle: (call, { params, query }) => written(call, params.name, query, "shown"),
  }),
  writtenRoute({
    path: "/reports/{name}/file",
    access: "agent",
    tag: "reports",
    summary: "The same report as a file: a page that needs nothing else, or a table",
    params: named,
    query: reportFileQuery,
    answers: null,
    files: ["text/html", "text/csv"],
    handle: (call, { params, query }) => written(call, params.name, query, query.format),
  }),
];

const TYPES: Readonly<Record<ReportForm, string>> = {
  figures: "application/json",
  shown: "application/json",
  html: "text/html; charset=utf-8",
  csv: "text/csv; charset=utf-8",
};

type Query = z.output<typeof oneReportQuery>;

async function written(
  { parts, session, now }: ApiCall,
  name: string,
  query: Query,
  form: ReportForm,
): Promise<WrittenAnswer> {
  const money = seesMoney(parts, session);
  if (!isReportName(name)) throw notFound("There is no such report.", "Take a name from /api/v1/reports.");
  if (isAboutMoney(name) && !money)
    throw new ApiProblem(
      403,
      "forbidden",
      "This report is about money.",
      "Ask an administrator to look at it.",
    );
  const zone = query.zone ?? parts.policy.policy().timezone;
  const window = windowFrom(query, zone, now, REPORTS[name].usualDays);
  const enter = doorsFrom(query.enter, name, parts.policy.policy());
  // Without an end the window goes on with the clock: what was asked for, not what it came to, is the same question.
  const key = JSON.stringify([name, form, money, query.since, query.until, zone, enter]);
  const text = await parts.reports(key, {
    ...{ name, window, zone, at: now, enter, form },
    money: money ? "shown" : "left out",
  });
  if (text === null) throw notFound("The report has nothing to tell of.", "Choose another window.");
  const isFile = form === "html" || form === "csv";
  return { text, type: TYPES[form], fileName: isFile ? `${name}-${dayOf(now)}.${form}` : null };
}

/** Doors to be moved on paper. @throws ApiProblem they cannot be read, or the report knows none. */
function doorsFrom(typed: string | undefined, report: string, policy: Policy): readonly Enter[] {
  if (typed === undefined) return [];
  const doors = report === "capacity" ? enterOf([typed], policy) : null;
  if (doors !== null && !("problem" in doors)) return doors;
  const tiers = policy.tiers.map(({ id }) => id).join(", ");
  throw new ApiProblem(
    400,
    "bad_door",
    "`enter` is for capacity, and names a tier with an ARR.",
    `Write it as enterprise=50000, in ${policy.currency.base}; tiers: ${tiers}.`,
  );
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The window asked for. @throws ApiProblem it is none. */
export function windowFrom(
  query: Pick<Query, "since" | "until">,
  zone: string,
  now: number,
  usualDays = USUAL_DAYS,
) {
  const { since, until } = query;
  const window = windowOf(
    { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) },
    zone,
    now,
    usualDays,
  );
  if (!("problem" in window)) return window;
  throw new ApiProblem(
    400,
    "bad_window",
    "The window is empty, or names a day that is none.",
    "Give `since` a day before `until`, for example 2026-04-01 and 2026-07-01.",
  );
}
