import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { Paused } from "../../src/errors.ts";
import { failureOf, HOST, open } from "./zendesk-kit.ts";
import { onDesk, signal, wanted } from "./zendesk-running.ts";

const CREATE = "/api/v2/organizations/create_many";

describe("Organizations made for accounts", () => {
  test("carry name, domains, our own external id and our fields from the start", async () => {
    await onDesk(async ({ desk, sandbox }) => {
      const [made] = await desk.createOrganizations(
        [
          wanted("hubspot:1", {
            name: "Acme",
            domains: ["acme.example"],
            fields: { ps_tier: "ps_tier_pro", ps_account: "hubspot:1" },
          }),
        ],
        signal,
      );
      expect(made).toMatchObject({
        id: "hubspot:1",
        ok: true,
        organizationId: expect.stringMatching(/^\d+$/),
      });
      expect(sandbox.state.organizations.get(made?.organizationId ?? "")).toMatchObject({
        name: "Acme",
        externalId: "hubspot:1",
        domainNames: ["acme.example"],
        fields: { ps_tier: "ps_tier_pro", ps_account: "hubspot:1" },
        tags: ["ps_tier_pro"],
      });
    });
  });

  test("whose name is taken are refused by name, in any case, and the rest is made all the same", async () => {
    await onDesk(async ({ desk }) => {
      const outcomes = await desk.createOrganizations(
        [wanted("hubspot:1", { name: " customer LTD" }), wanted("hubspot:2")],
        signal,
      );
      expect(outcomes.map((one) => [one.id, one.ok, one.retry, one.reason])).toEqual([
        ["hubspot:1", false, false, 'another organization is already called " customer LTD"'],
        ["hubspot:2", true, false, null],
      ]);
    });
  });

  test("never take an external id from its owner, whatever its case", async () => {
    await onDesk(async ({ desk, sandbox }) => {
      const [row] = await desk.createOrganizations([wanted("hubspot:1", { externalId: "crm-9" })], signal);
      expect([row?.ok, row?.organizationId]).toEqual([false, null]);
      expect(sandbox.state.organizations.get("700")?.externalId).toBe("CRM-9");
      expect(sandbox.state.organizations.size).toBe(2);
    });
  });

  test("go a hundred to a job", async () => {
    await onDesk(async ({ desk, sandbox }) => {
      const rows = Array.from({ length: 205 }, (_, at) => wanted(`hubspot:${at + 1}`));
      const outcomes = await desk.createOrganizations(rows, signal);
      expect(outcomes.every((one) => one.ok && one.organizationId !== null)).toBe(true);
      expect(new Set(outcomes.map((one) => one.organizationId)).size).toBe(205);
      expect(sandbox.calls()["organizations-create-many"]).toBe(3);
    });
  });

  test("a second try after a lost answer doubles nobody", async () => {
    await onDesk(async ({ desk, sandbox }) => {
      sandbox.fault({
        method: "POST",
        path: /create_many/,
        status: 502,
        bodyText: "<html>",
        afterApplying: true,
      });
      const [lost] = await desk.createOrganizations([wanted("hubspot:1")], signal);
      expect([lost?.ok, lost?.retry]).toEqual([false, true]);
      const [again] = await desk.createOrganizations([wanted("hubspot:1")], signal);
      expect(again?.ok).toBe(false);
      const made = [...sandbox.state.organizations.values()].filter((one) => one.externalId === "hubspot:1");
      expect(made).toHaveLength(1);
    });
  });

  test("none asked for is no call, and a refused token stops everything", async () => {
    const { desk } = open();
    expect(await desk.createOrganizations([], signal)).toEqual([]);
    expect(desk.calls()).toEqual({});
    nock(HOST)
      .get("/api/v2/organization_fields")
      .query(true)
      .reply(200, { organization_fields: [], meta: { has_more: false } });
    nock(HOST).post(CREATE).reply(401, {});
    await failureOf(desk.createOrganizations([wanted("hubspot:1")], signal), Paused);
  });
});

describe("Organizations that exist", () => {
  test("are written only in our own fields: name, domains, external id and other tags stay", async () => {
    await onDesk(async ({ desk, sandbox }) => {
      await desk.writeOrganizations([{ id: "700", fields: { ps_tier: "ps_tier_pro" } }], signal);
      const sent = sandbox.journal.filter((entry) => entry.method === "PUT").map((entry) => entry.body);
      expect(sent).toEqual([
        { organizations: [{ id: 700, organization_fields: { ps_tier: "ps_tier_pro" } }] },
      ]);
      expect(sandbox.state.organizations.get("700")).toMatchObject({
        name: "Customer Ltd",
        domainNames: ["customer.example"],
        externalId: "CRM-9",
      });
    });
  });
});
