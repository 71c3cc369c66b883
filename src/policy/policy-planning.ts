/** Schema of the figures that planning and reports assume, and what the rules read of them. */
import * as z from "zod";
import type { CapacityAssumptions, Economics } from "./model.ts";
import { decimal, section, share, text } from "./policy-parts.ts";

const team = section("What a group's team can do.", {
  fte: z.number().positive().describe("Full-time people."),
  hours_per_week: z.number().positive().default(40).describe("Hours of one person a week."),
  aht_minutes: z.number().positive().describe("Handling time of one ticket, minutes."),
  tickets_per_account_month: z.number().nonnegative().describe("Tickets an account sends a month."),
  on_shift: z
    .record(text, z.number().nonnegative())
    .nullable()
    .default(null)
    .describe(
      "Schedule → people at work while it is open. Default: the team's time, spread over the group's hours.",
    ),
});

/** Figures for capacity planning. */
export const capacityFile = section("Figures for capacity planning.", {
  weeks_per_month: z.number().positive().default(4.345).describe("Weeks in a month."),
  shrinkage: share.default(0.3).describe("Share of paid time that is not spent on tickets."),
  occupancy_max: share.default(0.8).describe("Share of the rest a person can be busy."),
  peak_hour_factor: z.number().positive().default(1.6).describe("How much busier the busiest hour is."),
  first_touch_minutes: z.number().positive().default(20).describe("Time until a ticket has its first reply."),
  busy_hours: text
    .nullable()
    .default(null)
    .describe("Schedule in which most tickets come in. Default: the shortest limited one."),
  busy_hours_share: share.default(0.7).describe("Share of the tickets that comes in during busy_hours."),
  teams: z.record(text, team).default({}).describe("Group name → team."),
  programme_limits: section("How large the programme may become.", {
    priority_share_of_accounts_max: share.default(0.2).describe("Share of accounts above the default tier."),
    priority_share_of_tickets_max: share.default(0.4).describe("Share of tickets above the default tier."),
    utilisation_warn: z.number().positive().default(0.9).describe("Utilisation that raises a warning."),
    utilisation_stop: z
      .number()
      .positive()
      .default(1)
      .describe("Utilisation above which the plan is not credible."),
  }).prefault({}),
});

/** What the programme costs and what keeping a customer is worth. */
export const economicsFile = section(
  "What the programme costs and what keeping a customer is worth, for the economics report. Amounts a year, in the base currency.",
  {
    tam_cost_year: decimal.nullable().default(null).describe("Cost of one TAM; null = ROI is not told."),
    tams: z
      .number()
      .nonnegative()
      .nullable()
      .default(null)
      .describe("TAMs on the programme. Default: attached accounts ÷ accounts_per_tam."),
    on_call_cost_year: decimal.default("0").describe("Cost of on-call duty."),
    extra_seats_cost_year: decimal.default("0").describe("Cost of people added for the programme."),
    tools_cost_year: decimal.default("0").describe("Cost of tools."),
    margin: share.default(1).describe("Share of kept revenue that is gain."),
    years: z.number().positive().default(1).describe("Years of revenue a kept customer is counted for."),
    acv: decimal
      .nullable()
      .default(null)
      .describe("Contract value of a customer. Default: the mean ARR of attached accounts in the CRM."),
    churn_with: share.nullable().default(null).describe("Assumed churn with the package. Default: observed."),
    churn_without: share
      .nullable()
      .default(null)
      .describe("Assumed churn without it, the counterfactual. Default: observed of eligible others."),
    arr_includes_addons: z
      .boolean()
      .default(true)
      .describe("The CRM's ARR holds the price of the add-ons already."),
  },
);

/** The planning figures of a policy file; null = it has none. */
export function capacityOf(written: z.output<typeof capacityFile> | null): CapacityAssumptions | null {
  if (written === null) return null;
  const limits = written.programme_limits;
  const teams = Object.entries(written.teams).map(([group, one]) => [
    group,
    {
      fte: one.fte,
      hoursPerWeek: one.hours_per_week,
      ahtMinutes: one.aht_minutes,
      ticketsPerAccountMonth: one.tickets_per_account_month,
      onShift: one.on_shift,
    },
  ]);
  return {
    weeksPerMonth: written.weeks_per_month,
    shrinkage: written.shrinkage,
    occupancyMax: written.occupancy_max,
    peakHourFactor: written.peak_hour_factor,
    firstTouchMinutes: written.first_touch_minutes,
    busyHours: written.busy_hours,
    busyHoursShare: written.busy_hours_share,
    teams: Object.fromEntries(teams),
    programmeLimits: {
      priorityShareOfAccountsMax: limits.priority_share_of_accounts_max,
      priorityShareOfTicketsMax: limits.priority_share_of_tickets_max,
      utilisationWarn: limits.utilisation_warn,
      utilisationStop: limits.utilisation_stop,
    },
  };
}

/** The programme's costs and worth of a policy file; null = it states none. */
export function economicsOf(written: z.output<typeof economicsFile> | null): Economics | null {
  if (written === null) return null;
  return {
    tamCostYear: written.tam_cost_year,
    tams: written.tams,
    onCallCostYear: written.on_call_cost_year,
    extraSeatsCostYear: written.extra_seats_cost_year,
    toolsCostYear: written.tools_cost_year,
    margin: written.margin,
    years: written.years,
    acv: written.acv,
    churnWith: written.churn_with,
    churnWithout: written.churn_without,
    arrIncludesAddons: written.arr_includes_addons,
  };
}
