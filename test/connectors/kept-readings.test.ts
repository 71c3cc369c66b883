import { describe, expect, test } from "@jest/globals";
import { startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { NOW, opened } from "./hubspot-standin.ts";
import { onDesk, signal } from "./zendesk-running.ts";

const MINUTE = 60_000;
const TIERS = [
  { value: "gold", label: "Gold" },
  { value: "silver", label: "Silver" },
];
const ADA = { id: "51", userId: "901", email: "Ada@vendor.example", firstName: "Ada", lastName: "A" };

/** HubSpot, our connection to it, and how many calls `work` made; time moves only when told. */
async function onHubspot(
  work: (crm: ReturnType<typeof opened>, by: { calls(): number; pass(ms: number): void }) => Promise<void>,
): Promise<void> {
  const clock = { at: NOW };
  const limits = { perTenSeconds: 10_000, searchPerSecond: 10_000, perDay: 1_000_000 };
  const owners = [{ ...ADA, archived: false }];
  const sandbox = await startHubspotSandbox({ companies: [], owners, now: () => clock.at, limits });
  const crm = opened({ url: sandbox.url, token: () => sandbox.token, now: () => clock.at });
  let counted = 0;
  const calls = (): number => {
    const before = counted;
    counted = sandbox.journal.length;
    return counted - before;
  };
  const pass = (ms: number): void => {
    clock.at += ms;
  };
  try {
    await work(crm, { calls, pass });
  } finally {
    await sandbox.close();
  }
}

describe("the label property, when all properties were just read", () => {
  test("is not asked for again where it has every tier", async () => {
    await onHubspot(async (crm, by) => {
      await crm.ensureLabel("priority_label", TIERS);
      await crm.fields();
      by.calls();
      expect(await crm.ensureLabel("priority_label", TIERS)).toEqual({ created: false, added: [] });
      expect(by.calls()).toBe(0);
      by.pass(11 * MINUTE);
      expect(await crm.ensureLabel("priority_label", TIERS)).toEqual({ created: false, added: [] });
      expect(by.calls()).toBe(1);
    });
  });

  test("is read afresh before anything about it is changed", async () => {
    await onHubspot(async (crm, by) => {
      await crm.fields();
      expect(await crm.ensureLabel("priority_label", TIERS.slice(0, 1))).toMatchObject({ created: true });
      await crm.fields();
      by.calls();
      expect(await crm.ensureLabel("priority_label", TIERS)).toEqual({ created: false, added: ["silver"] });
      expect(by.calls()).toBe(2);
    });
  });

  test("that is no drop-down is refused all the same", async () => {
    await onHubspot(async (crm) => {
      await crm.fields();
      await expect(crm.ensureLabel("annualrevenue", TIERS)).rejects.toThrow(/neither text nor/);
    });
  });
});

describe("the people of the CRM", () => {
  test("are read once an hour, however many records name them at once", async () => {
    await onHubspot(async (crm, by) => {
      const all = await Promise.all(["51", "51", "51"].map((id) => crm.people([id])));
      expect(all.map((people) => people.get("51"))).toEqual(Array(3).fill("ada@vendor.example"));
      // Those who are there, and those who left.
      expect(by.calls()).toBe(2);
      by.pass(59 * MINUTE);
      await crm.people(["51"]);
      expect(by.calls()).toBe(0);
      by.pass(2 * MINUTE);
      await crm.people(["51"]);
      expect(by.calls()).toBe(2);
    });
  });

  test("are read again for one who is not known, but not more often than every five minutes", async () => {
    await onHubspot(async (crm, by) => {
      await crm.people();
      by.calls();
      by.pass(4 * MINUTE);
      expect((await crm.people(["99"])).has("99")).toBe(false);
      expect(by.calls()).toBe(0);
      by.pass(2 * MINUTE);
      await Promise.all([crm.people(["99"]), crm.people(["99"])]);
      expect(by.calls()).toBe(2);
      by.pass(MINUTE);
      await crm.people(["99"]);
      expect(by.calls()).toBe(0);
    });
  });
});

describe("the organization fields", () => {
  const row = [{ id: "700", fields: { ps_tier: "ps_tier_pro" } }];

  test("are read once an hour", async () => {
    await onDesk(async ({ desk, sandbox, pass }) => {
      const reads = (): number =>
        sandbox.journal.filter((entry) => entry.path === "/api/v2/organization_fields").length;
      await desk.writeOrganizations(row, signal);
      pass(50 * MINUTE);
      await desk.writeOrganizations(row, signal);
      expect(reads()).toBe(1);
      pass(11 * MINUTE);
      await desk.writeOrganizations(row, signal);
      expect(reads()).toBe(2);
    });
  });

  test("are read again when an organization shows that one of ours is gone, and the write says so", async () => {
    await onDesk(async ({ desk, sandbox, pass }) => {
      expect(await desk.writeOrganizations(row, signal)).toMatchObject([{ id: "700", ok: true }]);
      for (const [id, field] of sandbox.state.organizationFields)
        if (field.key === "ps_tier") sandbox.state.organizationFields.delete(id);
      pass(5 * MINUTE);
      for await (const _page of desk.organizations(null, signal));
      const [outcome] = await desk.writeOrganizations(row, signal);
      expect(outcome).toMatchObject({ ok: false, retry: false });
      expect(outcome?.reason).toMatch(/no organization field ps_tier/);
    });
  });
});
