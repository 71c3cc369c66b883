/** A webhook that comes after the sweep has found its ticket: nothing is decided, written or recorded a second time. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { startWorld, type World } from "./world.ts";

const MINUTE = 60_000;

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((one) => one.close()));
});

/** Sweeps `make`'s ticket in, then delivers the webhook it should have come by; the ticket's decisions before and after. */
async function sweptThenTold(make: (w: World) => string) {
  const w = await startWorld({ silentDesk: true, synced: false });
  worlds.push(w);
  await w.service.upkeep.sweep();
  const id = make(w);
  w.clock.advanceTo(w.clock.now() + 3 * MINUTE);
  await w.service.upkeep.sweep();
  const first = await w.settled(id);
  const puts = (): number => w.desk.journal.filter((entry) => entry.method === "PUT").length;
  const before = puts();
  const body = JSON.stringify({ ticket_id: id, updated_at: new Date(first.asOf).toISOString() });
  const answer = await w.post(body);
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
  const { inbox, ledger } = w.service.store;
  await w.until("the webhook to be settled", async () =>
    (await inbox.backlog()).pending === 0 ? true : null,
  );
  return { first, all: await ledger.decisionsOf(id), putsSince: puts() - before };
}

function agentOf(w: World): string {
  return [...w.desk.state.users.values()].find((user) => user.role === "agent")?.email ?? "";
}

const made: readonly (readonly [string, (w: World) => string, string])[] = [
  ["was written", (w) => w.desk.createTicket({ from: w.customer("arr_eur").email }).id, "written"],
  ["was left alone as an agent's own", (w) => w.desk.createTicket({ from: agentOf(w) }).id, "left"],
  [
    "was left alone for its tag",
    (w) => w.desk.createTicket({ from: w.customer("arr_eur").email, tags: ["ps_skip"] }).id,
    "left",
  ],
];

describe("the webhook of a ticket that the sweep has found", () => {
  test.each(made)("adds nothing when the ticket %s", async (_what, make, state) => {
    const { first, all, putsSince } = await sweptThenTold(make);
    expect(first.state).toBe(state);
    expect(all).toEqual([first]);
    expect(putsSince).toBe(0);
  });
});
