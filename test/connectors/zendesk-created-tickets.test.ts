import { describe, expect, test } from "@jest/globals";
import { TryAgain } from "../../src/errors.ts";
import type { CreatedPage } from "../../src/ports.ts";
import { failureOf } from "./zendesk-kit.ts";
import { onDesk, type RunningDesk, signal } from "./zendesk-running.ts";

const MINUTE = 60_000;

async function pagesSince({ desk }: RunningDesk, cursor: string | number): Promise<readonly CreatedPage[]> {
  const pages: CreatedPage[] = [];
  for await (const page of desk.createdSince(cursor, signal)) pages.push(page);
  return pages;
}

const idsOf = (pages: readonly CreatedPage[]): readonly string[] =>
  pages.flatMap((page) => page.tickets.map((ticket) => ticket.id));
const cursorOf = (pages: readonly CreatedPage[]): string => pages.at(-1)?.cursor ?? "";

describe("Tickets created lately", () => {
  test("are told with id, creation and status, the old ones and the deleted ones not", async () => {
    await onDesk(async (running) => {
      const { sandbox, pass, now } = running;
      sandbox.createTicket({});
      pass(3 * 3_600_000);
      const start = now();
      const fresh = sandbox.createTicket({});
      const deleted = sandbox.createTicket({});
      sandbox.deleteTicket(deleted.id);
      sandbox.agentUpdate("1", { priority: "low" }, "901");
      pass(5 * MINUTE);
      const pages = await pagesSince(running, start);
      expect(pages).toMatchObject([
        { tickets: [{ id: fresh.id, createdAt: fresh.createdAt, status: "new" }], last: true },
      ]);
    });
  });

  test("are left to their webhook for 90 seconds, and told afterwards", async () => {
    await onDesk(async (running) => {
      const { sandbox, pass, now } = running;
      const start = now();
      const first = sandbox.createTicket({});
      pass(25_000);
      const second = sandbox.createTicket({});
      pass(70_000);
      const early = await pagesSince(running, start);
      expect(idsOf(early)).toEqual([first.id]);
      pass(30_000);
      expect(idsOf(await pagesSince(running, cursorOf(early)))).toContain(second.id);
    });
  });

  test("on a desk that never rests nobody is lost, and what is told twice stays little", async () => {
    await onDesk(
      async (running) => {
        const { sandbox, pass, now } = running;
        let cursor: string | number = now();
        const made: string[] = [];
        const told: string[] = [];
        for (let round = 0; round < 12; round += 1) {
          for (let one = 0; one < 6; one += 1) {
            made.push(sandbox.createTicket({}).id);
            pass(20_000);
          }
          const pages = await pagesSince(running, cursor);
          told.push(...idsOf(pages));
          cursor = cursorOf(pages);
        }
        pass(3 * MINUTE);
        told.push(...idsOf(await pagesSince(running, cursor)));
        expect(new Set(told)).toEqual(new Set(made));
        expect(told.length).toBeLessThan(made.length * 1.5);
      },
      { exportPage: 3, limits: { incremental: 1_000 } },
    );
  });

  test("a cursor that is none of ours is refused, and an export without a list is no empty one", async () => {
    await onDesk(async (running) => {
      await failureOf(pagesSince(running, "elsewhere"), TryAgain);
      running.sandbox.fault({ path: /incremental/, status: 200, body: { tickets: null } });
      await failureOf(pagesSince(running, running.now()), TryAgain);
    });
  });
});
