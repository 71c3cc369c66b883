import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startWorld, type World } from "./world.ts";

let w: World;
beforeAll(async () => {
  w = await startWorld({ synced: false });
});
afterAll(() => w.close());

function fieldsOf(role: string): Readonly<Record<string, unknown>> {
  return w.desk.state.organizations.get(w.customer(role).organizationId)?.fields ?? {};
}

function writesSince(at: number): readonly string[] {
  return [...w.desk.journal, ...w.crm.journal]
    .filter((e) => e.at >= at && ["PUT", "PATCH", "DELETE"].includes(e.method))
    .map((e) => `${e.method} ${e.path}`)
    .concat(w.crm.journal.filter((e) => e.at >= at && e.path.endsWith("/batch/update")).map((e) => e.path));
}

async function later(ms: number): Promise<number> {
  w.clock.advanceTo(w.clock.now() + ms);
  return w.clock.now();
}

describe("CRM → help desk", () => {
  test("the first sync carries tier, basis and renewal onto organizations, and the label back", async () => {
    const report = await w.service.sync("changed");
    expect(report?.intake.changed).toBe(w.data.companies.length);
    expect(report?.failed).toEqual([]);
    expect(fieldsOf("addon_tam")).toMatchObject({
      ps_tier: "ps_tier_enterprise_support",
      ps_basis: "addon",
      ps_tam: "tess.amari@northwind.example",
    });
    expect(fieldsOf("arr_eur")).toMatchObject({ ps_tier: "ps_tier_enterprise", ps_basis: "arr" });
    expect(fieldsOf("arr_jpy")).toMatchObject({ ps_tier: "ps_tier_pro" });
    expect(fieldsOf("on_hold")).toMatchObject({ ps_tier: "ps_tier_standard", ps_basis: "gate" });
    expect(fieldsOf("addon_tam")).not.toHaveProperty("ps_arr");
    const company = w.customer("addon_tam").companyId;
    expect(w.crm.state.companies().find((c) => c.id === company)?.properties.support_tier).toBe(
      "enterprise_support",
    );
  });

  test("again at once writes nothing and costs no batch read", async () => {
    const at = await later(1_000);
    const before = w.crm.calls();
    const report = await w.service.sync("changed");
    expect(writesSince(at)).toEqual([]);
    expect(report?.changes).toEqual([]);
    expect(w.crm.calls().batch_read).toBe(before.batch_read);
    expect((w.crm.calls().search ?? 0) - (before.search ?? 0)).toBe(1);
  });

  test("a full run writes nothing either when nothing changed", async () => {
    const at = await later(60_000);
    await w.service.sync("full");
    expect(writesSince(at)).toEqual([]);
  });

  test("a change in the CRM reaches the organization and the next ticket", async () => {
    const customer = w.customer("standalone");
    w.crm.setCompany(customer.companyId, { plan_tier: "Enterprise" });
    await later(1_000);
    await w.service.sync("changed");
    expect(fieldsOf("standalone")).toMatchObject({ ps_tier: "ps_tier_enterprise", ps_basis: "plan" });
    const { id } = w.desk.createTicket({ from: customer.email });
    expect((await w.settled(id)).decision).toMatchObject({ tier: "enterprise", priority: "high" });
  });

  test("a company that disappears keeps its tier for the days of grace", async () => {
    const customer = w.customer("evergreen");
    const before = fieldsOf("evergreen").ps_tier;
    w.crm.archive(customer.companyId);
    await later(1_000);
    await w.service.sync("full");
    expect(fieldsOf("evergreen").ps_tier).toBe(before);
    await later(15 * 86_400_000);
    await w.service.sync("full");
    expect(fieldsOf("evergreen").ps_tier).toBe("ps_tier_standard");
  });

  test("a lost plan is a doubt for seven days, then a fact", async () => {
    const customer = w.customer("plan_messy");
    w.crm.setCompany(customer.companyId, { plan_tier: "Standard", arr: "1000" });
    await later(1_000);
    await w.service.sync("changed");
    expect(fieldsOf("plan_messy")).toMatchObject({ ps_tier: "ps_tier_enterprise", ps_basis: "held" });
    await later(8 * 86_400_000);
    await w.service.sync("changed");
    expect(fieldsOf("plan_messy")).toMatchObject({ ps_tier: "ps_tier_standard" });
  });

  test("two companies with one domain go to review and are never guessed", async () => {
    const reviews = await w.service.store.runs.reviews(200);
    expect(reviews.map((r) => r.code)).toContain("domain_claimed_twice");
  });

  test("text where a number belongs goes to review and is never zero", async () => {
    const reviews = await w.service.store.runs.reviews(200);
    expect(reviews.map((r) => r.code)).toContain("fact_unreadable:arr");
  });

  test("a record the CRM refuses is named, holds up nobody else, and is tried again", async () => {
    const customer = w.customer("arr_jpy");
    w.crm.setCompany(customer.companyId, { arr: "99000000" });
    await later(1_000);
    const undo = w.crm.fault({
      method: "POST",
      path: /batch\/update$/,
      status: 400,
      body: { status: "error", category: "VALIDATION_ERROR", message: "no" },
    });
    const failed = await w.service.sync("changed");
    undo();
    expect(failed?.failed).toEqual([expect.objectContaining({ accountId: `hubspot:${customer.companyId}` })]);
    expect(fieldsOf("arr_jpy")).toMatchObject({ ps_tier: "ps_tier_enterprise" });
  });

  test("a person's own value in our field is put right at the next full evaluation, other fields are left", async () => {
    const { organizationId } = w.customer("arr_eur");
    w.desk.updateOrganization(organizationId, {
      notes: "VIP lunch on Friday",
      organization_fields: { ps_tier: "ps_tier_pro" },
    });
    await later(25 * 3_600_000);
    await w.service.sync("full");
    const organization = w.desk.state.organizations.get(organizationId);
    expect([organization?.fields.ps_tier, organization?.notes]).toEqual([
      "ps_tier_enterprise",
      "VIP lunch on Friday",
    ]);
  });

  test("every write is kept with what was there before, the reasons and the policy version", async () => {
    const all = await w.service.store.runs.writesFor(`hubspot:${w.customer("addon_tam").companyId}`, 50);
    const first = [...all].reverse().slice(0, 2);
    expect(first.map((row) => row.target).sort()).toEqual(["company", "organization"]);
    expect(first.map((row) => [row.state, row.policyVersion, row.reason.includes("grant_addon")])).toEqual([
      ["written", "2026-06.1", true],
      ["written", "2026-06.1", true],
    ]);
    expect(first.find((row) => row.target === "organization")?.before).toMatchObject({ ps_tier: null });
  });
});

describe("a mapping that cannot work", () => {
  test("names the property that does not exist and the nearest one, and reads nothing", async () => {
    const own = await startWorld({
      synced: false,
      policy: (text) => text.replace("plan: plan_tier", "plan: plan_teir"),
    });
    await expect(own.service.sync("changed")).rejects.toMatchObject({
      message: expect.stringContaining("plan_teir"),
      fix: expect.stringContaining("plan_tier"),
    });
    expect(own.crm.calls().batch_read ?? 0).toBe(0);
    await own.close();
  });
});
