/** Schema of the parts of the policy file that touch other products: CRM, help desk, guard, people, retention. */
import * as z from "zod";
import { fact, factSource, statusMap } from "./policy-fact-sources.ts";
import { count, idText, section, share, text } from "./policy-parts.ts";
import { addonsFact, arrFact, renewalFact } from "./policy-related.ts";
import { csvFiles, sqlFiles } from "./policy-tables.ts";

/** Where HubSpot keeps the facts. */
const hubspotFile = section("Fact → company property in HubSpot. A fact that is left out is not read.", {
  plan: fact("What they bought."),
  arr: arrFact,
  contract_start: fact("First day of the contract."),
  contract_end: fact("Last day of the contract."),
  addons: addonsFact,
  owner: fact("Account owner."),
  tam: fact("Technical account manager."),
  status: factSource("Commercial status.", { map: statusMap }),
  trial_end: fact("Last day of a trial."),
  poc: fact("Whether a trial is a proof of concept."),
  renewal_in_progress: renewalFact,
  parent: fact("Record id of the parent company. Default: hs_parent_company_id."),
  domains: z
    .array(text)
    .optional()
    .describe("Properties that hold mail domains. Default: domain and hs_additional_domains."),
  standalone: fact("Whether the company stands for itself."),
  slack_channel: fact("https address of the channel shared with the customer. Shown to agents only."),
  contacts: fact(
    "E-mail addresses of the people entitled to raise tickets, separated by semicolons. Shown to agents only.",
  ),
  label: text
    .nullable()
    .optional()
    .describe("Property the tier is written back to; left out or null = nothing is written."),
});

/** CRM name → mapping. */
export const crmFile = section("Where the CRM keeps the facts.", {
  hubspot: hubspotFile
    .optional()
    .describe("HubSpot. Default, when no CRM is named: a mapping with usual names (see docs/policy.md)."),
  csv: csvFiles.optional().describe("A file or a folder of files, or several by name."),
  sql: sqlFiles.optional().describe("A query or table of a database, or several by name."),
});

const onOff = z
  .union([z.boolean(), z.enum(["on", "off"])], { error: "must be on or off" })
  .transform((value) => value === true || value === "on");

const zendeskFile = section("How this Zendesk account is used.", {
  impact_field: idText
    .nullable()
    .default(null)
    .describe("Title or id of the ticket field that carries the severity."),
  vip: text.nullable().default(null).describe("User tag, or checkbox user field, that marks a VIP."),
  brands: z.array(idText).default([]).describe("Only tickets of these brands; empty = every brand."),
  only_organizations_tagged: z
    .array(text)
    .default([])
    .describe("Only organizations with one of these tags, for a pilot; empty = every organization."),
  automation_users: z
    .array(idText)
    .default([])
    .describe("User ids of other integrations: what they set counts as automation."),
  availability: onOff.default(false).describe("Read which agents are online: on or off."),
  create_organizations: z
    .enum(["never", "from_crm"])
    .default("never")
    .describe("Whether missing organizations are created from the CRM."),
  multiple_organizations: z
    .enum(["ticket", "best_tier"])
    .default("ticket")
    .describe("Which organization counts for a user with several."),
  write_arr: z
    .boolean()
    .default(false)
    .describe("Copy ARR onto the organization; every light agent can read it there."),
});

/** Help-desk name → settings. */
export const deskFile = section("How the help desk is used.", { zendesk: zendeskFile.prefault({}) });

/** The mass-change brake. */
export const guardFile = section("The mass-change brake: larger waves of demotions wait for a person.", {
  demotions: count.default(10).describe("Demotions in the window that always pass."),
  share: share
    .default(0.05)
    .describe("Share of the accounts above the default tier that may be demoted in the window."),
  hard: count
    .default(500)
    .describe("Demotions in the window that never pass by themselves, whatever the share."),
  window_hours: z.number().positive().default(24).describe("Length of the window, hours."),
});

/** Which source is asked first for which fact. */
export const sourcesFile = section("Which source is asked first for which fact, when there are several.", {
  order: z
    .record(text, z.array(text).min(1))
    .default({})
    .describe(
      'Fact, or "*" for every other fact → sources in order. The first of "*" defines the set of accounts.',
    ),
  join: z
    .record(text, text)
    .default({})
    .describe("Source → the property that holds the id of the first source's record."),
});

/** How long things are kept. */
export const retentionFile = section("How long things are kept.", {
  decisions_days: z.int().positive().default(400).describe("Days a decision stays explainable."),
  delivery_bodies_days: z
    .int()
    .positive()
    .default(7)
    .describe("Days the body of a settled delivery is kept."),
});
