import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount, stampOf } from "./zendesk-account.ts";

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.zendesk.close());

describe("a new ticket", () => {
  test("belongs to the requester's organization and copies the tags of both", () => {
    const ticket = account.zendesk.createTicket({ from: "ann@acme.example" });
    expect(ticket.organizationId).toBe("61");
    expect(ticket.tags).toEqual(["gold", "vip"]);
  });

  test("has no priority unless one is given", async () => {
    account.zendesk.createTicket();
    expect((await account.get("/tickets/1")).at("ticket.priority")).toBeNull();
  });

  test("goes to the organization's own group", () => {
    expect(account.zendesk.createTicket({ from: "bob@globex.example" }).groupId).toBe("12");
  });

  test("shows its people, group and organization side by side", async () => {
    account.zendesk.createTicket({ from: "bob@globex.example" });
    const { at } = await account.get("/tickets/1.json?include=users,organizations,groups,slas");
    expect(at("users.*.id")).toEqual([82]);
    expect(at("organizations.0.name")).toBe("Globex");
    expect(at("groups.0.name")).toBe("Premier Support");
    expect(at("ticket.slas")).toEqual({ policy_metrics: [] });
  });

  test("created through the API by an agent answers 201 with its audit", async () => {
    const { status, at } = await account.post("/tickets", {
      ticket: { subject: "Down", comment: { body: "All down" }, requester_id: 81, priority: "high" },
    });
    expect(status).toBe(201);
    expect(at("ticket")).toMatchObject({
      id: 1,
      priority: "high",
      organization_id: 61,
      via: { channel: "api" },
    });
    expect(at("audit.events.*.type")).toContain("Create");
  });
});

describe("a safe update", () => {
  test("with the ticket's stamp is applied, and leaves its metadata in the audit", async () => {
    const ticket = account.zendesk.createTicket();
    const change = {
      priority: "urgent",
      safe_update: true,
      updated_stamp: stampOf(ticket),
      metadata: { ps_decision: "d1" },
    };
    const { status, at } = await account.put("/tickets/1", { ticket: change });
    expect(status).toBe(200);
    expect(at("audit.metadata.custom")).toEqual({ ps_decision: "d1" });
    expect(at("audit.events")).toEqual([
      {
        id: expect.any(Number),
        type: "Change",
        field_name: "priority",
        value: "urgent",
        previous_value: null,
      },
    ]);
  });

  test.each([true, false, "true"])(
    "with an old stamp is a conflict, safe_update: %p",
    async (safe_update) => {
      const ticket = account.zendesk.createTicket();
      account.pass(5_000);
      account.zendesk.agentUpdate(ticket.id, { priority: "low" }, "72");
      const { status, at } = await account.put("/tickets/1", {
        ticket: { priority: "urgent", safe_update, updated_stamp: stampOf(ticket) },
      });
      expect(status).toBe(409);
      expect(at("error")).toBe("UpdateConflict");
      expect(account.zendesk.state.tickets.get("1")?.priority).toBe("low");
    },
  );

  test("cannot tell two writes in the same second apart", async () => {
    const ticket = account.zendesk.createTicket();
    account.pass(400);
    account.zendesk.agentUpdate(ticket.id, { priority: "low" }, "72");
    const { status, at } = await account.put("/tickets/1", {
      ticket: { priority: "urgent", safe_update: true, updated_stamp: stampOf(ticket) },
    });
    expect(status).toBe(200);
    expect(at("audit.events.0.previous_value")).toBe("low");
  });

  test("without the property the stamp is not looked at", async () => {
    account.zendesk.createTicket();
    const { status } = await account.put("/tickets/1", {
      ticket: { priority: "low", updated_stamp: "2001-01-01T00:00:00Z" },
    });
    expect(status).toBe(200);
  });
});

describe("tags", () => {
  test("of a PUT replace every tag the ticket had", async () => {
    account.zendesk.createTicket({ tags: ["a", "b"], from: "nobody@elsewhere.example" });
    const { at } = await account.put("/tickets/1", { ticket: { tags: ["c"] } });
    expect(at("ticket.tags")).toEqual(["c"]);
  });

  test("can be added and removed one by one", async () => {
    account.zendesk.createTicket({ tags: ["a", "b"], from: "nobody@elsewhere.example" });
    const { at } = await account.put("/tickets/1", {
      ticket: { additional_tags: ["c"], remove_tags: ["a"] },
    });
    expect(at("ticket.tags")).toEqual(["b", "c"]);
  });

  test("one by one are ignored with a warning on accounts that do not take them", async () => {
    await account.zendesk.close();
    account = await openAccount({ singlePutTags: "ignored_with_warning" });
    account.zendesk.createTicket({ from: "nobody@elsewhere.example" });
    const answer = await account.put("/tickets/1", { ticket: { priority: "low", additional_tags: ["c"] } });
    expect(answer.status).toBe(200);
    expect(answer.at("ticket.tags")).toEqual([]);
    expect(answer.at("ticket.priority")).toBe("low");
    expect(answer.headers.get("x-zendesk-api-warn")).toContain('unpermitted_keys=>["additional_tags"]');
  });

  test("have an endpoint of their own to add, set and remove, with safe update", async () => {
    const ticket = account.zendesk.createTicket({ from: "nobody@elsewhere.example" });
    expect((await account.put("/tickets/1/tags", { tags: ["a", "b"] })).json).toEqual({ tags: ["a", "b"] });
    expect((await account.post("/tickets/1/tags", { tags: ["c"] })).status).toBe(201);
    expect((await account.call("DELETE", "/tickets/1/tags?tags=c")).json).toEqual({ tags: [] });
    account.pass(3_000);
    account.zendesk.agentUpdate("1", { tags: ["z"] }, "72");
    const late = await account.put("/tickets/1/tags", {
      tags: ["x"],
      safe_update: "true",
      updated_stamp: stampOf(ticket),
    });
    expect(late.status).toBe(409);
  });

  test("and a drop-down field follow each other both ways", async () => {
    account.zendesk.createTicket({ tags: ["keep"], from: "nobody@elsewhere.example" });
    const set = await account.put("/tickets/1", { ticket: { custom_fields: [{ id: 41, value: "sev1" }] } });
    expect(set.at("ticket.tags")).toEqual(["keep", "sev1"]);
    const tagged = await account.put("/tickets/1", {
      ticket: { additional_tags: ["sev2"], remove_tags: ["sev1"] },
    });
    expect(tagged.at("ticket.custom_fields")).toEqual([{ id: 41, value: "sev2" }]);
    const cleared = await account.put("/tickets/1", { ticket: { tags: ["keep"] } });
    expect(cleared.at("ticket.custom_fields")).toEqual([{ id: 41, value: null }]);
  });
});

describe("an update Zendesk does not accept", () => {
  test.each([
    ["an unknown priority", { priority: "URGENT" }],
    ["a group that was deleted", { group_id: 13 }],
    ["a group that never was", { group_id: 999 }],
    ["a drop-down value nobody defined", { custom_fields: [{ id: 41, value: "sev9" }] }],
    ["an organization that is not the requester's", { organization_id: 63 }],
  ])("%s is 422", async (_what, change) => {
    account.zendesk.createTicket();
    const { status, at } = await account.put("/tickets/1", { ticket: change });
    expect(status).toBe(422);
    expect(at("error")).toBe("RecordInvalid");
  });

  test("a closed ticket is 422, a deleted one 404", async () => {
    account.zendesk.createTicket();
    account.zendesk.createTicket();
    account.zendesk.agentUpdate("1", { status: "closed" }, "72");
    account.zendesk.deleteTicket("2");
    expect((await account.put("/tickets/1", { ticket: { priority: "low" } })).status).toBe(422);
    expect((await account.put("/tickets/2", { ticket: { priority: "low" } })).status).toBe(404);
    expect((await account.get("/tickets/2")).status).toBe(404);
  });

  test("a merged ticket is closed, tagged, and points to the one that stays", async () => {
    account.zendesk.createTicket();
    account.zendesk.createTicket();
    account.zendesk.merge("2", ["1"], "72");
    const { at } = await account.get("/tickets/1");
    expect(at("ticket.status")).toBe("closed");
    expect(at("ticket.tags")).toContain("closed_by_merge");
    expect(account.zendesk.state.tickets.get("1")?.comments.at(-1)?.body).toContain("#2");
  });

  test("an unknown key is dropped with a warning", async () => {
    account.zendesk.createTicket();
    const answer = await account.put("/tickets/1", { ticket: { sla_policy_id: 5 } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-zendesk-api-warn")).toContain("sla_policy_id");
  });
});

describe("people on a ticket", () => {
  test("a group the assignee is not in takes the assignee away", async () => {
    account.zendesk.createTicket();
    account.zendesk.agentUpdate("1", { assignee_id: 72 }, "72");
    expect(account.zendesk.state.tickets.get("1")).toMatchObject({
      groupId: "11",
      assigneeId: "72",
      status: "open",
    });
    const { at } = await account.put("/tickets/1", { ticket: { group_id: 12 } });
    expect(at("ticket")).toMatchObject({ group_id: 12, assignee_id: null });
  });

  test("followers are added and removed one by one, agents only", async () => {
    account.zendesk.createTicket();
    const added = await account.put("/tickets/1", {
      ticket: {
        followers: [
          { user_id: 73, action: "put" },
          { user_id: 81, action: "put" },
        ],
      },
    });
    expect(added.at("ticket.follower_ids")).toEqual([73]);
    const removed = await account.put("/tickets/1", {
      ticket: { followers: [{ user_id: 73, action: "delete" }] },
    });
    expect(removed.at("ticket.follower_ids")).toEqual([]);
  });
});

describe("the history of a ticket", () => {
  test("is paged by cursor and names who changed what", async () => {
    account.zendesk.createTicket();
    account.zendesk.agentUpdate("1", { priority: "high" }, "72");
    const first = await account.get("/tickets/1/audits?page[size]=1");
    expect(first.at("meta.has_more")).toBe(true);
    const last = await account.get(
      `/tickets/1/audits?page[size]=1&page[after]=${first.at("meta.after_cursor")}`,
    );
    expect(last.at("audits.0")).toMatchObject({ author_id: 72, via: { channel: "web" } });
    expect(last.at("meta.has_more")).toBe(false);
    expect(last.at("links.next")).toContain("page%5Bafter%5D");
    const beyond = await account.get(
      `/tickets/1/audits?page[size]=1&page[after]=${last.at("meta.after_cursor")}`,
    );
    expect(beyond.json).toMatchObject({
      audits: [],
      meta: { has_more: false, after_cursor: null },
      links: { next: null },
    });
  });

  test("a priority that is set can be changed and never emptied", async () => {
    account.zendesk.createTicket({ priority: "high" });
    expect((await account.put("/tickets/1", { ticket: { priority: null } })).status).toBe(422);
    expect((await account.put("/tickets/1", { ticket: { priority: "low" } })).at("ticket.priority")).toBe(
      "low",
    );
    account.zendesk.createTicket();
    expect((await account.put("/tickets/2", { ticket: { priority: null } })).status).toBe(200);
  });
});
