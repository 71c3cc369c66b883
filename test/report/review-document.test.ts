import { describe, expect, test } from "@jest/globals";
import type { TargetFact, TicketFact } from "../../src/ports.ts";
import { paperHtml, paperMarkdown } from "../../src/report/documents/paper-written.ts";
import { reviewPaper } from "../../src/report/documents/review.ts";
import { reviewFigures } from "../../src/report/documents/review-figures.ts";
import { policy } from "../builders.ts";
import { pretendFacts, type Told } from "./pretend-facts.ts";
import { pretendYear, YEAR } from "./pretend-year.ts";

const rules = policy();
const year = pretendYear("faster", rules);
const ID = "hubspot:enterprise_support-1";
const window = { from: YEAR.middle, until: YEAR.end };

async function words(internal: boolean, told: Told = year, accountId = ID): Promise<string> {
  const input = { policy: rules, window, at: YEAR.at };
  const figures = await reviewFigures({ ...input, facts: pretendFacts(told), accountId });
  return figures === null ? "nothing" : paperMarkdown(reviewPaper({ ...input, figures, internal }));
}

function part(document: string, heading: string): string {
  return document.split(/^## /m).find((one) => /^\d+\. (.*)/.exec(one)?.[1]?.startsWith(heading)) ?? "";
}

function rows(section: string): readonly (readonly string[])[] {
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.slice(2, -2).split(" | "));
}

const own = new Set(
  year.tickets
    .filter((one) => one.accountId === ID && one.createdAt >= YEAR.middle)
    .map((one) => one.ticketId),
);

describe("a business review", () => {
  test("lists every missed time and no other, the open one among them", async () => {
    const missed = year.targets.filter((one) => own.has(one.ticketId) && one.state === "breached");
    const listed = rows(part(await words(false), "Every missed time"));
    expect(listed.map((row) => row[0]?.replaceAll("\\", "")).toSorted()).toEqual(
      missed.map((one) => one.ticketId).toSorted(),
    );
    expect(listed.filter((row) => row[5] === "still open").length).toBe(
      missed.filter((one) => one.endedAt === null).length,
    );
    expect(part(await words(false), "Open tickets")).toContain("| open | yes |");
  });

  test("counts what was promised and kept, and gives a percentage only where there is enough", async () => {
    const delivered = rows(part(await words(false), "Promised and delivered"));
    const counted = delivered.reduce((sum, row) => sum + Number(row[3]), 0);
    const ended = year.targets.filter(
      (one) => own.has(one.ticketId) && one.targetMinutes !== null && one.state !== "running",
    );
    expect(counted).toBe(ended.length);
    expect(delivered.every((row) => Number(row[3]) < 20 === (row[6] === "–"))).toBe(true);
  });

  test("what the plan bought is compared with everybody of the tier below, within this customer's times", async () => {
    const [high] = rows(part(await words(false), "What the plan bought")).filter((row) => row[0] === "High");
    const below = year.targets.filter(
      (one) =>
        one.tier === "enterprise" &&
        one.priority === "high" &&
        one.metric === "first_reply" &&
        one.createdAt >= YEAR.middle,
    );
    expect([high?.[1], high?.[5]]).toEqual(["30 min", String(below.length)]);
    const within = below.filter((one) => one.endedAt !== null && one.calendarMinutes <= 30).length;
    expect(high?.[6]).toMatch(new RegExp(`^${((within / below.length) * 100).toFixed(1)}% \\(`));
  });

  test("the customer's variant holds nothing of ours: no group, no cause of our records, no cost", async () => {
    const told = {
      ...year,
      tickets: year.tickets.map((one) => ({ ...one, group: "Secret Squad", slaVerified: false })),
    };
    const [customer, internal] = [await words(false, told), await words(true, told)];
    expect(customer).not.toMatch(/Secret Squad|not attached|Cost to serve|Handling time|internal:/);
    expect(internal).toContain("the promised SLA was not attached (group Secret Squad)");
    expect(internal).toMatch(/Handling time: [\d.]+ h: \d+ tickets × 95 min/);
    expect(internal).toMatch(/a fee of USD \d+\.\d\d at list price/);
  });

  test("merged tickets are in no figure and counted as left out", async () => {
    const some = [...own].slice(0, 3);
    const tickets = year.tickets.map(
      (one): TicketFact => (some.includes(one.ticketId) ? { ...one, excluded: "merged" } : one),
    );
    const document = await words(false, { ...year, tickets });
    const excluded = tickets.filter((one) => own.has(one.ticketId) && one.excluded !== null).length;
    expect(document).toContain(`- Tickets: ${own.size - excluded}; left out: ${excluded} (`);
  });
});

describe("when there is little to say", () => {
  test("no ticket is no figure, and a rating that is missing is missing", async () => {
    const document = await words(false, { moments: year.moments });
    expect(document).toContain("- Tickets: 0; left out: 0");
    expect(document).toContain("No promised time ended in this period.");
    expect(document).toContain("- Rated good: no ticket was rated");
    expect(document).toContain(
      "No first reply of Enterprise Support (add-on) can be compared in this period.",
    );
    expect(document).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  test("the lowest tier has none below it to be compared with", async () => {
    expect(await words(false, year, "hubspot:standard-3")).toContain("There is no tier below this one");
  });

  test("nothing is made up about a customer nobody remembers", async () => {
    expect(await words(false, year, "hubspot:nobody")).toBe("nothing");
  });

  test("a churned customer without an end date says that none is stated", async () => {
    const moments = year.moments.map((one) => ({ ...one, contractEnd: null, status: "cancelled" as const }));
    expect(await words(false, { ...year, moments })).toContain("- Term: 2025-07-01 to no end stated");
  });

  test("a name with a script in it is text", async () => {
    const moments = year.moments.map((one) => ({ ...one, name: "<script>alert(1)</script>" }));
    const input = { policy: rules, window, at: YEAR.at };
    const targets: readonly TargetFact[] = [];
    const figures = await reviewFigures({
      ...input,
      facts: pretendFacts({ moments, targets }),
      accountId: ID,
    });
    expect(figures).not.toBeNull();
    const page = figures === null ? "" : paperHtml(reviewPaper({ ...input, figures, internal: true }));
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toMatch(/<script/i);
  });
});
