import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { Paused } from "../../src/errors.ts";
import { failureOf, HOST, open, signal } from "./zendesk-kit.ts";

const JOBS = "/api/v2/job_statuses/show_many";

describe("Our own fields written", () => {
  const fields = { ps_tier: "ps_tier_pro", ps_basis: null };

  function mockFields(keys: readonly string[] = ["ps_tier", "ps_basis"]): void {
    nock(HOST)
      .get("/api/v2/organization_fields")
      .query(true)
      .reply(200, { organization_fields: keys.map((key) => ({ key })), meta: { has_more: false } });
  }

  function mockStart(id: string, over: object = {}): void {
    nock(HOST)
      .put("/api/v2/organizations/update_many")
      .reply(200, { job_status: { id, status: "queued", results: null, ...over } });
  }

  function mockLook(jobs: readonly object[], status = 200): void {
    nock(HOST).get(JOBS).query(true).reply(status, { job_statuses: jobs });
  }

  const ids = (count: number): readonly { id: string; fields: typeof fields }[] =>
    Array.from({ length: count }, (_, index) => ({ id: String(index + 1), fields }));
  const updated = (id: number): object => ({ id, action: "update", status: "Updated", success: true });

  test("go as one job for a hundred, and every row is answered", async () => {
    mockFields();
    nock(HOST)
      .put("/api/v2/organizations/update_many", {
        organizations: [
          { id: 1, organization_fields: fields },
          { id: 2, organization_fields: fields },
          { id: 3, organization_fields: fields },
        ],
      })
      .reply(200, { job_status: { id: "V3-a", status: "queued" } });
    mockLook([{ id: "V3-a", status: "working", results: null }]);
    mockLook([
      {
        id: "V3-a",
        status: "completed",
        results: [
          updated(1),
          { index: 1, id: 2, error: "OrganizationUpdateFailed", details: "Name: has already been taken" },
        ],
      },
    ]);
    const { desk, pacer, slept } = open();
    expect(await desk.writeOrganizations(ids(3), signal)).toEqual([
      { id: "1", ok: true, retry: false, reason: null },
      { id: "2", ok: false, retry: false, reason: "OrganizationUpdateFailed: Name: has already been taken" },
      { id: "3", ok: false, retry: true, reason: 'the job ended as "completed" without naming this row' },
    ]);
    expect(slept).toEqual([500, 1_000]);
    expect(pacer.ran.map((call) => call.class)).toEqual(["general", "jobs", "general", "general"]);
  });

  test("a failed row that names only its place is found by it", async () => {
    mockFields();
    mockStart("V3-a", {
      status: "completed",
      results: [
        { index: 1, error: "DatabaseConflict" },
        { id: 1, index: 0 },
      ],
    });
    expect(await open().desk.writeOrganizations(ids(2), signal)).toEqual([
      { id: "1", ok: true, retry: false, reason: null },
      { id: "2", ok: false, retry: true, reason: "DatabaseConflict" },
    ]);
  });

  test("250 rows make three jobs that are looked at together", async () => {
    mockFields();
    for (const id of ["a", "b", "c"]) mockStart(`V3-${id}`);
    nock(HOST)
      .get(JOBS)
      .query({ ids: "V3-a,V3-b,V3-c" })
      .reply(200, {
        job_statuses: ["a", "b", "c"].map((id, index) => ({
          id: `V3-${id}`,
          status: "completed",
          results: Array.from({ length: 100 }, (_, at) => updated(index * 100 + at + 1)),
        })),
      });
    const { desk } = open();
    const outcomes = await desk.writeOrganizations(ids(250), signal);
    expect([outcomes.length, outcomes.every((one) => one.ok)]).toEqual([250, true]);
    expect(desk.calls()).toEqual({ general: 2, jobs: 3 });
  });

  test("a job that is unknown at first is waited for; one that vanishes leaves its rows to the next run", async () => {
    mockFields();
    mockStart("V3-a");
    mockLook([], 404);
    mockLook([]);
    mockLook([{ id: "V3-a", status: "completed", results: [updated(1)] }]);
    expect(await open().desk.writeOrganizations(ids(1), signal)).toMatchObject([{ id: "1", ok: true }]);

    mockFields();
    mockStart("V3-b");
    for (const _ of [1, 2, 3]) mockLook([]);
    expect(await open().desk.writeOrganizations(ids(1), signal)).toMatchObject([
      { id: "1", ok: false, retry: true },
    ]);
  });

  test("a job that never ends is given up after a bounded wait", async () => {
    mockFields();
    mockStart("V3-a");
    nock(HOST)
      .get(JOBS)
      .query(true)
      .times(32)
      .reply(200, { job_statuses: [{ id: "V3-a", status: "working" }] });
    const { desk, slept } = open();
    expect(await desk.writeOrganizations(ids(1), signal)).toMatchObject([{ ok: false, retry: true }]);
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(6 * 60_000);
  });

  test.each(["failed", "killed"])(
    "a job that ended as %s leaves its unnamed rows to the next run",
    async (status) => {
      mockFields();
      mockStart("V3-a", { status, results: [updated(1)] });
      expect(await open().desk.writeOrganizations(ids(2), signal)).toMatchObject([
        { id: "1", ok: true },
        { id: "2", ok: false, retry: true },
      ]);
    },
  );

  test("too many jobs at once are waited for, and only the job queue is closed meanwhile", async () => {
    mockFields();
    nock(HOST)
      .put("/api/v2/organizations/update_many")
      .reply(
        429,
        { error: "TooManyJobs", description: "Too many jobs", current_job_ids: ["x"] },
        { "retry-after": "7" },
      );
    mockStart("V3-a", { status: "completed", results: [updated(1)] });
    const { desk, slept, pacer } = open();
    expect(await desk.writeOrganizations(ids(1), signal)).toMatchObject([{ ok: true }]);
    expect(slept).toEqual([7_000]);
    expect(pacer.blocked).toEqual([{ class: "jobs", forMs: 7_000 }]);
  });

  test("a job queue that stays full leaves the rows to the next run", async () => {
    mockFields();
    nock(HOST).put("/api/v2/organizations/update_many").times(3).reply(422, { error: "TooManyJobs" });
    expect(await open().desk.writeOrganizations(ids(1), signal)).toMatchObject([{ ok: false, retry: true }]);
  });

  test("a token refused at the first batch stops everything; refused later it leaves the rest to the next run", async () => {
    mockFields();
    nock(HOST).put("/api/v2/organizations/update_many").reply(401, {});
    await failureOf(open().desk.writeOrganizations(ids(1), signal), Paused);

    mockFields();
    mockStart("V3-a", {
      status: "completed",
      results: Array.from({ length: 100 }, (_, at) => updated(at + 1)),
    });
    nock(HOST).put("/api/v2/organizations/update_many").reply(401, {});
    const outcomes = await open().desk.writeOrganizations(ids(250), signal);
    expect(outcomes.filter((one) => one.ok)).toHaveLength(100);
    expect(outcomes.filter((one) => one.retry)).toHaveLength(150);
  });

  test("a batch that is refused is not sent again and again", async () => {
    mockFields();
    nock(HOST).put("/api/v2/organizations/update_many").reply(400, { error: "TooManyValues" });
    expect(await open().desk.writeOrganizations(ids(1), signal)).toMatchObject([{ ok: false, retry: false }]);
  });

  test("fields that are not ours, or not provisioned, are never sent", async () => {
    mockFields(["ps_tier"]);
    const { desk } = open();
    const outcomes = await desk.writeOrganizations(
      [
        { id: "1", fields: { their_field: "x" } },
        { id: "2", fields: { ps_basis: "plan" } },
        { id: "3x", fields: { ps_tier: "ps_tier_pro" } },
      ],
      signal,
    );
    expect(outcomes.map((one) => [one.id, one.ok, one.retry])).toEqual([
      ["1", false, false],
      ["2", false, false],
      ["3x", false, false],
    ]);
    expect(outcomes[1]?.reason).toMatch(/add it \(docs\/connect-zendesk\.md/);
    expect(desk.calls()).toEqual({ general: 1 });
  });

  test("two rows of one organization are one row", async () => {
    mockFields();
    nock(HOST)
      .put("/api/v2/organizations/update_many", {
        organizations: [{ id: 1, organization_fields: { ps_tier: "b", ps_basis: "plan" } }],
      })
      .reply(200, { job_status: { id: "V3-a", status: "completed", results: [updated(1)] } });
    const outcomes = await open().desk.writeOrganizations(
      [
        { id: "1", fields: { ps_tier: "a", ps_basis: "plan" } },
        { id: "1", fields: { ps_tier: "b" } },
      ],
      signal,
    );
    expect(outcomes).toEqual([{ id: "1", ok: true, retry: false, reason: null }]);
  });

  test("a stop leaves what was not sent, and what was not answered, to the next run", async () => {
    const stop = new AbortController();
    mockFields();
    mockStart("V3-a");
    const { desk } = open({
      sleep: async () => {
        stop.abort();
      },
    });
    expect(await desk.writeOrganizations(ids(1), stop.signal)).toMatchObject([{ ok: false, retry: true }]);
  });
});
