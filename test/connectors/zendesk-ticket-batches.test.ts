import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { Paused } from "../../src/errors.ts";
import type { TicketChange } from "../../src/policy/model.ts";
import type { TicketReading, TicketRow } from "../../src/ports.ts";
import {
  failureOf,
  HOST,
  mockNames,
  open,
  organizationJson,
  requesterJson,
  signal,
  ticketJson,
} from "./zendesk-kit.ts";

const JOBS = "/api/v2/job_statuses/show_many";
const MANY = "/api/v2/tickets/show_many";
const UPDATE = "/api/v2/tickets/update_many";
const LATER = { date: "Sun, 22 Nov 2026 12:00:05 GMT" };

/** The next reading of many tickets shows these. */
function mockMany(tickets: readonly object[], beside: object = {}, times = 1): void {
  nock(HOST)
    .get(MANY)
    .query(true)
    .times(times)
    .reply(200, { tickets, users: [requesterJson], organizations: [organizationJson], ...beside }, LATER);
}

describe("Many tickets read", () => {
  test("come in one call, each as a single reading would show it; those that are gone are left out", async () => {
    const { desk } = open();
    mockNames();
    nock(HOST)
      .get(MANY)
      .query({ ids: "42,43,44", include: "users,organizations" })
      .reply(
        200,
        {
          tickets: [
            ticketJson(),
            ticketJson({ id: 44, requester_id: 1, organization_id: null, group_id: 11 }),
          ],
          users: [requesterJson],
          organizations: [organizationJson],
        },
        LATER,
      );
    nock(HOST)
      .get("/api/v2/tickets/42")
      .query({ include: "users,organizations" })
      .reply(200, { ticket: ticketJson(), users: [requesterJson], organizations: [organizationJson] }, LATER);
    const [first, second, ...none] = await desk.readTickets(["42", "43", "44"], "live");
    expect(first).toEqual(await desk.readTicket("42", "live"));
    expect(first).toMatchObject({ id: "42", stampClosed: true, impact: "sev2", organizationTags: ["pilot"] });
    expect(second).toMatchObject({
      id: "44",
      group: "Enterprise Support",
      organizationTags: [],
      requester: { email: null, role: "unknown" },
    });
    expect(none).toEqual([]);
  });

  test("are read a hundred at a time, and what is no ticket id never leaves the house", async () => {
    const { desk } = open();
    const ids = Array.from({ length: 250 }, (_, at) => String(at + 1));
    mockNames();
    mockMany([], {}, 3);
    expect(await desk.readTickets([...ids, "x", "../1", "7"], "live")).toEqual([]);
    expect(desk.calls().general).toBe(6);
  });

  test("one odd ticket does not stop the others", async () => {
    const { desk, reports } = open();
    mockNames();
    mockMany([{ id: 41, created_at: "yesterday" }, ticketJson()]);
    expect((await desk.readTickets(["41", "42"], "live")).map((one) => one.id)).toEqual(["42"]);
    expect(reports.join()).toMatch(/one ticket \(id 41\) could not be read/);
  });
});

describe("Many tickets written", () => {
  const wanted: TicketChange = {
    priority: "urgent",
    group: "Enterprise Support",
    tagsAdd: ["ps_vip"],
    tagsRemove: ["web"],
    tier: "enterprise",
  };
  const after = {
    priority: "urgent",
    group_id: 11,
    tags: ["PS_VIP", "ps_tier_enterprise"],
    custom_fields: [{ id: 32, value: "ps_tier_enterprise" }],
    updated_at: "2026-11-22T12:00:01Z",
  };
  const updated = (id: number): object => ({ id, action: "update", status: "Updated", success: true });

  /** A desk that knows its names, and tickets 1…count read by it. */
  async function readOf(count: number, over: object = {}) {
    const opened = open();
    mockNames();
    mockMany(Array.from({ length: count }, (_, at) => ticketJson({ id: at + 1, ...over })));
    const readings = await opened.desk.readTickets(
      Array.from({ length: count }, (_, at) => String(at + 1)),
      "live",
    );
    return { ...opened, readings };
  }

  const rowsFor = (readings: readonly TicketReading[], change: TicketChange = wanted): readonly TicketRow[] =>
    readings.map((reading) => ({ reading, change, decisionId: `d-${reading.id}` }));

  function mockJob(results: readonly object[] | null, over: object = {}, status = "completed"): void {
    nock(HOST)
      .put(UPDATE)
      .reply(200, { job_status: { id: "V3-a", status, results, ...over } });
  }

  test("go as conditional rows of one job, are polled, and count once they are read back", async () => {
    const { desk, readings, pacer } = await readOf(2);
    nock(HOST)
      .put(UPDATE, {
        tickets: [1, 2].map((id) => ({
          id,
          priority: "urgent",
          group_id: 11,
          custom_fields: [{ id: 32, value: "ps_tier_enterprise" }],
          additional_tags: ["ps_vip"],
          remove_tags: ["web"],
          metadata: { ps_decision: `d-${id}` },
          safe_update: true,
          updated_stamp: "2026-11-22T11:59:55Z",
        })),
      })
      .reply(200, { job_status: { id: "V3-a", status: "queued" } });
    nock(HOST)
      .get(JOBS)
      .query({ ids: "V3-a" })
      .reply(200, { job_statuses: [{ id: "V3-a", status: "completed", results: [updated(1), updated(2)] }] });
    mockMany([1, 2].map((id) => ticketJson({ id, ...after })));
    expect(await desk.writeTickets(rowsFor(readings), signal)).toEqual(
      ["1", "2"].map((id) => ({ id, ok: true, retry: false, reason: null, conflict: false })),
    );
    expect(pacer.ran.slice(-3).map((call) => call.class)).toEqual(["jobs", "general", "general"]);
  });

  test("a row that fails is named, and a ticket that changed meanwhile is a conflict", async () => {
    const { desk, readings } = await readOf(4);
    mockJob([
      updated(1),
      { index: 1, id: 2, error: "UpdateConflict", details: "Safe Update prevented the update" },
      { index: 2, id: 3, error: "TicketUpdateFailed", details: "Status: closed prevents ticket update" },
      { index: 3, id: 4, error: "TicketUpdateFailed", details: "Database timeout" },
    ]);
    mockMany([ticketJson({ id: 1, ...after })]);
    expect(
      (await desk.writeTickets(rowsFor(readings), signal)).map((row) => [
        row.id,
        row.ok,
        row.retry,
        row.conflict,
      ]),
    ).toEqual([
      ["1", true, false, false],
      ["2", false, true, true],
      ["3", false, false, false],
      ["4", false, true, false],
    ]);
  });

  test.each([
    ["the priority", { ...after, priority: "normal" }, "not as wanted: priority"],
    ["the group", { ...after, group_id: 10 }, "not as wanted: group"],
    ["a tag that should be there", { ...after, tags: ["ps_tier_enterprise"] }, "not as wanted: tags"],
    ["a tag that should be gone", { ...after, tags: ["ps_vip", "web"] }, "not as wanted: tags"],
    ["the tier", { ...after, custom_fields: [] }, "not as wanted: tier"],
  ])("a row that the job calls updated is not written while %s says otherwise", async (_, shown, reason) => {
    const { desk, readings } = await readOf(1);
    mockJob([updated(1)]);
    mockMany([ticketJson({ id: 1, ...shown })]);
    expect(await desk.writeTickets(rowsFor(readings), signal)).toMatchObject([
      { ok: false, retry: true, conflict: false, reason: expect.stringContaining(reason) },
    ]);
  });

  test("a ticket that the read-back does not find is not written, and neither is one when it fails", async () => {
    const { desk, readings } = await readOf(1);
    mockJob([updated(1)]);
    mockMany([]);
    expect(await desk.writeTickets(rowsFor(readings), signal)).toMatchObject([
      { ok: false, retry: true, reason: expect.stringContaining("was not found") },
    ]);
    mockJob([updated(1)]);
    nock(HOST).get(MANY).query(true).reply(502, "<html>bad gateway</html>");
    expect(await desk.writeTickets(rowsFor(readings), signal)).toMatchObject([
      { ok: false, retry: true, reason: expect.stringContaining("not read back") },
    ]);
  });

  test("a job that vanished, and a row its job never named, may be tried again", async () => {
    const { desk, readings } = await readOf(2);
    mockJob(null, {}, "queued");
    nock(HOST).get(JOBS).query(true).times(3).reply(404, {});
    expect(await desk.writeTickets(rowsFor(readings), signal)).toMatchObject([
      { id: "1", ok: false, retry: true, conflict: false },
      { id: "2", ok: false, retry: true, conflict: false },
    ]);
    mockJob([updated(1)]);
    mockMany([ticketJson({ id: 1, ...after })]);
    expect(await desk.writeTickets(rowsFor(readings), signal)).toMatchObject([
      { id: "1", ok: true },
      { id: "2", ok: false, retry: true, reason: 'the job ended as "completed" without naming this row' },
    ]);
  });

  test("what cannot go as a row is refused with its reason and never sent", async () => {
    const { desk, readings } = await readOf(5);
    const [one, two, three, four, five] = rowsFor(readings);
    if (!one || !two || !three || !four || !five) throw new Error("not read");
    const outcomes = await (async () => {
      mockNames();
      return desk.writeTickets(
        [
          { ...one, change: { ...wanted, followersAdd: ["555"] } },
          { ...two, reading: { ...two.reading, status: "closed" } },
          { ...three, change: { group: "Twins" } },
          { ...four, change: { group: "Nobody" } },
          { ...five, change: {} },
        ],
        signal,
      );
    })();
    expect(outcomes.map((row) => [row.ok, row.retry, row.reason])).toEqual([
      [false, false, "followers cannot be added in a batch; this ticket is written by itself"],
      [false, false, "ticket 2 is closed"],
      [false, false, 'Zendesk has more than one group "Twins"'],
      [false, false, 'Zendesk has no group "Nobody"'],
      [true, false, null],
    ]);
    expect(desk.calls().jobs).toBeUndefined();
    nock.cleanAll();
  });

  test("a hundred fit into a job; two rows of one ticket do not", async () => {
    const { desk, readings } = await readOf(100);
    const more = readings.map((reading) => ({ ...reading, id: String(Number(reading.id) + 100) }));
    for (const from of [0, 100])
      mockJob(
        Array.from({ length: 100 }, (_, at) => updated(from + at + 1)),
        { id: `V3-${from}` },
      );
    mockMany(
      Array.from({ length: 100 }, (_, at) => ticketJson({ id: at + 1, ...after })),
      {},
    );
    mockMany(
      Array.from({ length: 100 }, (_, at) => ticketJson({ id: at + 101, ...after })),
      {},
    );
    const outcomes = await desk.writeTickets(
      rowsFor([...readings, ...more, ...readings.slice(0, 1)]),
      signal,
    );
    expect(outcomes.filter((row) => row.ok)).toHaveLength(200);
    expect(outcomes.filter((row) => !row.ok)).toMatchObject([
      { id: "1", retry: true, reason: "another row of the batch is of this ticket" },
    ]);
    expect(desk.calls().jobs).toBe(2);
  });

  test("a closed door stops everything before the first job, and nothing after it is thrown away", async () => {
    const { desk, readings } = await readOf(1);
    nock(HOST).put(UPDATE).reply(401, {});
    await failureOf(desk.writeTickets(rowsFor(readings), signal), Paused);
    const stopped = AbortSignal.abort();
    expect(await desk.writeTickets(rowsFor(readings), stopped)).toMatchObject([{ ok: false, retry: true }]);
  });
});
