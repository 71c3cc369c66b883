import { describe, expect, test } from "@jest/globals";
import type { TicketChange } from "../../src/policy/model.ts";
import type { TicketRow } from "../../src/ports.ts";
import { onDesk, type RunningDesk, signal } from "./zendesk-running.ts";

const CHANGE: TicketChange = { priority: "urgent", group: "Support", tagsAdd: ["ps_vip"] };

/** New tickets, read together once the second of their stamps has ended. */
async function rowsOf(running: RunningDesk, count: number): Promise<readonly TicketRow[]> {
  const ids = Array.from(
    { length: count },
    () => running.sandbox.createTicket({ from: "jane@customer.example" }).id,
  );
  running.pass(2_000);
  const readings = await running.desk.readTickets(ids, "live");
  return readings.map((reading) => ({ reading, change: CHANGE, decisionId: `d-${reading.id}` }));
}

function ticketOf({ sandbox }: RunningDesk, id: string | undefined) {
  const ticket = sandbox.state.tickets.get(id ?? "");
  if (ticket === undefined) throw new Error(`no ticket ${id}`);
  return ticket;
}

describe("A flood of tickets on a running Zendesk", () => {
  test("is written a hundred a job, with a handful of requests, and each ticket's history names its decision", async () => {
    await onDesk(async (running) => {
      const rows = await rowsOf(running, 120);
      const before = Object.values(running.desk.calls()).reduce((sum, calls) => sum + calls, 0);
      const outcomes = await running.desk.writeTickets(rows, signal);
      expect(outcomes.filter((row) => row.ok)).toHaveLength(120);
      expect(running.desk.calls().jobs).toBe(2);
      const after = Object.values(running.desk.calls()).reduce((sum, calls) => sum + calls, 0);
      expect(after - before).toBeLessThanOrEqual(8);
      const [first] = rows;
      expect(ticketOf(running, first?.reading.id)).toMatchObject({ priority: "urgent", groupId: "10" });
      expect((await running.desk.readHistory(first?.reading.id ?? "", "live")).decisionIds).toEqual([
        first?.decisionId,
      ]);
    });
  });

  test("keeps what an agent changed since the reading, and does the others", async () => {
    await onDesk(async (running) => {
      const rows = await rowsOf(running, 3);
      const [, edited, deleted] = rows.map((row) => row.reading.id);
      running.sandbox.agentUpdate(edited ?? "", { priority: "low" }, "901");
      running.sandbox.deleteTicket(deleted ?? "");
      const outcomes = await running.desk.writeTickets(rows, signal);
      expect(outcomes.map((row) => [row.ok, row.conflict])).toEqual([
        [true, false],
        [false, true],
        [false, false],
      ]);
      expect(ticketOf(running, edited)).toMatchObject({ priority: "low", groupId: null });
    });
  });

  test("waits for a job that is not there at first and slow then", async () => {
    await onDesk(
      async (running) => {
        const outcomes = await running.desk.writeTickets(await rowsOf(running, 2), signal);
        expect(outcomes.map((row) => row.ok)).toEqual([true, true]);
      },
      { jobMissingPolls: 2, jobPolls: 2, jobMs: 5_000 },
    );
  });

  test("leaves the rows of a job that vanished to another try, whose write is then late and harmless", async () => {
    await onDesk(
      async (running) => {
        const [row] = await rowsOf(running, 1);
        if (row === undefined) throw new Error("not read");
        expect(await running.desk.writeTickets([row], signal)).toMatchObject([{ ok: false, retry: true }]);
        // The job had run all the same: the history says so, and the old stamp no longer opens the ticket.
        expect((await running.desk.readHistory(row.reading.id, "live")).decisionIds).toEqual([
          row.decisionId,
        ]);
        const writes = running.desk.writeTicket(row.reading, row.change, row.decisionId, "live");
        await expect(writes).rejects.toMatchObject({ name: "Outdated" });
      },
      { jobMissingPolls: 99 },
    );
  });
});
