/** The second half of the cast: awkward records that every real CRM holds. */

import type { Part } from "./dataset-part.ts";
import { OWNER_IDS } from "./dataset-people.ts";

/** Parts whose point is bad, missing, doubled or hostile data, or an add-on that needs a second look. */
export const ODD_PARTS: readonly Part[] = [
  {
    role: "same_domain_us",
    shows: "Two companies claim one domain: a sender from it is not matched by guessing.",
    name: "Twin Pines Logistics (US)",
    domain: "twinpines.example",
    values: { plan_tier: "Enterprise", arr: "125000" },
  },
  {
    role: "same_domain_eu",
    shows: "The other company with the domain of Twin Pines US.",
    name: "Twin Pines Logistics (Europe)",
    domain: "twinpines.example",
    values: { plan_tier: "Starter", arr: "3000", arr_currency: "EUR" },
  },
  {
    role: "free_mail",
    shows: "A public mail domain typed into the CRM must not make every gmail.com sender this customer.",
    name: "Marta's Bakery",
    domain: "gmail.com",
    values: { plan_tier: "Pro", arr: "13000" },
  },
  {
    role: "no_domain",
    shows: "No domain at all: it can be matched by its organization only.",
    name: "Nameless Lighthouse Trust",
    domain: null,
    values: { plan_tier: "Pro", arr: "15500" },
  },
  {
    role: "hostile_name",
    shows: "Quotes, markup, a formula and an emoji in a name are text and nothing else.",
    name: `=HYPERLINK("x") Robert'); DROP TABLE accounts;--<img src=x onerror=alert(1)> & Søns 🚀`,
    domain: "tables.example",
    values: { plan_tier: "Pro", arr: "14000" },
  },
  {
    role: "addon_wrong_plan",
    shows: "Bought the add-on on a plan that does not qualify: served, and sent to review.",
    name: "Overreach Observatory",
    domain: "overreach.example",
    values: {
      plan_tier: "Pro",
      arr: "30000",
      support_addons: "ENT-SUPPORT",
      support_tam: OWNER_IDS.tamIdris,
    },
  },
  {
    role: "addon_tam_left",
    shows: "The technical account manager has left the company; nobody follows the tickets.",
    name: "Empty Chair Insurance",
    domain: "emptychair.example",
    values: {
      plan_tier: "Enterprise",
      arr: "205000",
      support_addons: "ENT-SUPPORT",
      support_tam: OWNER_IDS.tamLeft,
    },
  },
  {
    role: "addon_unknown",
    shows: "An add-on the policy does not know goes to review and grants nothing.",
    name: "Gilded Cage Aviaries",
    domain: "gildedcage.example",
    values: { plan_tier: "Pro", arr: "21000", support_addons: "GOLD-CARE" },
  },
  {
    role: "family_head",
    shows: "Two companies of one family that reach Enterprise only when their ARR is added up.",
    name: "Confluence Rivers AG",
    domain: "confluencerivers.example",
    values: { plan_tier: "Pro", arr: "70000.125" },
  },
  {
    role: "family_member",
    shows: "The other half of the family; its ARR is in another currency.",
    name: "Confluence Rivers Ireland",
    domain: "confluencerivers-ie.example",
    parent: "family_head",
    values: { plan_tier: null, arr: "41000", arr_currency: "GBP" },
  },
  {
    role: "dates_inverted",
    shows: "A contract that ends before it starts is treated as having no dates, and reviewed.",
    name: "Backwards Clockworks",
    domain: "backwards.example",
    start: 40,
    end: -40,
    values: { plan_tier: "Pro", arr: "16000" },
  },
  {
    role: "evergreen",
    shows: "No end date: the contract runs on.",
    name: "Perpetual Motion Cranes",
    domain: "perpetual.example",
    end: null,
    values: { plan_tier: "Professional", arr: "22000" },
  },
  {
    role: "arr_no_currency",
    shows: "A currency without a book rate: the amount is not used, and reviewed.",
    name: "Doubloon Antiques",
    domain: "doubloon.example",
    values: { plan_tier: "Standard", arr: "500000", arr_currency: "XAU" },
  },
  {
    role: "arr_negative",
    shows: "A negative ARR is a mistake, not a small customer.",
    name: "Minus Touch Metals",
    domain: "minustouch.example",
    values: { plan_tier: "Starter", arr: "-4200" },
  },
  {
    role: "nothing_known",
    shows: "A bare record: the default tier and a place on the review list.",
    name: "Blank Slate Roofing",
    domain: "blankslate.example",
    start: null,
    end: null,
    values: { arr: null, arr_currency: null, hubspot_owner_id: null, annualrevenue: null },
  },
];
