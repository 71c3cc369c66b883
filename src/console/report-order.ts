/** What a report or a review is ordered by: of which window, for whose eyes, written in which form. */
import type { Instant } from "../policy/model.ts";
import type { Window } from "../ports.ts";
import type { ReportName } from "../report/reports.ts";
import type { Enter } from "../report/what-if.ts";

/** `figures`: the report itself as JSON; `shown`: what a page shows, as JSON; `html` and `csv`: files. */
export type ReportForm = "figures" | "shown" | "html" | "csv";

export interface ReportOrder {
  readonly name: ReportName;
  readonly window: Window;
  /** Zone in which the reader reads days and times; what the policy counts by day stays in the policy's. */
  readonly zone: string;
  readonly at: Instant;
  /** Doors of tiers moved on paper, for `capacity`. */
  readonly enter: readonly Enter[];
  /** Leave out what only those may see who may see money. */
  readonly money: "shown" | "left out";
  readonly form: ReportForm;
}

/** The business review of one account. */
export interface ReviewOrder {
  readonly accountId: string;
  readonly window: Window;
  readonly at: Instant;
  /** For the customer's eyes, or for ours: causes from our records and cost to serve. */
  readonly variant: "customer" | "internal";
  readonly form: "html" | "markdown";
}
