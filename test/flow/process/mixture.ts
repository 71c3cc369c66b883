/** Tickets as a day brings them: every customer of the cast, generated ones, strangers, agents; priorities by everybody. */
import type { Policy, Priority, PrioritySetter } from "../../../src/policy/model.ts";
import type { Dataset, DatasetUser } from "../../../src/sandbox/dataset.ts";
import { type Dice, dice } from "../../../src/sandbox/dataset-dice.ts";

/** One ticket to be sent, in names. */
export interface Mixed {
  readonly from: string;
  /** An agent enters it over the API on the customer's behalf; otherwise the customer sends it. */
  readonly enteredBy: string | null;
  readonly subject: string;
  readonly body: string;
  readonly channel: string;
  readonly priority: Priority | null;
  readonly setBy: PrioritySetter;
  readonly form: string;
  readonly group: string | null;
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly fate: "stays" | "closed" | "deleted";
}

const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];
const CHANNELS = ["email", "email", "web", "web", "api", "chat", "native_messaging", "side_conversation"];
/** A foreign tag, one that only looks like ours, and one of ours that is out of date. */
const TAGS = ["blue", "ps_custom", "ps_capped", "customer-42"];
const PHRASES = [
  "",
  "",
  "",
  "Production down since noon.",
  "Never an outage here.",
  "> quoted: data loss\nFine now.",
];

/** Ticket number `index` of a seed; the first ones go once through every person of the cast. */
export function mixedTicket(data: Dataset, policy: Policy, seed: number, index: number): Mixed {
  const draw = dice(seed, index);
  const sender = senderOf(data, draw, index);
  const agents = data.agents.filter((agent) => agent.active);
  const text = templateOf(data, draw);
  const entered = draw.chance(0.15);
  const set = setterOf(draw, entered);
  const assigned = draw.chance(0.04);
  const assignee = assigned ? draw.pick(agents) : null;
  return {
    from: sender,
    enteredBy: entered ? draw.pick(agents).email : null,
    subject: text.subject,
    body: [text.body, draw.pick(PHRASES)].join("\n"),
    channel: entered ? "api" : draw.pick(CHANNELS),
    ...set,
    form: draw.chance(0.05) ? draw.pick(policy.routing.keepGroupForms) : "default",
    group: assignee?.groups[0] ?? (draw.chance(0.2) ? draw.pick(["Support", "Support", "Billing"]) : null),
    assignee: assignee?.email ?? null,
    tags: [
      ...(set.setBy === "automation" ? ["monitoring"] : []),
      ...(draw.chance(0.15) ? [draw.pick(TAGS), draw.pick(TAGS)] : []),
      ...(draw.chance(0.02) ? policy.scope.skipTagsAny : []),
    ],
    fate: entered ? "stays" : fateOf(draw),
  };
}

function senderOf(data: Dataset, draw: Dice, index: number): string {
  const cast = castOf(data);
  const strangers = data.users.filter((user) => user.organization === null);
  const own = cast[index] ?? (draw.chance(0.4) ? draw.pick(cast) : draw.pick(data.users));
  if (index < cast.length) return own.email;
  if (draw.chance(0.06)) return draw.pick(strangers).email;
  return draw.chance(0.02) ? draw.pick(data.agents.filter((agent) => agent.active)).email : own.email;
}

/** Everybody at a company with a role, VIPs and unproven addresses included. */
function castOf(data: Dataset): readonly DatasetUser[] {
  const roles = new Set(data.companies.filter((c) => c.role !== null).map((c) => c.id));
  const keys = new Set(
    data.organizations.filter((o) => roles.has(o.companyId ?? "")).map(({ key }): string | null => key),
  );
  return data.users.filter((user) => user.organization !== null && keys.has(user.organization));
}

function templateOf(data: Dataset, draw: Dice): { readonly subject: string; readonly body: string } {
  return draw.pick(data.ticketTemplates.flatMap((one) => Array.from({ length: one.weight }, () => one)));
}

/** What an agent enters with a priority is the agent's; a trigger sets the monitor's. */
function setterOf(draw: Dice, entered: boolean): Pick<Mixed, "priority" | "setBy"> {
  const roll = draw.next();
  if (roll < 0.45) return { priority: null, setBy: "none" };
  if (entered || roll < 0.6) return { priority: draw.pick(PRIORITIES), setBy: "agent" };
  if (roll < 0.66) return { priority: "urgent", setBy: "automation" };
  return { priority: draw.chance(0.5) ? "normal" : draw.pick(PRIORITIES), setBy: "requester" };
}

function fateOf(draw: Dice): Mixed["fate"] {
  const roll = draw.next();
  if (roll < 0.02) return "closed";
  return roll < 0.03 ? "deleted" : "stays";
}
