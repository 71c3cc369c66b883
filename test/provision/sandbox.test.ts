import { describe, expect, test } from "@jest/globals";
import type { openProvisioning } from "../../connectors/zendesk/index.ts";
import type { Policy, Tier } from "../../src/policy/model.ts";
import type { DeskObject, ProvisionFields } from "../../src/ports.ts";
import { accountFacts } from "../../src/provision/account-facts.ts";
import { desired } from "../../src/provision/desired.ts";
import { plan } from "../../src/provision/plan.ts";
import type { Plan, PlanOptions } from "../../src/provision/plan-model.ts";
import { withIds } from "../../src/provision/plan-names.ts";
import { policy, withTier } from "../builders.ts";
import { openAt } from "../connectors/zendesk-provision-kit.ts";
import { type Account, openAccount, SEED } from "../sandbox/zendesk-account.ts";
import { ADOPTING, CAREFUL } from "./pretend-desk.ts";

type Desk = ReturnType<typeof openProvisioning>;

const RULES: Policy = policy().tiers.reduce(
  (all, { id }) =>
    withTier(all, id, (tier: Tier) => ({
      nativeTrigger: { priority: tier.priority.default, group: tier.routing.group },
    })),
  policy(),
);

const HOURS = [1, 2, 3, 4, 5].map((day) => ({ start_time: day * 1440 + 540, end_time: day * 1440 + 1020 }));
const SCHEDULES = ["Business", "Extended"].map((name, place) => ({
  id: 91 + place,
  name,
  time_zone: "Eastern Time (US & Canada)",
  intervals: HOURS,
}));

/** An account with customers and agents, and none of our fields. */
async function account(more: object = {}): Promise<{ readonly desk: Desk; readonly acme: Account }> {
  const seed = { ...SEED, organization_fields: [], schedules: SCHEDULES, ...more };
  const acme = await openAccount({ seed });
  const { desk } = openAt(acme.zendesk.url, acme.zendesk.agentEmail, acme.zendesk.apiToken);
  return { desk, acme };
}

async function planned(desk: Desk, options: PlanOptions = CAREFUL): Promise<Plan> {
  const inventory = await desk.inventory();
  const wanted = desired(RULES, {
    publicUrl: "https://support.acme.example",
    account: accountFacts(inventory),
  });
  return plan(wanted, inventory, [], options);
}

/** Carries the steps out one after the other, as the plan says. */
async function carriedOut(made: Plan, desk: Desk): Promise<void> {
  const ids = new Map(Object.entries(made.ids));
  const idOf = (ref: string): string | null => ids.get(ref) ?? null;
  for (const { kind, key, write } of made.changes) {
    if (write === null) continue;
    const after = await written(desk, kind, write, idOf);
    if (after === null || key === null) continue;
    ids.set(`${kind}:${key}`, after.id);
    for (const [tag, id] of Object.entries(after.optionIds)) ids.set(`${kind}:${key}#${tag}`, id);
  }
}

async function written(
  desk: Desk,
  kind: DeskObject["kind"],
  write: NonNullable<Plan["changes"][number]["write"]>,
  idOf: (ref: string) => string | null,
): Promise<DeskObject | null> {
  const idFor = (one: string | { readonly ref: string }): string =>
    typeof one === "string" ? one : (idOf(one.ref) ?? "");
  switch (write.do) {
    case "create":
      return (await desk.create(
        kind,
        withIds(write.fields, idOf) as ProvisionFields<string>[typeof kind],
      )) as DeskObject;
    case "change":
      return (await desk.change(kind, write.id, withIds(write.fields, idOf) as never)) as DeskObject | null;
    case "remove":
      await desk.remove(kind, write.id);
      return null;
    case "reorder":
      await desk.reorder(
        kind as Parameters<Desk["reorder"]>[0],
        write.ids.map(idFor),
        write.within === null ? null : idFor(write.within),
      );
      return null;
  }
}

const steps = ({ changes }: Plan): readonly string[] =>
  changes.map(({ action, kind, name, fields, why }) =>
    [action, kind, name, JSON.stringify(fields), why].join(" "),
  );

describe("a plan carried out on a desk", () => {
  test("leaves nothing to do, and a new ticket is right without any call", async () => {
    const { desk, acme } = await account();
    try {
      const before = await planned(desk);
      expect(before.changes.filter(({ action }) => action === "blocked")).toEqual([]);
      await carriedOut(before, desk);
      expect(steps(await planned(desk))).toEqual([]);

      acme.zendesk.updateOrganization("61", { organization_fields: { ps_tier: "ps_tier_enterprise" } });
      const { id } = acme.zendesk.createTicket({ from: "ann@acme.example" });
      const ticket = acme.zendesk.state.tickets.get(id);
      const group = acme.zendesk.state.groups.get(ticket?.groupId ?? "");
      expect([ticket?.priority, group?.name]).toEqual(["high", "Enterprise Support"]);
      expect(ticket?.tags).toEqual(expect.arrayContaining(["ps_native", "ps_tier_enterprise"]));
      expect(acme.zendesk.state.slaPolicies.get(ticket?.sla?.policyId ?? "")?.title).toBe("PS Enterprise");
      expect(ticket?.scheduleId).toBe("92");
    } finally {
      await acme.zendesk.close();
    }
  });

  test("stands before and after the triggers that are there", async () => {
    const { desk, acme } = await account();
    try {
      const category = await acme.post("/trigger_categories", { trigger_category: { name: "Initial" } });
      await acme.post("/triggers", {
        trigger: {
          title: "Alarms",
          category_id: category.at("trigger_category.id"),
          conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
          actions: [{ field: "priority", value: "urgent" }],
        },
      });
      const made = await planned(desk);
      await carriedOut(made, desk);
      expect(steps(await planned(desk))).toEqual([]);
      const titles = (await acme.get("/triggers")).at("triggers.*.title") as readonly string[];
      const [native, theirs, tell] = [
        "Priority support: new tickets of Enterprise Support (add-on)",
        "Alarms",
        "Priority support: tell of new tickets",
      ].map((title) => titles.indexOf(title));
      expect(native).toBe(0);
      expect([Number(theirs) > Number(native), Number(theirs) < Number(tell)]).toEqual([true, true]);
      expect(made.remarks.some(({ message }) => message.includes("Alarms"))).toBe(true);
    } finally {
      await acme.zendesk.close();
    }
  });

  test("leaves a ticket alone that has a priority, no tier, or is an agent's", async () => {
    const { desk, acme } = await account();
    try {
      await carriedOut(await planned(desk), desk);
      acme.zendesk.updateOrganization("61", { organization_fields: { ps_tier: "ps_tier_pro" } });
      const untouched = [
        acme.zendesk.createTicket({ from: "ann@acme.example", priority: "low" }),
        acme.zendesk.createTicket({ from: "nobody@elsewhere.example" }),
        acme.zendesk.createTicket({ from: "anna@sandbox.example" }),
        acme.zendesk.createTicket({ from: "ann@acme.example", tags: ["ps_skip"] }),
      ];
      for (const { id } of untouched) {
        const ticket = acme.zendesk.state.tickets.get(id);
        expect(ticket?.tags).not.toContain("ps_native");
      }
    } finally {
      await acme.zendesk.close();
    }
  });

  test("is found damaged after changes by hand, and heals", async () => {
    const { desk, acme } = await account();
    try {
      await carriedOut(await planned(desk), desk);
      const { kinds } = await desk.inventory();
      const named = <K extends keyof typeof kinds>(kind: K, name: string): string =>
        (kinds[kind] as readonly DeskObject[]).find((one) => one.name === name)?.id ?? "";
      await desk.change("trigger", named("trigger", "Priority support: new tickets of Pro"), {
        active: false,
      });
      await desk.remove("view", named("view", "Support tier: Pro"));
      const slas = (kinds.sla_policy as readonly DeskObject[]).map(({ id }) => id);
      await desk.reorder("sla_policy", slas.toReversed(), null);
      const damage = await planned(desk);
      expect(damage.changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
        "change trigger",
        "create view",
        "reorder sla_policy",
      ]);
      await carriedOut(damage, desk);
      expect(steps(await planned(desk))).toEqual([]);
    } finally {
      await acme.zendesk.close();
    }
  });

  test("goes round somebody else's SLA policy only when adopting", async () => {
    const everyone = {
      id: 800,
      title: "Everyone",
      position: 1,
      filter: { all: [], any: [] },
      policy_metrics: [{ priority: "high", metric: "first_reply_time", target: 480, business_hours: false }],
    };
    const { desk, acme } = await account({ sla_policies: [everyone] });
    try {
      await carriedOut(await planned(desk), desk);
      const left = await planned(desk);
      expect(left.changes.map(({ action, name }) => `${action} ${name}`)).toEqual(["blocked Everyone"]);
      await carriedOut(await planned(desk, ADOPTING), desk);
      expect(steps(await planned(desk))).toEqual([]);
      acme.zendesk.updateOrganization("61", { organization_fields: { ps_tier: "ps_tier_pro" } });
      const { id } = acme.zendesk.createTicket({ from: "ann@acme.example" });
      const sla = acme.zendesk.state.tickets.get(id)?.sla?.policyId ?? "";
      expect(acme.zendesk.state.slaPolicies.get(sla)?.title).toBe("PS Pro");
    } finally {
      await acme.zendesk.close();
    }
  });
});
