/** Does Zendesk tell us about new tickets? The webhook, the trigger that fires it, and its last calls. Pure. */
import type { DeskInvocation, DeskSetup, DeskTrigger, DeskWebhook } from "../ports.ts";
import { broken, type CheckLine, doubtful, fine } from "./line.ts";

const WEBHOOKS = "Admin Center > Apps and integrations > Webhooks";
const TRIGGERS = "Admin Center > Objects and rules > Business rules > Triggers";
const PATH = "/webhooks/zendesk";

/** Events a webhook without trigger must subscribe to, and those without which a change goes unseen. */
const CREATED = "zen:event-type:ticket.created";
const CHANGES = ["zen:event-type:ticket.organization_changed", "zen:event-type:ticket.requester_changed"];

/** Webhooks whose address is ours; without PUBLIC_URL any address that ends like ours. */
export function ourWebhooks(setup: DeskSetup, publicUrl: string | null): readonly DeskWebhook[] {
  return (setup.webhooks ?? []).filter(({ endpoint }) => {
    const address = endpoint.trim().replace(/\/+$/, "");
    return publicUrl === null ? address.endsWith(PATH) : address === `${publicUrl}${PATH}`;
  });
}

/** Every line about webhook and trigger, but for the signing secret and the calls, which must be asked for. */
export function webhookLines(setup: DeskSetup, publicUrl: string | null): readonly CheckLine[] {
  if (setup.webhooks === null)
    return [
      doubtful(
        "webhook",
        "webhook",
        "Webhooks cannot be read with this user's role.",
        "Use the token of an administrator, then run this check again.",
      ),
    ];
  const ours = ourWebhooks(setup, publicUrl);
  if (ours.length === 0) return [noWebhook(setup.webhooks, publicUrl)];
  const address = publicUrl === null ? [unknownAddress(ours)] : [];
  return [...address, ...ours.flatMap((webhook) => oneWebhook(webhook, setup)), ...twice(ours, setup)];
}

function noWebhook(all: readonly DeskWebhook[], publicUrl: string | null): CheckLine {
  const others = all.filter(({ endpoint }) => endpoint.includes(PATH)).map((one) => one.endpoint);
  const wanted = `${publicUrl ?? "PUBLIC_URL"}${PATH}`;
  const elsewhere = others.length === 0 ? "" : ` One calls ${others[0]} instead.`;
  return broken(
    "webhook",
    "webhook",
    `No webhook calls ${wanted}, so no new ticket is told to us.${elsewhere}`,
    `Make it (${WEBHOOKS}: Trigger or automation, POST, JSON, endpoint ${wanted}), or correct PUBLIC_URL.`,
  );
}

function unknownAddress(ours: readonly DeskWebhook[]): CheckLine {
  return doubtful(
    "webhook",
    "PUBLIC_URL",
    `It is not set; ${ours.map((one) => one.endpoint).join(", ")} was taken for ours by the end of its address.`,
    "Set PUBLIC_URL to the address under which Zendesk reaches this service.",
  );
}

function oneWebhook(webhook: DeskWebhook, setup: DeskSetup): readonly CheckLine[] {
  const name = `webhook ${webhook.name}`;
  const lines: CheckLine[] = [];
  if (!webhook.active)
    lines.push(
      broken("webhook", name, "It is inactive: Zendesk sends nothing.", `Activate it (${WEBHOOKS}).`),
    );
  if (!webhook.readable)
    lines.push(
      broken(
        "webhook",
        name,
        "It does not POST JSON, and nothing else is read.",
        `Set its method to POST and its format to JSON (${WEBHOOKS}).`,
      ),
    );
  lines.push(...(webhook.byTrigger ? triggerLines(webhook, setup.triggers) : eventLines(webhook)));
  return lines.length > 0 ? lines : [fine("webhook", name, `active, calls ${webhook.endpoint}`)];
}

function eventLines(webhook: DeskWebhook): readonly CheckLine[] {
  const name = `webhook ${webhook.name}`;
  const subscribed = (event: string): boolean =>
    webhook.events.includes(event) || webhook.events.includes("zen:event-type:ticket.*");
  if (!subscribed(CREATED))
    return [
      broken(
        "webhook",
        name,
        "It is not subscribed to new tickets.",
        `Subscribe it to "Ticket created" (${WEBHOOKS}).`,
      ),
    ];
  const lost = CHANGES.filter((event) => !subscribed(event)).map((event) => event.replace(/^.*\./, ""));
  return lost.length === 0
    ? []
    : [
        doubtful(
          "webhook",
          name,
          `It is not subscribed to ${lost.join(" and ")}: a ticket that moves to another customer keeps its tier.`,
          `Subscribe it to these ticket events as well (${WEBHOOKS}).`,
        ),
      ];
}

function triggerLines(webhook: DeskWebhook, triggers: readonly DeskTrigger[] | null): readonly CheckLine[] {
  const callers = (triggers ?? []).filter((trigger) => trigger.calls.includes(webhook.id));
  if (callers.length === 0)
    return [
      broken(
        "webhook",
        "trigger",
        `No trigger calls the webhook ${webhook.name}, so it is never fired.`,
        MAKE_ONE,
      ),
    ];
  const active = callers.filter((trigger) => trigger.active);
  const creating = active.filter(firesOnCreation);
  return [
    ...(creating.length === 0 ? [notOfNewTickets(webhook, callers)] : []),
    ...creating.flatMap(conditionLines),
    ...told(webhook, creating),
    ...active.flatMap((trigger) => positionLines(trigger, triggers ?? [])),
  ];
}

const MAKE_ONE = `Run \`priority-support apply\`, or make one (${TRIGGERS}): "Ticket is Created", action "Notify active webhook", last in the list.`;

/** What is told of changes alone leaves every new ticket to the sweep. */
function notOfNewTickets({ name }: DeskWebhook, callers: readonly DeskTrigger[]): CheckLine {
  const asleep = callers.find((trigger) => !trigger.active && firesOnCreation(trigger));
  return asleep === undefined
    ? broken(
        "webhook",
        "trigger",
        `No active trigger tells ${name} of new tickets; only changes are told.`,
        MAKE_ONE,
      )
    : broken(
        "webhook",
        `trigger ${asleep.title}`,
        "It is inactive, and no other trigger tells our webhook of new tickets.",
        `Activate it (${TRIGGERS}).`,
      );
}

/** A trigger that names no kind of update fires at every one, the creation included. */
function firesOnCreation({ conditions }: DeskTrigger): boolean {
  return tellsCreation(conditions) || !conditions.all.some(isOfChange);
}

function tellsCreation(conditions: DeskTrigger["conditions"]): boolean {
  return [...conditions.all, ...conditions.any].some(
    ({ field, operator, value }) =>
      field === "update_type" && (operator === "is" || operator === "") && /^create$/i.test(value),
  );
}

function isOfChange({ field, operator, value }: DeskTrigger["conditions"]["all"][number]): boolean {
  return /^(not_)?changed/.test(operator) || (field === "update_type" && /^change$/i.test(value));
}

/** Fired by every change, a trigger would also be fired by our own writes. */
function conditionLines(trigger: DeskTrigger): readonly CheckLine[] {
  return tellsCreation(trigger.conditions)
    ? []
    : [
        doubtful(
          "webhook",
          `trigger ${trigger.title}`,
          "It has no condition on creation, so every update of a ticket is sent, our own included.",
          `Add the condition "Ticket is Created" (${TRIGGERS}).`,
        ),
      ];
}

function told({ name }: DeskWebhook, creating: readonly DeskTrigger[]): readonly CheckLine[] {
  const [first] = creating;
  if (first === undefined || creating.length === 1) return [];
  const titles = creating.map(({ title }) => `"${title}"`).join(", ");
  return [
    doubtful(
      "webhook",
      `trigger ${first.title}`,
      `${titles} all call the webhook ${name} for new tickets: each arrives as often.`,
      `Keep one of them (${TRIGGERS}).`,
    ),
  ];
}

function positionLines(ours: DeskTrigger, all: readonly DeskTrigger[]): readonly CheckLine[] {
  const later = all.filter(
    (one) => one.active && one.position > ours.position && one.sets.some((field) => field === "priority"),
  );
  return later.length === 0
    ? []
    : [
        doubtful(
          "webhook",
          `trigger ${ours.title}`,
          `It stands before ${later.map((one) => `"${one.title}"`).join(", ")}, which set the priority after us.`,
          `Move it to the end of the list (${TRIGGERS}).`,
        ),
      ];
}

/** Two ways at once do no harm, but every ticket is told twice and counts twice against the webhook's limits. */
function twice(ours: readonly DeskWebhook[], setup: DeskSetup): readonly CheckLine[] {
  const firing = ours.filter(
    (one) =>
      one.active &&
      (!one.byTrigger || (setup.triggers ?? []).some((t) => t.active && t.calls.includes(one.id))),
  );
  return firing.length < 2
    ? []
    : [
        doubtful(
          "webhook",
          "webhook",
          `${firing.length} webhooks call us (${firing.map((one) => one.name).join(", ")}): every new ticket arrives as often.`,
          `Keep one of them (${WEBHOOKS}).`,
        ),
      ];
}

/** Is what Zendesk sends signed with a secret we have? */
export function secretLine(webhook: DeskWebhook, signs: boolean | null, secrets: number): CheckLine {
  const name = `signing secret of ${webhook.name}`;
  if (secrets === 0)
    return broken(
      "webhook",
      name,
      "ZENDESK_WEBHOOK_SECRET is not set, so nothing that arrives can be verified.",
      `Set it to this webhook's secret (${WEBHOOKS} > ${webhook.name} > Reveal secret).`,
    );
  if (signs === null) return fine("webhook", name, "set; Zendesk does not let this user compare it");
  return signs
    ? fine("webhook", name, "is the one we have")
    : broken(
        "webhook",
        name,
        "It is none of those in ZENDESK_WEBHOOK_SECRET: every delivery is refused with 401.",
        `Set ZENDESK_WEBHOOK_SECRET to this webhook's secret (${WEBHOOKS} > ${webhook.name} > Reveal secret).`,
      );
}

/** How the last calls of the webhook went, newest first. */
export function invocationLine(webhook: DeskWebhook, calls: readonly DeskInvocation[]): CheckLine {
  const name = `deliveries of ${webhook.name}`;
  const recent = calls.filter((call) => call.statusCode !== null || isStopped(call)).slice(0, LOOK_AT);
  const failed = recent.filter((call) => call.statusCode === null || call.statusCode > 299);
  const [newest] = recent;
  if (newest === undefined) return fine("webhook", name, "none is remembered yet");
  if (failed.length === 0) return fine("webhook", name, `the last ${recent.length} were accepted`);
  const [last] = failed;
  const what = `${failed.length} of the last ${recent.length} were not accepted, the latest ended with ${last?.statusCode ?? last?.status}${breakerNote(failed)}`;
  const fix = `${fixFor(last)} Every call is listed under ${WEBHOOKS} > ${webhook.name} > Activity.`;
  return failed.includes(newest)
    ? broken("webhook", name, `${what}; the newest is one of them.`, fix)
    : doubtful("webhook", name, `${what}.`, fix);
}

const LOOK_AT = 20;

/** Held back by Zendesk's circuit breaker, or given up. */
function isStopped({ status }: DeskInvocation): boolean {
  return /circuit|terminated|failed/i.test(status);
}

/**
 * The breaker opens when 70 % of a webhook's calls fail within five minutes, or more than 1,000 do (alboz.eu, second hand,
 * read 2026-11-22); calls are then dropped without being sent.
 */
function breakerNote(failed: readonly DeskInvocation[]): string {
  const held = failed.filter(({ status }) => /circuit/i.test(status)).length;
  return held === 0
    ? ""
    : `; ${held} were held back by Zendesk's circuit breaker, which opens when most calls fail`;
}

/** What an answer means for whoever runs the service. A call that times out is told as 504 or without any status. */
function fixFor(call: DeskInvocation | undefined): string {
  const code = call?.statusCode ?? null;
  if (code === 401)
    return "Set ZENDESK_WEBHOOK_SECRET to this webhook's secret: what is sent is not signed with ours.";
  if (code === 404 || code === 403 || code === 405)
    return "Look at the proxy in front of the service: it must let POST /webhooks/zendesk through.";
  if (code === null || code === 408 || code === 504)
    return "Make the address reachable from the internet, and answering within ten seconds.";
  return code >= 500
    ? "Look at the service's log, and at /readyz: it could not take the call."
    : "Look at what answers at that address: it is not this service.";
}
