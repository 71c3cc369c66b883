/** What planning assumes: teams and their time, and what the programme costs and is worth. Types only. */
import type { DecimalText } from "./model-basics.ts";

/** One group's team. */
export interface CapacityTeam {
  readonly fte: number;
  readonly hoursPerWeek: number;
  readonly ahtMinutes: number;
  readonly ticketsPerAccountMonth: number;
  /**
   * Schedule → people at work while it is open; at any moment they add up. null = not stated: the team's time is taken as
   * spread evenly over its group's opening hours.
   */
  readonly onShift: Readonly<Record<string, number>> | null;
}

/** Figures for capacity planning. */
export interface CapacityAssumptions {
  readonly weeksPerMonth: number;
  readonly shrinkage: number;
  readonly occupancyMax: number;
  readonly peakHourFactor: number;
  /** Minutes of a first touch: reading, and a first useful reply. */
  readonly firstTouchMinutes: number;
  /** The hours in which most tickets come in: a schedule; null = the shortest limited one. */
  readonly busyHours: string | null;
  /** Share of the tickets that comes in during those. */
  readonly busyHoursShare: number;
  readonly teams: Readonly<Record<string, CapacityTeam>>;
  readonly programmeLimits: {
    readonly priorityShareOfAccountsMax: number;
    readonly priorityShareOfTicketsMax: number;
    readonly utilisationWarn: number;
    readonly utilisationStop: number;
  };
}

/** What the programme costs and what keeping a customer is worth. Amounts are in the base currency, a year. */
export interface Economics {
  /** One TAM; null = not stated. */
  readonly tamCostYear: DecimalText | null;
  /** TAMs on the programme; null = attached accounts ÷ accounts_per_tam. */
  readonly tams: number | null;
  readonly onCallCostYear: DecimalText;
  readonly extraSeatsCostYear: DecimalText;
  readonly toolsCostYear: DecimalText;
  /** Share of kept revenue that is gain. */
  readonly margin: number;
  /** Years of revenue that a kept customer is counted for. */
  readonly years: number;
  /** Contract value of a customer a year; null = the mean ARR of attached accounts in the CRM. */
  readonly acv: DecimalText | null;
  /** Churn a year with and without the package that "avoided loss" assumes; null = as observed. */
  readonly churnWith: number | null;
  readonly churnWithout: number | null;
  /** Does the CRM's ARR hold the price of the add-ons already? */
  readonly arrIncludesAddons: boolean;
}
