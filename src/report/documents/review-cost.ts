/** The part of a business review that is for us alone: what the account costs to serve and what it pays for it. */
import { DateTime } from "luxon";
import { feeOf } from "../credits.ts";
import { counted } from "../figures.ts";
import { type PaperSection, sentence } from "./paper.ts";
import type { ReviewOf } from "./review-figures.ts";

/** Hours by the policy's handling time, and list price: both assumptions are said. */
export function costSection({ figures, policy, window }: ReviewOf): PaperSection {
  const { tier, account, tickets } = figures;
  const team = policy.capacityAssumptions?.teams[tier.routing.group ?? ""] ?? null;
  const zone = policy.timezone;
  const last = DateTime.fromMillis(window.until - 1, { zone });
  const fee = feeOf(account, policy, last.toISODate() ?? "");
  const months = DateTime.fromMillis(window.until, { zone }).diff(
    DateTime.fromMillis(window.from, { zone }),
    "months",
  ).months;
  const expected = (team?.ticketsPerAccountMonth ?? 0) * months;
  return {
    title: "Cost to serve (internal)",
    blocks: [
      team === null
        ? sentence(
            `The policy states no handling time for ${tier.routing.group ?? "this tier's group"}, so hours cannot be told.`,
          )
        : {
            kind: "facts",
            facts: [
              [
                "Handling time",
                `${((tickets.length * team.ahtMinutes) / 60).toFixed(1)} h: ${counted(tickets.length, "ticket")} × ${team.ahtMinutes} min, the policy's assumption`,
              ],
              [
                "Planned tickets",
                `${expected.toFixed(1)}: ${team.ticketsPerAccountMonth} a month for ${months.toFixed(1)} months`,
              ],
            ],
          },
      sentence(
        fee === null
          ? "No add-on with a list price is in force, so no fee stands against it."
          : `Against it stands a fee of ${fee.currency} ${(fee.perMonth * months).toFixed(2)} at list price; discounts are not known here.`,
      ),
    ],
  };
}
