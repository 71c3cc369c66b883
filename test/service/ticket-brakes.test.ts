import { describe, expect, test } from "@jest/globals";
import { silent } from "../../src/log.ts";
import type { DecisionRecord, Notice } from "../../src/ports.ts";
import { foughtOver, withoutPingPong } from "../../src/ticket-brakes.ts";
import { decided } from "../store/kit.ts";

const NOW = Date.UTC(2026, 5, 9, 15);
const MINUTE = 60_000;

function wrote(minutesAgo: number, change: DecisionRecord["change"], more: Partial<DecisionRecord> = {}) {
  return decided(`d-${minutesAgo}`, { decidedAt: NOW - minutesAgo * MINUTE, change, ...more });
}

const HIGH = { priority: "high" } as const;

describe("a tug-of-war with another automation", () => {
  test.each<[string, readonly DecisionRecord[], readonly string[]]>([
    ["nothing was written before", [], []],
    ["the same priority was written twice", [wrote(1, HIGH), wrote(2, HIGH)], []],
    [
      "it was written three times in an hour",
      [wrote(1, HIGH), wrote(2, HIGH), wrote(59, HIGH)],
      ["priority"],
    ],
    ["the third time is more than an hour ago", [wrote(1, HIGH), wrote(2, HIGH), wrote(61, HIGH)], []],
    ["another value was written", [wrote(1, HIGH), wrote(2, HIGH), wrote(3, { priority: "urgent" })], []],
    [
      "one of them was only simulated",
      [wrote(1, HIGH), wrote(2, HIGH), wrote(3, HIGH, { state: "simulated" })],
      [],
    ],
    [
      "the group was written three times",
      [1, 2, 3].map((m) => wrote(m, { group: "Pro Support" })),
      ["group"],
    ],
  ])("is over when it should be: %s", (_what, earlier, fields) => {
    expect(foughtOver({ ...HIGH, group: "Pro Support" }, earlier, NOW)).toEqual(fields);
  });

  test("once over, it stays over for this ticket, for that field alone", () => {
    const { decision } = decided("d");
    const given = wrote(10_000, null, {
      state: "left",
      decision: { ...decision, reasons: ["grant_plan:pro", "ping_pong:priority"] },
    });
    expect(foughtOver({ priority: "urgent", group: "Pro Support" }, [given], NOW)).toEqual(["priority"]);
    expect(foughtOver({ tagsAdd: ["ps_pro"] }, [given], NOW)).toEqual([]);
  });

  test("is told to people when a field is given up, with the ticket and what to do, and not at every further turn", async () => {
    const told: Notice[] = [];
    const earlier = [wrote(1, HIGH), wrote(2, HIGH), wrote(3, HIGH)];
    const ports = { log: silent, tell: (notice: Notice) => void told.push(notice) };
    const turn = (history: readonly DecisionRecord[]): Promise<DecisionRecord> =>
      withoutPingPong({ ...ports, ledger: { decisionsOf: async () => history } }, wrote(0, HIGH));
    expect((await turn(earlier.slice(1))).change).toEqual(HIGH);
    expect(told).toEqual([]);
    const given = await turn(earlier);
    expect(given.change).toBeNull();
    await turn([{ ...given, id: "given" }, ...earlier]);
    expect(told.map(({ key, lines }) => [key, lines.join(" ")])).toEqual([
      ["tug_of_war:priority", expect.stringMatching(/^Ticket \S+: three times within an hour.*fix: /)],
    ]);
  });
});
