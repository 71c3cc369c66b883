/** The SLA document of a tier: what the policy promises, line by line, and nothing else. */
import type { Account, Basis, CalendarDate, Instant, Policy, Tier } from "../../policy/model.ts";
import { basisInWords } from "../../policy/words.ts";
import { dayText } from "../figures.ts";
import { type Paper, type PaperSection, sentence } from "./paper.ts";
import {
  afterHoursSection,
  channelsSection,
  exclusionsSection,
  measurementSection,
  peopleSection,
  remedySection,
} from "./sla-terms.ts";
import {
  clocksSection,
  escalationSection,
  hoursSection,
  severitiesSection,
  timesSection,
} from "./sla-times.ts";

/** Whom it is made for; null = for anybody in the tier. */
export interface SlaCustomer {
  readonly account: Account;
  readonly basis: Basis;
  /** Name of the TAM; null = none is named. */
  readonly tam: string | null;
}

export interface SlaInput {
  readonly policy: Policy;
  readonly tier: Tier;
  readonly customer: SlaCustomer | null;
  readonly at: Instant;
}

/** Everything a customer of the tier may hold us to. */
export function slaPaper(input: SlaInput): Paper {
  const { policy, tier, customer, at } = input;
  const name = customer?.account.name ?? customer?.account.id ?? null;
  return {
    kind: "Service level agreement",
    title: `${tier.name}: support terms${name === null ? "" : ` for ${name}`}`,
    cover: coverOf(input, name),
    sections: [
      hoursSection(policy, tier),
      severitiesSection(policy, tier),
      timesSection(policy, tier),
      clocksSection(policy, tier),
      channelsSection(policy.terms),
      peopleSection(tier, customer?.tam ?? null),
      escalationSection(policy, tier),
      afterHoursSection(policy.terms),
      exclusionsSection(policy.terms),
      measurementSection(policy),
      remedySection(policy, tier),
      reviewSection(policy, tier),
      changeSection(policy),
      {
        title: "Signatures",
        blocks: [{ kind: "signatures", parties: [policy.terms?.provider ?? "Provider", name ?? "Customer"] }],
      },
    ],
    foot: [
      `Made ${dayText(at, policy.timezone)} from policy ${policy.version}. It says nothing the policy does not say; where they differ, ask for a new copy.`,
    ],
  };
}

function coverOf({ policy, tier, customer }: SlaInput, name: string | null): Paper["cover"] {
  const { contractStart, contractEnd } = customer?.account ?? { contractStart: null, contractEnd: null };
  return [
    ["Provider", policy.terms?.provider ?? "not named in the policy"],
    ["Customer", name ?? "any customer of this tier"],
    ["Tier", tier.name],
    ...(customer === null
      ? []
      : ([
          ["Basis", basisInWords(customer.basis, policy)],
          ["Term", `${day(contractStart, "not stated")} to ${day(contractEnd, "no end stated")}`],
        ] as const)),
    [
      "Policy",
      `${policy.version}${policy.effectiveFrom === null ? "" : `, in force from ${policy.effectiveFrom}`}`,
    ],
  ];
}

function day(date: CalendarDate | null, none: string): string {
  return date ?? none;
}

const CADENCE: Readonly<Record<string, string>> = {
  monthly: "every month",
  quarterly: "every quarter",
  half_yearly: "every half-year",
  yearly: "every year",
};

function reviewSection(policy: Policy, { entitlements }: Tier): PaperSection {
  const cadence = CADENCE[entitlements.qbr];
  return {
    title: "Reviews",
    blocks: [
      sentence(
        cadence === undefined
          ? "This tier includes no business review."
          : `This tier includes a business review ${cadence}.`,
      ),
      ...(policy.terms?.review == null ? [] : [sentence(policy.terms.review)]),
    ],
  };
}

function changeSection(policy: Policy): PaperSection {
  const days = policy.terms?.changeNoticeDays ?? null;
  return {
    title: "Changes",
    blocks: [
      sentence(
        days === null
          ? "No period of notice is promised for changes of these terms."
          : `Changes of these terms are announced ${days} days before they count.`,
      ),
      sentence("A ticket keeps the terms of the moment it was created."),
    ],
  };
}
