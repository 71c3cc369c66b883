/** The parts of the SLA document beyond time: channels, people, exclusions, measurement, remedy. */
import type { Policy, Terms, Tier } from "../../policy/model.ts";
import { METRIC_WORDS, percent } from "../figures.ts";
import { type Block, type PaperSection, sentence } from "./paper.ts";

/** Where a ticket must come from for its times to be promised. */
export function channelsSection(terms: Terms | null): PaperSection {
  const { covered, notCovered } = terms?.channels ?? { covered: [], notCovered: [] };
  const facts = [
    ...(covered.length === 0 ? [] : [["Carry the promised times", covered.join("; ")] as const]),
    ...(notCovered.length === 0 ? [] : [["Do not", notCovered.join("; ")] as const]),
  ];
  return {
    title: "Channels",
    blocks: [facts.length === 0 ? sentence("The policy names no channels.") : { kind: "facts", facts }],
  };
}

/** Who may raise tickets, and who looks after the customer. */
export function peopleSection({ entitlements }: Tier, tam: string | null): PaperSection {
  const { authorizedContacts, namedTam, slackChannel, healthMonitoring } = entitlements;
  const manager = tam ?? "included; to be named";
  return {
    title: "People",
    blocks: [
      {
        kind: "facts",
        facts: [
          [
            "Authorised contacts",
            authorizedContacts === null ? "no number is stated" : `up to ${authorizedContacts} named people`,
          ],
          ["Technical account manager", namedTam ? manager : "not included"],
          ["Shared Slack channel", slackChannel ? "included" : "not included"],
          ["Monitoring of the account's health", healthMonitoring ? "included" : "not included"],
        ],
      },
    ],
  };
}

/** How to raise something urgent while the desk is closed. */
export function afterHoursSection(terms: Terms | null): PaperSection {
  return {
    title: "Outside support hours",
    blocks: [sentence(terms?.afterHours ?? "No procedure outside support hours is promised.")],
  };
}

/** What the times do not cover. */
export function exclusionsSection(terms: Terms | null): PaperSection {
  const items = terms?.exclusions ?? [];
  return {
    title: "Exclusions",
    blocks: [items.length === 0 ? sentence("The policy names no exclusions.") : { kind: "list", items }],
  };
}

/** How it is reckoned whether the promise was kept. */
export function measurementSection({ slaObjective, timezone }: Policy): PaperSection {
  const { attainment, window, minTargets } = slaObjective;
  return {
    title: "Measurement",
    blocks: [
      sentence(
        `Attainment = times met ÷ (times met + times missed), reckoned per ${window === "calendar_month" ? "calendar month" : "calendar quarter"} in ${timezone}. The objective is ${percent(attainment)}.`,
      ),
      sentence(
        `A ticket still open past its time counts as missed. Below ${minTargets} measured times only counts are given.`,
      ),
    ],
  };
}

/** The credit rule, for tiers that have a price; else that there is none. */
export function remedySection({ terms, addons }: Policy, tier: Tier): PaperSection {
  const rule = terms?.serviceCredit ?? null;
  const none: readonly Block[] = [sentence("No service credit is promised.")];
  if (rule === null) return { title: "Remedy", blocks: none };
  const priced = addons.some(
    ({ sku, listPrice }) => tier.eligibility.addons.includes(sku) && listPrice !== null,
  );
  if (!priced)
    return {
      title: "Remedy",
      blocks: [sentence("No fee is charged for this tier by itself, so no service credit is owed.")],
    };
  const what = rule.metrics.map((metric) => METRIC_WORDS[metric].toLowerCase()).join(", ");
  const claim =
    rule.claimDays === null ? "" : ` It must be claimed within ${rule.claimDays} days after the quarter.`;
  return {
    title: "Remedy",
    blocks: [
      sentence(
        `If more than ${rule.toleratedMisses} times (${what}) are missed in a calendar quarter, ${percent(rule.shareOfQuarter)} of the quarter's fee for this tier is credited.${claim}`,
      ),
    ],
  };
}
