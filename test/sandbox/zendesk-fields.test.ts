import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount } from "./zendesk-account.ts";

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.zendesk.close());

const tagger = (title: string, ...tags: readonly string[]): object => ({
  ticket_field: {
    title,
    type: "tagger",
    custom_field_options: tags.map((value) => ({ name: value, value })),
  },
});

describe("a field", () => {
  test("of organizations is found by its id and by its key", async () => {
    expect((await account.get("/organization_fields/51")).at("organization_field.key")).toBe("ps_tier");
    expect((await account.get("/organization_fields/ps_tier")).at("organization_field.id")).toBe(51);
  });

  test("keeps its key and its type whatever is written later", async () => {
    const answer = await account.put("/organization_fields/54", {
      organization_field: { key: "other", type: "date", title: "CRM account" },
    });
    expect(answer.at("organization_field")).toMatchObject({
      key: "ps_account",
      type: "text",
      title: "CRM account",
    });
  });

  test.each([
    ["a key that is taken", "organization", { key: "ps_tier", title: "Tier", type: "text" }],
    ["a key of digits alone", "organization", { key: "123", title: "Tier", type: "text" }],
    ["an unknown type", "organization", { key: "x", title: "X", type: "tagger" }],
    ["a drop-down without choices", "organization", { key: "x", title: "X", type: "dropdown" }],
    ["no title", "ticket", { type: "text" }],
    ["a drop-down of the other family", "ticket", { title: "X", type: "dropdown" }],
  ])("is refused with %s", async (_what, family, field) => {
    const body = { [`${family}_field`]: field };
    expect((await account.post(`/${family}_fields`, body)).status).toBe(422);
  });

  test("may not use a tag that another ticket field has, nor one of its own twice", async () => {
    const shared = await account.post("/ticket_fields", tagger("Impact", "sev1"));
    expect([shared.status, shared.text]).toEqual([
      422,
      expect.stringContaining("sev1 is already used in Severity"),
    ]);
    expect((await account.post("/ticket_fields", tagger("Impact", "a", "a"))).status).toBe(422);
    expect((await account.post("/ticket_fields", tagger("Tier", "ps_tier_pro"))).status).toBe(201);
  });

  test("that Zendesk brings itself is listed and cannot be changed or deleted", async () => {
    const { at } = await account.get("/ticket_fields");
    const priority = (at("ticket_fields.*.type") as readonly string[]).indexOf("priority");
    expect(at(`ticket_fields.${priority}.removable`)).toBe(false);
    const id = at(`ticket_fields.${priority}.id`);
    expect((await account.put(`/ticket_fields/${id}`, { ticket_field: { title: "P" } })).status).toBe(422);
    expect((await account.call("DELETE", `/ticket_fields/${id}`)).status).toBe(422);
  });

  test("takes its values along when it is deleted, and leaves the tags", async () => {
    account.zendesk.updateOrganization("61", { organization_fields: { ps_tier: "ps_tier_pro" } });
    expect((await account.call("DELETE", "/organization_fields/51")).status).toBe(204);
    const { at } = await account.get("/organizations/61");
    expect(at("organization.organization_fields")).not.toHaveProperty("ps_tier");
    expect(at("organization.tags")).toEqual(["gold", "ps_tier_pro"]);
  });
});

describe("choices of a drop-down", () => {
  const write = (options: readonly object[]): Promise<unknown> =>
    account.put("/organization_fields/51", { organization_field: { custom_field_options: options } });

  test("keep their ids only when they are sent with them", async () => {
    await write([
      { id: 511, name: "Professional", value: "ps_tier_pro" },
      { name: "Enterprise", value: "ps_tier_enterprise" },
    ]);
    const { at } = await account.get("/organization_fields/51");
    expect(at("organization_field.custom_field_options.0")).toMatchObject({ id: 511, name: "Professional" });
    expect(at("organization_field.custom_field_options.1.id")).not.toBe(512);
  });

  test("that are left out are gone, with the values that named them", async () => {
    account.zendesk.updateOrganization("61", { organization_fields: { ps_tier: "ps_tier_enterprise" } });
    await write([{ id: 511, name: "Pro", value: "ps_tier_pro" }]);
    const { at } = await account.get("/organizations/61");
    expect(at("organization.organization_fields.ps_tier")).toBeNull();
  });

  test("of ticket fields can be added and removed one at a time", async () => {
    const made = await account.post("/ticket_fields/41/options", {
      custom_field_option: { name: "Severity 3", value: "sev3" },
    });
    expect(made.status).toBe(201);
    expect((await account.get("/ticket_fields/41/options")).at("custom_field_options.*.value")).toEqual([
      "sev1",
      "sev2",
      "sev3",
    ]);
    const id = made.at("custom_field_option.id");
    const renamed = await account.post("/ticket_fields/41/options", {
      custom_field_option: { id, name: "Minor", value: "sev3" },
    });
    expect([renamed.status, renamed.at("custom_field_option.id")]).toEqual([200, id]);
    expect((await account.call("DELETE", `/ticket_fields/41/options/${id}`)).status).toBe(204);
    expect((await account.get("/ticket_fields/41")).at("ticket_field.custom_field_options.*.id")).toEqual([
      411, 412,
    ]);
  });

  test("set their tag on the ticket and replace the tag of the choice before", async () => {
    account.zendesk.createTicket({ tags: ["kept"], from: "nobody@elsewhere.example" });
    const tagged = async (value: string | null): Promise<unknown> =>
      (await account.put("/tickets/1", { ticket: { custom_fields: [{ id: 41, value }] } })).at("ticket.tags");
    expect(await tagged("sev1")).toEqual(["kept", "sev1"]);
    expect(await tagged("sev2")).toEqual(["kept", "sev2"]);
    expect(await tagged(null)).toEqual(["kept"]);
  });
});

describe("groups", () => {
  test("may share a name, and a deleted one is readable but can be used for nothing", async () => {
    const made = await account.post("/groups", { group: { name: "Support", description: "again" } });
    expect([made.status, made.at("group.description")]).toEqual([201, "again"]);
    expect((await account.get("/groups")).at("groups.*.name")).toEqual([
      "Support",
      "Premier Support",
      "Support",
    ]);
    expect((await account.call("DELETE", "/groups/12")).status).toBe(204);
    expect((await account.get("/groups/12")).at("group.deleted")).toBe(true);
    expect((await account.put("/groups/12", { group: { name: "Back" } })).status).toBe(404);
    expect((await account.call("DELETE", "/groups/12")).status).toBe(404);
    expect((await account.put("/organizations/61", { organization: { group_id: 12 } })).status).toBe(422);
  });

  test("that are private stay so", async () => {
    const made = await account.post("/groups", { group: { name: "Legal", is_public: false } });
    const put = await account.put(`/groups/${made.at("group.id")}`, { group: { is_public: true } });
    expect(put.status).toBe(422);
  });

  test("that are deleted appear in the list of some accounts, marked", async () => {
    await account.zendesk.close();
    account = await openAccount({ listsDeletedGroups: true });
    expect((await account.get("/groups")).at("groups.*.deleted")).toEqual([false, false, true]);
    expect((await account.get("/groups?exclude_deleted=true")).at("groups.*.id")).toEqual([11, 12]);
  });
});
