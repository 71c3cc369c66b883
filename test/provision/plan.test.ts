import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Policy, Tier } from "../../src/policy/model.ts";
import type { DeskObject, Inventory } from "../../src/ports.ts";
import type { Plan, PlanAction } from "../../src/provision/plan-model.ts";
import { policy, withTier } from "../builders.ts";
import {
  ADOPTING,
  byHand,
  CAREFUL,
  carriedOut,
  deleted,
  foreignTrigger,
  inventory,
  ledgerOf,
  object,
  planFor,
} from "./pretend-desk.ts";

/** The example with native triggers for every tier. */
const RULES: Policy = policy().tiers.reduce(
  (all, { id }) =>
    withTier(all, id, (tier: Tier) => ({
      nativeTrigger: { priority: tier.priority.default, group: tier.routing.group },
    })),
  policy(),
);
const BARE = inventory();
const MADE = carriedOut(planFor(RULES, BARE), BARE);

const steps = ({ changes }: Plan): readonly string[] =>
  changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
const only = (made: Plan, action: PlanAction) => made.changes.filter((change) => change.action === action);
const applied = (rules: Policy, desk: Inventory) => ledgerOf(planFor(rules, desk), desk);

describe("on a desk that has nothing of ours", () => {
  test("everything is made, what is named before what names it, and what it costs is told", () => {
    const made = planFor(RULES, BARE);
    expect(new Set(made.changes.map(({ action }) => action))).toEqual(new Set(["create"]));
    expect([...new Set(made.changes.map(({ kind }) => kind))]).toEqual([
      ...["organization_field", "ticket_field", "group", "trigger_category", "webhook", "sla_policy"],
      ...["trigger", "view", "macro"],
    ]);
    expect(made.calls).toBe(2 * made.changes.length + 1);
    expect(made.minutes).toBe(1);
  });

  test("and is done, nothing is left to do, with the ledger or without it", () => {
    expect(steps(planFor(RULES, MADE))).toEqual([]);
    expect(steps(planFor(RULES, MADE, CAREFUL, applied(RULES, MADE)))).toEqual([]);
  });

  test("an apply that stopped half-way goes on where it stopped, whatever the ledger lost", () => {
    const whole = planFor(RULES, BARE);
    for (let done = 0; done <= whole.changes.length; done += 1) {
      const half = carriedOut({ ...whole, changes: whole.changes.slice(0, done) }, BARE);
      const rest = planFor(RULES, half);
      expect(rest.changes.filter(({ action }) => action === "create")).toHaveLength(
        whole.changes.length - done,
      );
      expect(steps(planFor(RULES, carriedOut(rest, half)))).toEqual([]);
    }
  });
});

describe("a change of the policy", () => {
  test("is told field by field", () => {
    const slower = withTier(RULES, "pro", (tier) => ({ name: "Professional", priority: tier.priority }));
    const made = planFor(slower, MADE, CAREFUL, applied(RULES, MADE));
    expect(only(made, "change").map(({ kind }) => kind)).toContain("organization_field");
    const field = made.changes.find(({ name }) => name === "ps_tier");
    expect(field?.fields).toEqual([{ field: "options.ps_tier_pro", from: "Pro", to: "Professional" }]);
  });

  test("to a target names that target alone", () => {
    const pro = RULES.slaPolicies["PS Pro"];
    if (pro === undefined) throw new Error("the example has PS Pro");
    const first = { ...pro.first_reply, urgent: { minutes: 90, schedule: "always" } };
    const rules = {
      ...RULES,
      slaPolicies: { ...RULES.slaPolicies, "PS Pro": { ...pro, first_reply: first } },
    };
    expect(planFor(rules, MADE).changes.map(({ action, name, fields }) => [action, name, fields])).toEqual([
      [
        "change",
        "PS Pro",
        [
          {
            field: "targets.first_reply_time.urgent",
            from: "120 business minutes",
            to: "90 calendar minutes",
          },
        ],
      ],
    ]);
  });

  test("that gives up a native trigger takes it away, and nobody else's", () => {
    const theirs = foreignTrigger("77", "Theirs", [{ field: "current_tags", value: "x" }]);
    const desk = {
      ...MADE,
      kinds: { ...MADE.kinds, trigger: [...(MADE.kinds.trigger as readonly DeskObject[]), theirs] },
    } as Inventory;
    const made = planFor(
      withTier(RULES, "pro", () => ({ nativeTrigger: null })),
      desk,
    );
    expect(steps(made)).toEqual(["remove trigger Priority support: new tickets of Pro"]);
  });

  test("that gives up a tier leaves its SLA policy and option: running tickets and values hang on them", () => {
    const fewer = { ...RULES, tiers: RULES.tiers.filter(({ id }) => id !== "pro") };
    const made = planFor(fewer, MADE);
    expect(only(made, "remove").every(({ kind }) => kind === "trigger" || kind === "view")).toBe(true);
    expect(made.remarks.map(({ about }) => about)).toContain("SLA policy PS Pro");
    expect(JSON.stringify(made.changes)).not.toContain("options.ps_tier_pro");
  });
});

describe("a change by hand", () => {
  const ledger = applied(RULES, MADE);

  test("is drift, named and put back", () => {
    const name = "Priority support: new tickets of Enterprise";
    const touched = byHand(MADE, "trigger", name, { active: false });
    const made = planFor(RULES, touched, CAREFUL, ledger);
    expect(made.changes).toMatchObject([
      { action: "drift", name, fields: [{ field: "active", from: false, to: true }] },
    ]);
    expect(made.changes[0]?.why).toContain("active");
    expect(steps(planFor(RULES, carriedOut(made, touched), CAREFUL, ledger))).toEqual([]);
  });

  test("to the name does not hide an object from us", () => {
    const touched = byHand(MADE, "view", "Support tier: Pro", { title: "My Pro tickets" });
    expect(planFor(RULES, touched).changes).toMatchObject([
      { action: "change", fields: [{ field: "title", from: "My Pro tickets", to: "Support tier: Pro" }] },
    ]);
  });

  test("that took the mark away is seen through the ledger", () => {
    const touched = byHand(MADE, "sla_policy", "PS Pro", { description: "" });
    expect(only(planFor(RULES, touched, CAREFUL, ledger), "drift").map(({ name }) => name)).toEqual([
      "PS Pro",
    ]);
  });

  test("that deleted a group makes it anew and puts the triggers that named it back", () => {
    const gone = deleted(MADE, "group", "Enterprise Support");
    const made = planFor(RULES, gone, CAREFUL, ledger);
    expect(only(made, "create")).toMatchObject([{ kind: "group", name: "Enterprise Support" }]);
    expect(only(made, "create")[0]?.why).toContain("somebody deleted it");
    expect(made.changes.map(({ name }) => name)).toContain("Priority support: new tickets of Enterprise");
    expect(steps(planFor(RULES, carriedOut(made, gone)))).toEqual([]);
  });

  test("that added an option to our drop-down keeps it, for its values would be lost", () => {
    const [field] = MADE.kinds.organization_field as Extract<
      Inventory["kinds"]["organization_field"],
      readonly unknown[]
    >;
    if (field === undefined) throw new Error("the tier field is there");
    const options = [...field.fields.options.slice(1), { name: "Theirs", tag: "their_tag" }];
    const touched = byHand(MADE, "organization_field", "ps_tier", { options });
    const made = planFor(RULES, touched);
    expect(made.changes[0]?.fields).toEqual([
      { field: "options.ps_tier_standard", from: null, to: "Standard" },
    ]);
    expect(JSON.stringify(made.changes[0]?.write)).toContain("their_tag");
  });

  test("in another order of tags and conditions is none", () => {
    const name = "Priority support: new tickets of Enterprise";
    const trigger = (MADE.kinds.trigger as readonly DeskObject[]).find((one) => one.name === name);
    if (trigger?.kind !== "trigger") throw new Error("the trigger is there");
    const { conditions, actions } = trigger.fields;
    const turned = byHand(MADE, "trigger", name, {
      conditions: { all: conditions.all.toReversed(), any: conditions.any.toReversed() },
      actions: actions
        .map((one) =>
          one.field === "current_tags" ? { ...one, value: "ps_native ps_tier_enterprise" } : one,
        )
        .toReversed(),
    });
    expect(steps(planFor(RULES, turned))).toEqual([]);
  });

  test("that copied one of ours leaves the copy alone and names it", () => {
    const view = (MADE.kinds.view as readonly DeskObject[])[0];
    if (view?.kind !== "view") throw new Error("a view is there");
    const copy = object("view", "88", { ...view.fields, title: "Copy" });
    const kinds = { ...MADE.kinds, view: [...(MADE.kinds.view as readonly DeskObject[]), copy] };
    const made = planFor(RULES, { ...MADE, kinds } as Inventory);
    expect(steps(made)).toEqual([]);
    expect(made.remarks.find(({ message }) => message.includes("carry our mark"))?.message).toContain("88");
  });

  test("any of them heals: carried out, the plan is empty", () => {
    const names = (["trigger", "view", "macro", "sla_policy", "group"] as const).flatMap((kind) =>
      (MADE.kinds[kind] as readonly DeskObject[]).map(({ name }) => ({ kind, name })),
    );
    const damage = fc.array(
      fc.record({ at: fc.nat(names.length - 1), how: fc.constantFrom("delete", "rename", "unmark") }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(damage, (blows) => {
        const hurt = blows.reduce((desk, { at, how }) => {
          const one = names[at];
          if (one === undefined) return desk;
          if (how === "delete") return deleted(desk, one.kind, one.name);
          if (how === "unmark") return byHand(desk, one.kind, one.name, { description: "hand" });
          return one.kind === "group" ? desk : byHand(desk, one.kind, one.name, { title: "hand" });
        }, MADE);
        const healed = carriedOut(planFor(RULES, hurt, CAREFUL, ledger), hurt);
        expect(steps(planFor(RULES, healed, CAREFUL, ledger))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("what is somebody else's", () => {
  const theirs = object("view", "88", {
    title: "support tier: pro",
    description: "ours since 2019",
    active: true,
    conditions: { all: [], any: [] },
    columns: ["subject"],
    sortBy: "created",
    sortOrder: "asc",
  });
  const desk = inventory({ view: [theirs] });

  test("and has our name is not touched; the plan says what to do", () => {
    const found = planFor(RULES, desk).changes.find(({ name }) => name === "Support tier: Pro");
    expect(found).toMatchObject({ action: "blocked", write: null });
    expect(found?.why).toContain("id 88");
    expect(found?.fix).toContain("--adopt");
  });

  test("becomes ours only when adopting, and is then in order", () => {
    const made = planFor(RULES, desk, ADOPTING);
    expect(only(made, "adopt").map(({ name }) => name)).toEqual(["Support tier: Pro"]);
    expect(steps(planFor(RULES, carriedOut(made, desk)))).toEqual([]);
  });

  test("serves as it is where only its wording differs", () => {
    const field = object("organization_field", "31", {
      key: "ps_basis",
      title: "Why",
      type: "text",
      description: "made by hand",
      active: true,
      options: [],
    });
    const made = planFor(RULES, inventory({ organization_field: [field] }));
    expect(made.changes.some(({ name }) => name === "ps_basis")).toBe(false);
    expect(steps(planFor(RULES, inventory({ organization_field: [field] }), ADOPTING))).toContain(
      "adopt organization_field ps_basis",
    );
  });

  test("a group of the right name is named and never taken over", () => {
    const group = object("group", "12", { name: "Support", description: "since 2015" });
    for (const options of [CAREFUL, ADOPTING]) {
      const made = planFor(RULES, inventory({ group: [group] }), options);
      expect(made.changes.some(({ kind, name }) => kind === "group" && name === "Support")).toBe(false);
      expect(made.ids["group:Support"]).toBe("12");
    }
  });
});

describe("what a person must resolve", () => {
  test("a group that exists twice, with both ids; what names it waits", () => {
    const twice = ["12", "13"].map((id) => object("group", id, { name: "Support", description: "" }));
    const made = planFor(RULES, inventory({ group: twice }));
    const group = made.changes.find(({ kind, name }) => kind === "group" && name === "Support");
    expect(group).toMatchObject({ action: "blocked" });
    expect(group?.why).toMatch(/id 12.*id 13/);
    const waiting = only(made, "blocked").filter(({ kind }) => kind === "trigger");
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting[0]?.why).toContain("group Support");
  });

  test("a key that another app took for another type", () => {
    const taken = object("organization_field", "31", {
      key: "ps_tier",
      title: "PlayStation tier",
      type: "text",
      description: "",
      active: true,
      options: [],
    });
    for (const options of [CAREFUL, ADOPTING]) {
      const made = planFor(RULES, inventory({ organization_field: [taken] }), options);
      const field = made.changes.find(({ name }) => name === "ps_tier");
      expect(field?.action).toBe("blocked");
      expect(field?.why).toContain('"ps_tier" (id 31)');
      expect(field?.fix).toContain("tag_namespace");
      expect(only(made, "create").some(({ name }) => name.startsWith("Priority support: new tickets"))).toBe(
        false,
      );
    }
  });

  test("a brand of the pilot that does not exist", () => {
    const pilot = { ...RULES, desk: { ...RULES.desk, brands: ["Mian"] } };
    const [first] = only(planFor(pilot, BARE), "blocked");
    expect(first?.why).toContain('brand "Mian"');
  });

  test("a schedule that the account does not have under that name", () => {
    const around = { ...BARE.around, schedules: [{ id: "701", name: "Business" }] };
    const blocked = only(planFor(RULES, inventory({}, { around })), "blocked");
    expect(blocked.map(({ name }) => name)).toContain("Priority support: hours of Enterprise");
    expect(blocked[0]?.fix).toContain("Schedules");
  });

  test("a user who may not read, once per kind", () => {
    const closed = inventory({ sla_policy: { because: "role" }, trigger: { because: "role" } });
    const blocked = only(planFor(RULES, closed), "blocked");
    expect(blocked.map(({ name }) => name)).toEqual(["SLA policies", "triggers"]);
    expect(blocked[0]?.fix).toContain("administrator");
  });

  test("conditions that this account does not offer", () => {
    const definitions = { ...BARE.definitions, slaFilter: { brand_id: ["is"] } };
    const blocked = only(planFor(RULES, inventory({}, { definitions })), "blocked");
    expect(blocked.map(({ kind }) => kind)).toEqual(Array(4).fill("sla_policy"));
    expect(blocked[0]?.why).toContain("current_tags includes");
  });
});

describe("a plan of the desk that lacks something", () => {
  test("does without SLA policies and says that no clock runs", () => {
    const poor = inventory({ sla_policy: { because: "plan" } });
    const made = planFor(RULES, poor);
    expect(made.changes.some(({ kind }) => kind === "sla_policy")).toBe(false);
    expect(made.remarks.find(({ about }) => about === "SLA policies")?.message).toContain("no clock");
    expect(steps(planFor(RULES, carriedOut(made, poor)))).toEqual([]);
  });

  test("keeps our triggers first and last without categories", () => {
    const theirs = foreignTrigger("77", "Theirs", [{ field: "current_tags", value: "x" }]);
    const plain = inventory({ trigger_category: { because: "plan" }, trigger: [theirs] });
    const after = carriedOut(planFor(RULES, plain), plain);
    const names = (after.kinds.trigger as readonly DeskObject[]).map(({ name }) => name);
    expect(names[0]).toBe("Priority support: new tickets of Enterprise Support (add-on)");
    expect(names.indexOf("Theirs")).toBe(names.indexOf("Priority support: tell of new tickets") - 1);
    expect(steps(planFor(RULES, after))).toEqual([]);
  });
});
