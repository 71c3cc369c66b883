/** Reports as the console is told them: sentences, plots and tables that are ready to be shown. */
import { IANAZone } from "luxon";
import { z } from "zod";

/** A day such as 2026-07-01, or a moment with its offset. */
const edge = z
  .string()
  .max(40)
  .regex(
    /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/,
    "is neither a day such as 2026-07-01 nor a moment such as 2026-07-01T09:00:00Z",
  );

/** The window a reader asks for. */
export const reportQuery = z.object({
  since: edge
    .optional()
    .meta({ description: "First day; left out = the report's usual days before the end, mostly 90" }),
  until: edge.optional().meta({ description: "Day the window ends with its beginning; left out = now" }),
  zone: z
    .string()
    .max(60)
    .refine((name) => IANAZone.isValidZone(name), "names no time zone such as Europe/Berlin")
    .optional()
    .meta({ description: "IANA zone in which days begin; left out = the policy's" }),
});

/** What the figures of one report can be asked for besides. */
export const oneReportQuery = reportQuery.extend({
  enter: z.string().max(200).optional().meta({
    description: "For capacity: doors moved on paper, `TIER=ARR` in the base currency, several with commas",
  }),
});

/** A window and a form of file. */
export const reportFileQuery = oneReportQuery.extend({
  format: z.enum(["html", "csv"]).meta({ description: "A page that needs nothing else, or a table" }),
});

/** What can be asked for. */
export const reportList = z
  .object({
    reports: z.array(
      z
        .object({
          name: z.string(),
          answers: z.string().meta({ description: "The question it answers" }),
          usualDays: z.number().int().meta({ description: "Length of a window whose beginning is left out" }),
        })
        .meta({ id: "ReportKind" }),
    ),
  })
  .meta({ id: "ReportList" });

const frame = z.object({
  name: z.string(),
  title: z.string(),
  window: z.object({ from: z.number(), until: z.number() }).meta({ description: "ms since 1970, half-open" }),
  timezone: z.string(),
  madeAt: z.number(),
  through: z
    .number()
    .nullable()
    .meta({ description: "How far the help desk's events are in; null = not at all" }),
  tickets: z.number().int(),
  leftOut: z.array(z.object({ reason: z.string(), tickets: z.number().int() })),
  notes: z.array(z.string()),
});

/** What `report NAME --format json` prints: the frame that all have, and each report's own figures. */
export const reportFigures = z
  .looseObject({ frame: frame.meta({ id: "ReportFrame" }) })
  .meta({ id: "ReportFigures", description: "The same as `priority-support report NAME --format json`" });

const tone = z.enum(["good", "bad", "doubt", "quiet"]);
const cell = z.union([z.string(), z.object({ text: z.string(), tone })]).meta({ id: "ReportCell" });

const plot = z
  .object({
    title: z.string(),
    scale: z.object({
      from: z.number(),
      to: z.number(),
      logarithmic: z.boolean(),
      ticks: z.array(z.object({ at: z.number(), label: z.string() })),
    }),
    lines: z.array(z.object({ at: z.number(), label: z.string() })),
    rows: z.array(
      z.object({
        label: z.string(),
        point: z.number(),
        low: z.number(),
        high: z.number(),
        note: z.string(),
        tone,
      }),
    ),
  })
  .meta({ id: "ReportPlot", description: "Points with their ranges on one scale, a line for every row" });

const week = z
  .object({
    title: z.string(),
    hours: z.array(z.object({ tone, text: z.string() })).meta({ description: "168, from Monday 00:00 on" }),
    legend: z.array(z.object({ tone, text: z.string() })),
  })
  .meta({ id: "ReportWeek" });

const part = z
  .object({
    id: z.string(),
    title: z.string(),
    about: z.string(),
    plot: plot.nullable(),
    weeks: z.array(week),
    table: z.object({
      head: z.array(z.string()),
      figures: z.array(z.number().int()).meta({ description: "Columns that hold figures, by index" }),
      rows: z.array(z.array(cell)),
      empty: z.string(),
      links: z
        .object({ column: z.number().int(), paths: z.array(z.string().nullable()) })
        .nullable()
        .meta({ description: "Column whose cells lead somewhere, and each row's place in the console" }),
    }),
  })
  .meta({ id: "ReportPart" });

/** A report as people see it. */
export const reportShown = z
  .object({
    name: z.string(),
    title: z.string(),
    about: z.array(z.string()).meta({ description: "Window, clock, n and what was left out" }),
    tickets: z.number().int(),
    through: z.number().nullable(),
    lead: z.array(cell).meta({ description: "The answer, before any table" }),
    parts: z.array(part),
    notes: z.array(z.string()),
  })
  .meta({ id: "ReportShown" });
