import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { deskSettings, HOST, mockNames, mockTicket, NOW, open, read, requesterJson } from "./zendesk-kit.ts";

describe("A ticket as it is now", () => {
  test("is read with one call, in our own words", async () => {
    const { desk, pacer, slept, reports, ...reading } = await read();
    expect(reading).toEqual({
      id: "42",
      createdAt: Date.parse("2026-11-22T11:59:50Z"),
      stamp: "2026-11-22T11:59:55Z",
      stampClosed: true,
      untouched: false,
      status: "new",
      merged: false,
      subject: "Cannot sign in",
      description: "Since this morning.",
      priority: null,
      impact: "sev2",
      group: "Support",
      assigneeId: null,
      form: "default form",
      channel: "email",
      tags: ["web"],
      brandId: "5",
      organizationId: "700",
      organizationTags: ["pilot"],
      requesterId: "900",
      requester: { email: "jane@customer.example", role: "end-user", vip: true, verified: null },
      submitterRole: "end-user",
      submitterId: "900",
      followerIds: [],
      tierField: "pro",
    });
    expect([desk.calls(), slept, reports]).toEqual([{ general: 4 }, [], []]);
    expect(pacer.ran.every((call) => call.lane === "live")).toBe(true);
  });

  test.each([
    ["2026-11-22T11:59:55Z", "Sun, 22 Nov 2026 11:59:55 GMT", false],
    ["2026-11-22T11:59:55Z", "Sun, 22 Nov 2026 11:59:56 GMT", true],
    ["2026-11-22T11:59:55.900Z", "Sun, 22 Nov 2026 11:59:55 GMT", false],
    ["2026-11-22T11:59:58Z", "Sun, 22 Nov 2026 11:59:56 GMT", false],
    ["2026-11-22T11:59:55Z", "not a date", false],
  ])("changed at %s and read at %s: its stamp is a fence: %s", async (updated_at, date, closed) => {
    mockTicket({ updated_at }, [], { date });
    mockNames();
    expect((await open().desk.readTicket("42", "live"))?.stampClosed).toBe(closed);
  });

  test("a sparse record is read: nulls, ids as text, members nobody knows, keys nobody expects", async () => {
    const reading = await read({
      id: "42",
      priority: "catastrophic",
      status: "HOLD",
      subject: null,
      description: null,
      tags: null,
      follower_ids: null,
      custom_fields: null,
      via: null,
      group_id: "11",
      ticket_form_id: null,
      organization_id: null,
      requester_id: null,
      submitter_id: 0,
      brand_id: "0",
      something_new: { deep: [1] },
    });
    expect(reading).toMatchObject({
      id: "42",
      priority: null,
      status: "hold",
      subject: "",
      tags: [],
      channel: "",
      group: "Enterprise Support",
      organizationId: null,
      requesterId: null,
      submitterId: null,
      brandId: null,
      tierField: null,
      impact: null,
      requester: { email: null, role: "unknown", vip: false },
    });
  });

  test("one odd user beside a ticket is reported and does not hide the others", async () => {
    mockTicket({}, [{ id: null, email: "x" }, requesterJson]);
    mockNames();
    const { desk, reports } = open();
    expect((await desk.readTicket("42", "live"))?.requester.email).toBe("jane@customer.example");
    expect(reports).toEqual(['one user (id unknown) could not be read at "id" and was skipped']);
  });

  test.each([
    ["the user's tag", "VIP", { tags: ["vip"], user_fields: {} }, true],
    ["a checkbox field", "gold", { tags: [], user_fields: { gold: true } }, true],
    ["an unticked checkbox", "gold", { tags: [], user_fields: { gold: false } }, false],
    ["neither", "vip", { tags: ["vipers"], user_fields: null }, false],
  ])("a VIP is known by %s", async (_name, vip, user, expected) => {
    mockTicket({}, [{ ...requesterJson, ...user }]);
    mockNames();
    const { desk } = open({ desk: { ...deskSettings, vip } });
    expect((await desk.readTicket("42", "live"))?.requester.vip).toBe(expected);
  });

  test.each([
    ["its value", "sev2", [], "sev2"],
    ["its name, where the policy knows that", "impact_one", ["sev1", "sev2"], "sev1"],
    ["its value, where the policy knows neither", "impact_one", ["p1"], "impact_one"],
  ])("severity is the option by %s", async (_name, value, impactKeys, expected) => {
    const reading = await read({ custom_fields: [{ id: "31", value }] }, { impactKeys });
    expect(reading.impact).toBe(expected);
  });

  test("severity can be named by the field's id", async () => {
    expect((await read({}, { desk: { ...deskSettings, impactField: "31" } })).impact).toBe("sev2");
  });

  test("an account without the tier drop-down says so", async () => {
    const { tierField } = await read({}, { tierTags: ["ps_tier_other"] });
    expect(tierField).toBeUndefined();
  });

  test.each([
    ["closed with the merge tag", { status: "closed", tags: ["closed_by_merge"] }, true],
    ["closed via a merge", { status: "closed", via: { channel: "web", source: { rel: "merge" } } }, true],
    ["closed by an agent", { status: "closed" }, false],
    ["open with that tag", { status: "open", tags: ["closed_by_merge"] }, false],
  ])("a ticket %s is merged: see last column", async (_name, over, merged) => {
    expect((await read(over)).merged).toBe(merged);
  });

  test("names are kept for five minutes, then read again", async () => {
    let now = NOW;
    const { desk } = open({ now: () => now });
    mockNames();
    for (const _ of [1, 2]) {
      mockTicket();
      await desk.readTicket("42", "live");
    }
    now += 5 * 60_000;
    mockTicket();
    mockNames();
    await desk.readTicket("42", "live");
    expect(desk.calls()).toEqual({ general: 3 + 2 * 3 });
  });

  test("a group nobody knew yet is looked up once more, and stays visible as its number if it is gone", async () => {
    let now = NOW;
    const { desk } = open({ now: () => now });
    mockNames(2);
    mockTicket();
    await desk.readTicket("42", "live");
    now += 60_000;
    for (const _ of [1, 2]) {
      mockTicket({ group_id: 99 });
      expect((await desk.readTicket("42", "live"))?.group).toBe("#99");
    }
  });
});

describe("SLA clocks", () => {
  test("of many tickets come in one call, those of gone tickets are left out", async () => {
    nock(HOST)
      .get("/api/v2/tickets/show_many")
      .query({ ids: "1,2,3", include: "slas" })
      .reply(200, {
        tickets: [
          {
            id: 1,
            slas: {
              policy_metrics: [
                {
                  metric: "first_reply_time",
                  stage: "active",
                  breach_at: "2026-11-22T12:30:00Z",
                  minutes: 30,
                },
                { metric: "next_reply_time", stage: "achieved", breach_at: null },
                { stage: "odd" },
              ],
            },
          },
          { id: 3, slas: null },
        ],
      });
    expect(await open().desk.readSlas(["1", "2", "3"], "live")).toEqual([
      {
        ticketId: "1",
        policy: null,
        clocks: [
          { metric: "first_reply_time", stage: "active", breachAt: Date.parse("2026-11-22T12:30:00Z") },
          { metric: "next_reply_time", stage: "achieved", breachAt: null },
        ],
      },
      { ticketId: "3", policy: null, clocks: [] },
    ]);
  });

  test("of no tickets cost no call, of 101 two", async () => {
    nock(HOST).get("/api/v2/tickets/show_many").query(true).twice().reply(200, { tickets: [] });
    const { desk } = open();
    await desk.readSlas([], "live");
    expect(desk.calls()).toEqual({});
    await desk.readSlas(
      Array.from({ length: 101 }, (_, index) => String(index + 1)),
      "live",
    );
    expect(desk.calls()).toEqual({ general: 2 });
  });
});
