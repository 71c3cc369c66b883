/** A help desk as data: an inventory, and what carrying out a plan makes of it. */
import type { Policy } from "../../src/policy/model.ts";
import type {
  DeskObject,
  DeskObjectOf,
  Inventory,
  ProvisionFields,
  ProvisionKind,
  Unavailable,
} from "../../src/ports.ts";
import { accountFacts } from "../../src/provision/account-facts.ts";
import { desired } from "../../src/provision/desired.ts";
import { plan } from "../../src/provision/plan.ts";
import type { OwnedObject, Plan, PlannedWrite, PlanOptions } from "../../src/provision/plan-model.ts";
import { withIds } from "../../src/provision/plan-names.ts";

/** An account with two schedules, two brands and Zendesk's own list of channels, and nothing of ours. */
export function inventory(
  kinds: Partial<Record<ProvisionKind, readonly DeskObject[] | Unavailable>> = {},
  changes: Partial<Pick<Inventory, "definitions" | "around">> = {},
): Inventory {
  return {
    kinds: { ...EMPTY, ...kinds } as Inventory["kinds"],
    definitions: {
      slaFilter: null,
      triggerConditions: {
        organization_id: ["is", "is_not", "changed"],
        requester_id: ["is", "is_not", "changed"],
        ...Object.fromEntries(FIELDS.map((field) => [field, []])),
      },
      triggerActions: null,
      channels: CHANNELS,
      queueConditions: null,
    },
    around: {
      brands: [
        { id: "501", name: "Main" },
        { id: "502", name: "Labs" },
      ],
      forms: [{ id: "601", name: "Billing" }],
      schedules: [
        { id: "701", name: "Business" },
        { id: "702", name: "Extended" },
      ],
    },
    ...changes,
  };
}

const FIELDS =
  "update_type status priority group_id assignee_id brand_id ticket_form_id current_tags via_id requester_role organization.custom_fields.ps_tier".split(
    " ",
  );

const CHANNELS = [
  { id: "0", name: "Web form" },
  { id: "4", name: "Email" },
  { id: "29", name: "Chat" },
  { id: "91", name: "Messaging" },
];

const EMPTY: Readonly<Record<ProvisionKind, readonly DeskObject[]>> = {
  organization_field: [],
  ticket_field: [],
  group: [],
  trigger_category: [],
  webhook: [],
  trigger: [],
  sla_policy: [],
  view: [],
  macro: [],
  queue: [],
};

/** One object of the desk; its name is its title, name or key. */
export function object<K extends ProvisionKind>(
  kind: K,
  id: string,
  fields: ProvisionFields<string>[K],
  position: number | null = null,
): DeskObjectOf<K> {
  const options = "options" in fields ? fields.options : [];
  const optionIds = Object.fromEntries(options.map(({ tag }, place) => [tag, `${id}${place}`]));
  return { kind, id, name: nameOf(fields), position, fields, optionIds };
}

function nameOf(fields: object): string {
  const all = fields as Partial<Record<"key" | "name" | "title", string>>;
  return all.key ?? all.name ?? all.title ?? "";
}

/** Somebody else's trigger that does `actions` on new tickets. */
export function foreignTrigger(
  id: string,
  title: string,
  actions: ProvisionFields<string>["trigger"]["actions"],
  changes: Partial<ProvisionFields<string>["trigger"]> = {},
): DeskObjectOf<"trigger"> {
  const all = [{ field: "update_type", operator: "is", value: "Create" }];
  return object(
    "trigger",
    id,
    {
      title,
      description: "",
      active: true,
      category: null,
      conditions: { all, any: [] },
      actions,
      ...changes,
    },
    Number(id),
  );
}

/** Somebody else's SLA policy. */
export function foreignSla(
  id: string,
  title: string,
  filter: ProvisionFields<string>["sla_policy"]["filter"],
  position: number,
): DeskObjectOf<"sla_policy"> {
  const targets = [
    { metric: "first_reply_time", priority: "high", minutes: 60, businessHours: false },
  ] as const;
  return object("sla_policy", id, { title, description: "", filter, targets }, position);
}

/** Options of a plan that adopts nothing. */
export const CAREFUL: PlanOptions = { adopt: "never", callsPerMinute: 100 };

/** Options of a plan that may take over what is somebody else's. */
export const ADOPTING: PlanOptions = { adopt: "when_needed", callsPerMinute: 100 };

/** The plan for a policy on a desk that can reach us. */
export function planFor(
  policy: Policy,
  desk: Inventory,
  options: PlanOptions = CAREFUL,
  owned: readonly OwnedObject[] = [],
): Plan {
  const wanted = desired(policy, {
    publicUrl: "https://support.acme.example",
    account: accountFacts(desk),
  });
  return plan(wanted, desk, owned, options);
}

/** The desk after every step of the plan was carried out, in order; later steps find what earlier ones made. */
export function carriedOut(made: Plan, desk: Inventory): Inventory {
  const ids = new Map(Object.entries(made.ids));
  let kinds = desk.kinds as Record<ProvisionKind, readonly DeskObject[] | Unavailable>;
  for (const { kind, key, write } of made.changes) {
    if (write === null) continue;
    const before = kinds[kind];
    if ("because" in before) throw new Error(`${kind} cannot be written`);
    const { objects, after } = written(kind, before, write, (ref) => ids.get(ref) ?? null, kinds);
    kinds = { ...kinds, [kind]: objects };
    if (after === null || key === null) continue;
    ids.set(`${kind}:${key}`, after.id);
    for (const [tag, id] of Object.entries(after.optionIds)) ids.set(`${kind}:${key}#${tag}`, id);
  }
  return { ...desk, kinds: kinds as Inventory["kinds"] };
}

function written(
  kind: ProvisionKind,
  objects: readonly DeskObject[],
  write: PlannedWrite,
  idOf: (ref: string) => string | null,
  all: Readonly<Record<ProvisionKind, readonly DeskObject[] | Unavailable>>,
): { readonly objects: readonly DeskObject[]; readonly after: DeskObject | null } {
  switch (write.do) {
    case "create": {
      const count = Object.values(all).flatMap((list) => ("because" in list ? [] : list)).length;
      const fields = withIds(write.fields, idOf) as ProvisionFields<string>[ProvisionKind];
      const after = object(kind, String(10_000 + count), fields, 10_000 + count) as DeskObject;
      return { objects: [...objects, after], after };
    }
    case "change": {
      const before = objects.find(({ id }) => id === write.id);
      if (before === undefined) throw new Error(`${write.id} is gone`);
      const fields = { ...before.fields, ...withIds(write.fields, idOf) } as typeof before.fields;
      const made = object(kind, before.id, fields, before.position) as DeskObject;
      // What moves to another category stands last there.
      const moved = "category" in write.fields;
      const rest = objects.filter(({ id }) => id !== write.id);
      return {
        objects: moved ? [...rest, made] : objects.map((one) => (one === before ? made : one)),
        after: made,
      };
    }
    case "remove":
      return { objects: objects.filter(({ id }) => id !== write.id), after: null };
    case "reorder": {
      const ids = write.ids.map((id) => (typeof id === "string" ? id : (idOf(id.ref) ?? "")));
      const named = ids.flatMap((id) => objects.filter((one) => one.id === id));
      return { objects: [...objects.filter(({ id }) => !ids.includes(id)), ...named], after: null };
    }
  }
}

/** What our ledger would hold after carrying out plans: every one of ours with its fields as they are. */
export function ledgerOf(made: Plan, desk: Inventory): readonly OwnedObject[] {
  return made.ours.map(({ kind, key, id }) => {
    const objects: readonly DeskObject[] | Unavailable = desk.kinds[kind];
    const found = "because" in objects ? undefined : objects.find((one) => one.id === id);
    return { kind, key, id, applied: found?.fields ?? null };
  });
}

/** The same desk with one object changed by hand. */
export function byHand<K extends ProvisionKind>(
  desk: Inventory,
  kind: K,
  name: string,
  change: Partial<ProvisionFields<string>[K]>,
): Inventory {
  const objects = desk.kinds[kind] as readonly DeskObjectOf<K>[];
  const changed = objects.map((one) =>
    one.name === name ? object(kind, one.id, { ...one.fields, ...change }, one.position) : one,
  );
  return { ...desk, kinds: { ...desk.kinds, [kind]: changed } };
}

/** The same desk without one object. */
export function deleted(desk: Inventory, kind: ProvisionKind, name: string): Inventory {
  const objects = desk.kinds[kind] as readonly DeskObject[];
  return { ...desk, kinds: { ...desk.kinds, [kind]: objects.filter((one) => one.name !== name) } };
}
