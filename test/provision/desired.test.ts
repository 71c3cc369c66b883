import { describe, expect, test } from "@jest/globals";
import type { Policy, SlaPolicy } from "../../src/policy/model.ts";
import { desiredFields } from "../../src/policy/reconcile.ts";
import type { ProvisionFields, ProvisionKind } from "../../src/ports.ts";
import { type AccountFacts, UNKNOWN_ACCOUNT } from "../../src/provision/account-facts.ts";
import { desired } from "../../src/provision/desired.ts";
import type { Ref, WantedOf } from "../../src/provision/desired-model.ts";
import { refsIn } from "../../src/provision/plan-names.ts";
import { account, policy, withTier } from "../builders.ts";

const SEEING: AccountFacts = {
  ...UNKNOWN_ACCOUNT,
  schedules: ["Business", "Extended"],
  tellsChange: ["organization_id", "requester_id"],
};
const URL = "https://support.acme.example/";

const wanted = (rules: Policy = policy(), facts = SEEING, publicUrl: string | null = URL) =>
  desired(rules, { publicUrl, account: facts });

function ofKind<K extends ProvisionKind>(
  kind: K,
  rules?: Policy,
  facts?: AccountFacts,
): readonly WantedOf<K>[] {
  return wanted(rules, facts).objects.filter((one) => one.kind === kind) as unknown as readonly WantedOf<K>[];
}

function fieldsOf<K extends ProvisionKind>(kind: K, key: string, rules?: Policy): ProvisionFields<Ref>[K] {
  const found = ofKind(kind, rules).find((one) => one.key === key);
  if (found === undefined) throw new Error(`no ${kind} ${key}`);
  return found.fields;
}

/** Webhook and body of a trigger's call. */
function calledBy({ actions }: ProvisionFields<Ref>["trigger"]): readonly [Ref, string] {
  const value = actions.find(({ field }) => field === "notification_webhook")?.value;
  if (!Array.isArray(value)) throw new Error("it calls nothing");
  return value as unknown as readonly [Ref, string];
}

describe("fields", () => {
  test.each([false, true])("of organizations are those a sync writes (ARR copied: %s)", (writeArr) => {
    const rules = policy({ desk: { ...policy().desk, writeArr } });
    const one = { accountId: "acme", account: account(), verdict: { tier: "pro", basis: "plan" } as const };
    const written = [...Object.keys(desiredFields(one, rules)), "ps_changed_at"];
    expect(
      ofKind("organization_field", rules)
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(written.toSorted());
  });

  test("carry the tier's tag as option, on organization and ticket alike", () => {
    const tags = policy().tiers.map((tier) => `ps_tier_${tier.id}`);
    expect(fieldsOf("organization_field", "ps_tier").options.map(({ tag }) => tag)).toEqual(tags);
    expect(fieldsOf("organization_field", "ps_tier").type).toBe("dropdown");
    expect(fieldsOf("ticket_field", "tier").options.map(({ tag }) => tag)).toEqual(tags);
  });
});

test("every group the policy names is wanted once", () => {
  expect(ofKind("group").map(({ name }) => name)).toEqual([
    "Support",
    "Priority Support",
    "Enterprise Support",
    "Premier Support",
    "On-call",
  ]);
});

describe("SLA policies", () => {
  test("stand highest tier first and look at the ticket's tier tag alone", () => {
    const all = ofKind("sla_policy");
    expect(all.map(({ name }) => name)).toEqual([
      "PS Enterprise Support",
      "PS Enterprise",
      "PS Pro",
      "PS Standard",
    ]);
    expect(all[1]?.fields.filter).toEqual({
      all: [{ field: "current_tags", operator: "includes", value: "ps_tier_enterprise" }],
      any: [],
    });
  });

  test("promise minutes per metric and priority, in business hours unless the schedule is always open", () => {
    const { targets } = fieldsOf("sla_policy", "PS Enterprise");
    expect(targets).toHaveLength(11);
    expect(targets).toEqual(
      expect.arrayContaining([
        { metric: "first_reply_time", priority: "urgent", minutes: 60, businessHours: false },
        { metric: "first_reply_time", priority: "low", minutes: 480, businessHours: true },
        { metric: "requester_wait_time", priority: "normal", minutes: 4320, businessHours: true },
      ]),
    );
    expect(targets.filter(({ metric }) => metric === "first_reply_time")).toHaveLength(4);
  });

  test("without commitment to a resolution have no such row", () => {
    const { targets } = fieldsOf("sla_policy", "PS Standard");
    expect(targets.some(({ metric }) => metric === "requester_wait_time")).toBe(false);
  });

  test("that two tiers share look for either tag and are made once", () => {
    const shared = withTier(policy(), "enterprise", () => ({ slaPolicy: "PS Enterprise Support" }));
    const all = ofKind("sla_policy", shared);
    expect(all.filter(({ name }) => name === "PS Enterprise Support")).toHaveLength(1);
    expect(all[0]?.fields.filter.all[0]?.value).toBe("ps_tier_enterprise_support ps_tier_enterprise");
  });

  test("whose targets the policy does not state are left to people, and the plan says so", () => {
    const none = { urgent: null, high: null, normal: null, low: null };
    const unstated: SlaPolicy = { first_reply: none, next_reply: none, resolution: none };
    const rules = policy({ slaPolicies: { ...policy().slaPolicies, "PS Pro": unstated } });
    expect(ofKind("sla_policy", rules).map(({ name }) => name)).not.toContain("PS Pro");
    expect(wanted(rules).remarks.map(({ about }) => about)).toContain("SLA policy PS Pro");
  });
});

describe("opening hours", () => {
  const hours = (facts: AccountFacts, rules?: Policy): readonly unknown[] =>
    ofKind("trigger", rules, facts)
      .filter(({ key }) => key.startsWith("hours/"))
      .map(({ key, fields }) => [key, fields.actions[0]?.value]);

  test("are set for every tier as soon as one needs others than the account's first", () => {
    expect(hours(SEEING)).toEqual([
      ["hours/enterprise_support", { ref: "schedule:Extended" }],
      ["hours/enterprise", { ref: "schedule:Extended" }],
      ["hours/pro", { ref: "schedule:Business" }],
      ["hours/standard", { ref: "schedule:Business" }],
    ]);
  });

  test("need no trigger where all tiers run on the account's first schedule", () => {
    const { "PS Pro": pro, ...rest } = policy().slaPolicies;
    if (pro === undefined) throw new Error("the example has PS Pro");
    const same = Object.fromEntries(Object.keys({ ...rest, "PS Pro": pro }).map((name) => [name, pro]));
    expect(hours(SEEING, policy({ slaPolicies: same }))).toEqual([]);
  });

  test("that the account does not have at all are remarked, not planned", () => {
    const none = { ...SEEING, schedules: null };
    expect(hours(none)).toEqual([]);
    expect(wanted(policy(), none).remarks.map(({ about }) => about)).toContain("schedules");
  });

  test("of two kinds within one tier cannot be had, and the plan says so", () => {
    const base = policy().slaPolicies["PS Pro"];
    if (base === undefined) throw new Error("the example has PS Pro");
    const mixed = {
      ...base,
      first_reply: { ...base.first_reply, urgent: { minutes: 30, schedule: "extended" } },
    };
    const rules = policy({ slaPolicies: { ...policy().slaPolicies, "PS Pro": mixed } });
    expect(wanted(rules).remarks.find(({ about }) => about === "tier pro")?.message).toContain(
      "one schedule a ticket",
    );
  });
});

describe("telling us of tickets", () => {
  test("takes one webhook at PUBLIC_URL, fired by triggers", () => {
    expect(fieldsOf("webhook", "webhook")).toMatchObject({
      endpoint: "https://support.acme.example/webhooks/zendesk",
      firedBy: "triggers",
      active: true,
    });
  });

  test("sends ids, lists and tags, and no free text", () => {
    const [webhook, body] = calledBy(fieldsOf("trigger", "tell/created"));
    expect(webhook).toEqual({ ref: "webhook:webhook" });
    expect(Object.keys(JSON.parse(body)).toSorted()).toEqual(
      [
        ...["actor_id", "event", "group_id", "organization_id", "priority", "requester_id", "schema", "tags"],
        ...["ticket_id", "updated_at"],
      ].toSorted(),
    );
    expect(body).not.toMatch(/title|subject|description|comment|name|email/);
  });

  test("says which event it is, so that a changed requester does not pass for a new ticket", () => {
    const events = ofKind("trigger")
      .filter(({ key }) => key.startsWith("tell/"))
      .map(({ fields }) => JSON.parse(calledBy(fields)[1]).event);
    expect(events).toEqual(["created", "organization_changed", "requester_changed"]);
  });

  test("keeps to what the account's triggers can see, and says what is lost", () => {
    const blind = wanted(policy(), UNKNOWN_ACCOUNT);
    const tell = blind.objects.filter(({ key }) => key.startsWith("tell/")).map(({ key }) => key);
    expect(tell).toEqual(["tell/created"]);
    expect(blind.remarks.map(({ message }) => message).join()).toContain("organization and requester change");
  });

  test("leaves skipped channels, tags and staff alone", () => {
    const rules = policy({ scope: { ...policy().scope, skipChannels: ["email"] } });
    const conditions = fieldsOf("trigger", "tell/created", rules).conditions.all;
    expect(conditions.map(({ field, value }) => `${field} ${String(value)}`)).toEqual([
      "update_type Create",
      "requester_role 4",
      "requester_role 2",
      "current_tags ps_skip",
      "via_id 4",
    ]);
  });

  test("is not possible without an address, and the plan says so", () => {
    const silent = wanted(policy(), SEEING, null);
    expect(silent.objects.some(({ kind }) => kind === "webhook")).toBe(false);
    expect(silent.objects.some(({ key }) => key.startsWith("tell/"))).toBe(false);
    expect(silent.remarks.find(({ about }) => about === "webhook")?.fix).toContain("PUBLIC_URL");
  });
});

describe("what agents work with", () => {
  test("is a view of unsolved tickets per tier", () => {
    expect(ofKind("view").map(({ name }) => name)).toEqual([
      "Support tier: Enterprise Support (add-on)",
      "Support tier: Enterprise",
      "Support tier: Pro",
      "Support tier: Standard",
    ]);
  });

  test("are macros that escalate without a public reply and without stopping a clock", () => {
    const macros = ofKind("macro");
    expect(macros.map(({ key }) => key)).toEqual(["escalate", "hand-over/On-call"]);
    for (const { fields } of macros) {
      expect(fields.actions).toContainEqual({ field: "comment_mode_is_public", value: "false" });
      expect(fields.actions.map(({ field }) => field)).not.toContain("status");
    }
  });

  test("are queues by tier tag only where the desk routes by queues of its own", () => {
    expect(ofKind("queue")).toEqual([]);
    const queues = ofKind("queue", policy(), { ...SEEING, customQueues: true });
    expect(queues.map(({ fields }) => [fields.primaryGroups, fields.secondaryGroups])).toEqual([
      [[{ ref: "group:Premier Support" }], [{ ref: "group:Enterprise Support" }]],
      [
        [{ ref: "group:Enterprise Support" }],
        [{ ref: "group:Premier Support" }, { ref: "group:Priority Support" }],
      ],
      [[{ ref: "group:Priority Support" }], [{ ref: "group:Support" }]],
      [[{ ref: "group:Support" }], []],
    ]);
  });
});

test("whatever is named is made before, or is there already", () => {
  const made = new Set<string>();
  for (const { kind, key, fields } of wanted(policy(), { ...SEEING, customQueues: true }).objects) {
    for (const ref of refsIn(fields))
      expect(/^(brand|form|schedule):/.test(ref) || made.has(ref.replace(/#.*/, ""))).toBe(true);
    made.add(`${kind}:${key}`);
  }
});

test("every object says what it is for, and carries our mark where the desk has room for one", () => {
  for (const one of wanted().objects) {
    expect(one.why).toMatch(/\.$/);
    const text = "description" in one.fields ? one.fields.description : one.fields.name;
    expect(text).toMatch(/\[(priority-support )?ps_/);
  }
});
