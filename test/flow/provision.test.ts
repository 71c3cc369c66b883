import { statSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { BEFORE, type Installation, install, PUBLIC_URL, secretIn } from "./provision-kit.ts";

const open: Installation[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function installed(options: Parameters<typeof install>[0] = {}): Promise<Installation> {
  const one = await install(options);
  open.push(one);
  return one;
}

const changes = (json: { readonly changes: readonly { action: string; kind: string; name: string }[] }) =>
  json.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);

describe("setting up a help desk", () => {
  test("plan, apply, a damage by hand, plan, apply, undo: each does what it says", async () => {
    const site = await installed();
    const before = site.setUp();
    const first = await site.run(["plan", "--json"]);
    expect([first.code, first.json().changes.some(({ action }) => action === "blocked")]).toEqual([0, false]);

    const applied = await site.run(["apply", "--yes"]);
    expect([applied.code, applied.err]).toEqual([0, ""]);
    const runId = /undo (\S+)/.exec(applied.out)?.[1] ?? "";
    const webhook = [...site.desk.state.webhooks.values()][0];
    expect(secretIn(site)).toBe(webhook?.secret);
    expect(statSync(site.secretFile).mode & 0o777).toBe(0o600);
    expect(applied.out).not.toContain(webhook?.secret);

    const second = await site.run(["plan"]);
    expect([second.code, second.out]).toEqual([
      0,
      expect.stringContaining("Nothing to do: the help desk is as the policy wants it."),
    ]);

    const trigger = [...site.desk.state.triggers.values()].find(({ title }) =>
      title.includes("new tickets of Pro"),
    );
    await site.call("PUT", `/triggers/${trigger?.id}`, { trigger: { active: false } });
    const damage = await site.run(["plan", "--json"]);
    expect(changes(damage.json())).toEqual(["drift trigger Priority support: new tickets of Pro"]);
    expect(damage.json().changes[0]?.why).toBe("Changed by somebody since: active.");
    const healed = (await site.run(["apply", "--yes", "--json"])).json();
    expect(healed.done.map(({ action, kind }) => `${action} ${kind}`)).toEqual(["change trigger"]);
    expect(site.desk.state.triggers.get(trigger?.id ?? "")?.active).toBe(true);

    const early = await site.run(["undo", runId, "--json", "--dry-run"]);
    expect(early.json().left[0]?.why).toBe(`a later run changed it: ${healed.runId}`);
    expect((await site.run(["undo", healed.runId])).code).toBe(0);
    expect(site.desk.state.triggers.get(trigger?.id ?? "")?.active).toBe(false);
    // What somebody switched off stays with what it needs, and is named.
    const partly = (await site.run(["undo", runId, "--json"])).json();
    expect(partly.left.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      'trigger "Priority support: new tickets of Pro": somebody has changed it since: active',
      'trigger category "Priority support: first [ps_]": trigger "Priority support: new tickets of Pro" stays and names it',
      'group "Premier Support": trigger "Priority support: new tickets of Pro" stays and names it',
      'organization field "ps_tier": trigger "Priority support: new tickets of Pro" stays and names it',
    ]);
    await site.call("PUT", `/triggers/${trigger?.id}`, { trigger: { active: true } });
    const wholly = await site.run(["undo", runId, "--json"]);
    expect([wholly.code, wholly.json().left, wholly.json().failed]).toEqual([0, [], []]);
    expect(site.setUp()).toEqual(before);
  }, 60_000);

  test("whatever people change by hand is seen object by object, healed by one apply, and comes back with its undo", async () => {
    const site = await installed();
    await site.run(["apply", "--yes"]);
    const { state } = site.desk;
    const idOf = (records: Iterable<{ readonly id: string }>, is: (one: never) => boolean): string =>
      [...records].find((one) => is(one as never))?.id ?? "";
    const titled = (title: string) => (one: { title: string }) => one.title === title;
    const [pro, standard] = ["PS Pro", "PS Standard"].map((title) =>
      idOf(state.slaPolicies.values(), titled(title)),
    );
    const metrics = state.slaPolicies
      .get(pro ?? "")
      ?.metrics.map((one) => ({ ...one, target: one.target + 5 }));
    await site.call("PUT", `/slas/policies/${pro}`, {
      sla_policy: { title: "PS Pro", filter: { all: [], any: [] }, policy_metrics: metrics },
    });
    await site.call("PUT", "/slas/policies/reorder", { sla_policy_ids: [standard, pro].map(Number) });
    const [webhook] = state.webhooks.values();
    await site.call("PATCH", `/webhooks/${webhook?.id}`, { webhook: { status: "inactive" } });
    const view = idOf(state.views.values(), titled("Support tier: Pro"));
    await site.call("DELETE", `/views/${view}`);
    const field = idOf(state.organizationFields.values(), (one: { key: string }) => one.key === "ps_basis");
    await site.call("PUT", `/organization_fields/${field}`, { organization_field: { active: false } });
    const edited = site.setUp();

    const seen = (await site.run(["plan", "--json"])).json();
    expect(changes(seen).toSorted()).toEqual([
      "create view Support tier: Pro",
      "drift organization_field ps_basis",
      "drift sla_policy PS Pro",
      "drift webhook priority-support",
      "reorder sla_policy order",
    ]);
    const checked = (await site.run(["check"])).out;
    expect(checked).toMatch(
      /differs from the policy in 5 places: 1 missing, 3 changed by somebody, 1 in another order/,
    );
    const healed = (await site.run(["apply", "--yes", "--json"])).json();
    expect([healed.done.length, (await site.run(["plan", "--json"])).json().changes]).toEqual([5, []]);
    const back = await site.run(["undo", healed.runId, "--json"]);
    expect([back.code, back.json().left, back.json().failed]).toEqual([0, [], []]);
    expect(site.setUp()).toEqual(edited);
  }, 60_000);

  test("an apply that is killed again and again is finished by the next one, and makes nothing twice", async () => {
    const site = await installed({ latencyMs: 8 });
    const before = site.setUp();
    const writes = (): number =>
      site.desk.journal.filter(({ method, path }) => method !== "GET" && path.startsWith("/api")).length;
    for (const more of [1, 6, 9]) {
      const until = writes() + more;
      await site.killed(["apply", "--yes"], () => writes() >= until);
    }
    const last = await site.run(["apply", "--yes", "--json"]);
    expect([last.code, last.json().refused]).toEqual([0, []]);
    expect((await site.run(["plan", "--json"])).json().changes).toEqual([]);
    expect([
      site.desk.state.groups.size,
      site.desk.state.webhooks.size,
      site.desk.state.slaPolicies.size,
    ]).toEqual([2, 1, 2]);
    expect(secretIn(site)).toBe([...site.desk.state.webhooks.values()][0]?.secret);
    expect((await site.run(["uninstall", "--yes"])).code).toBe(0);
    expect(site.setUp()).toEqual(before);
  }, 90_000);

  test("uninstalling keeps fields with values until they are to be cleared, and then nothing is left", async () => {
    const site = await installed();
    const before = site.setUp();
    await site.run(["apply", "--yes"]);
    await site.call("PUT", "/organizations/61", {
      organization: { organization_fields: { ps_tier: "ps_tier_pro" } },
    });
    const asked = await site.run(["uninstall"]);
    expect([asked.code, asked.out]).toEqual([1, expect.stringContaining("Nothing was done.")]);
    site.pass(120_000);

    const kept = await site.run(["uninstall", "--yes"]);
    expect(kept.code).toBe(1);
    expect(kept.out).toContain('organization field "ps_tier": values have been written to it');
    expect([
      site.desk.state.webhooks.size,
      site.desk.state.slaPolicies.size,
      site.desk.state.triggers.size,
    ]).toEqual([0, 0, 1]);
    expect(site.desk.state.organizations.get("61")?.fields.ps_tier).toBe("ps_tier_pro");
    expect((await site.run(["uninstall", "--yes", "--clear-values"])).code).toBe(0);
    expect(site.setUp()).toEqual(before);
    expect(site.desk.state.organizations.get("61")?.tags).toEqual([]);
  }, 60_000);

  test("what was adopted comes back as it was, and in its place", async () => {
    const everyone = {
      id: 800,
      title: "Everyone",
      position: 1,
      filter: { all: [], any: [] },
      policy_metrics: [{ priority: "high", metric: "first_reply_time", target: 480, business_hours: false }],
    };
    const hand = {
      id: "01HANDMADE",
      name: "Hand-made",
      status: "active",
      endpoint: `${PUBLIC_URL}/webhooks/zendesk/`,
      http_method: "POST",
      request_format: "json",
      subscriptions: ["conditional_ticket_events"],
      secret: "hand-made-secret",
    };
    const pro = { ...everyone, id: 801, title: "PS Pro", position: 2, description: "Made by hand" };
    const site = await installed({ seed: { ...BEFORE, sla_policies: [everyone, pro], webhooks: [hand] } });
    const before = site.setUp();
    const careful = await site.run(["apply", "--yes", "--json"]);
    expect(careful.code).toBe(1);
    expect(new Set(careful.json().blocked.map(({ name }) => name))).toEqual(new Set(["Everyone", "PS Pro"]));
    expect((await site.run(["apply", "--yes", "--adopt", "--json"])).code).toBe(0);
    expect(secretIn(site)).toBe("hand-made-secret");
    expect((await site.run(["plan", "--adopt", "--json"])).json().changes).toEqual([]);
    const titles = [...site.desk.state.slaPolicies.values()]
      .sort((a, b) => a.position - b.position)
      .map(({ title }) => title);
    expect(titles).toEqual(["PS Pro", "PS Standard", "Everyone"]);
    expect((await site.run(["uninstall", "--yes"])).code).toBe(0);
    expect(site.setUp()).toEqual(before);
  }, 60_000);
});
