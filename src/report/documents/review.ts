/** The pack of a business review (QBR) of one account, for the customer or for us. */
import { basisInWords } from "../../policy/words.ts";
import { counted, dayText, minutesText, priorityText, shareText } from "../figures.ts";
import { type Paper, type PaperSection, sentence, tableBlock } from "./paper.ts";
import { costSection } from "./review-cost.ts";
import type { ReviewFigures, ReviewOf } from "./review-figures.ts";
import { breachesSection, deliveredSection, openSection } from "./review-promise.ts";
import { satisfactionSection, topicsSection, trendSection } from "./review-trends.ts";

/** The whole pack. The customer's says nothing about our groups, people, systems or money. */
export function reviewPaper(of: ReviewOf): Paper {
  const { policy, window, at, figures, internal } = of;
  const { account, tier, tickets, leftOut } = figures;
  const zone = policy.timezone;
  return {
    kind: internal ? "Business review, internal: not for the customer" : "Business review",
    title: `${account.name ?? account.accountId}: how we served you`,
    cover: [
      ["Period", `${dayText(window.from, zone)} to ${dayText(window.until - 1, zone)} (${zone})`],
      ["Tier", tier.name],
      ["Basis", basisInWords(account.basis, policy)],
      ["Term", `${account.contractStart ?? "not stated"} to ${account.contractEnd ?? "no end stated"}`],
      ["Account manager", account.tam ?? (tier.entitlements.namedTam ? "to be named" : "not included")],
      [
        "Tickets",
        `${tickets.length}; left out: ${leftOut} (merged, spam, internal or older than the installation)`,
      ],
    ],
    sections: [
      deliveredSection(of),
      breachesSection(of),
      boughtSection(figures),
      trendSection(of),
      topicsSection(figures),
      satisfactionSection(figures),
      openSection(of),
      ...(internal ? [costSection(of)] : []),
      nextSection(of),
    ],
    foot: [
      `Made ${dayText(at, zone)} from policy ${policy.version}. Tier and priority are those of each ticket's creation.`,
      "An open ticket past its time counts as missed. Intervals are 95%. Customers choose their tier: a comparison of tiers shows service, not its effects.",
    ],
  };
}

/** Share within this customer's own times, and the median, beside everybody of the tier below. */
function boughtSection({ bought, tier, below }: ReviewFigures): PaperSection {
  if (below === null)
    return {
      title: "What the plan bought",
      blocks: [sentence("There is no tier below this one to compare with.")],
    };
  return {
    title: "What the plan bought",
    blocks: [
      sentence(
        `First replies in calendar time, beside those of all customers in ${below.name} in the same period. Below ${FEW} tickets on a side there is no percentage.`,
      ),
      tableBlock(
        ["Priority", "Within", "You: n", "In time", "Median", `${below.name}: n`, "In time", "Median"],
        bought.map(({ priority, withinMinutes, own, below: theirs }) => [
          priorityText(priority),
          minutesText(withinMinutes),
          String(own.n),
          own.n < FEW ? `${own.inTime.hits} of ${own.n}` : shareText(own.inTime),
          minutesText(own.p50),
          String(theirs.n),
          theirs.n < FEW ? `${theirs.inTime.hits} of ${theirs.n}` : shareText(theirs.inTime),
          minutesText(theirs.p50),
        ]),
        [1, 2, 3, 4, 5, 6, 7],
        `No first reply of ${tier.name} can be compared in this period.`,
      ),
    ],
  };
}

/** A share of fewer says more about chance than about service. */
const FEW = 5;

function nextSection({ figures }: ReviewOf): PaperSection {
  const { authorizedContacts, qbr } = figures.tier.entitlements;
  const people = new Set(figures.tickets.flatMap((one) => one.requesterId ?? [])).size;
  return {
    title: "Use of the plan, and what comes next",
    blocks: [
      {
        kind: "facts",
        facts: [
          [
            "People who raised tickets",
            authorizedContacts === null
              ? String(people)
              : `${people} (named contacts: up to ${authorizedContacts})`,
          ],
          ["Business reviews", qbr === "none" ? "not included" : qbr.replace("_", "-")],
        ],
      },
      tableBlock(["Action", "Who", "Until"], [["", "", ""]]),
      sentence(
        `To be filled in together. ${counted(figures.tickets.length, "ticket")} of this period ${figures.tickets.length === 1 ? "is" : "are"} the ground for it; calls, sentiment and product usage are not kept here.`,
      ),
    ],
  };
}
