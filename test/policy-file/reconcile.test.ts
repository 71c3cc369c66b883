import { describe, expect, test } from "@jest/globals";
import type { Account, Organization } from "../../src/policy/model.ts";
import { desiredFields, reconcile } from "../../src/policy/reconcile.ts";
import { policyOf } from "./example.ts";

const AT = Date.UTC(2026, 5, 9, 15);
const QUIET = policyOf({ tiers: [{ id: "standard" }, { id: "pro" }] });
const OPEN = policyOf({
  tiers: [{ id: "standard" }, { id: "pro" }],
  tag_namespace: "vip_",
  currency: { base: "USD", rates: { USD: 1, EUR: 1.08 } },
  desk: { zendesk: { write_arr: true } },
});

const ACME: Account = {
  id: "hubspot:7",
  name: "Acme",
  plan: "Pro",
  arr: { amount: "74.0787", currency: "EUR" },
  status: "active",
  contractStart: null,
  contractEnd: "2026-12-31",
  renewalInProgress: false,
  addons: [],
  parentId: null,
  standalone: false,
  trial: null,
  tam: { agent: "ada@vendor.example", active: true },
  domains: [],
  syncedAt: AT,
  goneOn: null,
  unreadable: [],
};

const verdict = { tier: "pro", basis: "plan" } as const;
const desired = desiredFields({ accountId: ACME.id, account: ACME, verdict }, QUIET);

function organization(fields: Organization["fields"]): Organization {
  return { id: "1", name: "Acme", externalId: null, domains: [], tags: [], fields };
}

const SHOWN = {
  ps_tier: "ps_tier_pro",
  ps_basis: "plan",
  ps_tam: "ada@vendor.example",
  ps_renewal: "2026-12-31T00:00:00+00:00",
  ps_account: "hubspot:7",
  ps_changed_at: "2025-01-01T00:00:00.000Z",
};

describe("what an organization should show", () => {
  test("is tier, basis, TAM, renewal and account; no ARR unless the policy copies it", () => {
    expect(desired).toEqual({
      ps_tier: "ps_tier_pro",
      ps_basis: "plan",
      ps_tam: "ada@vendor.example",
      ps_renewal: "2026-12-31",
      ps_account: "hubspot:7",
    });
  });

  test("is ARR in the base currency, rounded half-up to cents, where the policy copies it", () => {
    const arrOf = (amount: string, currency: string | null) =>
      desiredFields({ accountId: "a", account: { ...ACME, arr: { amount, currency } }, verdict }, OPEN)
        .vip_arr;
    expect(arrOf("74.0787", "EUR")).toBe("80");
    expect(arrOf("0.005", "USD")).toBe("0.01");
    expect(arrOf("5", "JPY")).toBeNull();
    expect(arrOf("5", null)).toBeNull();
    expect(arrOf("5", "constructor")).toBeNull();
  });

  test("names no TAM who has left", () => {
    const account = { ...ACME, tam: { agent: "bob@vendor.example", active: false } };
    expect(desiredFields({ accountId: "a", account, verdict }, QUIET).ps_tam).toBeNull();
  });
});

describe("what is written on an organization", () => {
  test("is nothing when it shows everything, though dates come back as moments", () => {
    expect(reconcile(desired, organization(SHOWN), AT, QUIET)).toBeNull();
  });

  test("is only what differs, and when it changed", () => {
    expect(reconcile(desired, organization({ ...SHOWN, ps_tier: "ps_tier_standard" }), AT, QUIET)).toEqual({
      ps_tier: "ps_tier_pro",
      ps_changed_at: "2026-06-09T15:00:00.000Z",
    });
  });

  test("is everything that has a value on an organization that shows nothing", () => {
    const nobody = { ...desired, ps_tam: null };
    expect(Object.keys(reconcile(nobody, organization({}), AT, QUIET) ?? {})).toEqual([
      "ps_tier",
      "ps_basis",
      "ps_renewal",
      "ps_account",
      "ps_changed_at",
    ]);
  });

  test("is an empty field where the fact has gone, once", () => {
    const gone = { ...desired, ps_renewal: null };
    expect(reconcile(gone, organization(SHOWN), AT, QUIET)).toMatchObject({ ps_renewal: null });
    expect(reconcile(gone, organization({ ...SHOWN, ps_renewal: "" }), AT, QUIET)).toBeNull();
  });

  test.each([
    ["80", "80.0", true],
    ["80", "80.00", true],
    ["80", " 80 ", true],
    ["80", "8e1", true],
    ["80", "80.01", false],
    ["80", "eighty", false],
    ["80", null, false],
  ])("compares ARR by its worth: %s and %s (%s)", (wanted, found, same) => {
    const change = reconcile({ vip_arr: wanted }, organization({ vip_arr: found }), AT, OPEN);
    expect(change === null).toBe(same);
  });

  test("is the same twice: applying the change leaves nothing to write", () => {
    const before = organization({ ps_basis: "arr", ps_tam: "x" });
    const change = reconcile(desired, before, AT, QUIET) ?? {};
    expect(reconcile(desired, organization({ ...before.fields, ...change }), AT + 1, QUIET)).toBeNull();
  });
});
