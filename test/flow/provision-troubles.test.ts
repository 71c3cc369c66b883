import { afterEach, describe, expect, test } from "@jest/globals";
import { BEFORE, type Installation, install, POLICY } from "./provision-kit.ts";

const open: Installation[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function installed(options: Parameters<typeof install>[0] = {}): Promise<Installation> {
  const one = await install(options);
  open.push(one);
  return one;
}

/** Plans, carries out, and answers what waits for a person. */
async function blockedIn(site: Installation) {
  const applied = await site.run(["apply", "--yes", "--json"]);
  expect(applied.code).toBe(1);
  return applied.json().blocked;
}

async function wellNow(site: Installation): Promise<void> {
  const again = await site.run(["apply", "--yes", "--json"]);
  expect([again.code, again.json().blocked, again.json().refused]).toEqual([0, [], []]);
}

describe("a help desk that is not ready", () => {
  test("two groups of one name are named, nothing that needs them is made, and the run after renaming heals", async () => {
    const twins = [
      ...BEFORE.groups,
      { id: 12, name: "Premier Support" },
      { id: 13, name: "Premier Support" },
    ];
    const site = await installed({ seed: { ...BEFORE, groups: twins } });
    const blocked = await blockedIn(site);
    expect(blocked.map(({ name }) => name)).toEqual([
      "Premier Support",
      "Priority support: new tickets of Pro",
    ]);
    expect(blocked[0]?.why).toContain("Premier Support (id 12), Premier Support (id 13)");
    expect(site.desk.state.slaPolicies.size).toBe(2);
    await site.call("PUT", "/groups/13", { group: { name: "Premier Support (old)" } });
    await wellNow(site);
  }, 60_000);

  test("a field key that another app uses with another type is told with both types", async () => {
    const taken = [{ id: 51, key: "ps_renewal", title: "Renewal", type: "text" }];
    const site = await installed({ seed: { ...BEFORE, organization_fields: taken } });
    const [blocked] = await blockedIn(site);
    expect(blocked?.name).toBe("ps_renewal");
    expect(blocked?.why).toContain("of type text; it must be date");
    expect(site.desk.state.organizationFields.get("51")?.type).toBe("text");
    await site.call("DELETE", "/organization_fields/51");
    await wellNow(site);
  }, 60_000);

  test("a group that is deleted comes again, and with it the trigger that named it", async () => {
    const site = await installed();
    await site.run(["apply", "--yes"]);
    const group = [...site.desk.state.groups.values()].find(({ name }) => name === "Premier Support");
    await site.call("DELETE", `/groups/${group?.id}`);
    const plan = (await site.run(["plan", "--json"])).json();
    expect(plan.changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      "create group",
      "change trigger",
    ]);
    expect(plan.changes[0]?.why).toContain("somebody deleted it");
    await wellNow(site);
  }, 60_000);

  test("a plan without SLA policies gets everything else, and is told what that means", async () => {
    const site = await installed({ slas: false });
    const applied = await site.run(["apply", "--yes", "--json"]);
    expect([applied.code, applied.json().blocked]).toEqual([0, []]);
    expect(site.desk.state.webhooks.size).toBe(1);
    const { changes, remarks } = (await site.run(["plan", "--json"])).json();
    expect(changes).toEqual([]);
    expect(remarks.map(({ message }) => message).join()).toContain("has no SLA policies");
  }, 60_000);

  test("a token of an agent changes nothing and is told whose token is needed", async () => {
    const site = await installed();
    const before = site.setUp();
    const applied = await site.run(["apply", "--yes", "--json"], { ZENDESK_EMAIL: "anna@sandbox.example" });
    expect(applied.code).toBe(1);
    const { blocked, refused } = applied.json();
    expect([...blocked, ...refused].some(({ fix }) => /administrator/i.test(fix))).toBe(true);
    expect(site.setUp()).toEqual(before);
    await wellNow(site);
  }, 60_000);

  test("somebody else's SLA policy above ours and a trigger that sets the priority after ours are named", async () => {
    const everyone = {
      id: 800,
      title: "Everyone",
      position: 1,
      filter: { all: [], any: [] },
      policy_metrics: [{ priority: "high", metric: "first_reply_time", target: 480, business_hours: false }],
    };
    const site = await installed({ seed: { ...BEFORE, sla_policies: [everyone] } });
    const applied = await site.run(["apply", "--yes", "--json"]);
    expect(applied.code).toBe(1);
    expect(applied.json().blocked.map(({ name }) => name)).toEqual(["Everyone"]);
    const plan = (await site.run(["plan", "--json"])).json();
    expect(plan.remarks.map(({ message }) => message).join(" ")).toContain("Alarms are urgent");
    await site.call("PUT", "/slas/policies/800", {
      sla_policy: {
        title: "Everyone",
        filter: { all: [{ field: "via_id", operator: "is", value: "4" }], any: [] },
      },
    });
    const healed = await site.run(["apply", "--yes", "--json"]);
    expect([healed.code, healed.json().blocked]).toEqual([0, []]);
  }, 60_000);

  test("an account that routes by queues of its own is offered a queue per tier, in front of its own only when adopting", async () => {
    const site = await installed();
    const { queue: own } = await site.call("POST", "/queues", {
      queue: {
        ...{ name: "Everything", description: "Made by hand", priority: 1, secondary_groups_id: [] },
        definition: { all: [], any: [] },
        primary_groups_id: [11],
      },
    });
    const before = site.setUp();
    const offered = (await site.run(["plan", "--json"]))
      .json()
      .changes.filter(({ kind }) => kind === "queue");
    expect(offered.map(({ action, name }) => `${action} ${name}`)).toEqual([
      "create Support tier: Pro",
      "create Support tier: Standard",
      "blocked Everything",
    ]);
    expect(offered.at(-1)?.fix).toMatch(/--adopt/);
    const adopted = await site.run(["apply", "--yes", "--adopt", "--json"]);
    expect([adopted.code, (await site.run(["plan", "--adopt", "--json"])).json().changes]).toEqual([0, []]);
    const inOrder = [...site.desk.state.queues.values()].sort((a, b) => a.order - b.order);
    expect(inOrder.map(({ name }) => name)).toEqual([
      "Support tier: Pro",
      "Support tier: Standard",
      "Everything",
    ]);
    expect(site.desk.state.queues.has(String((own as { id?: unknown }).id))).toBe(true);
    expect((await site.run(["uninstall", "--yes"])).code).toBe(0);
    expect(site.setUp()).toEqual(before);
  }, 60_000);

  test("an object that the desk refuses is told in its words, the rest is made, and the next run makes it", async () => {
    const site = await installed();
    const stop = site.desk.fault({
      path: /macros/,
      method: "POST",
      status: 422,
      body: { error: "RecordInvalid", details: { title: [{ description: "Title: is too rude" }] } },
      times: 1,
    });
    const applied = await site.run(["apply", "--yes", "--json"]);
    stop();
    expect(applied.code).toBe(1);
    expect(
      applied
        .json()
        .refused.map(({ why }) => why)
        .join(),
    ).toContain("Title: is too rude");
    await wellNow(site);
  }, 60_000);

  test("an answer that never came is looked up: the webhook is there once, and the run goes on", async () => {
    const site = await installed();
    site.desk.fault({
      path: /api\/v2\/webhooks$/,
      method: "POST",
      status: 502,
      afterApplying: true,
      times: 1,
    });
    site.desk.fault({ path: /api\/v2\/triggers$/, method: "POST", status: 503, times: 1 });
    const applied = await site.run(["apply", "--yes", "--json"]);
    expect([applied.code, applied.json().refused, applied.json().stopped]).toEqual([0, [], null]);
    expect(site.desk.state.webhooks.size).toBe(1);
    expect((await site.run(["plan", "--json"])).json().changes).toEqual([]);
  }, 60_000);
});

describe("asking before writing", () => {
  test("without a terminal apply asks for --yes, and while writing is paused it does nothing", async () => {
    const site = await installed();
    const before = site.setUp();
    const unasked = await site.run(["apply"]);
    expect([unasked.code, unasked.err]).toEqual([
      2,
      expect.stringContaining("fix: Look at `priority-support plan`"),
    ]);
    await site.run(["pause"], { ZENDESK_WEBHOOK_SECRET_FILE: "" });
    const paused = await site.run(["apply", "--yes"]);
    expect([paused.code, paused.err]).toEqual([1, expect.stringContaining("paused")]);
    expect(site.setUp()).toEqual(before);
    const unknown = await site.run(["undo", "no-such-run"]);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining("There is no run no-such-run.")]);
  }, 60_000);

  test("a policy that drops a tier's trigger takes ours away and tells what stays", async () => {
    const site = await installed();
    await site.run(["apply", "--yes"]);
    site.policy(POLICY.replace("    native_trigger: from_tier\n", ""));
    const { changes } = (await site.run(["plan", "--json"])).json();
    expect(changes.map(({ action, name }) => `${action} ${name}`)).toEqual([
      "remove Priority support: new tickets of Pro",
    ]);
    const applied = await site.run(["apply", "--yes", "--json"]);
    expect(applied.code).toBe(0);
    const back = await site.run(["undo", applied.json().runId, "--json"]);
    expect([back.code, back.json().undone.map(({ did }) => did)]).toEqual([0, ["made again"]]);
    expect([...site.desk.state.triggers.values()].map(({ title }) => title)).toContain(
      "Priority support: new tickets of Pro",
    );
  }, 60_000);
});
