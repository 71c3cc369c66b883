/** The capacity report as people see it. */

import type { CapacityReport } from "./capacity.ts";
import { hoursPart, replyPart } from "./capacity-replies-shown.ts";
import { teamSentence, utilisationPart } from "./capacity-teams-shown.ts";
import { tamPart, tiersPart, waitingPart } from "./capacity-tiers-shown.ts";
import { counted } from "./figures.ts";
import { programmePart, programmeSentence } from "./programme-shown.ts";
import type { Cell, Shown } from "./shown.ts";
import { whatIfParts, whatIfSentences } from "./what-if-shown.ts";

/** What is asked for first, then a sentence a team; then every figure. */
export function capacityShown(report: CapacityReport): Shown {
  const teams = report.teams.filter((one) => one.planned !== null);
  return {
    frame: report.frame,
    clock: `hours of the week in ${report.frame.timezone}`,
    lead: [
      ...whatIfSentences(report.whatIf, report.objective),
      ...(teams.length === 0 ? [NOT_PLANNED] : teams.map((one) => teamSentence(one, report.objective))),
      ...programmeSentence(report.programme),
      ...(report.waiting.length === 0
        ? []
        : [
            {
              text: `${counted(report.waiting.length, "account")} waiting for a place.`,
              tone: "doubt" as const,
            },
          ]),
    ],
    parts: [
      ...whatIfParts(report.whatIf, report.objective),
      utilisationPart(report.teams),
      replyPart(report.teams, report.objective),
      hoursPart(report.teams, report.objective),
      programmePart(report.programme),
      tiersPart(report.tiers),
      waitingPart(report),
      tamPart(report.tams),
    ],
  };
}

const NOT_PLANNED: Cell = {
  text: "The policy plans no team (capacity_assumptions.teams), so there is no utilisation and no reply-time to tell.",
  tone: "quiet",
};
