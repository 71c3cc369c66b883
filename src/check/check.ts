/**
 * Is everything in order? Asks both sides through their ports, compares with the policy, answers line by line.
 *
 * Reads only. What one side refuses never hides what the other says.
 */

import type { Ways } from "../people/ways.ts";
import type { Policy } from "../policy/model.ts";
import type { Clock, Desk, DeskInsight, DeskShape, Notifier, Provisioning, Store } from "../ports.ts";
import { asked } from "./asking.ts";
import { chatLines } from "./chat-lines.ts";
import { crmLines, type MappedCrm } from "./crm-lines.ts";
import { pulseLines, roleLine } from "./desk-lines.ts";
import { brandAndFormLines, groupLines, organizationFieldLines, ticketFieldLines } from "./desk-names.ts";
import { deskRuleLines } from "./desk-rules.ts";
import { keptLines } from "./kept-lines.ts";
import { type CheckLine, doubtful } from "./line.ts";
import { storeLines } from "./own-lines.ts";
import { pauseLines } from "./pause-line.ts";
import { peopleLines } from "./people-lines.ts";
import { slaLines } from "./sla-lines.ts";
import { invocationLine, ourWebhooks, secretLine, webhookLines } from "./webhook-lines.ts";

export interface CheckPorts {
  readonly policy: Policy;
  /** SHA-256 of what it says, hex. */
  readonly policyHash: string;
  /** null = its settings are missing, which has a line of its own. */
  readonly desk: Desk | null;
  readonly crms: readonly MappedCrm[];
  /** null = it could not be opened, which has a line of its own. */
  readonly store: Store | null;
  readonly clock: Clock;
  /** Address under which the help desk reaches us, without a trailing slash; null = not set. */
  readonly publicUrl: string | null;
  readonly webhookSecrets: readonly string[];
  /** The desk's own rules and what we made there; absent = not looked at. */
  readonly rules?: {
    readonly insight: Pick<DeskInsight, "schedules">;
    readonly provisioning: Pick<Provisioning, "inventory" | "members">;
  };
  /** Where people hear of trouble; null = nowhere, absent = not looked at. */
  readonly notifier?: Notifier | null;
  /** How people can be told; absent = not looked at. */
  readonly ways?: Ways;
}

/** Every line about store, help desk and CRMs. */
export async function checkAll(ports: CheckPorts): Promise<readonly CheckLine[]> {
  const { policy, store, desk, crms, clock } = ports;
  const names = crms.map(({ crm }) => crm.name);
  const [own, theirs, sources] = await Promise.all([
    store === null ? [] : storeLines(store, names),
    desk === null ? [] : deskLines(desk, ports),
    Promise.all(crms.map((one) => crmLines(one, policy, clock))),
  ]);
  const paused = store === null ? [] : await pauseLines(store.register);
  const kept = store === null ? [] : await keptLines(store, clock.now());
  const chat = ports.notifier === undefined ? [] : await chatLines(ports.notifier);
  const people = ports.ways === undefined ? [] : await peopleLines(policy, ports.ways, store);
  return [...own, ...paused, ...kept, ...theirs, ...sources.flat(), ...chat, ...people];
}

async function deskLines(desk: Desk, ports: CheckPorts): Promise<readonly CheckLine[]> {
  const { policy } = ports;
  const shape = await asked("desk", `${desk.name} token`, () => desk.describe());
  if (shape.line !== null) return [shape.line, notLookedAt()];
  const setup = await asked("desk", `${desk.name} set-up`, () => desk.inspect());
  const pulse = await asked("desk", `${desk.name} clock`, () => desk.pulse());
  const known = [
    roleLine(shape.value),
    ...(pulse.line === null ? pulseLines(pulse.value) : [pulse.line]),
    ...groupLines(policy, shape.value),
    ...brandAndFormLines(policy, shape.value),
  ];
  if (setup.line !== null) return [...known, setup.line];
  return [
    ...known,
    ...organizationFieldLines(policy, setup.value),
    ...ticketFieldLines(policy, shape.value, setup.value),
    ...slaLines(policy, shape.value, setup.value.slaPolicies),
    ...webhookLines(setup.value, ports.publicUrl),
    ...(await deliveryLines(desk, ports, setup.value)),
    ...(await ruleLines(ports, shape.value)),
  ];
}

/** Only an administrator is told of the desk's rules; for anybody else one line has said so. */
async function ruleLines(ports: CheckPorts, shape: DeskShape): Promise<readonly CheckLine[]> {
  if (ports.rules === undefined || shape.me.role !== "admin") return [];
  return deskRuleLines({ ...ports, ...ports.rules }, shape);
}

function notLookedAt(): CheckLine {
  return doubtful(
    "desk",
    "everything else",
    "Groups, fields, SLA policies and webhook were not looked at.",
    "Put right what stands above, then run this check again.",
  );
}

/** What must be asked for each webhook of ours: does its secret fit, did its calls arrive? */
async function deliveryLines(
  desk: Desk,
  ports: CheckPorts,
  setup: Parameters<typeof ourWebhooks>[0],
): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  for (const webhook of ourWebhooks(setup, ports.publicUrl)) {
    const signs = await asked("webhook", `signing secret of ${webhook.name}`, () =>
      desk.signsWith(webhook.id, ports.webhookSecrets),
    );
    const calls = await asked("webhook", `deliveries of ${webhook.name}`, () => desk.invocations(webhook.id));
    lines.push(
      signs.line ?? secretLine(webhook, signs.value, ports.webhookSecrets.length),
      calls.line ?? invocationLine(webhook, calls.value),
    );
  }
  return lines;
}
