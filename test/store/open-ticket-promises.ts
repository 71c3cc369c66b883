/** Open tickets that are to be looked at again are not forgotten, and a run knows how far it is. */
import { expect, test } from "@jest/globals";
import type { NewDelivery } from "../../src/ports.ts";
import type { Under } from "./kit.ts";

function delivery(ticketId: string, event: string): NewDelivery {
  return {
    source: "zendesk",
    kind: "ticket",
    subjectId: ticketId,
    keys: { event, invocation: null, bytes: event },
    hint: { event: "backfill", eventType: "backfill", updatedAt: null, organizationId: null, actorId: null },
    accountIds: [],
    flagged: false,
    body: new Uint8Array(),
  };
}

/** The promises of the lists of open tickets. */
export function openTicketPromises(under: Under): void {
  test("who went up waits in the order of it, and is not taken off by a look at an earlier rise", async () => {
    const { openTickets } = under().store;
    await openTickets.raise(["b", "a", "b"], 10);
    await openTickets.raise(["c", "a"], 20);
    expect(await openTickets.raised(10)).toEqual([
      { accountId: "a", raisedAt: 10 },
      { accountId: "b", raisedAt: 10 },
      { accountId: "c", raisedAt: 20 },
    ]);
    await openTickets.lookedAt({ accountId: "a", raisedAt: 10 });
    await openTickets.raise(["a"], 30);
    await openTickets.lookedAt({ accountId: "a", raisedAt: 10 });
    expect((await openTickets.raised(10)).map((one) => one.accountId)).toEqual(["b", "c", "a"]);
    expect(await openTickets.raised(1)).toHaveLength(1);
  });

  test("a run knows its tickets and how many of them still wait", async () => {
    const { store } = under();
    const { openTickets, inbox } = store;
    expect(await openTickets.progress("r1")).toEqual({ tickets: 0, settled: 0, parked: 0 });
    const rows = ["7", "8", "9"].map((ticketId) => ({ ticketId, eventKey: `backfill:r1:${ticketId}` }));
    await openTickets.addToRun("r1", rows);
    await openTickets.addToRun("r1", rows.slice(0, 1));
    for (const { ticketId, eventKey } of rows)
      await inbox.accept(delivery(ticketId, eventKey), "backfill", 0);
    expect(await openTickets.progress("r1")).toEqual({ tickets: 3, settled: 0, parked: 0 });
    const [done, parked] = await inbox.claim("me", 30_000, 2);
    if (done === undefined || parked === undefined) throw new Error("nothing to claim");
    await inbox.release(done, { state: "done", result: "left", reason: "x" });
    await inbox.release(parked, { state: "parked", reason: "x", fix: "y" });
    expect(await openTickets.progress("r1")).toEqual({ tickets: 3, settled: 2, parked: 1 });
    expect(await openTickets.ofRun("r1", "7", 10)).toEqual(["8", "9"]);
  });
}
