import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { at, type ConsoleWorld, type Person, startConsoleWorld } from "./world.ts";

const MINUTE = 60_000;

let console_: ConsoleWorld;
let agent: Person;
beforeEach(async () => {
  console_ = await startConsoleWorld();
  agent = await console_.as("agent");
}, 60_000);
afterEach(() => console_?.close());

async function newTicket(role: string): Promise<string> {
  const { world } = console_;
  const { email } = world.customer(role);
  const { id } = world.desk.createTicket({
    from: email,
    channel: "email",
    subject: "x",
    comment: { body: "y" },
  });
  await world.settled(id);
  return id;
}

const promises = () => agent.call("GET", "/api/v1/promises");
const wait = (ms: number): void => console_.world.clock.advanceTo(console_.world.clock.now() + ms);

interface Clock {
  readonly ticketId: string;
  readonly metric: string;
  readonly state: string;
  readonly used: number;
  readonly dueAt: string;
}

async function firstReply(ticketId: string): Promise<Clock | undefined> {
  const clocks = at(await promises(), "clocks") as readonly Clock[];
  return clocks.find((one) => one.ticketId === ticketId && one.metric === "first_reply");
}

describe("promises that run", () => {
  test("begin on time, are at risk when three quarters of the target have passed, and are late after it", async () => {
    const id = await newTicket("addon_tam");
    expect(await firstReply(id)).toMatchObject({ state: "running", account: { name: expect.any(String) } });
    wait(22 * MINUTE);
    expect((await firstReply(id))?.state).toBe("running");
    wait(2 * MINUTE);
    expect(await firstReply(id)).toMatchObject({ state: "at risk", used: expect.closeTo(0.8, 1) });
    wait(10 * MINUTE);
    expect(await firstReply(id)).toMatchObject({ state: "late", used: 1 });
  });

  test("stand in the order in which they will be late, whatever their tier", async () => {
    const slow = await newTicket("arr_eur");
    const quick = await newTicket("addon_tam");
    const clocks = at(await promises(), "clocks") as readonly Clock[];
    const due = clocks.map((one) => Date.parse(one.dueAt));
    expect(due).toEqual(due.toSorted((a, b) => a - b));
    expect(new Set(clocks.map((one) => one.ticketId))).toEqual(new Set([slow, quick]));
  });

  test("are gone from the list when somebody answered", async () => {
    const { world } = console_;
    const id = await newTicket("addon_tam");
    const [agentUser] = [...world.desk.state.users.values()].filter((one) => one.role === "agent");
    world.desk.agentUpdate(
      id,
      { comment: { body: "We are on it.", public: true }, status: "open" },
      agentUser?.id ?? "",
    );
    expect(await firstReply(id)).toBeUndefined();
  });

  test("are shown as they were last told, with their age, while the help desk does not answer", async () => {
    const id = await newTicket("addon_tam");
    const told = at(await promises(), "clocksAt");
    console_.world.desk.fault({ path: /show_many/, times: 50, status: 503, body: {} });
    wait(MINUTE);
    const answer = await promises();
    expect([answer.status, at(answer, "clocksAt")]).toEqual([200, told]);
    expect(at(answer, "clocks.0.ticketId")).toBe(id);
  }, 60_000);

  test("count by tier beside what attached and how much room is left", async () => {
    await newTicket("addon_tam");
    const tiers = at(await promises(), "tiers") as readonly {
      readonly tier: { readonly id: string };
      readonly running: number;
    }[];
    expect(tiers[0]).toMatchObject({
      tier: { id: "enterprise_support" },
      attached: { part: 1, whole: 1 },
      accounts: expect.any(Number),
    });
    expect(tiers[0]?.running).toBeGreaterThan(0);
    expect(tiers.slice(1).map((one) => one.running)).toEqual(tiers.slice(1).map(() => 0));
  });
});

test("what a lead should look at is counted: priorities raised for a phrase, tickets that went elsewhere", async () => {
  const { world } = console_;
  const from = world.customer("arr_eur").email;
  for (const subject of ["Production down, data loss", "A question"]) {
    const { id } = world.desk.createTicket({ from, channel: "email", subject, comment: { body: "y" } });
    await world.settled(id);
  }
  expect((await promises()).body).toMatchObject({
    looked: 2,
    signs: { overflow: 0, afterHours: 0, unavailable: 0, raised: 1 },
  });
});

test("without any ticket there is nothing to be late, and the help desk is not asked", async () => {
  const before = console_.world.desk.journal.length;
  expect((await promises()).body).toMatchObject({ looked: 0, complete: true, clocks: [] });
  expect(console_.world.desk.journal.length).toBe(before);
});

test("every answer tells the service's own time", async () => {
  const { headers } = await agent.call("GET", "/api/v1/switches");
  const told = Date.parse(headers.get("service-time") ?? "");
  expect(Math.abs(told - console_.world.clock.now())).toBeLessThan(5_000);
});
