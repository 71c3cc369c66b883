/** Deals and line items of a few companies of the cast: three currencies, a renewal, support packages sold by the line. */
import type { Instant } from "../policy/model.ts";
import { dayFrom } from "./dataset-days.ts";
import type { DatasetCompany, DatasetDeal, DatasetLineItem } from "./dataset-model.ts";
import { PIPELINES } from "./hubspot-related-definitions.ts";

/** One deal of the script. Days count from `asOf`; null = not stated. */
interface Script {
  readonly role: string;
  readonly shows: string;
  readonly name: string;
  readonly arr: string | null;
  readonly currency: string;
  readonly state: "won" | "lost" | "open";
  readonly renewal?: boolean;
  readonly start: number | null;
  readonly end: number | null;
  /** Role of another company it is linked with, not as its primary one. */
  readonly also?: string;
  readonly lines?: readonly LineScript[];
}

interface LineScript {
  readonly sku: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly scope?: "account" | "family";
}

const SCRIPTS: readonly Script[] = [
  {
    role: "addon_tam",
    shows: "The support package is a line of the platform deal, beside an ordinary product.",
    name: "Aurelia platform 2026",
    arr: "240000",
    currency: "USD",
    state: "won",
    start: -200,
    end: 165,
    lines: [
      { sku: "PLATFORM-ENT", start: -200, end: 165 },
      { sku: "ENT-SUPPORT", start: -200, end: 165 },
    ],
  },
  {
    role: "arr_eur",
    shows: "One currency that is not the base.",
    name: "Bergfels Werk Nord",
    arr: "96000",
    currency: "EUR",
    state: "won",
    start: -200,
    end: 165,
  },
  {
    role: "renewal_open",
    shows: "Three deals in three currencies: together 175,000.50 USD at the book rates.",
    name: "Meridian offshore",
    arr: "70000.50",
    currency: "USD",
    state: "won",
    start: -200,
    end: 165,
  },
  {
    role: "renewal_open",
    shows: "The second of them.",
    name: "Meridian Bretagne",
    arr: "50000",
    currency: "EUR",
    state: "won",
    start: -100,
    end: 265,
  },
  {
    role: "renewal_open",
    shows: "The third of them.",
    name: "Meridian Orkney",
    arr: "40157.48",
    currency: "GBP",
    state: "won",
    start: -50,
    end: 315,
  },
  {
    role: "renewal_open",
    shows: "The year before last has ended and no longer counts.",
    name: "Meridian pilot",
    arr: "15000",
    currency: "USD",
    state: "won",
    start: -565,
    end: -201,
  },
  {
    role: "renewal_open",
    shows: "An open deal in the renewal pipeline: a renewal is being negotiated.",
    name: "Meridian renewal",
    arr: "180000",
    currency: "USD",
    state: "open",
    renewal: true,
    start: 10,
    end: 375,
  },
  {
    role: "parent",
    shows: "A support package for the whole group.",
    name: "Halcyon group agreement",
    arr: "310000",
    currency: "USD",
    state: "won",
    start: -120,
    end: 245,
    lines: [{ sku: "ENT-SUPPORT", start: -120, end: null, scope: "family" }],
  },
  {
    role: "past_due",
    shows: "A reseller is linked with the deal too; it counts for its primary company only.",
    name: "Latecomer via Leviathan",
    arr: "36000",
    currency: "USD",
    state: "won",
    start: -200,
    end: 165,
    also: "revenue_trap",
  },
  {
    role: "lapsed",
    shows: "A lost renewal is no revenue.",
    name: "Gone Fishing renewal",
    arr: "110000",
    currency: "USD",
    state: "lost",
    renewal: true,
    start: -60,
    end: 305,
  },
];

/** The deals of the cast, dates relative to `asOf`. */
export function castDeals(companies: readonly DatasetCompany[], asOf: Instant): readonly DatasetDeal[] {
  const idOf = new Map(companies.map((company) => [company.role, company.id]));
  return SCRIPTS.map((script, at) => ({
    id: dealId(at),
    shows: script.shows,
    properties: {
      dealname: script.name,
      amount: script.arr,
      hs_arr: script.arr,
      deal_currency_code: script.currency,
      hs_is_closed_won: String(script.state === "won"),
      hs_is_closed: String(script.state !== "open"),
      pipeline: script.renewal === true ? PIPELINES.renewals : PIPELINES.sales,
      contract_start: date(asOf, script.start),
      contract_end: date(asOf, script.end),
    },
    companies: [
      { id: idOf.get(script.role) ?? "", primary: true },
      ...(script.also === undefined ? [] : [{ id: idOf.get(script.also) ?? "", primary: false }]),
    ],
  }));
}

/** The line items of those deals. */
export function castLineItems(asOf: Instant): readonly DatasetLineItem[] {
  return SCRIPTS.flatMap((script, at) =>
    (script.lines ?? []).map((line, index) => ({
      id: `${dealId(at)}${index + 1}`,
      deal: dealId(at),
      properties: {
        name: line.sku,
        hs_sku: line.sku,
        hs_recurring_billing_start_date: date(asOf, line.start),
        hs_recurring_billing_end_date: date(asOf, line.end),
        support_scope: line.scope ?? "account",
      },
    })),
  );
}

function dealId(at: number): string {
  return String(21_500_000_117 + at * 1_013);
}

function date(asOf: Instant, offset: number | null): string | null {
  return offset === null ? null : dayFrom(asOf, offset);
}
