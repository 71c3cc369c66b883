import { afterEach, describe, expect, test } from "@jest/globals";
import type { CheckLine } from "../../src/check/line.ts";
import { checkEnvironment } from "../../src/commands/check.ts";
import type { Clock } from "../../src/ports.ts";
import { pause } from "../../src/switches.ts";
import { type NativeOptions, type NativeWorld, startNative } from "./native-world.ts";

const open: NativeWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function world(options: NativeOptions = {}): Promise<NativeWorld> {
  const made = await startNative(options);
  open.push(made);
  return made;
}

const TEST_TICKET = /^test ticket/;

/** The lines about the test ticket: `ok test ticket: told`, and what else was said. */
async function sent(
  w: NativeWorld,
  clock: Clock = w.clock,
  requester = "priority-support-canary@example.com",
): Promise<{
  readonly stations: readonly string[];
  readonly told: readonly string[];
  readonly missed: CheckLine | null;
}> {
  const told: string[] = [];
  const lines = await checkEnvironment(w.env, clock, {
    requester,
    reached: (station) => void told.push(station),
  });
  const own = lines.filter((line) => TEST_TICKET.test(line.name));
  return {
    stations: own.map((line) => `${line.state} ${line.name}`),
    told,
    missed: own.find((line) => line.state === "fail") ?? null,
  };
}

/** A clock whose waiting costs no time: what does not happen is known at once. */
const hasty = ({ clock }: NativeWorld): Clock => ({
  now: clock.now,
  sleep: async () => clock.advanceTo(clock.now() + 20_000),
});

const theTicket = ({ desk }: NativeWorld) => [...desk.state.tickets.values()].at(-1);

describe("a test ticket", () => {
  test("passes every station, is solved, and leaves no trace in the figures", async () => {
    const w = await world();
    const { stations, told } = await sent(w);
    expect(stations).toEqual([
      "ok test ticket",
      "ok test ticket: told",
      "ok test ticket: decided",
      "ok test ticket: written",
      "ok test ticket: SLA",
    ]);
    expect(told).toEqual(["ticket", "webhook", "decision", "write", "sla"]);
    const ticket = theTicket(w);
    expect([ticket?.status, ticket?.tags.includes("ps_canary")]).toEqual(["solved", true]);
    expect(await w.service.store.ledger.decisionsOf(ticket?.id ?? "")).toEqual([]);
    expect((await w.service.store.console.lists.coverage(0, 100)).tickets).toBe(0);
  });

  test("may be sent in the name of a customer, who gets their own tier's promise", async () => {
    const w = await world();
    const { stations } = await sent(w, w.clock, w.mailOf("arr_eur"));
    expect(stations.at(-1)).toBe("ok test ticket: SLA");
    expect(theTicket(w)?.tags).toContain("ps_tier_enterprise");
  });

  test("names a help desk that does not call us", async () => {
    const w = await world();
    for (const [id, one] of w.desk.state.triggers)
      if (one.title.includes("tell of")) w.desk.state.triggers.set(id, { ...one, active: false });
    const { missed, told } = await sent(w, hasty(w));
    expect(told).toEqual(["ticket"]);
    expect(missed).toMatchObject({
      name: "test ticket: told",
      detail: expect.stringMatching(/was not called within a minute/),
    });
    expect(theTicket(w)?.status).toBe("solved");
  });

  test("names a service that does not take the call", async () => {
    const w = await world({ desk: { delivery: { waitScale: 0 } } });
    await w.service.stop();
    const { missed } = await sent(w, hasty(w));
    expect(missed?.detail).toMatch(/was called and ended with .+; the delivery is not in the store/);
    expect(missed?.fix).toMatch(/serve/);
  });

  test("names a service that only simulates", async () => {
    const w = await world({ service: { simulate: true } });
    const { missed, told } = await sent(w);
    expect(told).toEqual(["ticket", "webhook", "decision"]);
    expect(missed?.detail).toMatch(/--simulate/);
  });

  test("names an SLA that somebody else's policy takes", async () => {
    const w = await world();
    const [first] = w.desk.state.slaPolicies.values();
    if (first === undefined) throw new Error("there are no SLA policies");
    const metrics = first.metrics.map((one) => ({ ...one, target: 999 }));
    const foreign = { id: "77", position: -1, title: "Everyone", filter: { all: [], any: [] } };
    w.desk.state.slaPolicies.set("77", { ...first, ...foreign, metrics });
    const { missed } = await sent(w);
    expect(missed).toMatchObject({ name: "test ticket: SLA", detail: expect.stringMatching(/Everyone/) });
  });

  test("is not made at all while writing is paused", async () => {
    const w = await world();
    await pause(w.service.store.register, w.clock.now());
    const before = w.desk.state.tickets.size;
    expect((await sent(w)).missed?.fix).toMatch(/resume/);
    expect(w.desk.state.tickets.size).toBe(before);
  });

  test("that an interrupted run left behind is taken out of the way by the next one", async () => {
    const w = await world();
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    await w.settled([id]);
    await w.service.store.register.setSetting("canary", id);
    await sent(w);
    expect(w.desk.state.tickets.get(id)?.status).toBe("solved");
    expect(await w.service.store.ledger.decisionsOf(id)).toEqual([]);
  });
});
