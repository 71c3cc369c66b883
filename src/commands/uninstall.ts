/** `uninstall`: takes away what `apply` made, and leaves the values that were written. */
import type { Policy } from "../policy/model.ts";
import { nativeTag, tierTag } from "../policy/tags.ts";
import { isField } from "../provision/hanging.ts";
import { backLine, calledBy } from "../provision/step-text.ts";
import {
  type Uninstalled,
  type UninstallPlanned,
  uninstalled,
  uninstallPlanned,
} from "../provision/uninstall.ts";
import { agreed, canAsk, closed, inTurn, type OnDesk, onDesk } from "./on-desk.ts";
import { colours, EXIT, progress, say, sayJson } from "./terminal.ts";
import { leftLine } from "./undo.ts";

/** Whether to ask, and whether values go as well. */
export interface UninstallOptions {
  readonly yes?: boolean;
  readonly clearValues?: boolean;
  readonly json?: boolean;
}

/** Takes everything away; without --yes and without a terminal it only shows. Exit 1 when something of ours is left. */
export function uninstallCommand(options: UninstallOptions): Promise<number> {
  return onDesk(async (on) => {
    if (await closed(on.store)) return EXIT.problems;
    return inTurn(on.store, (held) => uninstall(on, options, held));
  });
}

async function uninstall(
  { ports }: OnDesk,
  options: UninstallOptions,
  held: () => Promise<boolean>,
): Promise<number> {
  const made = await uninstallPlanned(ports, options.clearValues === true ? "clear" : "keep");
  if (options.json !== true) show(made);
  if (options.yes !== true && (options.json === true || !canAsk())) {
    if (options.json === true) sayJson(documentOf(made, null, ports.policy));
    else say("\nNothing was done. Run `priority-support uninstall --yes` to do this.");
    return EXIT.problems;
  }
  if (options.yes !== true && !(await agreed("\nStop the service first."))) {
    say("Nothing was done.");
    return EXIT.problems;
  }
  const bar = progress("Taking away");
  const report = await uninstalled(made, ports, { held, progress: bar.update }).finally(bar.stop);
  if (options.json === true) sayJson(documentOf(made, report, ports.policy));
  else tell(made, report, ports.policy);
  return report.failed.length + made.left.length > 0 ? EXIT.problems : EXIT.fine;
}

function show({ steps, left, clearing }: UninstallPlanned): void {
  for (const step of steps) {
    const { what, did } = backLine(step);
    say(`${colours.red("-")} ${what}  ${colours.dim(did === "removed" ? "is removed" : did)}`);
  }
  if (clearing)
    say(`${colours.red("-")} the values of these fields on all organizations  ${colours.dim("are emptied")}`);
  for (const line of left) leftLine(colours.yellow("!"), line);
  if (steps.length + left.length === 0) say("Nothing in this help desk is ours.");
}

function tell(made: UninstallPlanned, report: Uninstalled, policy: Policy): void {
  say(`\nTook away ${report.done.length}, left ${made.left.length}, failed ${report.failed.length}.`);
  for (const line of report.failed) leftLine(colours.red("✗"), line);
  if (report.cleared > 0) say(`The values of ${report.cleared} organizations are emptied.`);
  const fields = leftFields(made);
  if (fields.length > 0)
    say(
      `Left with their values: ${fields.join(", ")}. \`priority-support uninstall --clear-values\` takes both away.`,
    );
  say(
    `Tags stay on tickets as their history: ${tagsOf(policy).join(" ")}. They do nothing any more; find such tickets with the search tags:${tagsOf(policy)[0] ?? ""}.`,
  );
}

function leftFields({ left }: UninstallPlanned): readonly string[] {
  return left.map(({ what }) => what).filter((what) => / field "/.test(what));
}

/** Tags that the service or its triggers put on tickets. */
function tagsOf(policy: Policy): readonly string[] {
  return [...policy.tiers.map((tier) => tierTag(tier.id, policy)), nativeTag(policy), `${policy.prefix}*`];
}

function documentOf(made: UninstallPlanned, report: Uninstalled | null, policy: Policy): object {
  const steps = made.steps.map((step) => ({
    action: step.write.do,
    kind: step.kind,
    name: step.name,
    holdsValues: isField(step.kind),
  }));
  return {
    runId: report?.runId ?? null,
    steps,
    done: report?.done.map(calledBy) ?? [],
    left: made.left,
    failed: report?.failed ?? [],
    cleared: report?.cleared ?? 0,
    tagsLeft: tagsOf(policy),
  };
}
