import { describe, expect, test } from "@jest/globals";
import { NeedsAdmin, Paused } from "../../src/errors.ts";
import type { DeskObject, Inventory, ProvisionFields, ProvisionKind } from "../../src/ports.ts";
import type { ZendeskOptions } from "../../src/sandbox/zendesk.ts";
import { KINDS, onSandbox, type Provisioned, SAMPLES } from "./zendesk-provision-kit.ts";

const make = (desk: Provisioned["desk"], kind: ProvisionKind): Promise<DeskObject> =>
  desk.create(kind, SAMPLES[kind].fields) as Promise<DeskObject>;
const all = (inventory: Inventory, kind: ProvisionKind): readonly DeskObject[] => {
  const found = inventory.kinds[kind];
  if ("because" in found) throw new Error(`${kind} cannot be read: ${found.because}`);
  return found;
};
async function refused(doing: Promise<unknown>): Promise<NeedsAdmin> {
  const error = await doing.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NeedsAdmin) return error;
  throw error ?? new Error("it was not refused");
}

const ACCOUNTS: readonly (readonly [string, ZendeskOptions])[] = [
  ["a plain account", {}],
  ["an account with ids beyond 2^53", { bigIds: true }],
  ["an account that lists deleted groups", { listsDeletedGroups: true }],
];

describe.each(ACCOUNTS)("on %s", (_name, options) => {
  test.each(KINDS)(
    "a %s is made, found, changed and removed, each time read back as written",
    async (kind) => {
      await onSandbox(async ({ desk }) => {
        const { fields, change } = SAMPLES[kind];
        const made = await make(desk, kind);
        expect([made.kind, made.fields]).toEqual([kind, fields]);
        expect(all(await desk.inventory(), kind)).toContainEqual(made);
        const changed = await desk.change(kind, made.id, change);
        expect(changed?.fields).toEqual({ ...fields, ...change });
        expect(all(await desk.inventory(), kind)).toContainEqual(changed);
        expect([await desk.remove(kind, made.id), await desk.remove(kind, made.id)]).toEqual([true, false]);
        expect(await desk.change(kind, made.id, change)).toBeNull();
        expect(all(await desk.inventory(), kind).map((one) => one.id)).not.toContain(made.id);
      }, options);
    },
  );
});

describe("an account's choices", () => {
  test("keep their ids when the list grows, so that conditions on them go on holding", async () => {
    await onSandbox(async ({ desk }) => {
      const { fields } = SAMPLES.organization_field;
      const made = await desk.create("organization_field", fields);
      const options = [...fields.options, { name: "Standard", tag: "ps_tier_standard" }].toReversed();
      const changed = await desk.change("organization_field", made.id, { options });
      expect(changed?.optionIds).toMatchObject(made.optionIds);
      expect(changed?.fields.options).toEqual(options);
    });
  });
});

describe("order", () => {
  const trigger = (title: string, category: string | null): ProvisionFields<string>["trigger"] => ({
    ...SAMPLES.trigger.fields,
    title,
    category,
  });
  const titles = async (desk: Provisioned["desk"]): Promise<readonly string[]> =>
    all(await desk.inventory(), "trigger").map((one) => one.name);

  test("SLA policies and queues stand as they were put, first to last", async () => {
    await onSandbox(async ({ desk }) => {
      for (const kind of ["sla_policy", "queue"] as const) {
        const ids = [(await make(desk, kind)).id, (await make(desk, kind)).id, (await make(desk, kind)).id];
        expect(all(await desk.inventory(), kind).map((one) => one.id)).toEqual(ids);
        await desk.reorder(kind, ids.toReversed(), null);
        expect(all(await desk.inventory(), kind).map((one) => one.id)).toEqual(ids.toReversed());
      }
    });
  });

  test("triggers are ordered inside their category, and categories among themselves", async () => {
    await onSandbox(async ({ desk }) => {
      const last = await desk.create("trigger_category", { name: "Last" });
      const first = await desk.create("trigger_category", { name: "First" });
      await desk.create("trigger", trigger("foreign", null));
      const a = await desk.create("trigger", trigger("a", first.id));
      const b = await desk.create("trigger", trigger("b", first.id));
      await desk.create("trigger", trigger("z", last.id));
      await desk.reorder("trigger_category", [first.id, last.id], null);
      expect(await titles(desk)).toEqual(["a", "b", "z", "foreign"]);
      await desk.reorder("trigger", [b.id, a.id], first.id);
      expect(await titles(desk)).toEqual(["b", "a", "z", "foreign"]);
    });
  });

  test("an account without categories is ordered as a whole", async () => {
    await onSandbox(
      async ({ desk }) => {
        const a = await desk.create("trigger", trigger("a", null));
        const b = await desk.create("trigger", trigger("b", null));
        await desk.reorder("trigger", [b.id, a.id], null);
        expect(await titles(desk)).toEqual(["b", "a"]);
        expect((await desk.inventory()).kinds.trigger_category).toEqual({ because: "plan" });
      },
      { triggerCategories: false },
    );
  });

  test("an order that leaves a queue out is refused in Zendesk's words", async () => {
    await onSandbox(async ({ desk }) => {
      const ids = [(await make(desk, "queue")).id, (await make(desk, "queue")).id];
      const error = await refused(desk.reorder("queue", ids.slice(1), null));
      expect(error.message).toContain("queue_ids must name every queue of the account");
    });
  });
});

describe("what is around", () => {
  test("brands, forms, schedules, legal filters and channels are named with their ids", async () => {
    await onSandbox(async ({ desk }) => {
      const { around, definitions } = await desk.inventory();
      expect(around).toEqual({
        brands: [{ id: "20", name: "Acme" }],
        forms: [{ id: "30", name: "Default" }],
        schedules: [{ id: "40", name: "Office" }],
      });
      expect(definitions.slaFilter?.current_tags).toEqual(["includes", "not_includes"]);
      expect(definitions.slaFilter).not.toHaveProperty("priority");
      expect(definitions.triggerConditions?.organization_id).toContain("changed");
      expect(definitions.triggerActions).toEqual(
        expect.arrayContaining(["set_schedule", "notification_webhook"]),
      );
      expect(definitions.channels).toContainEqual({ id: "4", name: "Email" });
      expect(definitions.queueConditions).toContain("priority");
    });
  });

  test("a hundred and one of a kind are read page by page", async () => {
    const groups = Array.from({ length: 101 }, (_unused, index) => ({ id: 1000 + index, name: `G${index}` }));
    await onSandbox(async ({ desk }) => expect(all(await desk.inventory(), "group")).toHaveLength(101), {
      seed: { groups },
    });
  });

  test("the fields that Zendesk brings itself are not among the ticket fields", async () => {
    await onSandbox(async ({ desk }) => expect(all(await desk.inventory(), "ticket_field")).toEqual([]));
  });

  test("a plan without SLA policies, queues or second schedules says so, and everything else is there", async () => {
    await onSandbox(
      async ({ desk }) => {
        const { kinds, definitions, around } = await desk.inventory();
        expect([kinds.sla_policy, kinds.queue]).toEqual([{ because: "plan" }, { because: "plan" }]);
        expect([definitions.slaFilter, definitions.queueConditions]).toEqual([null, null]);
        expect(definitions.triggerActions).not.toContain("set_schedule");
        expect([around.schedules?.length, "because" in kinds.trigger]).toEqual([1, false]);
        const error = await refused(make(desk, "sla_policy"));
        expect(error.message).toContain("this account has no SLA policy to offer");
        expect(error.fix).toContain("Zendesk plan");
        expect((await refused(make(desk, "queue"))).fix).toContain("Zendesk plan");
      },
      { slas: false, queues: false, multipleSchedules: false },
    );
  });

  test("the signing secret is the one the webhook signs with", async () => {
    await onSandbox(async ({ desk, sandbox }) => {
      const made = await make(desk, "webhook");
      expect(await desk.signingSecret(made.id)).toBe(sandbox.state.webhooks.get(made.id)?.secret);
    });
  });
});

describe("what goes wrong", () => {
  test("a token whose user is an agent can read a part, and is told what to do when it writes", async () => {
    await onSandbox(
      async ({ desk }) => {
        const { kinds } = await desk.inventory();
        for (const kind of ["sla_policy", "webhook", "queue"] as const)
          expect([kind, kinds[kind]]).toEqual([kind, { because: "role" }]);
        expect("because" in kinds.trigger).toBe(false);
        const error = await refused(make(desk, "organization_field"));
        expect(error.message).toContain("the token's user is not an administrator");
        expect(error.fix).toContain("administrator");
      },
      { agentEmail: "ann@acme.example" },
    );
  });

  test("a token that is not valid stops everything before it looks like an empty account", async () => {
    await onSandbox(async ({ desk, sandbox }) => {
      sandbox.setApiToken("another");
      await expect(desk.inventory()).rejects.toBeInstanceOf(Paused);
      await expect(make(desk, "group")).rejects.toBeInstanceOf(Paused);
    });
  });

  test.each([
    [
      "a field key that another app took",
      (desk: Provisioned["desk"]) =>
        make(desk, "organization_field").then(() => make(desk, "organization_field")),
      "ps_tier has already been taken",
    ],
    [
      "a tag that another ticket field has",
      (desk: Provisioned["desk"]) => make(desk, "ticket_field").then(() => make(desk, "ticket_field")),
      "ps_tier_pro is already used in Support tier",
    ],
    [
      "a trigger that names a deleted group",
      (desk: Provisioned["desk"]) =>
        desk.create("trigger", { ...SAMPLES.trigger.fields, actions: [{ field: "group_id", value: "12" }] }),
      "12 is not a valid value for group_id",
    ],
    [
      "an SLA filter on priority",
      (desk: Provisioned["desk"]) =>
        desk.create("sla_policy", {
          ...SAMPLES.sla_policy.fields,
          filter: { all: [{ field: "priority", operator: "is", value: "high" }], any: [] },
        }),
      "priority is not a valid filter field",
    ],
  ])("%s is refused in Zendesk's own words, with what to do", async (_what, doing, words) => {
    await onSandbox(async ({ desk }) => {
      const error = await refused(doing(desk));
      expect(error.message).toContain(words);
      expect(error.fix).toContain("priority-support plan");
    });
  });

  test("a category with active triggers and a webhook in use stay, and the reason is told", async () => {
    await onSandbox(async ({ desk }) => {
      const category = await make(desk, "trigger_category");
      const webhook = await make(desk, "webhook");
      await desk.create("trigger", {
        ...SAMPLES.trigger.fields,
        category: category.id,
        actions: [{ field: "notification_webhook", value: [webhook.id, '{"ticket_id":"{{ticket.id}}"}'] }],
      });
      expect((await refused(desk.remove("trigger_category", category.id))).message).toContain(
        "A category with active ticket triggers cannot be deleted.",
      );
      expect((await refused(desk.remove("webhook", webhook.id))).message).toContain(
        "A trigger uses this webhook",
      );
    });
  });

  test("a write whose answer was lost is found by the next inventory", async () => {
    await onSandbox(async ({ desk, sandbox }) => {
      sandbox.fault({ method: "POST", path: "/api/v2/groups", status: 502, afterApplying: true });
      await expect(make(desk, "group")).rejects.toThrow("502");
      expect(all(await desk.inventory(), "group").map((one) => one.name)).toContain("On Call");
    });
  });
});
