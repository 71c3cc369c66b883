/** A ticket that can never be read, among others: it ends where a person finds it, and holds nobody up. */
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startWorld, type World } from "./world.ts";

const OTHERS = 30;
/** So many waits the schedule has. */
const TRIES = 10;

let w: World;
beforeAll(async () => {
  w = await startWorld();
});
afterAll(() => w.close());

const create = (): string => w.desk.createTicket({ from: w.customer("arr_eur").email }).id;

/** As if all tries but the last were over, which takes two days. false = not one has ended yet. */
function nearlyGivenUp(ticketId: string): boolean {
  const database = new DatabaseSync((w.env.DATABASE_URL ?? "").slice("sqlite:".length));
  const { changes } = database
    .prepare("update deliveries set attempts = ?, run_at = 0 where subject_id = ? and attempts = 1")
    .run(TRIES, ticketId);
  database.close();
  return changes === 1;
}

test("a ticket that fails at every try holds up no other, is parked with what to do when its tries are over, and replay heals it", async () => {
  const before = Array.from({ length: OTHERS / 2 }, create);
  const poison = create();
  const stop = w.desk.fault({
    path: new RegExp(`/tickets/${poison}\\b`),
    times: Number.POSITIVE_INFINITY,
    status: 500,
    body: { error: "InternalError" },
  });
  const after = Array.from({ length: OTHERS / 2 }, create);
  const done = await Promise.all([...before, ...after].map((id) => w.settled(id)));
  expect(new Set(done.map(({ state }) => state))).toEqual(new Set(["written"]));
  const { inbox } = w.service.store;
  await w.until("the first try", async () => (nearlyGivenUp(poison) ? true : null));
  const parked = await w.until("its last try", async () => (await inbox.parked(10))[0] ?? null);
  expect(parked).toMatchObject({
    subjectId: poison,
    reason: expect.stringMatching(/^gave up after 11 tries: /),
    fix: expect.stringMatching(/priority-support replay/),
  });
  expect((await w.settled(create())).state).toBe("written");

  stop();
  expect(await inbox.replay(null)).toBe(1);
  expect((await w.settled(poison)).state).toBe("written");
}, 60_000);
