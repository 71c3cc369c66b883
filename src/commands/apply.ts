/** `apply`: carries the plan out, one object at a time, as a run that `undo` puts back. */
import { splitSecrets } from "../assemble.ts";
import { type Applied, applied, caughtUp, mayNotRead, type Planned } from "../provision/apply.ts";
import { planDocument } from "../provision/plan-text.ts";
import { calledBy, failedLines } from "../provision/step-text.ts";
import { stepsOf } from "../provision/steps.ts";
import { delivered, type SecretState } from "../provision/webhook-secret.ts";
import { agreed, canAsk, closed, inTurn, type OnDesk, onDesk, secretFile } from "./on-desk.ts";
import { blockedIn, printPlan } from "./plan.ts";
import { colours, complain, EXIT, progress, say, sayJson } from "./terminal.ts";

/** Whether to ask, what may be taken over, and how it is printed. */
export interface ApplyOptions {
  readonly yes?: boolean;
  readonly adopt?: boolean;
  readonly json?: boolean;
}

/** Sets the help desk up; exit 1 when something was blocked, refused or not finished. */
export function applyCommand(options: ApplyOptions): Promise<number> | number {
  if (options.yes !== true && (options.json === true || !canAsk())) {
    complain(
      "apply asks before it writes, and there is no terminal to ask on.\nfix: Look at `priority-support plan`, then run `priority-support apply --yes`.",
    );
    return EXIT.usage;
  }
  return onDesk(async (on) => {
    if (await closed(on.store)) return EXIT.problems;
    return inTurn(on.store, (held) => apply(on, options, held));
  });
}

async function apply(on: OnDesk, options: ApplyOptions, held: () => Promise<boolean>): Promise<number> {
  const adopt = options.adopt === true ? "when_needed" : "never";
  const made = await caughtUp(on.ports, adopt);
  if (options.json !== true) printPlan(made.plan);
  const barred = mayNotRead(made.inventory);
  if (barred) complain(NOT_ADMIN);
  const steps = barred ? 0 : stepsOf(made.plan).length;
  if (steps > 0 && options.yes !== true) {
    if (!(await agreed(`\n${steps} changes to the help desk.`))) {
      complain("Nothing was done.");
      return EXIT.problems;
    }
    const again = await caughtUp(on.ports, adopt);
    if (JSON.stringify(again.plan.changes) !== JSON.stringify(made.plan.changes)) {
      complain(
        "The help desk has changed while you looked; nothing was done.\nfix: Run `priority-support apply` again and look at the new plan.",
      );
      return EXIT.problems;
    }
  }
  const bar = progress("Applying");
  const report = await applied(made, on.ports, { held, progress: bar.update }).finally(bar.stop);
  const secret = await seeToSecret(on);
  if (options.json === true) sayJson(documentOf(report, made, secret));
  else tell(report, secret);
  return exitOf(report, made, secret);
}

async function seeToSecret({ config, store, ports }: OnDesk): Promise<SecretState> {
  return delivered(ports.desk, await store.provisionJournal.owned(), {
    secrets: splitSecrets(config.secret("ZENDESK_WEBHOOK_SECRET")),
    file: secretFile(),
    show:
      process.stdout.isTTY === true
        ? (secret) =>
            say(
              `\nThe webhook's signing secret, shown once. Set it as ZENDESK_WEBHOOK_SECRET:\n\n  ${secret}\n`,
            )
        : null,
  });
}

function exitOf({ refused, stopped }: Applied, { plan }: Planned, secret: SecretState): number {
  const well = refused.length === 0 && stopped === null && blockedIn(plan) === 0 && secret !== "hidden";
  return well ? EXIT.fine : EXIT.problems;
}

function documentOf(report: Applied, { plan }: Planned, secret: SecretState): object {
  const { changes, remarks } = planDocument(plan);
  return {
    runId: report.runId,
    done: report.done.map(({ kind, name, write }) => ({ action: write.do, kind, name })),
    refused: report.refused.map(({ step, why, fix }) => ({ kind: step.kind, name: step.name, why, fix })),
    blocked: changes.filter(({ action }) => action === "blocked"),
    remarks,
    stopped: report.stopped?.message ?? null,
    secret,
    undo: report.runId === null ? null : `priority-support undo ${report.runId}`,
  };
}

function tell(report: Applied, secret: SecretState): void {
  const { runId, done } = report;
  const failed = failedLines(report);
  for (const { what, why, fix } of failed)
    complain(`${colours.red("✗")} ${what}: ${why}${fix === null ? "" : `\n  fix: ${fix}`}`);
  if (runId !== null) {
    for (const entry of done)
      say(`${colours.green("✓")} ${calledBy(entry)} ${colours.dim(PAST[entry.write.do])}`);
    say(`\nApplied ${done.length} of ${done.length + report.refused.length} steps as run ${runId}.`);
    say(`Put back with: ${colours.cyan(`priority-support undo ${runId}`)}`);
  }
  if (secret === "written")
    say(
      "The webhook's signing secret is in ZENDESK_WEBHOOK_SECRET_FILE; a running service takes it up within a minute.",
    );
  if (secret === "hidden")
    complain(
      "The service does not have the webhook's signing secret, and there is no terminal to show it on.\nfix: Set ZENDESK_WEBHOOK_SECRET_FILE to a file of its own and run `priority-support apply --yes` again, or copy it from Admin Center (Webhooks, Reveal secret).",
    );
}

const NOT_ADMIN =
  "The token's user is not an administrator: nothing is carried out, for half a set-up is worse than none.\nfix: Use the API token of an administrator (ZENDESK_EMAIL and ZENDESK_API_TOKEN).";

const PAST = { create: "created", change: "changed", remove: "removed", reorder: "put in order" } as const;
