import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { attainmentReport } from "../../src/report/attainment.ts";
import { attainmentShown } from "../../src/report/attainment-shown.ts";
import { csvCell, csvOf } from "../../src/report/csv.ts";
import { differentiationShown } from "../../src/report/differentiation-shown.ts";
import { minutesText, pointsText, shareText } from "../../src/report/figures.ts";
import { htmlOf } from "../../src/report/page.ts";
import { shareOf } from "../../src/report/proportions.ts";
import { wordsOf } from "../../src/report/shown.ts";
import { windowOf } from "../../src/report/window.ts";
import { openStore } from "../../src/store/open.ts";
import { moment, policy } from "../builders.ts";
import { pretendFacts } from "./pretend-facts.ts";
import { pretendYear, YEAR } from "./pretend-year.ts";
import { reportsOf } from "./printed.ts";

const rules = policy();
const faster = reportsOf("faster");
const window = { from: YEAR.middle, until: YEAR.end };

describe("three years of the same vendor", () => {
  test("really faster: different at every severity that customers feel, and nobody pays for it", async () => {
    const { differentiation } = await faster;
    const first = differentiation.rows.filter((r) => r.metric === "first_reply" && r.clock === "calendar");
    expect(first.filter((r) => r.priority === "high").map((r) => r.verdict)).toEqual([
      "different",
      "different",
      "different",
    ]);
    expect(differentiation.cost.map((one) => one.verdict)).not.toContain("worse");
    expect(differentiation.alerts.filter((one) => one.kind !== "label_only")).toEqual([]);
  });

  test("a label only: no tier differs from the next, and the lead is told", async () => {
    const { differentiation } = await reportsOf("label-only");
    const first = differentiation.rows.filter((r) => r.metric === "first_reply" && r.clock === "calendar");
    expect(first.filter((r) => r.verdict === "different")).toEqual([]);
    expect(differentiation.alerts.map((one) => one.kind)).toContain("label_only");
    const [lead] = differentiationShown(differentiation).lead;
    expect(lead).toMatchObject({ tone: "bad", text: expect.stringMatching(/^A label only, no difference/) });
  });

  test("at standard's cost: the tiers differ, and those who pay for nothing wait longer than before", async () => {
    const { differentiation } = await reportsOf("at-standards-cost");
    const costs = differentiation.alerts.filter((one) => one.kind === "costs_standard");
    expect(costs.map((one) => one.subject)).toEqual([
      "Standard, urgent",
      "Standard, high",
      "Standard, normal",
      "Standard, low",
    ]);
    const high = differentiation.cost.find((one) => one.priority === "high");
    expect([high?.verdict, (high?.now.p50 ?? 0) > 2 * (high?.before.p50 ?? 0)]).toEqual(["worse", true]);
    // Against its own target as well: the promise to standard customers is kept less often.
    expect(high?.inTarget?.now.share).toBeLessThan(high?.inTarget?.before.share ?? 0);
  });
});

describe("what is owed by the policy's rule", () => {
  const credits = async (misses: number, terms = rules.terms) => {
    const year = pretendYear("faster", rules);
    const accountId = "hubspot:enterprise_support-0";
    const own = year.tickets
      .filter((one) => one.accountId === accountId && one.createdAt >= moment("2026-04-01T04:00:00Z"))
      .filter((one) => one.excluded === null)
      .slice(0, misses);
    const ids = new Set(own.map((one) => one.ticketId));
    const targets = year.targets
      .filter((one) => ids.has(one.ticketId) && one.metric === "first_reply")
      .map((one) => ({ ...one, state: "breached" as const }));
    const facts = pretendFacts({ tickets: own, targets, moments: year.moments, through: YEAR.at });
    return (await attainmentReport({ facts, policy: { ...rules, terms }, window, at: YEAR.at })).credits;
  };

  test("five misses in a quarter give back a fifth of its fee, four give back nothing", async () => {
    expect(await credits(5)).toEqual([
      {
        accountId: "hubspot:enterprise_support-0",
        accountName: "Aldgate Logistics",
        quarter: "2026 Q2",
        underWay: false,
        misses: 5,
        tolerated: 4,
        feePerMonth: 500,
        currency: "USD",
        owed: 300,
      },
    ]);
    expect(await credits(4)).toEqual([]);
  });

  test("a policy without the rule owes nothing, and says so", async () => {
    expect(await credits(5, null)).toBeNull();
  });
});

describe("figures in words", () => {
  test.each([
    [0.5, "0.5 min"],
    [42, "42 min"],
    [119, "119 min"],
    [120, "2 h"],
    [205, "3 h 25 min"],
    [4_320, "3 d"],
    [5_940, "4 d 3 h"],
    [null, "–"],
  ])("%s minutes are %s", (minutes, text) => {
    expect(minutesText(minutes)).toBe(text);
  });

  test("a share never stands without its interval, and nothing observed is no share", () => {
    expect(shareText(shareOf(183, 190))).toBe("96.3% (92.6–98.2%)");
    expect(shareText(shareOf(0, 0))).toBe("none");
    expect(pointsText(0.66, { low: 0.563, high: 0.733 })).toBe("+66.0 points (+56.3 to +73.3)");
  });
});

describe("the window a person asks for", () => {
  const zone = "America/New_York";
  const now = moment("2026-07-14T13:00:00Z");

  test("days begin at midnight where the policy lives, moments where they say", () => {
    expect(windowOf({ since: "2026-04-01", until: "2026-07-01T00:00:00Z" }, zone, now)).toEqual({
      from: moment("2026-04-01T04:00:00Z"),
      until: moment("2026-07-01T00:00:00Z"),
    });
    expect(windowOf({}, zone, now)).toEqual({ from: moment("2026-04-15T04:00:00Z"), until: now });
  });

  test.each([
    [{ since: "yesterday" }, /--since "yesterday" is neither/],
    [{ until: "2026-02-30" }, /--until "2026-02-30" is neither/],
    [{ since: "2026-07-01T09:00:00" }, /neither a day nor a moment/],
    [{ since: "2026-07-01", until: "2026-07-01" }, /ends before it begins/],
  ])("%j is refused with what to type", (typed, problem) => {
    expect(windowOf(typed, zone, now)).toMatchObject({
      problem: expect.stringMatching(problem),
      fix: expect.stringMatching(/20\d\d-/),
    });
  });
});

describe("a page or table in somebody else's program", () => {
  const nasty = {
    ...rules,
    tiers: rules.tiers.map((tier) => ({
      ...tier,
      name: `=HYPERLINK("x")<script>alert('${tier.id}')</script>`,
    })),
  };
  const shown = async () => {
    const facts = pretendFacts({ ...pretendYear("faster", nasty), through: YEAR.at });
    return attainmentShown(await attainmentReport({ facts, policy: nasty, window, at: YEAR.at }));
  };

  test("a name with a script in it is text on the page, and the page may run nothing", async () => {
    const page = htmlOf(await shown());
    expect(page).not.toMatch(/<script/i);
    expect(page).toContain("&lt;script&gt;");
    expect(page).toMatch(/default-src 'none'; style-src 'sha256-[\w+/=]{44}'/);
    expect(page).not.toMatch(/\s(?:style|on\w+|src|href)=/i);
  });

  test("a name that begins like a formula is text in a spreadsheet, and every line says its window and n", async () => {
    const rows = parse(csvOf(await shown()), { columns: true }) as Record<string, string>[];
    expect(rows.filter((row) => row.part === "targets").every((row) => row.tier_name?.startsWith("'="))).toBe(
      true,
    );
    expect(rows.every((row) => row.from === "2026-01-01T05:00:00.000Z" && row.tickets === "1847")).toBe(true);
    expect(rows.filter((row) => row.part === "left_out").map((row) => [row.reason, row.n])).toEqual([
      ["merged", "20"],
      ["spam", "16"],
    ]);
  });

  test.each([
    ["+1", "'+1"],
    ["@x", "'@x"],
    ["-2+3", "'-2+3"],
    ["\t=1", "'\t=1"],
    [-2.5, "-2.5"],
    ['a "b", c', '"a ""b"", c"'],
    [null, ""],
    [true, "true"],
  ])("%j is written as %s", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

test("every answer on a page names how many tickets it rests on", async () => {
  const { attainment, differentiation } = await faster;
  const leads = [...attainmentShown(attainment).lead, ...differentiationShown(differentiation).lead].map(
    wordsOf,
  );
  expect(leads.filter((lead) => /%|points/.test(lead) && !/\bof \d+ targets|n \d+/.test(lead))).toEqual([]);
});

describe("the command line", () => {
  const folder = mkdtempSync(join(tmpdir(), "reports-"));
  const env = {
    ...process.env,
    NO_COLOR: "1",
    POLICY_FILE: "policy.example.yaml",
    DATABASE_URL: `sqlite:${join(folder, "store.db")}`,
  };
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["src/cli.ts", "report", ...args], { env, encoding: "utf8" });
  const dates = ["--since", "2026-01-01", "--until", "2026-07-01"] as const;

  beforeAll(async () => {
    const store = await openStore(env.DATABASE_URL, { warn: () => {} });
    const { tickets, targets, moments } = pretendYear("faster", rules);
    await store.facts.putTickets(tickets);
    await store.facts.putTargets(
      tickets.map((one) => one.ticketId),
      targets,
    );
    await store.facts.remember(moments);
    await store.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("answers from the store as from anywhere: the same figures in JSON, text and CSV", () => {
    const report = JSON.parse(
      execFileSync(
        process.execPath,
        ["src/cli.ts", "report", "differentiation", ...dates, "--format", "json"],
        {
          env,
          encoding: "utf8",
        },
      ),
    );
    expect(report.frame).toMatchObject({ tickets: 1847, timezone: "America/New_York" });
    const primary = report.rows.find((row: Record<string, string>) => row.priority === "high");
    const text = run("differentiation", ...dates);
    expect([text.status, text.stderr]).toEqual([0, ""]);
    expect(text.stdout).toContain(`n ${primary.comparison.higher.n}/${primary.comparison.lower.n}`);
    expect(text.stdout).toContain("left out: 20 merged, 16 spam");
  });

  test("writes a page into a file", () => {
    const file = join(folder, "attainment.html");
    expect(run("attainment", ...dates, "--format", "html", "--out", file).status).toBe(0);
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>[\s\S]*<svg/);
  });

  const paper = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["src/cli.ts", "document", ...args], { env, encoding: "utf8" });

  test("makes a business review of a customer in the store", () => {
    const made = paper("qbr", "--account", "hubspot:enterprise_support-1", ...dates, "--format", "markdown");
    expect([made.status, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toMatch(/^# Birchwood \w+: how we served you\n/);
    expect(made.stdout).not.toContain("Cost to serve");
  });

  test("makes an SLA document of a tier, and none for a customer it does not know", () => {
    expect(paper("sla", "--tier", "pro").stdout).toMatch(/^<!doctype html>[\s\S]*Pro: support terms/);
    const refused = paper("sla", "--tier", "pro", "--account", "77");
    expect([refused.status, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(/No account hubspot:77 with a tier is known\.\nfix: /);
    expect(paper("sla", "--tier", "platinum").stderr).toMatch(
      /There is no tier "platinum"\.\nfix: Choose one of standard, /,
    );
  });

  test.each([
    [["constructor"], "There is no report"],
    [["attainment", "--format", "pdf"], "There is no format"],
    [["attainment", ...dates, "--out", "/no/such/folder/a.html"], "cannot be written"],
    [["health", "--enter", "enterprise=50000"], "--enter is for `report capacity` alone"],
    [["capacity", "--enter", "gold=50000"], '--enter "gold=50000" names no tier'],
    [["health", "--signals", "/no/such/file"], "There is no file /no/such/file"],
  ])("%j is wrong usage, and says what to do", (args, problem) => {
    const { status, stderr } = run(...args);
    expect([status, stderr.includes(problem), /\nfix: /.test(stderr)]).toEqual([2, true, true]);
  });
});
