/** What people, bots and the CRM do while the service works. Each act is chosen and aimed by small numbers. */
import type { Priority, TicketEvent } from "../../src/policy/model.ts";
import { pause, resume } from "../../src/switches.ts";
import { approveRun, rejectRun } from "../../src/sync/guard-decision.ts";
import type { DeskTicket, TicketEdit } from "./desk-model.ts";
import { PLAN_CHOICES } from "./installation.ts";
import type { World } from "./world.ts";

/** One thing that happens. */
export interface Act {
  /** Calls made since the act before, or above `STEPS_MOST` a span of time without anything new. */
  readonly after: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/** Up to this, `after` counts calls; above it is a place in `SPANS_MS`. */
export const STEPS_MOST = 24;
export const SPANS_MS: readonly number[] = [300, 1_000, 4_000, 11_000, 35_000, 130_000];

type Perform = (world: World, a: number, b: number) => void | Promise<void>;

const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];
const GROUPS: readonly string[] = ["Billing", "Support", "Enterprise Support"];
const ORGANIZATION_COUNT = 5;

const newTicket: Perform = (world, a, b) => {
  const organizationId = `org_${(a % ORGANIZATION_COUNT) + 1}`;
  const priority = b % 5 === 4 ? "urgent" : null;
  const submitterRole = b % 7 === 6 ? "agent" : "end-user";
  const ticket = world.desk.create({ organizationId, priority, submitterRole });
  world.simulation.tell(
    "person",
    `opens ticket ${ticket.id} for ${organizationId}${priority ? ` (${priority})` : ""}`,
  );
  const webhook = {
    ticketId: ticket.id,
    event: "created" as const,
    updatedAt: ticket.updatedAt,
    organizationId,
  };
  const key = `c${ticket.id}`;
  if (world.witness.isSimulating()) world.witness.excused.add(ticket.id);
  switch (b % 6) {
    case 1: // twice the same, as a sender that heard no answer does
      world.send({ ...webhook, key, inMs: 100 });
      return world.send({ ...webhook, key, inMs: 150 });
    case 2: // two triggers
      world.send({ ...webhook, key, inMs: 100 });
      return world.send({ ...webhook, key: `${key}b`, inMs: 900 });
    case 3:
      return world.send({ ...webhook, key, inMs: 200_000 });
    case 4:
      return world.simulation.tell("desk", `never sends the webhook of ${ticket.id}`);
    default:
      return world.send({ ...webhook, key, inMs: 100 });
  }
};

/** Sends a webhook about a ticket that exists, with a key of its own. */
function tellOf(
  world: World,
  ticket: DeskTicket,
  event: TicketEvent,
  inMs: number,
  acknowledged?: () => void,
): void {
  const key = `${event.slice(0, 3)}${ticket.id}.${world.simulation.calls()}.${inMs}`;
  const { id: ticketId, updatedAt, organizationId } = ticket;
  const webhook = { ticketId, event, key, updatedAt, organizationId, inMs };
  world.send(acknowledged === undefined ? webhook : { ...webhook, acknowledged });
}

function ticketOf({ desk }: World, number: number): DeskTicket | undefined {
  const all = [...desk.tickets.values()];
  return all[number % Math.max(1, all.length)];
}

function editBy(author: "agent" | "bot", edit: (a: number, b: number) => TicketEdit): Perform {
  return (world, a, b) => {
    const ticket = ticketOf(world, a);
    if (ticket === undefined) return;
    const wanted = edit(a, b);
    if (world.desk.edit(ticket.id, author, author, wanted) !== null)
      world.simulation.tell(author, `sets ${JSON.stringify(wanted)} on ${ticket.id}`);
  };
}

const pick = <T>(list: readonly T[], number: number): T => {
  const found = list[number % list.length];
  if (found === undefined) throw new Error("an empty list has nothing to pick");
  return found;
};

const agentPriority = editBy("agent", (_a, b) => ({ priority: pick(PRIORITIES, b) }));
const agentGroup = editBy("agent", (_a, b) => ({ group: pick(GROUPS, b) }));
const agentOther = editBy("agent", (_a, b) =>
  pick<TicketEdit>(
    [
      { tagsAdd: ["vip_care"] },
      { assigneeId: "agent" },
      { tagsAdd: ["ps_skip"] },
      { tagsRemove: ["vip_care"] },
    ],
    b,
  ),
);

const move: Perform = (world, a, b) => {
  const ticket = ticketOf(world, a);
  const organizationId = `org_${(b % ORGANIZATION_COUNT) + 1}`;
  if (ticket === undefined || world.desk.edit(ticket.id, "agent", "agent", { organizationId }) === null)
    return;
  world.simulation.tell("agent", `moves ticket ${ticket.id} to ${organizationId}`);
  const moved = { organizationId, told: false };
  world.witness.moved.set(ticket.id, moved);
  const told = (): void => {
    moved.told = true;
  };
  if (b % 4 !== 3) tellOf(world, ticket, "organization_changed", pick([100, 1_500, 40_000], b), told);
};

const EVENTS: readonly TicketEvent[] = [
  "backfill",
  "requester_changed",
  "tier_raised",
  "override_added",
  "other",
  "created",
];

const anotherEvent: Perform = (world, a, b) => {
  const ticket = ticketOf(world, a);
  if (ticket !== undefined) tellOf(world, ticket, pick(EVENTS, b), 50);
};

/** Another automation puts its own value back and causes an event that decides. */
const bot: Perform = (world, a, b) => {
  const ticket = ticketOf(world, a);
  if (ticket === undefined) return;
  const edit: TicketEdit = b % 2 === 0 ? { priority: "low" } : { group: "Support" };
  if (world.desk.edit(ticket.id, "bot", "bot", edit) === null) return;
  world.simulation.tell("bot", `sets ${JSON.stringify(edit)} on ${ticket.id}`);
  tellOf(world, ticket, "requester_changed", 50);
};

const endTicket: Perform = (world, a, b) => {
  const ticket = ticketOf(world, a);
  if (ticket === undefined) return;
  world.simulation.tell("agent", `${pick(["closes", "merges", "deletes"], b)} ticket ${ticket.id}`);
  if (b % 3 === 2) {
    world.desk.remove(ticket.id);
    return world.witness.removed(ticket.id);
  }
  world.desk.edit(ticket.id, "agent", "agent", {
    ...(b % 3 === 1 ? { tagsAdd: ["closed_by_merge"] } : {}),
    status: "closed",
  });
};

const pauseOrResume: Perform = async (world) => {
  const { simulation, plain, witness } = world;
  const since = await plain.register.setting("paused");
  if (since === null || since === "") {
    await pause(plain.register, simulation.now());
    witness.stopped("paused", simulation.now());
    return simulation.tell("admin", "pauses writing");
  }
  await resume(plain.register);
  witness.stopped("paused", null);
  simulation.tell("admin", "resumes writing");
};

const simulateOrNot: Perform = async (world) => {
  const { simulation, plain, witness } = world;
  const on = (await plain.register.setting("mode")) !== "simulate";
  await plain.register.setSetting("mode", on ? "simulate" : "");
  witness.stopped("simulating", on ? simulation.now() : null);
  // What nobody has told us of by now is not looked for later: the sweep begins anew where simulation ends.
  for (const id of world.desk.tickets.keys()) witness.excused.add(id);
  simulation.tell("admin", on ? "turns simulation on" : "goes live");
};

const newPolicy: Perform = (world) => {
  world.setPolicy(world.policyIndex() + 1);
  world.simulation.tell("admin", `publishes policy model-${world.policyIndex() + 1}`);
};

const crash: Perform = (world, a) => world.kill(a % world.instances.length);

const skew: Perform = (world, a, b) => {
  const instance = pick(world.instances, a);
  instance.life.skewMs += pick([600_000, -600_000, 3_600_000, -3_600_000], b);
  world.simulation.tell(instance.life.name, `its clock is off by ${instance.life.skewMs / 60_000} min`);
};

const timePasses: Perform = (world, _a, b) => {
  const ms = pick([61_000, 600_000, 25 * 3_600_000], b);
  world.simulation.jump(ms);
  world.simulation.tell("time", `${ms / 60_000} minutes pass`);
};

const sync: Perform = (world, a, b) => {
  const instance = pick(world.instances, a);
  if (!instance.life.alive) return;
  const scope = pick([["1"], "changed", "full", "changed", ["3", "4"]] as const, b);
  world.simulation.tell(
    instance.life.name,
    `is asked to sync ${typeof scope === "string" ? scope : scope.join(" ")}`,
  );
  instance.syncs.run(scope).catch(() => {});
};

const upgradeOrNot: Perform = (world, a, b) =>
  setPlan(world, (a % ORGANIZATION_COUNT) + 1, pick(PLAN_CHOICES, b));

function setPlan(world: World, company: number, plan: string): void {
  world.crm.edit(String(company), { plan });
  world.simulation.tell("crm", `company ${company} has plan "${plan}"`);
}

/** A wave over everybody: an import that went wrong, or its repair. */
const wave: Perform = (world, _a, b) => {
  for (let company = 1; company <= ORGANIZATION_COUNT; company += 1)
    setPlan(world, company, pick(["", "enterprise", "pro"], b));
};

const goneOrBack: Perform = (world, a) => {
  const id = String((a % ORGANIZATION_COUNT) + 1);
  const gone = world.crm.companies.get(id)?.gone !== true;
  world.crm.edit(id, { gone });
  if (gone) world.goneOnce.add(`hubspot:${id}`);
  world.simulation.tell("crm", `company ${id} is ${gone ? "gone" : "back"}`);
};

const emptyListing: Perform = (world) => {
  world.crm.setEmpty(!world.crm.isEmpty());
  world.simulation.tell("crm", world.crm.isEmpty() ? "lists nothing at all" : "lists everybody again");
};

/** A person decides about what the brake holds; where a sync runs, nothing is decided. */
const decide: Perform = async (world, _a, b) => {
  const { plain, simulation } = world;
  const [run] = await plain.guard.waiting();
  if (run === undefined) return;
  const ports = { store: plain, clock: { now: simulation.now, sleep: async () => {} }, patienceMs: 0 };
  const work = b % 3 === 2 ? rejectRun : approveRun;
  try {
    const decided = await work(ports, run, "admin");
    simulation.tell("admin", `${b % 3 === 2 ? "rejects" : "approves"} what the brake holds`);
    const whom = decided.rows.flatMap((row) => [row.accountId, ...row.demotes.map((one) => one.accountId)]);
    if (work === approveRun) approved(world, whom);
    else for (const id of whom) world.rejected.add(id);
  } catch {
    simulation.tell("admin", "cannot decide while a sync runs");
  }
};

/** Remembers whose loss a person wanted, and since when: a later approval does not take back an earlier one. */
export function approved(world: World, accountIds: readonly string[]): void {
  for (const id of accountIds) if (!world.approved.has(id)) world.approved.set(id, world.simulation.now());
}

/** Acts on tickets, plainest first. */
export const TICKET_ACTS: readonly Perform[] = [
  newTicket,
  newTicket,
  newTicket,
  agentPriority,
  agentGroup,
  agentOther,
  move,
  anotherEvent,
  anotherEvent,
  bot,
  bot,
  crash,
  pauseOrResume,
  newPolicy,
  timePasses,
  skew,
  endTicket,
  simulateOrNot,
  upgradeOrNot,
  sync,
];

/** Acts on accounts, plainest first. */
export const ACCOUNT_ACTS: readonly Perform[] = [
  upgradeOrNot,
  sync,
  upgradeOrNot,
  sync,
  upgradeOrNot,
  sync,
  timePasses,
  crash,
  wave,
  goneOrBack,
  emptyListing,
  decide,
  decide,
  pauseOrResume,
  newPolicy,
  skew,
  newTicket,
  simulateOrNot,
];
