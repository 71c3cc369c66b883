import { describe, expect, test } from "@jest/globals";
import { hubspotLimits, readHubspotWebhook } from "../../connectors/hubspot/index.ts";
import type { Paused } from "../../src/errors.ts";
import { createPacer } from "../../src/pacing.ts";
import type { WebhookReading } from "../../src/ports.ts";
import {
  type HubspotOptions,
  type HubspotSandbox,
  hubspotFaults,
  startHubspotSandbox,
} from "../../src/sandbox/hubspot.ts";
import { type CrmWorld, crmContract } from "./crm-contract.ts";
import { collected, errorOf, local, NOW, opened, running } from "./hubspot-standin.ts";

const NO_LIMITS = {
  perTenSeconds: Number.POSITIVE_INFINITY,
  searchPerSecond: Number.POSITIVE_INFINITY,
  perDay: Number.POSITIVE_INFINITY,
};

interface Stage {
  readonly sandbox: HubspotSandbox;
  readonly crm: ReturnType<typeof opened>;
  readonly clock: { at: number };
}

/** A CRM and our connector to it, on one clock that only moves when told. */
async function stage(options: Partial<HubspotOptions> = {}): Promise<Stage> {
  const clock = { at: NOW };
  const sandbox = await startHubspotSandbox({
    companies: [],
    now: () => clock.at,
    limits: NO_LIMITS,
    ...options,
  });
  const crm = opened({ url: sandbox.url, token: () => sandbox.token, now: () => clock.at });
  return { sandbox, crm, clock };
}

const PEOPLE = [
  { id: "51", userId: "901", email: "ada@vendor.example", firstName: "Ada", lastName: "A", archived: false },
  { id: "52", userId: "51", email: "left@vendor.example", firstName: "Bo", lastName: "B", archived: true },
];

async function world(): Promise<CrmWorld> {
  const { sandbox, crm, clock } = await stage({ owners: PEOPLE });
  return {
    crm,
    now: () => clock.at,
    pass: (ms) => {
      clock.at += ms;
    },
    add: (properties) => sandbox.addCompany({ properties }),
    edit: sandbox.setCompany,
    merge: sandbox.merge,
    archive: sandbox.archive,
    restore: sandbox.restore,
    value: sandbox.state.value,
    close: sandbox.close,
  };
}

crmContract(
  "HubSpot",
  { plan: "plan_tier", turnover: "annualrevenue", label: "priority_label", people: PEOPLE },
  world,
);

describe("HubSpot's own ways, over real HTTP", () => {
  test.each(["number", "text"] as const)(
    "25,000 companies imported in one millisecond are all found when ids are ordered as %s",
    async (idOrder) => {
      const ids = Array.from({ length: 25_000 }, (_, index) =>
        index % 3 === 0 ? String(7_000 + index) : String(719_000_000_000 + index * 7),
      );
      const companies = ids.map((id) => ({ id, properties: {}, updatedAt: NOW - 1_000 }));
      const { sandbox, crm } = await stage({ companies, idOrder });
      const pages = await collected(crm.changes({ from: NOW - 60_000, to: NOW }, running()));
      await sandbox.close();
      expect(new Set(pages.flatMap((page) => page.changed.map((one) => one.id)))).toEqual(new Set(ids));
      expect(crm.calls()).toEqual({ search: 125, general: 0 });
    },
  );

  test("a day used up at company 40,000 ends the walk there, and says until when", async () => {
    const companies = Array.from({ length: 41_000 }, (_, index) => ({
      id: String(1 + index),
      properties: {},
    }));
    // 400 pages, and one question for the account's time zone when the day ran low.
    const { sandbox, crm } = await stage({ companies, limits: { ...NO_LIMITS, perDay: 401 } });
    const seen: string[] = [];
    const walk = async (): Promise<void> => {
      for await (const page of crm.all(running())) seen.push(...page.changed.map((one) => one.id));
    };
    const error = (await errorOf(walk())) as Paused;
    await sandbox.close();
    expect(seen).toHaveLength(40_000);
    expect(error).toMatchObject({ name: "Paused", afterMs: 20 * 3_600_000 });
    expect(error.fix).toContain("midnight in America/New_York");
  });

  test("a change that the index shows late is found by the overlapping window", async () => {
    const { sandbox, crm, clock } = await stage({
      companies: [{ id: "1", properties: { plan_tier: "a" } }],
      indexLagMs: 30_000,
    });
    sandbox.setCompany("1", { plan_tier: "b" });
    const first = { from: clock.at - 60_000, to: clock.at };
    expect(await collected(crm.changes(first, running()))).toEqual([]);
    clock.at += 60_000;
    const second = { from: first.to - crm.overlapMs, to: clock.at };
    const pages = await collected(crm.changes(second, running()));
    await sandbox.close();
    expect(pages.flatMap((page) => page.changed.map((one) => one.id))).toEqual(["1"]);
  });

  test("a rule of the customer refuses one company's label and says so; its mates are written", async () => {
    const { sandbox, crm } = await stage({
      companies: [
        { id: "1", properties: { industry: "x" } },
        { id: "2", properties: {} },
      ],
      rules: [{ property: "industry" }],
    });
    await crm.ensureLabel("priority_label", [{ value: "gold", label: "Gold" }]);
    const rows = ["1", "2"].map((id) => ({ id, value: "gold" }));
    const outcomes = await crm.writeLabels(rows, "priority_label", running());
    await sandbox.close();
    expect(outcomes.map(({ id, ok }) => [id, ok])).toEqual([
      ["1", true],
      ["2", false],
    ]);
    expect(outcomes[1]?.reason).toContain("requires another property");
  });

  test.each([
    ["a bad gateway", hubspotFaults.badGateway({ times: 2 })],
    ["a log-in page", hubspotFaults.loginPage({ times: 2 })],
    ["a full second", hubspotFaults.searchLimit({ times: 2 })],
    ["full ten seconds", hubspotFaults.tenSecondLimit({ times: 2 })],
    ["a locked record", hubspotFaults.locked({ times: 2 })],
    ["a cut connection", { reset: true, times: 2 }],
  ])("%s, twice, is survived without anybody noticing", async (_name, fault) => {
    const { sandbox, crm } = await stage({ companies: [{ id: "1", properties: {}, updatedAt: NOW }] });
    sandbox.fault(fault);
    const pages = await collected(crm.changes({ from: NOW - 1, to: NOW }, running()));
    await sandbox.close();
    expect(pages).toHaveLength(1);
    expect(crm.calls()).toEqual({ search: 3, general: 0 });
  });

  test("a used-up day pauses with a way out", async () => {
    const { sandbox, crm } = await stage({ limits: { ...NO_LIMITS, perDay: 10 } });
    sandbox.spendDaily(10);
    const error = await errorOf(crm.test());
    await sandbox.close();
    expect(error.name).toBe("Paused");
    expect((error as Paused).fix).toContain("daily calls");
  });

  test("a wrong token pauses, a missing scope is named, a missing property is named with its neighbour", async () => {
    const { sandbox } = await stage({
      companies: [{ id: "1", properties: {} }],
      scopes: ["crm.objects.companies.read", "crm.objects.companies.write", "crm.schemas.companies.read"],
    });
    const wrong = await errorOf(opened({ url: sandbox.url, token: () => "other" }).test());
    const crm = opened({ url: sandbox.url, token: () => sandbox.token });
    const scope = await errorOf(crm.ensureLabel("priority_label", []));
    const property = await errorOf(crm.writeLabels([{ id: "1", value: "x" }], "plan_teir", running()));
    await sandbox.close();
    expect([wrong.name, scope.name, property.name]).toEqual(["Paused", "NeedsAdmin", "NeedsAdmin"]);
    expect(scope.message).toContain("crm.schemas.companies.write");
    expect(property.message).toContain("plan_tier");
  });

  test("at the pace of our own limits nothing is lost and next to nothing refused", async () => {
    const companies = Array.from({ length: 1_500 }, (_, index) => ({
      id: String(index + 1),
      properties: {},
      updatedAt: NOW,
    }));
    const sandbox = await startHubspotSandbox({ companies });
    const pacer = createPacer({
      upstream: "HubSpot",
      ...hubspotLimits,
      headroom: 0,
      now: Date.now,
      patienceMs: 30_000,
    });
    const crm = opened({ url: sandbox.url, token: () => sandbox.token, pacer, now: Date.now });
    const pages = await collected(crm.changes({ from: NOW - 1, to: NOW }, running()));
    const refused = sandbox.journal.filter((entry) => entry.status === 429);
    pacer.stop();
    await sandbox.close();
    expect(pages.flatMap((page) => page.changed)).toHaveLength(1_500);
    // At most one of eight: how far apart requests arrive is the machine's affair, not ours.
    expect(refused.length).toBeLessThanOrEqual(1);
  });
});

describe("HubSpot's webhooks, as the stand-in signs them", () => {
  test("each is genuine; edits and merges name the companies, our own label does not come back as work", async () => {
    const readings: WebhookReading[] = [];
    const { sandbox, crm, clock } = await stage({
      companies: ["1", "2", "3"].map((id) => ({ id, properties: {} })),
    });
    const us = await local((request, response, body) => {
      const headers = request.headers as Record<string, string>;
      const raw = { method: "POST", path: request.url ?? "", headers, body: Buffer.from(body) };
      const options = {
        clientSecret: "s3cret",
        publicUrl: "https://support.example.com",
        labelProperty: "priority_label",
      };
      readings.push(readHubspotWebhook(raw, { ...options, now: clock.at }));
      response.end();
    });
    sandbox.connectWebhook({
      targetUrl: `${us.url}/webhooks/hubspot`,
      publicUrl: "https://support.example.com/webhooks/hubspot",
      clientSecret: "s3cret",
    });
    await crm.ensureLabel("priority_label", [{ value: "gold", label: "Gold" }]);
    await crm.writeLabels([{ id: "3", value: "gold" }], "priority_label", running());
    await sandbox.drain();
    expect(readings.map((reading) => reading.kind)).toEqual(["ignored"]);
    sandbox.setCompany("1", { plan_tier: "b" });
    const into = sandbox.merge("1", "2");
    await sandbox.drain();
    await us.close();
    await sandbox.close();
    const ids = readings.flatMap((one) => (one.kind === "delivery" ? one.delivery.accountIds : []));
    expect(new Set(ids)).toEqual(new Set(["1", "2", into]));
  });
});
