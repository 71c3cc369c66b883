import { describe, expect, test } from "@jest/globals";
import { TryAgain } from "../../src/errors.ts";
import type { TicketOutcomePage } from "../../src/ports.ts";
import { failureOf } from "./zendesk-kit.ts";
import { onDesk, type RunningDesk, signal } from "./zendesk-running.ts";

const MINUTE = 60_000;
const seed = {
  groups: [{ id: 10, name: "Support" }],
  users: [
    { id: 900, email: "jane@customer.example" },
    { id: 901, email: "ann@acme.example", role: "agent", group_ids: [10] },
  ],
};

async function pagesSince(
  { desk }: RunningDesk,
  cursor: string | number,
): Promise<readonly TicketOutcomePage[]> {
  const pages: TicketOutcomePage[] = [];
  for await (const page of desk.insight.ticketOutcomes(cursor, signal)) pages.push(page);
  return pages;
}

const idsOf = (pages: readonly TicketOutcomePage[]): readonly string[] =>
  pages.flatMap(({ tickets }) => tickets.map(({ id }) => id));

describe("how tickets ended", () => {
  test("is told with who asked, who answered how often, and when it was solved", async () => {
    await onDesk(
      async (running) => {
        const start = running.now();
        const { id } = running.sandbox.createTicket({ priority: "high", from: "jane@customer.example" });
        running.pass(10 * MINUTE);
        const solvedAt = Math.floor(running.now() / 1000) * 1000;
        const answer = { comment: { body: "Done.", public: true }, status: "solved", group_id: 10 };
        running.sandbox.agentUpdate(id, answer, "901");
        running.pass(5 * MINUTE);
        const [page] = await pagesSince(running, start);
        expect(page?.tickets).toMatchObject([
          {
            id,
            status: "solved",
            merged: false,
            priority: "high",
            requesterId: "900",
            requesterRole: "end-user",
            group: "Support",
            solvedAt,
            reopens: 0,
            replies: 1,
            satisfaction: null,
          },
        ]);
        expect([page?.last, running.now() - (page?.upTo ?? 0)]).toEqual([true, 61_000]);
      },
      { seed },
    );
  });

  test("comes in pages, goes on where it ended, and names deleted tickets and changed ones again", async () => {
    await onDesk(
      async (running) => {
        const start = running.now();
        const ids = Array.from({ length: 5 }, () => {
          running.pass(2_000);
          return running.sandbox.createTicket({ priority: "high" }).id;
        });
        running.pass(5 * MINUTE);
        const pages = await pagesSince(running, start);
        expect([pages.length, idsOf(pages)]).toEqual([3, ids]);
        const [first = "", second = ""] = ids;
        running.sandbox.deleteTicket(first);
        running.sandbox.agentUpdate(second, { priority: "low" }, "901");
        running.pass(5 * MINUTE);
        const more = await pagesSince(running, pages.at(-1)?.cursor ?? "");
        const told = more.flatMap(({ tickets }) => tickets.map((one) => [one.id, one.status === "deleted"]));
        expect(told.toSorted()).toEqual([
          [first, true],
          [second, false],
        ]);
      },
      { seed, exportPage: 2 },
    );
  });

  test("with a cursor that is none of ours is tried again, not guessed at", async () => {
    await onDesk(
      async (running) => {
        expect((await failureOf(pagesSince(running, "nonsense"), TryAgain)).message).toMatch(/cursor/);
      },
      { seed },
    );
  });
});
