import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { attainmentReport } from "../../src/report/attainment.ts";
import { YEAR } from "../report/pretend-year.ts";
import { at, type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";
import { HALF_YEAR, startYear, TODAY } from "./year.ts";

describe("reports on a year of tickets", () => {
  let installation: ConsoleWorld;
  let admin: Person;
  let agent: Person;
  beforeAll(async () => {
    installation = await startYear();
    [admin, agent] = [await installation.as("admin"), await installation.as("agent")];
  }, 120_000);
  afterAll(() => installation?.close());
  const ask = (who: Person, path: string) => who.call("GET", `/api/v1/reports${path}`);

  test("are listed with the question that each answers", async () => {
    const { body } = await ask(agent, "");
    expect(body).toMatchObject({
      reports: expect.arrayContaining([
        { name: "attainment", answers: "Is the promise kept?", usualDays: 90 },
      ]),
    });
  });

  test("about money are for administrators alone, in the list as well as by name", async () => {
    expect((await ask(agent, "")).text).not.toContain("economics");
    expect((await ask(admin, "")).text).toContain("economics");
    const statuses = await Promise.all(
      [agent, admin].map(async (who) => (await ask(who, "/economics/shown")).status),
    );
    expect(statuses).toEqual([403, 200]);
  });

  test("have the very figures that the command line prints", async () => {
    const { store } = installation.world.service;
    const window = { from: YEAR.middle, until: TODAY };
    const { policy } = installation.world;
    const report = await attainmentReport({ facts: store.facts, policy, window, at: TODAY });
    const told = await ask(admin, `/attainment?since=${isoOf(YEAR.middle)}&until=${isoOf(TODAY)}`);
    expect([told.status, at(told, "rows"), at(told, "credits")]).toEqual([
      200,
      JSON.parse(JSON.stringify(report.rows)),
      JSON.parse(JSON.stringify(report.credits)),
    ]);
    expect(at(told, "frame.tickets")).toBeGreaterThan(1_000);
  });

  test("are told ready to be shown, in the reader's zone, and no money to agents", async () => {
    const path = `/attainment/shown?${HALF_YEAR}&zone=Asia/Tokyo`;
    const [full, light] = [await ask(admin, path), await ask(agent, path)];
    expect(at(full, "about.0")).toBe(
      "Tickets created from 1 Jan 2026, 00:00 until 28 Jun 2026, 00:00 (Asia/Tokyo)",
    );
    const ids = (answer: typeof full) =>
      (at(answer, "parts") as { readonly id: string }[]).map((one) => one.id);
    expect([ids(full), ids(light)]).toEqual([["targets", "credits"], ["targets"]]);
    expect(at(await ask(agent, `/attainment?${HALF_YEAR}`), "credits")).toBeUndefined();
  });

  test("count the running month in the policy's zone, tier by tier with what is left of the error budget", async () => {
    const month = await agent.call("GET", "/api/v1/promises/month");
    expect(month.body).toMatchObject({
      from: "2026-06-01T04:00:00Z",
      timezone: "America/New_York",
      objective: 0.95,
    });
    const rows = at(month, "rows") as readonly { readonly [key: string]: unknown }[];
    expect(rows[0]).toMatchObject({ tier: { id: "enterprise_support" }, metric: "first_reply" });
    const report = at(await ask(agent, "/attainment?since=2026-06-01"), "rows");
    const whole = (report as readonly { readonly [key: string]: unknown }[]).filter(
      (one) => one.priority === null,
    );
    expect(rows.map(({ met, missed }) => [met, missed])).toEqual(
      whole.map((one) => [one.met, Number(one.late) + Number(one.openLate)]),
    );
    expect(rows.length).toBeGreaterThan(8);
  });

  test("are handed out as files under a name of their own", async () => {
    const html = await ask(admin, `/differentiation/file?${HALF_YEAR}&format=html`);
    const csv = await ask(agent, `/attainment/file?${HALF_YEAR}&format=csv`);
    expect(html.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(html.headers.get("content-disposition")).toBe(
      "attachment; filename=differentiation-2026-06-28.html",
    );
    expect(html.text).toContain("<h1>Is the higher tier really served better?</h1>");
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.text).toMatch(/^report,from,until,timezone,tickets,part,/);
    expect(csv.text).not.toContain("credits");
  });

  test("stand beside the papers of one customer; what tells of causes and money is for administrators", async () => {
    const of = (who: Person, what: string) =>
      who.call("GET", `/api/v1/customers/hubspot:enterprise_support-1/${what}`);
    const review = await of(agent, "review?since=2026-01-01&until=2026-04-01");
    expect(review.headers.get("content-disposition")).toMatch(
      /^attachment; filename=review-[a-z0-9-]+-2026-06-28\.html$/,
    );
    expect(review.text).toContain("What the plan bought");
    const internal = "review?since=2026-01-01&until=2026-04-01&variant=internal&format=markdown";
    expect((await of(agent, internal)).status).toBe(403);
    expect((await of(admin, internal)).text).toMatch(/internal: not for the customer[\s\S]*Cost to serve/i);
    expect((await of(admin, "review?until=2024-01-01")).status).toBe(404);
    // The past is remembered, but no sync has brought this account yet: nothing may be promised to it.
    expect((await of(agent, "sla")).status).toBe(404);
  });

  test("hold up no webhook while they are made", async () => {
    const ended: string[] = [];
    const report = ask(admin, "/differentiation/shown?since=2025-08-02&until=2026-06-20").then(() =>
      ended.push("report"),
    );
    for (let i = 0; i < 3; i++) {
      const posted = await installation.world.post(JSON.stringify({ ticket_id: `${900 + i}` }));
      ended.push(String(posted.status));
    }
    await report;
    expect(ended).toEqual(["200", "200", "200", "report"]);
  });

  test.each([
    ["/nothing", 404, "not_found"],
    ["/attainment?zone=Mars/Base", 400, "bad_request"],
    ["/attainment?since=yesterday", 400, "bad_request"],
    ["/attainment?since=2026-02-31", 400, "bad_window"],
    ["/attainment?since=2026-05-01&until=2026-04-01", 400, "bad_window"],
    ["/attainment/file?format=exe", 400, "bad_request"],
  ])("%s is refused with what to ask instead", async (path, status, error) => {
    const answer = await ask(admin, path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, message: expect.any(String), fix: expect.any(String) });
  });
});

test("before any ticket the reports say that there is nothing to judge yet", async () => {
  const installation = await startConsoleWorld({ synced: false });
  try {
    const agent = await installation.as("agent");
    const told = await agent.call("GET", "/api/v1/reports/attainment/shown");
    expect(at(told, "lead.0.text")).toBe(
      "No target has ended in this window: there is nothing to judge yet.",
    );
    expect([at(told, "tickets"), at(told, "through")]).toEqual([0, null]);
  } finally {
    await installation.close();
  }
}, 60_000);

function isoOf(moment: number): string {
  return new Date(moment).toISOString();
}
