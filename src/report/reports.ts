/** Every report there is, by name: one list for the command line, the web console and whoever sends them. */
import type { Instant, Policy } from "../policy/model.ts";
import type { Store, Window } from "../ports.ts";
import { attainmentReport } from "./attainment.ts";
import { attainmentShown } from "./attainment-shown.ts";
import { type CapacityStore, capacityReport } from "./capacity.ts";
import { capacityShown } from "./capacity-shown.ts";
import { dataQualityReport, type QualityStore } from "./data-quality.ts";
import { dataQualityShown } from "./data-quality-shown.ts";
import { differentiationReport } from "./differentiation.ts";
import { differentiationShown } from "./differentiation-shown.ts";
import { economicsReport } from "./economics.ts";
import { economicsShown } from "./economics-shown.ts";
import type { ReportFrame } from "./frame.ts";
import { healthReport } from "./health.ts";
import type { OutsideSignals } from "./health-measures.ts";
import { healthShown } from "./health-shown.ts";
import type { Shown } from "./shown.ts";
import type { Enter } from "./what-if.ts";

/** What reports read; nothing of it is changed. */
export type ReportStore = Pick<Store, "facts"> & CapacityStore & QualityStore;

/** What every report is made from. Some leave the window aside and say so in their frame. */
export interface ReportAsked {
  readonly store: ReportStore;
  readonly policy: Policy;
  readonly window: Window;
  readonly at: Instant;
  /** For `capacity`: doors of tiers to move on paper; left out = none. `enterOf` reads them from text. */
  readonly enter?: readonly Enter[];
  /** For `health`: what others measure, by account; left out = nothing. */
  readonly outside?: ReadonlyMap<string, OutsideSignals>;
}

/** A report: its own figures, which are plain JSON, and how people see them. */
export interface MadeReport {
  readonly report: { readonly frame: ReportFrame };
  readonly shown: Shown;
}

/** One kind of report. */
export interface ReportKind {
  /** The question it answers. */
  readonly title: string;
  /** Length of a window whose beginning nobody named; left out = 90 days. */
  readonly usualDays?: number;
  readonly make: (asked: ReportAsked) => Promise<MadeReport>;
}

export type ReportName =
  | "attainment"
  | "differentiation"
  | "capacity"
  | "health"
  | "data-quality"
  | "economics";

/** Name → report, in the order in which people read them. */
export const REPORTS: Readonly<Record<ReportName, ReportKind>> = {
  attainment: {
    title: "Is the promise kept?",
    make: async (asked) => {
      const report = await attainmentReport({ ...asked, facts: asked.store.facts });
      return { report, shown: attainmentShown(report) };
    },
  },
  differentiation: {
    title: "Is the higher tier really served better?",
    make: async (asked) => {
      const report = await differentiationReport({ ...asked, facts: asked.store.facts });
      return { report, shown: differentiationShown(report) };
    },
  },
  capacity: {
    title: "Can we keep it, and take more?",
    make: async (asked) => {
      const report = await capacityReport({ ...asked, facts: asked.store.facts, enter: asked.enter ?? [] });
      return { report, shown: capacityShown(report) };
    },
  },
  health: {
    title: "How are the customers doing?",
    make: async (asked) => {
      const report = await healthReport({ ...asked, facts: asked.store.facts });
      return { report, shown: healthShown(report) };
    },
  },
  "data-quality": {
    title: "Can the data be trusted?",
    make: async (asked) => {
      const report = await dataQualityReport({ ...asked, facts: asked.store.facts });
      return { report, shown: dataQualityShown(report) };
    },
  },
  economics: {
    title: "Is it worth it?",
    usualDays: 365,
    make: async (asked) => {
      const report = await economicsReport({ ...asked, facts: asked.store.facts });
      return { report, shown: economicsShown(report) };
    },
  },
};

/** The names, in that order. */
export const REPORT_NAMES = Object.keys(REPORTS) as readonly ReportName[];

/** Is there a report of this name? */
export function isReportName(name: string): name is ReportName {
  return Object.hasOwn(REPORTS, name);
}
