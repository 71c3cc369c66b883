/** Tells people about trouble once, however often it is met again; trouble with telling holds nobody up. */
import { errorFields, type Log } from "./log.ts";
import type { Clock, Demotion, Notice, Notifier, Register } from "./ports.ts";

export interface AlertPorts {
  /** null = nobody is to be told. */
  readonly notifier: Notifier | null;
  readonly register: Register;
  readonly clock: Clock;
  readonly log: Log;
}

/** The same trouble is told again after this long, so that a lasting one is not forgotten. */
const AGAIN_MS = 24 * 3_600_000;

/**
 * Sends the notice unless one with its key was sent within a day. Never rejects: what cannot be sent is logged, and
 * tried again when the trouble is met the next time. Answers whether it was sent now.
 */
export async function alertOnce(ports: AlertPorts, notice: Notice): Promise<boolean> {
  const { notifier, register, clock, log } = ports;
  if (notifier === null) return false;
  try {
    const sent = await register.setting(settingOf(notice.key));
    if (sent !== null && sent !== "" && clock.now() - Number(sent) < AGAIN_MS) return false;
    await notifier.notify(notice);
    await register.setSetting(settingOf(notice.key), String(clock.now()));
    return true;
  } catch (error) {
    log.warn({ ...errorFields(error), notice: notice.key }, "a notice could not be sent");
    return false;
  }
}

/** What a part of the service tells people with. Neither holds up whoever calls it, nor throws. */
export interface Alarm {
  raise(notice: Notice): void;
  /** The trouble of this key has passed. */
  over(key: string): void;
}

/** An alarm; while `quiet` says so nobody is told anything. */
export function openAlarm(ports: AlertPorts, quiet: () => Promise<boolean>): Alarm {
  const { log, register } = ports;
  const unsent = (key: string) => (error: unknown) =>
    log.warn({ ...errorFields(error), notice: key }, "a notice could not be sent");
  const tell = async (notice: Notice): Promise<void> => {
    if (!(await quiet())) await alertOnce(ports, notice);
  };
  return {
    raise: (notice) => void tell(notice).catch(unsent(notice.key)),
    over: (key) => void alertOver(register, key).catch(unsent(key)),
  };
}

/** The trouble has passed: the next time it is news again. */
export async function alertOver(register: Register, key: string): Promise<void> {
  if (((await register.setting(settingOf(key))) ?? "") !== "") await register.setSetting(settingOf(key), "");
}

/** What to say about a sync that failed; one key for a CRM, so that the same trouble every minute is one notice. */
export function syncFailed(source: string, problem: string, fix: string | null): Notice {
  return {
    key: `sync_failed:${source}`,
    title: "The CRM sync failed",
    lines: [
      `${source}: ${problem}`,
      ...(fix === null ? [] : [`fix: ${fix}`]),
      "Tiers stay as they are; nobody is demoted because of this.",
    ],
    severity: "critical",
    link: null,
  };
}

/** Customers listed in one message; `guard list` has them all. */
const NAMED = 10;

/** What to say about changes that the mass-change brake holds until a person decides. */
export function changesHeld(
  runId: string,
  held: { readonly reason: string; readonly demotions: readonly Demotion[] },
): Notice {
  const shown = held.demotions
    .slice(0, NAMED)
    .map((d) => `${d.name ?? d.accountId}: ${d.fromTier} → ${d.toTier}`);
  const more = held.demotions.length - shown.length;
  return {
    key: `changes_held:${runId}`,
    title: `${held.demotions.length} customers would lose their tier; nothing was changed`,
    lines: [
      held.reason,
      ...shown,
      ...(more > 0 ? [`… and ${more} more`] : []),
      `fix: Look at them with \`priority-support guard list\`, then \`guard approve ${runId.slice(0, 8)}\` or \`guard reject ${runId.slice(0, 8)}\`.`,
    ],
    severity: "critical",
    link: null,
  };
}

/** What to say where another automation kept changing our value back; told once a day for a field, naming the ticket. */
export function tugOfWar(ticketId: string, field: string): Notice {
  return {
    key: `tug_of_war:${field}`,
    title: `Another automation keeps changing the ${field} back`,
    lines: [
      `Ticket ${ticketId}: three times within an hour. The ${field} of this ticket is left to it; other tickets go on.`,
      `fix: Find who does it in the ticket's events, or with \`priority-support check\` (triggers that set priority or group), and exclude our tier tags there.`,
    ],
    severity: "warning",
    link: null,
  };
}

/** Key of the notice that new tickets are not told to us. */
export const WEBHOOK_BROKEN = "webhook_broken";

/** What to say where webhook or trigger do not tell us of new tickets; the sweep finds them meanwhile. */
export function webhookBroken(
  problems: readonly { readonly name: string; readonly detail: string; readonly fix: string | null }[],
): Notice {
  return {
    key: WEBHOOK_BROKEN,
    title: "The help desk does not tell us about new tickets",
    lines: [
      ...problems.map(({ name, detail, fix }) => `${name}: ${detail}${fix === null ? "" : ` fix: ${fix}`}`),
      "Nothing is lost: the sweep finds new tickets within five minutes.",
    ],
    severity: "critical",
    link: null,
  };
}

function settingOf(key: string): string {
  return `alert:${key}`;
}
