/** One run's world: the desk, the CRM, the store, the processes, and everybody who meddles with them. */

import type { Metrics } from "../../src/metrics.ts";
import type { TicketEvent } from "../../src/policy/model.ts";
import type { NewDelivery, Store } from "../../src/ports.ts";
import { type CrmModel, openCrmModel } from "./crm-model.ts";
import { type DeskModel, type DeskTicket, openDeskModel } from "./desk-model.ts";
import { faultsOf } from "./faults.ts";
import { COMPANIES, ORGANIZATIONS, POLICIES, START } from "./installation.ts";
import { type Instance, type InstancePorts, startInstance } from "./instance.ts";
import type { MemoryStore } from "./memory-store.ts";
import { crmFor, deskFor } from "./ports.ts";
import { type Call, type Life, type Mishap, openSimulation, type Simulation } from "./simulation.ts";
import { openWitness, type Witness } from "./witness.ts";

export interface WorldOptions {
  readonly memory: MemoryStore;
  readonly seed: number;
  readonly horizon: number;
  readonly mishaps: readonly Mishap[];
  readonly instances: number;
  readonly syncEveryMs: number;
  readonly metrics: Metrics;
  /** What the installation looks like as the run begins; null = before its first sync. */
  readonly beginning: Beginning | null;
  /** Puts something broken in the place of a process's ports. */
  readonly broken?: (ports: InstancePorts) => InstancePorts;
}

/** The outside as it stood when the store was kept as the start of every run. */
export interface Beginning {
  readonly organizations: DeskModel["organizations"];
  readonly companies: CrmModel["companies"];
}

export interface World {
  readonly simulation: Simulation;
  readonly desk: DeskModel;
  readonly crm: CrmModel;
  readonly memory: MemoryStore;
  readonly witness: Witness;
  /** By slot; a dead one stays until it is started again. */
  readonly instances: readonly Instance[];
  readonly kill: (slot: number) => void;
  readonly revive: () => void;
  /** Every process but the first ends for good. */
  readonly leaveOne: () => void;
  /** Which of the two policy versions is in force. */
  readonly setPolicy: (index: number) => void;
  readonly policyIndex: () => number;
  readonly send: (webhook: Webhook) => void;
  /** Direct access to the store, as a person's command line has it. */
  readonly plain: Store;
  /** Accounts whose loss a person has approved, and when first. */
  readonly approved: Map<string, number>;
  /** Accounts whose new facts a person has refused. */
  readonly rejected: Set<string>;
  /** Accounts whose company was gone at some time. */
  readonly goneOnce: Set<string>;
}

/** A webhook on its way. */
export interface Webhook {
  readonly ticketId: string;
  readonly event: TicketEvent;
  readonly key: string;
  /** Its stamp as the desk sends it, ms; null = none. */
  readonly updatedAt: number | null;
  readonly organizationId: string | null;
  readonly inMs: number;
  /** Called once it is acknowledged. */
  readonly acknowledged?: () => void;
}

/** A sender tries so often before it gives up. */
const SENDER_TRIES = 3;
/** A process that died is started again after so long. */
const REVIVALS_MS: readonly number[] = [0, 500, 5_000, 45_000];

/** Builds the world; processes run from the first step on. */
export function openWorld(options: WorldOptions): World {
  const { memory, beginning } = options;
  const squeeze = { armed: false };
  let policyIndex = 0;
  let deliveries = 0;
  const slots: Instance[] = [];
  const simulation = openSimulation({
    ...options,
    start: START,
    faultFor: faultsOf(() => ({
      simulation,
      kill: ({ life, what }: Call) => end(life, what),
      squeeze: () => {
        squeeze.armed = true;
      },
    })),
  });
  const { now, tell } = simulation;
  memory.setClock(now);
  const isKnown = (ticketId: string): boolean =>
    memory.rows("select 1 from decisions where ticket_id = ? and state <> 'simulated' limit 1", [ticketId])
      .length > 0;
  const witness = openWitness({ now, isKnown });
  const desk = openDeskModel({
    now,
    organizations: [...(beginning?.organizations.values() ?? ORGANIZATIONS)],
    changed: witness.changed,
  });
  const crm = openCrmModel(now, [...(beginning?.companies.values() ?? COMPANIES)]);
  const between = (ticketId: string): void => {
    const armed = squeeze.armed;
    squeeze.armed = false;
    const ticket = desk.tickets.get(ticketId);
    if (armed && ticket !== undefined) meddle(desk, ticket, simulation);
  };
  const start = (name: string): Instance => {
    const life: Life = { name, alive: true, frozenUntil: 0, skewMs: 0 };
    const watch = { begins: witness.begins, between };
    const newId = (): string => String(++deliveries).padStart(6, "0");
    const ports = {
      store: memory.storeFor(life, simulation, newId),
      desk: deskFor(life, simulation, desk, watch),
      crm: crmFor(life, simulation, crm, watch),
      clock: simulation.clockOf(life),
    };
    return startInstance({
      ...(options.broken?.(ports) ?? ports),
      life,
      policy: () => POLICIES[policyIndex] ?? missing("policy"),
      jitter: () => simulation.roll(100) / 100,
      syncEveryMs: options.syncEveryMs,
      metrics: options.metrics,
    });
  };
  const end = (life: Life, during: string): void => {
    if (!life.alive) return;
    life.alive = false;
    tell(life.name, `dies during: ${during}`);
    // It may die while it starts, before it has its slot.
    const isIts = (one: Instance): boolean => one.life.name === life.name;
    simulation.later(REVIVALS_MS[simulation.roll(REVIVALS_MS.length)] ?? 0, () =>
      reviveSlot(slots.findIndex(isIts)),
    );
  };
  const kill = (slot: number): void => {
    const instance = slots[slot];
    if (instance !== undefined) end(instance.life, "nothing");
  };
  const reviveSlot = (slot: number): void => {
    const before = slots[slot];
    if (before === undefined || before.life.alive) return;
    slots[slot] = start(before.life.name);
    tell(before.life.name, "starts again");
  };
  for (let slot = 0; slot < options.instances; slot += 1) slots.push(start(`P${slot + 1}`));
  const send = (webhook: Webhook, tries = SENDER_TRIES): void => {
    simulation.later(webhook.inMs, () => {
      const alive = slots.filter((one) => one.life.alive && one.life.frozenUntil <= now());
      const instance = alive[simulation.roll(Math.max(1, alive.length))];
      if (instance === undefined) return tell("desk", `cannot deliver webhook ${webhook.key}`);
      tell(
        "desk",
        `sends webhook ${webhook.key} (${webhook.event} of ${webhook.ticketId}) to ${instance.life.name}`,
      );
      instance.webhook(deliveryOf(webhook)).then(
        (answer) => {
          tell(instance.life.name, `acknowledges ${webhook.key}: ${answer}`);
          witness.acknowledged.push(webhook.key);
          webhook.acknowledged?.();
        },
        () => {
          if (tries > 1) send({ ...webhook, inMs: 1_000 }, tries - 1);
        },
      );
    });
  };
  return {
    simulation,
    desk,
    crm,
    memory,
    witness,
    instances: slots,
    kill,
    revive: () => {
      for (let slot = 0; slot < slots.length; slot += 1) reviveSlot(slot);
    },
    leaveOne: () => {
      for (const { life } of slots.slice(1)) life.alive = false;
    },
    setPolicy: (index) => {
      policyIndex = index % POLICIES.length;
    },
    policyIndex: () => policyIndex,
    send,
    plain: memory.plain,
    approved: new Map(),
    rejected: new Set(),
    goneOnce: new Set(),
  };
}

/** An agent writes at the worst of moments. */
function meddle(desk: DeskModel, ticket: DeskTicket, { roll, tell }: Simulation): void {
  const edits = [
    { priority: ticket.priority === "low" ? ("normal" as const) : ("low" as const) },
    { group: "Billing" },
    { tagsAdd: ["spoken_to"] },
  ];
  const edit = edits[roll(edits.length)] ?? {};
  if (desk.edit(ticket.id, "agent", "agent", edit) !== null)
    tell("agent", `in the middle of that write sets ${JSON.stringify(edit)} on ${ticket.id}`);
}

function deliveryOf({ ticketId, event, key, updatedAt, organizationId }: Webhook): NewDelivery {
  return {
    source: "zendesk",
    kind: "ticket",
    subjectId: ticketId,
    keys: { event: `event ${key}`, invocation: `invocation ${key}`, bytes: `bytes ${key}` },
    hint: {
      event,
      eventType: event,
      updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString(),
      organizationId,
      actorId: null,
    },
    accountIds: [],
    flagged: false,
    // What identifies it in the store, whatever becomes of its keys there.
    body: Buffer.from(key),
  };
}

function missing(what: string): never {
  throw new Error(`the model has no ${what}`);
}
