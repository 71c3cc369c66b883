import { afterEach, describe, expect, test } from "@jest/globals";
import type { DecisionRecord, Verification } from "../../src/ports.ts";
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

async function verified(w: NativeWorld, id: string): Promise<Verification> {
  const [record] = await w.settled([id]);
  if (record?.verification === null || record?.verification === undefined) throw new Error(`${id} was left`);
  return record.verification;
}

/** Verified, and the last word: a repair that was begun has ended. */
async function mended(w: NativeWorld, id: string): Promise<DecisionRecord> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const [newest] = await w.service.store.ledger.decisionsOf(id);
    const found = newest?.verification;
    if (newest !== undefined && found !== null && found !== undefined && found.repair?.end !== "intended")
      return newest;
    await w.clock.sleep(50);
  }
  throw new Error(`nobody ended the repair of ${id}`);
}

/** Writes by our own user on a ticket, its creation left out. */
function ourWrites({ desk }: NativeWorld, id: string): number {
  return desk.journal.filter(({ method, path }) => method === "PUT" && path === `/api/v2/tickets/${id}`)
    .length;
}

/** Somebody else's policy that fits every ticket, at the top. */
function putEveryoneFirst({ desk }: NativeWorld): void {
  const [first] = desk.state.slaPolicies.values();
  if (first === undefined) throw new Error("there are no SLA policies");
  const metrics = first.metrics.map((one) => ({ ...one, target: 600 }));
  const foreign = { title: "Everyone", description: "Made by hand", filter: { all: [], any: [] } };
  desk.state.slaPolicies.set("77", { ...first, ...foreign, id: "77", position: -1, metrics });
}

describe("an SLA that is not as promised is named with its reason", () => {
  test("a policy that stands before ours and fits everything, and whose it is", async () => {
    const w = await world();
    putEveryoneFirst(w);
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    expect(await verified(w, id)).toMatchObject({
      ok: false,
      cause: "earlier_policy",
      detail: expect.stringMatching(/Everyone \(not one of ours\) stands before PS Enterprise/),
      fix: expect.stringMatching(/apply --adopt/),
    });
    expect(ourWrites(w, id)).toBe(0);
  });

  test("targets that somebody changed by hand", async () => {
    const w = await world();
    for (const [id, one] of w.desk.state.slaPolicies)
      w.desk.state.slaPolicies.set(id, {
        ...one,
        metrics: one.metrics.map((metric) => ({ ...metric, target: metric.target + 60 })),
      });
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    expect(await verified(w, id)).toMatchObject({
      ok: false,
      code: "sla_due_differs",
      cause: "wrong_target",
      fix: expect.stringMatching(/priority-support apply/),
    });
  });

  test("opening hours that somebody changed by hand", async () => {
    const w = await world();
    for (const [id, one] of w.desk.state.schedules)
      w.desk.state.schedules.set(id, { ...one, intervals: [{ start: 2 * 1440, end: 2 * 1440 + 120 }] });
    const { id } = w.desk.createTicket({ from: w.mailOf("plan_messy") });
    expect(await verified(w, id)).toMatchObject({ ok: false, cause: "other_hours" });
  });

  test("an SLA policy that is gone", async () => {
    const w = await world();
    for (const [id, one] of w.desk.state.slaPolicies)
      if (one.title === "PS Enterprise") w.desk.state.slaPolicies.delete(id);
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    expect(await verified(w, id)).toMatchObject({ ok: false, cause: "policy_missing" });
  });

  test("a plan that has no SLA policies", async () => {
    const w = await world({ desk: { slas: false } });
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    expect(await verified(w, id)).toMatchObject({ ok: false, code: "sla_missing", cause: "not_in_plan" });
  });
});

describe("what can be mended is mended once", () => {
  test("a policy that came after the ticket's last change is attached by one more update", async () => {
    const w = await world({ service: { verifyAfterMs: 3_000 } });
    const kept = [...w.desk.state.slaPolicies];
    w.desk.state.slaPolicies.clear();
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    await decidedOnly(w, id);
    for (const [key, one] of kept) w.desk.state.slaPolicies.set(key, one);
    const { verification } = await mended(w, id);
    expect(verification).toMatchObject({
      ok: true,
      code: "sla_attached",
      repair: { how: "touch", end: "done" },
    });
    expect(ourWrites(w, id)).toBe(1);
  });

  test("a tier tag that a trigger wiped in the same update is put back", async () => {
    const w = await world({ service: { verifyAfterMs: 3_000 } });
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur"), priority: "low" });
    await decidedOnly(w, id);
    const ticket = w.desk.state.tickets.get(id);
    if (ticket === undefined) throw new Error("the ticket is gone");
    w.desk.state.tickets.set(id, { ...ticket, tags: [], sla: null });
    const { verification } = await mended(w, id);
    expect(verification).toMatchObject({ ok: true, repair: { how: "retag", end: "done" } });
    expect(w.desk.state.tickets.get(id)?.tags).toContain("ps_tier_enterprise");
  });

  test("a ticket that a person has changed since is left as it is, and said so", async () => {
    const w = await world({ service: { verifyAfterMs: 3_000 } });
    const agent = [...w.desk.state.users.values()].find(
      ({ role, suspended }) => role === "agent" && !suspended,
    );
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    await decidedOnly(w, id);
    w.desk.agentUpdate(id, { remove_tags: ["ps_tier_enterprise"] }, agent?.id ?? "");
    const { verification } = await mended(w, id);
    expect(verification).toMatchObject({
      ok: false,
      cause: "tag_gone",
      repair: { end: "left", why: "somebody changed the ticket since" },
    });
    expect(w.desk.state.tickets.get(id)?.tags).not.toContain("ps_tier_enterprise");
  });

  test("a ticket whose group a person chose in the second of our write is not touched, although our giving it back is the last change", async () => {
    const w = await world({ service: { verifyAfterMs: 3_000 } });
    const kept = [...w.desk.state.slaPolicies];
    w.desk.state.slaPolicies.clear();
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    const { id: decisionId } = await decidedOnly(w, id);
    const chosen = [...w.desk.state.groups.values()].find(({ name }) => name === "Premier Support");
    const back = { group_id: Number(chosen?.id), metadata: { ps_decision: decisionId } };
    const answer = await fetch(`${w.desk.url}/api/v2/tickets/${id}`, {
      method: "PUT",
      headers: { authorization: w.desk.authorization, "content-type": "application/json" },
      body: JSON.stringify({ ticket: back }),
    });
    expect(answer.status).toBe(200);
    const before = ourWrites(w, id);
    for (const [key, one] of kept) w.desk.state.slaPolicies.set(key, one);
    const { verification } = await mended(w, id);
    expect(verification).toMatchObject({
      ok: false,
      repair: { how: "touch", end: "left", why: "the ticket was moved to another group since" },
    });
    expect(ourWrites(w, id)).toBe(before);
    expect(w.desk.state.tickets.get(id)?.groupId).toBe(chosen?.id);
  });

  test("nothing is written while writing is paused", async () => {
    const w = await world({ service: { verifyAfterMs: 3_000 } });
    const kept = [...w.desk.state.slaPolicies];
    w.desk.state.slaPolicies.clear();
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    await decidedOnly(w, id);
    for (const [key, one] of kept) w.desk.state.slaPolicies.set(key, one);
    await pause(w.service.store.register, w.clock.now());
    const { verification } = await mended(w, id);
    expect(verification).toMatchObject({ ok: false, cause: "no_event", repair: { end: "left" } });
    expect(ourWrites(w, id)).toBe(0);
  });
});

describe("the help desk's own events name the policy", () => {
  test("the right one is kept with the decision, and told once", async () => {
    const w = await world();
    await w.service.confirm();
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    await verified(w, id);
    w.clock.advanceTo(w.clock.now() + 90_000);
    expect(await w.service.confirm()).toMatchObject({ state: "read", confirmed: 1, other: 0 });
    expect(await verified(w, id)).toMatchObject({ ok: true, policy: "PS Enterprise" });
    expect(await w.service.confirm()).toMatchObject({ confirmed: 0, other: 0 });
  });

  test("another one than promised is found although its clocks end at the same minute", async () => {
    const w = await world();
    await w.service.confirm();
    const { slaPolicies } = w.desk.state;
    const ours = [...slaPolicies.values()].find(({ title }) => title === "PS Enterprise");
    if (ours === undefined) throw new Error("PS Enterprise is gone");
    slaPolicies.set("78", {
      ...ours,
      ...{ id: "78", position: -1, title: "Copy of Enterprise", description: "" },
    });
    const { id } = w.desk.createTicket({ from: w.mailOf("arr_eur") });
    expect(await verified(w, id)).toMatchObject({ ok: true });
    w.clock.advanceTo(w.clock.now() + 90_000);
    expect(await w.service.confirm()).toMatchObject({ confirmed: 0, other: 1 });
    expect(await verified(w, id)).toMatchObject({
      ok: false,
      code: "sla_other_policy",
      cause: "earlier_policy",
      policy: "Copy of Enterprise",
    });
  });
});

/** Settled, and not read back yet. */
async function decidedOnly(w: NativeWorld, id: string): Promise<DecisionRecord> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    const [newest] = await w.service.store.ledger.decisionsOf(id);
    if (newest !== undefined && newest.state !== "intended") return newest;
    await w.clock.sleep(20);
  }
  throw new Error(`ticket ${id} was not decided`);
}
