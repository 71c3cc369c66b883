/** Generated companies: plausible, fictional, each one the same whatever was generated before it. */
import type { Instant } from "../policy/model.ts";
import { dayFrom } from "./dataset-days.ts";
import { type Dice, dice } from "./dataset-dice.ts";
import type { CompanyProperties, DatasetCompany } from "./dataset-model.ts";
import { blank } from "./dataset-part.ts";
import { OWNER_IDS } from "./dataset-people.ts";

const FIRST =
  "Amber Arbor Basalt Birch Cobalt Coral Cinder Copper Delta Drift Ember Fable Fern Flint Garnet Glacier Harbor " +
  "Hazel Indigo Iris Jasper Juniper Kestrel Lark Lantern Maple Marble Nimbus North Oak Onyx Opal Pebble Pine " +
  "Quarry Quill Raven Reef Saffron Sage Slate Sparrow Summit Thistle Timber Umber Vale Vesper Willow Zephyr";
const SECOND =
  "Analytics Bank Biotech Bridges Cargo Clinics Cloud Courier Dairy Diagnostics Electric Energy Engineering Farms " +
  "Films Foods Foundry Freight Games Glass Grid Health Hotels Insurance Ledger Logistics Marine Mills Mobility " +
  "Motors Networks Optics Packaging Paper Payments Pharma Press Printing Rail Research Retail Robotics Schools " +
  "Security Shipping Software Solar Systems Textiles Travel";
const ENDING = ["", "", "", " Group", " Ltd", " GmbH", " Inc", " AB", " SA", " Pty"];
const CURRENCIES = ["USD", "USD", "USD", "USD", "USD", "USD", "USD", "EUR", "EUR", "GBP", "CAD"];
const SALES = [OWNER_IDS.salesJune, OWNER_IDS.salesPavel, OWNER_IDS.salesRosa];

interface PlanShape {
  readonly until: number;
  readonly plan: string | null;
  readonly arr: readonly [min: number, max: number];
}

/** Shares are cumulative: most customers are small. */
const PLANS: readonly PlanShape[] = [
  { until: 0.1, plan: "Free", arr: [0, 0] },
  { until: 0.4, plan: "Starter", arr: [600, 3_600] },
  { until: 0.7, plan: "Standard", arr: [2_400, 11_500] },
  { until: 0.92, plan: "Pro", arr: [8_000, 60_000] },
  { until: 0.975, plan: "Enterprise", arr: [70_000, 400_000] },
  { until: 1, plan: null, arr: [0, 20_000] },
];

/** Makes generated company number `index` (from 0) of a seed. Parents are always earlier numbers of the same seed. */
export function companyMaker(seed: number, asOf: Instant): (index: number) => DatasetCompany {
  const [firsts, seconds] = [FIRST.split(" "), SECOND.split(" ")];
  return (index) => {
    const draw = dice(seed, index);
    const name = `${draw.pick(firsts)} ${draw.pick(seconds)}`;
    const parent = index > 20 && draw.chance(0.04) ? draw.int(Math.max(0, index - 500), index - 1) : null;
    return {
      id: generatedId(index),
      role: null,
      shows: null,
      properties: {
        ...blank(),
        name: `${name}${draw.pick(ENDING)}`,
        domain: domainOf(name, index, draw),
        hs_additional_domains: draw.chance(0.08) ? `${slug(name)}-${index}-mail.example` : null,
        hs_parent_company_id: parent === null ? null : generatedId(parent),
        annualrevenue: draw.chance(0.6) ? String(draw.int(1, 9_000) * 100_000) : null,
        hubspot_owner_id: draw.chance(0.93) ? draw.pick(SALES) : null,
        billing_standalone: draw.chance(0.01) ? "true" : "false",
        is_poc: "false",
        ...commerce(draw, asOf),
      },
    };
  };
}

/** Record id of generated company `index`: unique, never one of the cast's, lengths 10 to 12 digits. */
export function generatedId(index: number): string {
  return index % 5 === 4 ? String(210_000_000_000 + index) : String(8_100_000_000 + index * 13);
}

function domainOf(name: string, index: number, draw: Dice): string | null {
  return draw.chance(0.02) ? null : `${slug(name)}-${index}.example`;
}

function slug(name: string): string {
  return name.toLowerCase().replace(" ", "");
}

function commerce(draw: Dice, asOf: Instant): Partial<CompanyProperties> {
  const roll = draw.next();
  const shape = PLANS.find((plan) => roll < plan.until) ?? null;
  if (shape === null) return {};
  const trial = draw.chance(0.03);
  const addon = shape.plan === "Enterprise" && draw.chance(0.35);
  const arr = draw.int(shape.arr[0], shape.arr[1]);
  const cents = draw.chance(0.1) ? `.${draw.int(10, 99)}` : "";
  const end = draw.chance(0.05) ? draw.int(-90, -1) : draw.int(1, 500);
  return {
    plan_tier: shape.plan !== null && draw.chance(0.05) ? ` ${shape.plan.toUpperCase()} ` : shape.plan,
    arr: trial || arr === 0 ? null : `${arr}${cents}`,
    arr_currency: draw.pick(CURRENCIES),
    contract_start_date: dayFrom(asOf, draw.int(-900, -100)),
    contract_end_date: trial || draw.chance(0.04) ? null : dayFrom(asOf, end),
    renewal_open: end < 30 && draw.chance(0.5) ? "true" : "false",
    trial_end_date: trial ? dayFrom(asOf, draw.int(-5, 25)) : null,
    account_status: trial ? "Trial" : standing(draw),
    support_addons: addon ? "ENT-SUPPORT" : null,
    support_tam: addon ? draw.pick([OWNER_IDS.tamTess, OWNER_IDS.tamIdris]) : null,
  };
}

function standing(draw: Dice): string {
  const roll = draw.next();
  if (roll < 0.02) return "Unpaid";
  if (roll < 0.06) return "Late";
  return roll < 0.09 ? "Cancelled" : "Active";
}
