/** Schema of the part of the policy file that names who is told what, and what the rules read of it. */
import * as z from "zod";
import type { People } from "./model.ts";
import { calendarDate, section, text, tierRef } from "./policy-parts.ts";
import { foldedName } from "./text-fold.ts";

const address = z
  .string()
  .transform((value) => value.trim().toLowerCase())
  .pipe(z.email("must be an e-mail address such as lead@acme.example"));

const who = z.union([address.transform((one) => [one]), z.array(address)], {
  error: "must be an e-mail address such as lead@acme.example, or a list of them",
});

const away = section("Days on which a person is away.", {
  from: calendarDate.describe("First day."),
  to: calendarDate.describe("Last day."),
});

const person = section("A person.", {
  slack: text
    .regex(/^[UW][A-Z0-9]{2,20}$/, "must be a Slack member id such as U024BE7LH")
    .nullable()
    .default(null)
    .describe("Slack member id. Default: looked up by the e-mail address."),
  backup: address.nullable().default(null).describe("Who hears in their place while they are away."),
  away: z.array(away).default([]).describe("When they are away, in the policy's time zone."),
});

/** Who is told what. */
export const peopleFile = section("Who is told what by Slack or e-mail. Without this section nobody is.", {
  lead: who
    .default([])
    .describe(
      "Whoever leads support: capacity, differentiation, the weekly digest, and SLA clocks of tiers above the default one without a lead.",
    ),
  leads: z.record(tierRef, who).default({}).describe("Tier → its lead, who hears of its SLA clocks."),
  revops: who.default([]).describe("Who hears of graces, overrides and trials that end."),
  roles: z
    .record(text, who)
    .default({})
    .describe("A name of `terms.escalation` → who that is. Default: the tier's lead."),
  channel: text
    .regex(/^#?[\p{L}\p{N}_-]{1,80}$/u, "must be the name or id of a channel, such as support-alerts")
    .nullable()
    .default(null)
    .describe("Slack channel in which the bot repeats every message: its name or id."),
  members: z
    .record(address, person)
    .default({})
    .describe("E-mail of a lead or technical account manager → how they are reached, and who stands in."),
});

/** The people of a policy file; null = it names nobody. */
export function peopleOf(file: z.output<typeof peopleFile> | null): People | null {
  if (file === null) return null;
  return {
    ...file,
    roles: Object.fromEntries(Object.entries(file.roles).map(([name, is]) => [foldedName(name), is])),
  };
}
