import { afterEach, describe, expect, test } from "@jest/globals";
import { exitCodeOf } from "../../src/check/line.ts";
import { type Installation, type InstallationOptions, install, troubles } from "./installation.ts";

const open: Installation[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function set(options: InstallationOptions = {}): Promise<Installation> {
  const made = await install(options);
  open.push(made);
  return made;
}

/** The fix of the line with this name. */
async function fixOf(made: Installation, name: RegExp): Promise<string> {
  const line = (await made.check()).find((one) => one.state !== "ok" && name.test(one.name));
  return line === undefined ? "no such line" : `${line.detail} ${line.fix}`;
}

describe("an installation set up as the guide says", () => {
  test("is in order on both sides, and only the policy's own two warnings are left", async () => {
    const lines = await (await set()).check();
    expect(troubles(lines)).toEqual([]);
    expect(lines.filter((line) => line.state === "warn").map((line) => line.name)).toEqual([
      "routine_pages_on_call",
      "overflow_uphill",
    ]);
    expect(exitCodeOf(lines)).toBe(0);
  });

  test("is only read: nothing changes on either side", async () => {
    const made = await set();
    await made.check();
    const changed = [...made.desk.journal, ...made.crm.journal].filter((entry) => entry.effect.length > 0);
    expect(changed).toEqual([]);
  });

  test("says who we are, what is left of the limits and in which mode the store is", async () => {
    const lines = await (await set()).check();
    const detail = (name: string): string => lines.find((line) => line.name === name)?.detail ?? "";
    expect(detail("token")).toMatch(/^an administrator/);
    expect(detail("API budget")).toMatch(/general \d+ of 700/);
    expect(detail("mode")).toBe("live");
    expect(detail("hubspot token")).toMatch(/^account \d+ \(.+, USD\)/);
  });
});

describe("what is wrong is named, with what to do", () => {
  test("a token Zendesk does not know", async () => {
    const made = await set({ env: { ZENDESK_API_TOKEN: "old" } });
    const lines = await made.check();
    expect(troubles(lines)).toEqual(["fail desk: zendesk token", "warn desk: everything else"]);
    expect(await fixOf(made, /zendesk token/)).toMatch(/ZENDESK_API_TOKEN/);
    expect(exitCodeOf(lines)).toBe(1);
  });

  test("a token of an agent who is no administrator", async () => {
    const made = await set();
    const agent = [...made.desk.state.users.values()].find((user) => user.role === "agent");
    const other = await set({ env: { ...made.env, ZENDESK_EMAIL: agent?.email } });
    const lines = await other.check();
    expect(troubles(lines)).toContain("fail desk: token");
    expect(await fixOf(other, /^token$/)).toMatch(/role agent.*administrator/);
  });

  test("a group the policy routes to is missing, with the nearest name", async () => {
    const made = await set();
    const group = [...made.desk.state.groups.values()].find((one) => one.name === "Enterprise Support");
    if (group !== undefined) made.desk.state.groups.set(group.id, { ...group, name: "Enterprise Suport" });
    expect(troubles(await made.check())).toEqual(["fail desk: group Enterprise Support"]);
    expect(await fixOf(made, /Enterprise Support/)).toMatch(/did you mean "Enterprise Suport"/);
  });

  test("two groups of one name", async () => {
    const made = await set();
    const group = [...made.desk.state.groups.values()].find((one) => one.name === "Enterprise Support");
    if (group !== undefined) made.desk.state.groups.set("999", { ...group, id: "999" });
    expect(troubles(await made.check())).toEqual(["fail desk: group Enterprise Support"]);
    expect(await fixOf(made, /Enterprise Support/)).toMatch(/2 groups.*Rename all but one/);
  });

  test("an organization field that somebody replaced by one with another key", async () => {
    const made = await set();
    const fields = made.desk.state.organizationFields;
    const field = [...fields.values()].find((one) => one.key === "ps_basis");
    if (field !== undefined) fields.set(field.id, { ...field, key: "ps_basis_2" });
    expect(troubles(await made.check())).toEqual(["fail desk: organization field ps_basis"]);
    expect(await fixOf(made, /ps_basis/)).toMatch(/did you mean "ps_basis_2".*exactly the key ps_basis/);
  });

  test("an organization field of ours whose key another app took for another type", async () => {
    const made = await set();
    const fields = made.desk.state.organizationFields;
    const field = [...fields.values()].find((one) => one.key === "ps_renewal");
    if (field !== undefined) fields.set(field.id, { ...field, type: "text" });
    expect(troubles(await made.check())).toEqual(["fail desk: organization field ps_renewal"]);
    expect(await fixOf(made, /ps_renewal/)).toMatch(/text field.*type date.*another tag_namespace/);
  });

  test("a tier drop-down that lacks a tier's option", async () => {
    const made = await set();
    const fields = made.desk.state.organizationFields;
    const field = [...fields.values()].find((one) => one.key === "ps_tier");
    if (field !== undefined) fields.set(field.id, { ...field, options: field.options.slice(1) });
    expect(await fixOf(made, /ps_tier/)).toMatch(/lack the tags ps_tier_standard/);
  });

  test("an impact field that was renamed, and one whose title is there twice", async () => {
    const zendesk = (text: string): string =>
      text.replace("zendesk: {vip", "zendesk: {impact_field: Severity, vip");
    const made = await set({ policy: zendesk });
    expect(troubles(await made.check())).toEqual(["fail desk: impact field Severity"]);
    const plain = {
      key: "",
      description: "",
      type: "tagger",
      active: true,
      options: [],
      createdAt: 0,
      updatedAt: 0,
    };
    made.desk.state.ticketFields.set("71", { ...plain, id: "71", title: "Severity (new)" });
    expect(await fixOf(made, /impact/)).toMatch(/impact_field.*by its id/);
    made.desk.state.ticketFields.set("71", { ...plain, id: "71", title: "Severity" });
    expect(troubles(await made.check())).toEqual([]);
    made.desk.state.ticketFields.set("72", { ...plain, id: "72", title: "severity " });
    expect(await fixOf(made, /impact/)).toMatch(/2 ticket fields.*71, 72/);
  });

  test("a vip user field that is no checkbox, while a tag needs no field", async () => {
    const made = await set();
    const plain = { description: "", active: true, options: [], createdAt: 0, updatedAt: 0, title: "VIP" };
    made.desk.state.userFields.set("81", { ...plain, id: "81", key: "vip", type: "text" });
    expect(troubles(await made.check())).toEqual(["warn desk: vip vip"]);
    made.desk.state.userFields.set("81", { ...plain, id: "81", key: "vip", type: "checkbox" });
    expect(troubles(await made.check())).toEqual([]);
  });

  test("a brand of the pilot that does not exist", async () => {
    const made = await set({
      policy: (text) => text.replace("zendesk: {vip", "zendesk: {brands: [Acme], vip"),
    });
    expect(troubles(await made.check())).toEqual(["fail desk: brand Acme"]);
    made.desk.state.brands.set("5", { id: "5", name: "Acme", active: true, isDefault: true });
    expect(troubles(await made.check())).toEqual([]);
  });

  test("a CRM property that the policy maps and HubSpot does not have", async () => {
    const made = await set({ policy: (text) => text.replace("plan: plan_tier\n", "plan: plan_teir\n") });
    expect(troubles(await made.check())).toEqual(["fail crm: hubspot field plan_teir"]);
    expect(await fixOf(made, /plan_teir/)).toMatch(/did you mean `plan_tier`/);
  });

  test("a HubSpot token that is refused, and one that lacks a scope", async () => {
    const refused = await set({ env: { HUBSPOT_ACCESS_TOKEN: "old" } });
    expect(troubles(await refused.check())).toEqual(["fail crm: hubspot token"]);
    const scopes = ["crm.objects.companies.read", "crm.schemas.companies.read"];
    const narrow = await set({ crm: { scopes } });
    expect(troubles(await narrow.check())).toEqual(["fail crm: hubspot owners"]);
    expect(await fixOf(narrow, /owners/)).toMatch(/crm\.objects\.owners\.read/);
  });

  test("a clock that is wrong", async () => {
    expect(troubles(await (await set({ aheadMs: 60_000 })).check())).toEqual(["warn desk: clock"]);
    const far = await set({ aheadMs: -300_000 });
    expect(troubles(await far.check())).toEqual(["fail desk: clock"]);
    expect(await fixOf(far, /clock/)).toMatch(/30[01] s behind.*NTP/);
  });

  test("a store that cannot be opened", async () => {
    const first = await set();
    const made = await set({ env: { DATABASE_URL: `sqlite:${first.env.POLICY_FILE}/store.db` } });
    expect(troubles(await made.check())).toEqual(["fail store: store"]);
    expect(await fixOf(made, /store/)).toMatch(/DATABASE_URL/);
  });
});

describe("settings and policy keep everything else from running", () => {
  test("a missing setting is named, and what can be looked at is looked at all the same", async () => {
    const made = await set({ env: { HUBSPOT_ACCESS_TOKEN: undefined } });
    const lines = await made.check();
    expect(troubles(lines)).toEqual(["fail settings: settings"]);
    expect(lines.some((line) => line.area === "desk" && line.state === "ok")).toBe(true);
    expect(exitCodeOf(lines)).toBe(2);
  });

  test("a setting that makes no sense ends it at once", async () => {
    const made = await set({ env: { ZENDESK_URL: "http://acme.zendesk.com" } });
    const lines = await made.check();
    expect(lines.every((line) => line.area === "settings" && line.state === "fail")).toBe(true);
    expect(exitCodeOf(lines)).toBe(2);
  });

  test("a policy with an error, or none at all", async () => {
    const made = await set({
      policy: (text) => text.replace("default_tier: standard", "default_tier: nobody"),
    });
    const lines = await made.check();
    expect(lines.filter((line) => line.state === "fail").map((line) => line.name)).toContain("unknown_tier");
    expect(exitCodeOf(lines)).toBe(2);
    const none = await set({ env: { POLICY_FILE: "/nowhere/policy.yaml" } });
    expect((await none.check()).map((line) => line.name)).toContain("no_policy_file");
  });
});
