import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, openAccount } from "./zendesk-account.ts";

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.zendesk.close());

const job = async (): Promise<unknown> => {
  const id = [...account.zendesk.state.jobs.keys()].at(-1);
  await account.get(`/job_statuses/${id}`);
  return (await account.get(`/job_statuses/${id}`)).at("job_status.results");
};

describe("writing an organization", () => {
  test("a drop-down sets its tag on the organization and takes the old one away", async () => {
    await account.put("/organizations/61", {
      organization: { organization_fields: { ps_tier: "ps_tier_pro" } },
    });
    const { at } = await account.put("/organizations/61", {
      organization: { organization_fields: { ps_tier: "ps_tier_enterprise" } },
    });
    expect(at("organization.organization_fields.ps_tier")).toBe("ps_tier_enterprise");
    expect(at("organization.tags")).toEqual(["gold", "ps_tier_enterprise"]);
  });

  test("keys nobody defined are dropped, and only a header tells", async () => {
    const answer = await account.put("/organizations/61", {
      organization: { organization_fields: { ps_tire: "x" } },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-zendesk-api-warn")).toContain('"ps_tire"');
    expect(answer.at("organization.organization_fields")).not.toHaveProperty("ps_tire");
  });

  test("a date comes back as a midnight with offset", async () => {
    const { at } = await account.put("/organizations/61", {
      organization: { organization_fields: { ps_renewal: "2026-11-04" } },
    });
    expect(at("organization.organization_fields.ps_renewal")).toBe("2026-11-04T00:00:00+00:00");
  });

  test("domain names are replaced as a whole", async () => {
    const { at } = await account.put("/organizations/61", {
      organization: { domain_names: ["new.example"] },
    });
    expect(at("organization.domain_names")).toEqual(["new.example"]);
  });

  test("leaves the tags of tickets that already exist alone", async () => {
    account.zendesk.createTicket({ from: "ann@acme.example" });
    await account.put("/organizations/61", {
      organization: { organization_fields: { ps_tier: "ps_tier_pro" } },
    });
    expect(account.zendesk.state.tickets.get("1")?.tags).toEqual(["gold", "vip"]);
  });

  test.each([
    ["a name that is taken, but for case and blanks", { name: "  GLOBEX " }],
    ["an external id that is taken, but for case", { external_id: "crm-2" }],
    ["a drop-down value that is no option", { organization_fields: { ps_tier: "platinum" } }],
    ["a number that is none", { organization_fields: { ps_arr: "12k" } }],
  ])("%s is 422", async (_what, organization) => {
    const { status, at } = await account.put("/organizations/61", { organization });
    expect([status, at("error")]).toEqual([422, "RecordInvalid"]);
  });

  test("five times a minute is the limit for one organization, not for the next", async () => {
    const write = (id: number): ReturnType<Account["put"]> =>
      account.put(`/organizations/${id}`, { organization: { notes: "n" } });
    for (let n = 0; n < 5; n += 1) expect((await write(61)).status).toBe(200);
    const refused = await write(61);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect((await write(62)).status).toBe(200);
    account.pass(60_000);
    expect((await write(61)).status).toBe(200);
  });

  test("an agent without admin rights may write notes only", async () => {
    const agent = `Basic ${Buffer.from("anna@sandbox.example/token:sandbox-api-token").toString("base64")}`;
    const write = (organization: object): ReturnType<Account["call"]> =>
      account.call("PUT", "/organizations/61", { organization }, agent);
    expect((await write({ notes: "called" })).status).toBe(200);
    expect((await write({ organization_fields: { ps_arr: "1" } })).status).toBe(403);
  });
});

describe("finding organizations", () => {
  test("by external id ignores case", async () => {
    expect((await account.get("/organizations/search?external_id=crm-1")).at("organizations.*.id")).toEqual([
      61,
    ]);
  });

  test("by name is exact but for case, and never both at once", async () => {
    expect((await account.get("/organizations/search?name=acme")).at("organizations.*.id")).toEqual([61]);
    expect((await account.get("/organizations/search?name=acm")).at("organizations")).toEqual([]);
    expect((await account.get("/organizations/search?name=acme&external_id=crm-1")).status).toBe(400);
  });

  test("by a list of external ids takes a hundred at most", async () => {
    expect(
      (await account.get("/organizations/show_many?external_ids=CRM-2,crm-1,none")).at("organizations.*.id"),
    ).toEqual([61, 62]);
    const many = Array.from({ length: 101 }, (_, n) => n).join(",");
    expect((await account.get(`/organizations/show_many?ids=${many}`)).at("error")).toBe("TooManyValues");
  });

  test("page by page ends with has_more, not with the next link", async () => {
    const first = await account.get("/organizations?page[size]=2");
    expect(first.at("organizations.*.id")).toEqual([61, 62]);
    const last = await account.get(
      `/organizations?page[size]=2&page[after]=${first.at("meta.after_cursor")}`,
    );
    expect(last.at("meta.has_more")).toBe(false);
    expect(last.at("links.next")).toMatch(/^http/);
  });

  test("page by number stops at page 100", async () => {
    expect((await account.get("/organizations?page=101")).status).toBe(400);
  });
});

describe("many organizations in one job", () => {
  test("failed rows carry an error and no success key; the job is completed all the same", async () => {
    const { status } = await account.put("/organizations/update_many", {
      organizations: [
        { id: 61, organization_fields: { ps_account: "hubspot:1" } },
        { id: 62, name: "Acme" },
        { id: 99, notes: "x" },
      ],
    });
    expect(status).toBe(200);
    expect(await job()).toEqual([
      { action: "update", id: 61, status: "Updated", success: true },
      { index: 1, id: 62, error: "OrganizationUpdateFailed", details: "Name: Acme has already been taken" },
      { index: 2, id: 99, error: "OrganizationNotFound", details: expect.any(String) },
    ]);
    expect(account.zendesk.state.organizations.get("61")?.fields.ps_account).toBe("hubspot:1");
  });

  test("the same change for several, by external id", async () => {
    await account.put("/organizations/update_many?external_ids=crm-1,crm-2", {
      organization: { notes: "Priority" },
    });
    expect([...account.zendesk.state.organizations.values()].map((row) => row.notes)).toEqual([
      "Priority",
      "Priority",
      null,
    ]);
  });

  test("more than a hundred rows are refused", async () => {
    const organizations = Array.from({ length: 101 }, (_, id) => ({ id }));
    const { status, at } = await account.put("/organizations/update_many", { organizations });
    expect([status, at("error")]).toEqual([400, "TooManyValues"]);
  });

  test("the thirty-first unfinished job is refused, with the ids of the others", async () => {
    await account.zendesk.close();
    account = await openAccount({ jobMs: 60_000 });
    const start = (): ReturnType<Account["put"]> =>
      account.put("/organizations/update_many", { organizations: [{ id: 61, notes: "n" }] });
    expect((await start()).headers.get("zendesk-ratelimit-inflight-jobs")).toBe(
      "total=30; remaining=29; resets=60",
    );
    for (let n = 0; n < 29; n += 1) await start();
    const refused = await start();
    expect([refused.status, refused.at("error")]).toEqual([429, "TooManyJobs"]);
    expect(refused.at("current_job_ids")).toHaveLength(30);
    expect(account.zendesk.state.organizations.get("61")?.notes).toBeNull();
    account.pass(60_000);
    expect((await start()).status).toBe(200);
    expect(account.zendesk.state.organizations.get("61")?.notes).toBe("n");
  });

  test("a job may not be found at first", async () => {
    await account.zendesk.close();
    account = await openAccount({ jobMissingPolls: 1, jobPolls: 0 });
    const { at } = await account.put("/organizations/update_many", {
      organizations: [{ id: 61, notes: "n" }],
    });
    const path = `/job_statuses/${at("job_status.id")}`;
    expect((await account.get(path)).status).toBe(404);
    expect((await account.get(path)).at("job_status.status")).toBe("completed");
    expect(
      (await account.get(`/job_statuses/show_many?ids=${at("job_status.id")},nope`)).at(
        "job_statuses.*.status",
      ),
    ).toEqual(["completed"]);
  });
});

describe("describing the account", () => {
  test("groups that were deleted are left out, names may repeat", async () => {
    await account.post("/groups", { group: { name: "Support" } });
    expect((await account.get("/groups?page[size]=100")).at("groups.*.name")).toEqual([
      "Support",
      "Premier Support",
      "Support",
    ]);
    expect((await account.get("/groups/13")).at("group.deleted")).toBe(true);
  });

  test("fields list their options with id and tag", async () => {
    const { at } = await account.get("/organization_fields");
    expect(at("organization_fields.0.custom_field_options.1")).toMatchObject({
      id: 512,
      value: "ps_tier_enterprise",
    });
    expect((await account.get("/ticket_fields")).at("ticket_fields.*.type")).toContain("tagger");
    expect((await account.get("/ticket_forms")).at("ticket_forms.*.name")).toEqual(["Default form"]);
    expect((await account.get("/brands")).at("brands.*.id")).toEqual([21]);
  });

  test("the key of an organization field must be new and cannot be changed", async () => {
    const field = { key: "ps_basis", title: "Basis", type: "text" };
    const made = await account.post("/organization_fields", { organization_field: field });
    expect(made.status).toBe(201);
    expect((await account.post("/organization_fields", { organization_field: field })).status).toBe(422);
    const id = made.at("organization_field.id");
    const renamed = await account.put(`/organization_fields/${id}`, {
      organization_field: { key: "other", title: "B" },
    });
    expect(renamed.at("organization_field.key")).toBe("ps_basis");
  });

  test("users are found by e-mail, and their addresses say whether they are proven", async () => {
    expect((await account.get("/users/search?query=email:TAM@sandbox.example")).at("users.*.id")).toEqual([
      73,
    ]);
    expect((await account.get("/users/82/identities")).at("identities.0.verified")).toBe(false);
    expect((await account.get("/users/show_many?ids=81,82,999")).at("users.*.id")).toEqual([81, 82]);
    expect((await account.get("/users/me")).at("user.role")).toBe("admin");
    expect((await account.get("/users/81/organizations")).at("organizations.*.id")).toEqual([61]);
  });
});
