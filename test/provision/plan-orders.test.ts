import { describe, expect, test } from "@jest/globals";
import type { DeskObject, Inventory, ProvisionConditions } from "../../src/ports.ts";
import { overlapOf } from "../../src/provision/overlap.ts";
import { policy, withTier } from "../builders.ts";
import {
  ADOPTING,
  CAREFUL,
  carriedOut,
  foreignSla,
  foreignTrigger,
  inventory,
  object,
  planFor,
} from "./pretend-desk.ts";

const RULES = withTier(policy(), "enterprise", () => ({
  nativeTrigger: { priority: "high", group: "Enterprise Support" },
}));
const EVERYTHING: ProvisionConditions<string> = { all: [], any: [] };
const tagged = (value: string): ProvisionConditions<string> => ({
  all: [{ field: "current_tags", operator: "includes", value }],
  any: [],
});
const names = (desk: Inventory, kind: "sla_policy" | "trigger" | "trigger_category" | "queue") =>
  (desk.kinds[kind] as readonly DeskObject[]).map(({ name }) => name);
const OURS = ["PS Enterprise Support", "PS Enterprise", "PS Pro", "PS Standard"];

describe("SLA policies in the wrong order", () => {
  const made = carriedOut(planFor(RULES, inventory()), inventory());

  test("are put right among themselves, in the places they have", () => {
    const all = made.kinds.sla_policy as readonly DeskObject[];
    const between = foreignSla("900", "Phone calls", tagged("phone"), 3);
    const [a, b, c, d] = all;
    const desk = {
      ...made,
      kinds: { ...made.kinds, sla_policy: [d, between, b, c, a] },
    } as unknown as Inventory;
    const plan = planFor(RULES, desk);
    expect(plan.changes).toMatchObject([
      {
        action: "reorder",
        kind: "sla_policy",
        fields: [
          { from: ["PS Standard", "Phone calls", "PS Enterprise", "PS Pro", "PS Enterprise Support"] },
        ],
      },
    ]);
    const after = carriedOut(plan, desk);
    expect(names(after, "sla_policy")).toEqual([
      "PS Enterprise Support",
      "Phone calls",
      "PS Enterprise",
      "PS Pro",
      "PS Standard",
    ]);
    expect(planFor(RULES, after).changes).toEqual([]);
  });
});

describe("somebody else's SLA policy above ours", () => {
  const greedy = foreignSla("900", "Everyone", EVERYTHING, 1);
  const desk = inventory({ sla_policy: [greedy] });

  test("that takes every ticket is named with those it hides, and left where it is", () => {
    const plan = planFor(RULES, desk);
    const found = plan.changes.find(({ name }) => name === "Everyone");
    expect(found).toMatchObject({ action: "blocked", write: null });
    for (const title of OURS) expect(found?.why).toContain(title);
    expect(found?.fix).toContain("--adopt");
    expect(names(carriedOut(plan, desk), "sla_policy")).toEqual(["Everyone", ...OURS]);
  });

  test("is passed only when adopting", () => {
    const after = carriedOut(planFor(RULES, desk, ADOPTING), desk);
    expect(names(after, "sla_policy")).toEqual([...OURS, "Everyone"]);
    expect(planFor(RULES, after, ADOPTING).changes).toEqual([]);
    expect(planFor(RULES, after).changes).toEqual([]);
  });

  test("that takes some of them is a remark, and stays above even when adopting", () => {
    const brand = { all: [{ field: "brand_id", operator: "is", value: "502" }], any: [] };
    const labs = inventory({ sla_policy: [foreignSla("900", "Labs", brand, 1)] });
    const plan = planFor(RULES, labs, ADOPTING);
    expect(plan.remarks.map(({ about }) => about)).toContain("SLA policy Labs");
    expect(names(carriedOut(plan, labs), "sla_policy")).toEqual(["Labs", ...OURS]);
  });

  test("that serves a tier as wanted is not moved either, unless adopting", () => {
    const made = carriedOut(planFor(RULES, inventory()), inventory());
    const all = made.kinds.sla_policy as readonly DeskObject[];
    const [a, b, c, d] = all;
    if (d?.kind !== "sla_policy") throw new Error("the lowest is there");
    const theirs = object("sla_policy", "900", { ...d.fields, description: "by hand" }, 0);
    const kinds = { ...made.kinds, sla_policy: [theirs, a, b, c] };
    const wrong = { ...made, kinds } as unknown as Inventory;
    expect(planFor(RULES, wrong, CAREFUL).changes).toMatchObject([{ action: "blocked", name: "order" }]);
    const after = carriedOut(planFor(RULES, wrong, ADOPTING), wrong);
    expect(names(after, "sla_policy")).toEqual(OURS);
  });
});

describe("how far other conditions take a tier's tickets", () => {
  test.each<[string, ProvisionConditions<string>, string]>([
    ["no conditions", EVERYTHING, "always"],
    ["the tier's own tag", tagged("vip ps_tier_pro"), "always"],
    ["another tag", tagged("vip"), "sometimes"],
    [
      "not the tier's tag",
      { all: [{ field: "current_tags", operator: "not_includes", value: "ps_tier_pro" }], any: [] },
      "never",
    ],
    ["an alternative that always holds", { all: [], any: [...tagged("ps_tier_pro").all] }, "always"],
    [
      "alternatives that depend on the ticket",
      { all: [], any: [{ field: "brand_id", operator: "is", value: "1" }] },
      "sometimes",
    ],
    [
      "alternatives that all exclude it",
      { all: [], any: [{ field: "current_tags", operator: "not_includes", value: "ps_tier_pro" }] },
      "never",
    ],
  ])("%s", (_what, conditions, expected) => {
    expect(overlapOf(conditions, "ps_tier_pro")).toBe(expected);
  });
});

describe("triggers", () => {
  const category = object("trigger_category", "400", { name: "Initial" }, 1);
  const theirs = foreignTrigger("77", "Alarms are urgent", [{ field: "priority", value: "urgent" }], {
    category: "400",
  });
  const desk = inventory({ trigger_category: [category], trigger: [theirs] });

  test("of ours stand in categories before and after everybody else's", () => {
    const plan = planFor(RULES, desk);
    const after = carriedOut(plan, desk);
    expect(names(after, "trigger_category")).toEqual([
      "Priority support: first [ps_]",
      "Initial",
      "Priority support: last [ps_]",
    ]);
    expect(planFor(RULES, after).changes).toEqual([]);
  });

  test("are put back in front when somebody sets one before them", () => {
    const made = carriedOut(planFor(RULES, desk), desk);
    const all = made.kinds.trigger as readonly DeskObject[];
    const native = all.find(({ name }) => name === "Priority support: new tickets of Enterprise");
    const turned = [...all.filter((one) => one !== native), ...(native === undefined ? [] : [native])];
    const wrong = { ...made, kinds: { ...made.kinds, trigger: turned } } as unknown as Inventory;
    const plan = planFor(RULES, wrong);
    expect(plan.changes).toMatchObject([{ action: "reorder", kind: "trigger" }]);
    expect(planFor(RULES, carriedOut(plan, wrong)).changes).toEqual([]);
  });

  test("of others that set priority after ours are named", () => {
    const { remarks } = planFor(RULES, desk);
    expect(remarks.find(({ message }) => message.includes("Alarms are urgent"))?.message).toContain(
      "set by automation",
    );
  });

  test.each<[string, Parameters<typeof foreignTrigger>[2], object, string]>([
    [
      "that may overwrite us on every update",
      [{ field: "group_id", value: "12" }],
      { conditions: { all: [], any: [] } },
      "overwrite what the service wrote",
    ],
    ["that replace all tags", [{ field: "set_tags", value: "only" }], {}, "replace all tags"],
  ])("of others %s are named", (_what, actions, changes, expected) => {
    const rude = foreignTrigger("78", "Rude", actions, changes);
    const { remarks } = planFor(RULES, inventory({ trigger: [rude] }));
    const about = remarks.filter(({ message }) => message.includes("Rude"));
    expect(about.map(({ message }) => message).join("\n")).toContain(expected);
  });

  test("of others that are switched off, or do none of this, are not", () => {
    const calm = [
      foreignTrigger("78", "Off", [{ field: "priority", value: "low" }], { active: false }),
      foreignTrigger("79", "Calm", [{ field: "current_tags", value: "x" }]),
    ];
    const { remarks } = planFor(RULES, inventory({ trigger: calm }));
    expect(remarks.filter(({ message }) => /Off|Calm/.test(message))).toEqual([]);
  });
});

describe("a webhook that calls our address already", () => {
  const fields = {
    name: "By hand",
    description: "",
    endpoint: "https://support.acme.example/webhooks/zendesk/",
    active: true,
    readable: true,
    firedBy: "triggers",
    events: [],
  } as const;

  test("is not made a second time; its trigger is named", () => {
    const caller = foreignTrigger("77", "Tell them", [
      { field: "notification_webhook", value: ["01OLD", "{}"] },
    ]);
    const desk = inventory({ webhook: [object("webhook", "01OLD", fields)], trigger: [caller] });
    const plan = planFor(RULES, desk);
    // A slash at the end of the address makes no difference.
    expect(plan.changes.filter(({ kind }) => kind === "webhook")).toEqual([]);
    expect(plan.remarks.find(({ about }) => about === "webhook")?.message).toContain("Tell them");
    const exact = { ...fields, endpoint: "https://support.acme.example/webhooks/zendesk" };
    const same = inventory({ webhook: [object("webhook", "01OLD", exact)], trigger: [caller] });
    expect(planFor(RULES, same).changes.some(({ kind }) => kind === "webhook")).toBe(false);
  });

  test("for events is left, and told", () => {
    const events = { ...fields, firedBy: "events", events: ["zen:event-type:ticket.created"] } as const;
    const plan = planFor(RULES, inventory({ webhook: [object("webhook", "01OLD", events)] }));
    expect(plan.changes.filter(({ kind }) => kind === "webhook")).toMatchObject([{ action: "create" }]);
    expect(plan.remarks.find(({ about }) => about === "webhook")?.message).toContain("By hand");
  });
});

describe("a desk that routes by queues of its own", () => {
  const everything = object(
    "queue",
    "01Q",
    {
      name: "All tickets",
      description: "",
      priority: 1,
      conditions: EVERYTHING,
      primaryGroups: [],
      secondaryGroups: [],
    },
    1,
  );
  const desk = inventory({ queue: [everything] });

  test("gets a queue per tier, and hears which queue stands in the way", () => {
    const plan = planFor(RULES, desk);
    const created = plan.changes.filter(({ kind, action }) => kind === "queue" && action === "create");
    expect(created.map(({ name }) => name)).toHaveLength(4);
    expect(plan.changes.find(({ name }) => name === "All tickets")).toMatchObject({ action: "blocked" });
    expect(plan.remarks.map(({ about }) => about)).toContain("queues");
  });

  test("has ours in front when adopting", () => {
    const after = carriedOut(planFor(RULES, desk, ADOPTING), desk);
    expect(names(after, "queue").at(-1)).toBe("All tickets");
    expect(planFor(RULES, after, ADOPTING).changes).toEqual([]);
  });
});
