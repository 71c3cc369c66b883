/** A report or a review as it was ordered: of which window, for whose eyes, in which form. Made in a thread of its own. */
import type { z } from "zod";
import type { Policy } from "../policy/model.ts";
import { csvOf } from "../report/csv.ts";
import { paperHtml, paperMarkdown } from "../report/documents/paper-written.ts";
import { reviewPaper } from "../report/documents/review.ts";
import { reviewFigures } from "../report/documents/review-figures.ts";
import { htmlOf } from "../report/page.ts";
import { type MadeReport, REPORTS, type ReportStore } from "../report/reports.ts";
import type { Shown, ShownPart } from "../report/shown.ts";
import { aboutLines } from "../report/text.ts";
import { linksOf } from "./report-links.ts";
import { withoutMoney } from "./report-money.ts";
import type { ReportOrder, ReviewOrder } from "./report-order.ts";
import { reportFigures, reportShown } from "./schemas-reports.ts";

/** Makes it and writes it down. */
export async function orderedReport(store: ReportStore, policy: Policy, order: ReportOrder): Promise<string> {
  const { name, window, zone, at, enter, money, form } = order;
  const made = inZone(await REPORTS[name].make({ store, policy, window, at, enter }), zone);
  const { report, shown } = money === "shown" ? made : withoutMoney(name, made);
  switch (form) {
    case "figures":
      return JSON.stringify(reportFigures.parse(report));
    case "shown":
      return JSON.stringify(reportShown.parse(toPages(shown)));
    case "html":
      return htmlOf(shown);
    case "csv":
      return csvOf(shown);
  }
}

/** The business review of an account; null = nothing was ever remembered of it. */
export async function orderedReview(
  { facts }: ReportStore,
  policy: Policy,
  { accountId, window, at, variant, form }: ReviewOrder,
): Promise<string | null> {
  const figures = await reviewFigures({ facts, policy, accountId, window, at });
  if (figures === null) return null;
  const paper = reviewPaper({ policy, window, at, figures, internal: variant === "internal" });
  return form === "html" ? paperHtml(paper) : paperMarkdown(paper);
}

function inZone({ report, shown }: MadeReport, timezone: string): MadeReport {
  const frame = { ...report.frame, timezone };
  return { report: { ...report, frame }, shown: { ...shown, frame } };
}

function toPages({ frame, clock, lead, parts }: Shown): z.input<typeof reportShown> {
  const { name, title, tickets, through, notes } = frame;
  return {
    name,
    title,
    about: [...aboutLines(frame, clock)],
    tickets,
    through,
    lead: [...lead],
    parts: parts.map(partToPages),
    notes: [...notes],
  };
}

type PagePart = z.input<typeof reportShown>["parts"][number];

function partToPages(part: ShownPart): PagePart {
  const { id, title, about, plot, weeks, table } = part;
  const links = linksOf(part);
  return {
    ...{ id, title, about },
    plot: plot as PagePart["plot"],
    weeks: (weeks ?? []).map((one) => ({ ...one, hours: [...one.hours], legend: [...one.legend] })),
    table: {
      ...table,
      head: [...table.head],
      figures: [...table.figures],
      rows: table.rows.map((row) => [...row]),
      links: links === null ? null : { column: links.column, paths: [...links.paths] },
    },
  };
}
