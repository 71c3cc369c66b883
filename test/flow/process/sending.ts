/** Puts mixed tickets into the desk: customers by their own channels, agents over the API. */

import type { Policy } from "../../../src/policy/model.ts";
import type { Dataset } from "../../../src/sandbox/dataset.ts";
import type { Sent } from "./judge.ts";
import { type Mixed, mixedTicket } from "./mixture.ts";
import type { Rig } from "./rig.ts";
import type { Act, SandboxReady } from "./sandbox.ts";

/** What the tickets are drawn from. */
export interface Source {
  readonly data: Dataset;
  readonly policy: Policy;
  readonly seed: number;
}

/** Sends tickets number `from` to `from + count - 1`, as they come. */
export async function send(rig: Rig, source: Source, from: number, count: number): Promise<readonly Sent[]> {
  const { data, policy, seed } = source;
  const all = Array.from({ length: count }, (_, i) => mixedTicket(data, policy, seed, from + i));
  const own = all.filter((mixed) => mixed.enteredBy === null);
  const records = await rig.play(own.map((mixed) => actOf(mixed, rig.ready.ids)));
  const entered = all.filter((mixed) => mixed.enteredBy !== null);
  return [
    ...records.flatMap((ticket, i) => own.slice(i, i + 1).map((mixed) => ({ mixed, ticket }))),
    ...(await Promise.all(entered.map((mixed) => enter(rig, mixed)))),
  ];
}

/** The customer's own ticket, with what an agent does to it at once. */
function actOf(mixed: Mixed, ids: SandboxReady["ids"]): Act {
  const change = {
    ...(mixed.setBy === "agent" ? { priority: mixed.priority } : {}),
    ...(mixed.fate === "closed" ? { status: "closed" } : {}),
  };
  const byRequester = mixed.setBy === "requester" ? { priority: mixed.priority } : {};
  return {
    ticket: { from: mixed.from, channel: mixed.channel, ...common(mixed, ids), ...byRequester },
    agent: Object.keys(change).length === 0 ? null : { email: "bo.larsen@northwind.example", change },
    deleted: mixed.fate === "deleted",
  };
}

async function enter(rig: Rig, mixed: Mixed): Promise<Sent> {
  const body = {
    ticket: {
      ...common(mixed, rig.ready.ids),
      requester: { email: mixed.from },
      ...(mixed.priority === null ? {} : { priority: mixed.priority }),
    },
  };
  const { ticket } = await rig.api("/tickets", mixed.enteredBy ?? "", body);
  const made = ticket as Readonly<Record<string, never>>;
  return {
    mixed,
    ticket: {
      id: String(made.id),
      createdAt: Date.parse(made.created_at ?? ""),
      priority: made.priority ?? null,
      groupId: made.group_id === null ? null : String(made.group_id),
      tags: made.tags ?? [],
      followerIds: [],
    },
  };
}

function common(
  mixed: Mixed,
  { groups, forms, people }: SandboxReady["ids"],
): Readonly<Record<string, unknown>> {
  return {
    subject: mixed.subject,
    comment: { body: mixed.body },
    tags: mixed.tags,
    ticket_form_id: forms[mixed.form],
    ...(mixed.group === null ? {} : { group_id: groups[mixed.group] }),
    ...(mixed.assignee === null ? {} : { assignee_id: people[mixed.assignee] }),
  };
}
