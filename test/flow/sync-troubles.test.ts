import { afterEach, describe, expect, test } from "@jest/globals";
import { type Local, local } from "../connectors/hubspot-standin.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function world(options: WorldOptions): Promise<World> {
  const made = await startWorld(options);
  open.push(made);
  return made;
}

function tierOn(w: World, role: string): unknown {
  return w.desk.state.organizations.get(w.customer(role).organizationId)?.fields.ps_tier;
}

describe("a sync that meets trouble half-way", () => {
  test("a token that loses a scope stops it with the scope's name, and it goes on where it was", async () => {
    const w = await world({ synced: false });
    const lost = w.crm.fault({
      method: "POST",
      path: /batch\/read$/,
      status: 403,
      body: {
        status: "error",
        category: "MISSING_SCOPES",
        message: "This app hasn't been granted all required scopes",
        errors: [
          {
            message: "One or more of the following scopes are required.",
            context: { requiredGranularScopes: ["crm.objects.companies.read"] },
          },
        ],
      },
    });
    await expect(w.service.sync("changed")).rejects.toMatchObject({
      fix: expect.stringContaining("crm.objects.companies.read"),
    });
    expect(await w.service.store.register.cursor("crm:hubspot")).toBeNull();
    lost();
    const report = await w.service.sync("changed");
    expect(report?.intake.changed).toBe(w.data.companies.length);
    expect(tierOn(w, "addon_tam")).toBe("ps_tier_enterprise_support");
  });

  test("a help desk that is down while organizations are written leaves them marked, and the next run writes them", async () => {
    const w = await world({ synced: false });
    const down = w.desk.fault({
      method: "PUT",
      path: /update_many$/,
      status: 503,
      headers: { "retry-after": "1" },
      body: {},
    });
    await w.service.sync("changed").catch(() => null);
    down();
    const report = await w.until("the help desk to take calls again", () =>
      w.service.sync("changed").catch(() => null),
    );
    expect(report.intake.changed).toBe(0);
    expect(report.organizations).toBeGreaterThan(20);
    expect(tierOn(w, "arr_eur")).toBe("ps_tier_enterprise");
  });

  test("two organizations that carry one external id in different case are not guessed between", async () => {
    const w = await world({ synced: false });
    const company = w.customer("arr_eur").companyId;
    for (const [key, organization] of [...w.desk.state.organizations].slice(-2))
      w.desk.state.organizations.set(key, {
        ...organization,
        externalId: `${organization === [...w.desk.state.organizations.values()].at(-1) ? "HUBSPOT" : "hubspot"}:${company}`,
      });
    const report = await w.service.sync("changed");
    expect(report?.inReview.filter((r) => r.accountId === `hubspot:${company}`).map((r) => r.code)).toContain(
      "several_organizations",
    );
    expect(tierOn(w, "arr_eur")).toBeUndefined();
  });

  test("an organization that is renamed during the run keeps its link and its new name", async () => {
    const w = await world({ synced: false });
    const { organizationId, companyId } = w.customer("arr_eur");
    await w.service.sync("changed");
    w.desk.updateOrganization(organizationId, { name: "Bergfels Gruppe" });
    w.crm.setCompany(companyId, { plan_tier: "Enterprise" });
    w.clock.advanceTo(w.clock.now() + 61_000);
    await w.service.sync("changed");
    expect(w.desk.state.organizations.get(organizationId)).toMatchObject({
      name: "Bergfels Gruppe",
      fields: { ps_basis: "plan" },
    });
  });

  test("a job row that fails is named, and tried again at the next run", async () => {
    const w = await world({ synced: false });
    const { organizationId } = w.customer("arr_eur");
    const record = w.desk.state.organizations.get(organizationId);
    await w.service.sync("changed");
    if (record === undefined) throw new Error("no organization");
    w.desk.state.organizations.delete(organizationId);
    w.crm.setCompany(w.customer("arr_jpy").companyId, { arr: "99000000" });
    w.crm.setCompany(w.data.companies.find((c) => c.role === "arr_eur")?.id ?? "", {
      plan_tier: "Enterprise",
    });
    w.clock.advanceTo(w.clock.now() + 1_000);
    const failed = await w.service.sync("changed");
    expect(failed?.failed.map((f) => f.accountId)).toEqual([
      `hubspot:${w.data.companies.find((c) => c.role === "arr_eur")?.id}`,
    ]);
    expect(tierOn(w, "arr_jpy")).toBe("ps_tier_enterprise");
  });
});

describe("telling people", () => {
  const posts: string[] = [];
  let channel: Local;

  async function told(options: WorldOptions): Promise<World> {
    posts.splice(0);
    channel = await local((_request, response, body) => {
      posts.push(body);
      response.end("ok");
    });
    return world({ ...options, env: { SLACK_WEBHOOK_URL: `${channel.url}/services/T/B/x` } });
  }

  test("a sync that needs a person is told once, with what to do, however often it fails", async () => {
    const w = await told({
      synced: false,
      policy: (text) => text.replace("plan: plan_tier", "plan: plan_teir"),
    });
    for (let i = 0; i < 3; i++) await expect(w.service.sync("changed")).rejects.toThrow("plan_teir");
    expect(posts).toHaveLength(1);
    expect(posts[0]).toContain("plan_tier");
    await channel.close();
  });

  test("a hiccup of the CRM is no news", async () => {
    const w = await told({ synced: false });
    w.crm.fault({ method: "GET", path: /details|companies/, times: 20, status: 502, body: {} });
    await w.service.sync("changed").catch(() => null);
    expect(posts).toEqual([]);
    await channel.close();
  });

  test("while simulating nobody is told anything", async () => {
    const w = await told({
      synced: false,
      simulate: true,
      policy: (text) => text.replace("plan: plan_tier", "plan: plan_teir"),
    });
    await expect(w.service.sync("changed")).rejects.toThrow("plan_teir");
    expect(posts).toEqual([]);
    await channel.close();
  });
});
