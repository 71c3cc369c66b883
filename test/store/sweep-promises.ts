import { expect, test } from "@jest/globals";
import type { TicketEvent } from "../../src/policy/model.ts";
import { claimOnly, DONE, decided, delivery, PARKED, type Under } from "./kit.ts";

/** Which tickets nobody has told us of. */
export function sweepPromises(under: Under): void {
  const inbox = () => under().store.inbox;

  test("a ticket is unheard of while there is neither a decision nor a delivery that waits or is parked", async () => {
    await inbox().accept(delivery("parked", { subjectId: "parked" }), "live", 0);
    await inbox().release(await claimOnly(under().store), PARKED);
    await inbox().accept(delivery("decided", { subjectId: "decided" }), "live", 0);
    const claim = await claimOnly(under().store);
    await under().store.ledger.settle(claim, decided("d", { ticketId: "decided", state: "simulated" }), DONE);
    await inbox().accept(delivery("waits", { subjectId: "waits" }), "live", 60_000);
    const ids = ["parked", "decided", "waits", "missed"];
    expect(await inbox().unheardOf("zendesk", [...ids, "missed"])).toEqual(["missed"]);
    expect(await inbox().unheardOf("zendesk", [])).toEqual([]);
  });

  test("a delivery that will decide nothing does not hide a ticket, one that will does", async () => {
    const waits = async (subjectId: string, event: TicketEvent): Promise<void> => {
      const hint = { event, eventType: event, updatedAt: null, organizationId: null, actorId: null };
      await inbox().accept(delivery(subjectId, { subjectId, hint }), "live", 60_000);
    };
    await waits("8", "other");
    await waits("9", "organization_changed");
    expect(await inbox().unheardOf("zendesk", ["8", "9"])).toEqual(["8"]);
  });

  test("a delivery that decided nothing does not count as having heard of the ticket", async () => {
    await inbox().accept(delivery("other", { subjectId: "7" }), "live", 0);
    await inbox().release(await claimOnly(under().store), DONE);
    expect(await inbox().unheardOf("zendesk", ["7"])).toEqual(["7"]);
  });
}
