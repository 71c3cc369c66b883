import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { Paused } from "../../src/errors.ts";
import { failureOf, HOST, mockNames, open } from "./zendesk-kit.ts";

describe("What is true of the account", () => {
  function mockRest(over: { readonly sla?: number; readonly me?: object } = {}): void {
    mockNames();
    nock(HOST)
      .get("/api/v2/users/me")
      .reply(200, { user: over.me ?? { id: 1, role: "admin" } });
    nock(HOST)
      .get("/api/v2/brands")
      .query(true)
      .reply(200, { brands: [{ id: 5, name: "Acme" }], meta: { has_more: false } });
    nock(HOST)
      .get("/api/v2/slas/policies")
      .reply(over.sla ?? 200, {
        sla_policies: [
          { id: 2, title: "B", position: 2 },
          { id: 1, title: "A", position: 1 },
        ],
      });
    nock(HOST)
      .get("/api/v2/organization_fields")
      .query(true)
      .reply(200, { organization_fields: [{ key: "ps_tier" }, { key: null }], meta: { has_more: false } });
  }

  test("is read once and kept", async () => {
    mockRest();
    const { desk } = open();
    const shape = await desk.describe();
    expect(shape).toEqual({
      groups: [
        { id: "10", name: "Support" },
        { id: "11", name: "Enterprise Support" },
        { id: "12", name: "Twins" },
        { id: "13", name: "Twins" },
      ],
      duplicateGroups: ["Twins"],
      forms: [{ id: "20", name: "Default Form" }],
      brands: [{ id: "5", name: "Acme" }],
      slaPolicies: [
        { id: "1", title: "A", position: 1 },
        { id: "2", title: "B", position: 2 },
      ],
      organizationFields: ["ps_tier"],
      impactField: true,
      tierField: true,
      me: { id: "1", role: "admin" },
    });
    expect(await desk.describe()).toEqual(shape);
    expect(desk.calls()).toEqual({ general: 7 });
  });

  test.each([403, 404])("a plan without SLA policies (%s) has none to show", async (sla) => {
    mockRest({ sla });
    expect((await open().desk.describe()).slaPolicies).toBeNull();
  });

  test("a plan without ticket forms has none", async () => {
    mockRest();
    const shape = await open({
      fetch: async (input, init) =>
        String(input).includes("/ticket_forms")
          ? Response.json({ error: "Forbidden" }, { status: 403 })
          : fetch(input, init),
    }).desk.describe();
    expect(shape.forms).toEqual([]);
    // The list that was refused is the only one left unasked.
    expect(nock.pendingMocks().map((mock) => new URL(mock.replace("GET ", "")).pathname)).toEqual([
      "/api/v2/ticket_forms",
    ]);
    nock.cleanAll();
  });

  test("an anonymous answer to who we are is a wrong token, not a role", async () => {
    mockNames();
    nock(HOST)
      .get("/api/v2/users/me")
      .reply(200, { user: { id: null, role: "end-user" } });
    expect((await failureOf(open().desk.describe(), Paused)).fix).toMatch(/ZENDESK_API_TOKEN/);
  });
});

describe("The agent behind an address", () => {
  const agent = { id: 7, email: "Tam@Acme.example", role: "agent", active: true, suspended: false };

  test.each([
    [
      "is found whatever the letters' size",
      [{ ...agent, id: 6, email: "tam@acme.example.org" }, agent],
      { id: "7" },
    ],
    ["may be an administrator", [{ ...agent, role: "admin" }], { id: "7" }],
    ["is none while suspended", [{ ...agent, suspended: true }], null],
    ["is none when deleted", [{ ...agent, active: false }], null],
    ["is none when a customer", [{ ...agent, role: "end-user" }], null],
    ["is none when nobody fits", [], null],
  ])("%s", async (_name, users, expected) => {
    nock(HOST)
      .get("/api/v2/users/search")
      .query({ query: "tam@acme.example", per_page: "100" })
      .reply(200, { users });
    expect(await open().desk.agentByEmail(" TAM@acme.example ")).toEqual(expected);
  });

  test.each(["", "tam", "role:admin", 'a"b@acme.example', "a b@acme.example"])(
    "%s is no address and is not searched for",
    async (email) => {
      expect(await open().desk.agentByEmail(email)).toBeNull();
    },
  );
});
