/** `plan`: what `apply` would do to the help desk. Changes nothing. */
import { type Planned, planned } from "../provision/apply.ts";
import type { Plan } from "../provision/plan-model.ts";
import { type PlanLine, planDocument, planLines } from "../provision/plan-text.ts";
import { onDesk } from "./on-desk.ts";
import { colours, EXIT, say, sayJson } from "./terminal.ts";

/** What may be taken over, and how it is printed. */
export interface PlanOptions {
  readonly adopt?: boolean;
  readonly json?: boolean;
}

/** Prints the plan; exit 1 when a person must resolve something first. Changes to come are no problem. */
export function planCommand(options: PlanOptions): Promise<number> {
  return onDesk(async ({ ports }) => {
    const { plan } = await planned(ports, options.adopt === true ? "when_needed" : "never");
    if (options.json === true) sayJson(planDocument(plan));
    else printPlan(plan);
    return blockedIn(plan) > 0 ? EXIT.problems : EXIT.fine;
  });
}

const TONES: Readonly<Record<PlanLine["tone"], (text: string) => string>> = {
  plain: (text) => text,
  good: colours.green,
  change: colours.yellow,
  bad: colours.red,
  faint: colours.dim,
};

/** The plan as people know it from Terraform. */
export function printPlan(plan: Plan): void {
  for (const { tone, text } of planLines(plan)) say(TONES[tone](text));
}

/** Steps that wait for a person. */
export function blockedIn({ changes }: Planned["plan"]): number {
  return changes.filter(({ action }) => action === "blocked").length;
}
