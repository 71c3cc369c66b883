import { afterEach, describe, expect, test } from "@jest/globals";
import type { DecisionRecord } from "../../src/ports.ts";
import { type NativeOptions, type NativeWorld, startNative } from "./native-world.ts";

const open: NativeWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function native(options: NativeOptions = {}): Promise<NativeWorld> {
  const world = await startNative(options);
  open.push(world);
  return world;
}

/** Calls of ours since `from` that name tickets, by what they are. */
function ticketCalls({ desk }: NativeWorld, from: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { read: 0, audits: 0, write: 0, verify: 0 };
  for (const { method, path, query } of desk.journal.slice(from)) {
    if (method === "UI" || !path.startsWith("/api/v2/tickets")) continue;
    const what = query.includes("slas")
      ? "verify"
      : path.endsWith("/audits")
        ? "audits"
        : method === "GET"
          ? "read"
          : "write";
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

const slaOf = ({ desk }: NativeWorld, id: string): string | undefined =>
  desk.state.slaPolicies.get(desk.state.tickets.get(id)?.sla?.policyId ?? "")?.title;

const writtenOnes = (all: readonly DecisionRecord[]): readonly DecisionRecord[] =>
  all.filter(({ state }) => state === "written");

describe("tickets that the help desk's own triggers already served", () => {
  test("a thousand of them cost at most one read each, no write and no look at their history, and all are verified", async () => {
    const world = await native({ service: { verifyAfterMs: 2_000 } });
    const roles = ["arr_eur", "plan_messy", "evergreen"] as const;
    const from = world.desk.journal.length;
    const ids = Array.from(
      { length: 1_000 },
      (_, i) => world.desk.createTicket({ from: world.mailOf(roles[i % roles.length] ?? "arr_eur") }).id,
    );
    const decided = await world.settled(ids);
    expect(decided.filter(({ decision }) => decision.action === "skip")).toEqual([]);
    expect(writtenOnes(decided)).toEqual([]);
    expect(decided.filter(({ verification }) => verification?.ok !== true)).toEqual([]);
    const calls = ticketCalls(world, from);
    expect([calls.write, calls.audits]).toEqual([0, 0]);
    expect(((calls.read ?? 0) + (calls.verify ?? 0)) / ids.length).toBeLessThanOrEqual(1.1);
    process.stderr.write(`native path: ${JSON.stringify(calls)} for ${ids.length} tickets\n`);
    const tiers = new Set(decided.map(({ decision }) => (decision.action === "apply" ? decision.tier : "")));
    expect(tiers.size).toBeGreaterThanOrEqual(2);
    const coverage = await world.service.store.console.lists.coverage(0, 20_000);
    expect([coverage.tied, coverage.promised, coverage.attached]).toEqual([1_000, 1_000, 1_000]);
  }, 90_000);

  test("a word in the text, an outsider's priority and an override are put right by the service", async () => {
    const world = await native();
    const urgent = world.desk.createTicket({
      from: world.mailOf("arr_eur"),
      subject: "Production down",
      comment: { body: "All spindles report an error." },
    });
    const own = world.desk.createTicket({ from: world.mailOf("arr_eur"), priority: "low" });
    const plain = world.desk.createTicket({ from: world.mailOf("arr_eur") });
    expect(world.desk.state.tickets.get(urgent.id)?.priority).toBe("high");
    const [word, low, none] = await world.settled([urgent.id, own.id, plain.id]);
    expect([word?.state, world.desk.state.tickets.get(urgent.id)?.priority]).toEqual(["written", "urgent"]);
    expect([low?.state, world.desk.state.tickets.get(own.id)?.priority]).toEqual(["written", "normal"]);
    expect([none?.state, none?.change]).toEqual(["left", null]);
    for (const one of [word, low, none]) expect(one?.verification?.ok).toBe(true);
    expect([urgent, own, plain].map(({ id }) => slaOf(world, id))).toEqual([
      "PS Enterprise",
      "PS Enterprise",
      "PS Enterprise",
    ]);
  });

  test("a tier with opening hours of its own gets them at creation, and its clock ends as promised", async () => {
    const world = await native();
    const { id } = world.desk.createTicket({ from: world.mailOf("plan_messy") });
    const [record] = await world.settled([id]);
    expect(record?.verification).toMatchObject({ ok: true, code: "sla_attached" });
    expect(world.desk.state.schedules.size).toBeGreaterThan(1);
  });
});

describe("our own triggers tell of a ticket's new customer", () => {
  test("another organization is decided anew with its own promise, another requester of the same one keeps it", async () => {
    const world = await native();
    const { desk } = world;
    const users = [...desk.state.users.values()];
    const agent = users.find(({ role, suspended }) => role === "agent" && !suspended)?.id ?? "";
    const personOf = (role: string) => users.find(({ email }) => email === world.mailOf(role));
    const [moved, same] = ["plan_messy", "arr_eur"].map(
      (role) => desk.createTicket({ from: world.mailOf(role) }).id,
    );
    await world.settled([moved ?? "", same ?? ""]);
    // The second of the ticket's stamp has ended, as for an agent who reads before acting.
    world.clock.advanceTo(world.clock.now() + 2_000);

    const to = personOf("addon_tam");
    const other = { requester_id: to?.id, organization_id: to?.organizationId };
    desk.agentUpdate(moved ?? "", other, agent);
    const colleague = desk.addUser({
      email: "colleague@stays.example",
      organization_id: personOf("arr_eur")?.organizationId,
    });
    desk.agentUpdate(same ?? "", { requester_id: colleague.id }, agent);

    const again = async (id: string): Promise<DecisionRecord> => {
      for (let waited = 0; waited < 20_000; waited += 50) {
        const [newest, ...before] = await world.service.store.ledger.decisionsOf(id);
        if (before.length > 0 && newest !== undefined && newest.state !== "intended") return newest;
        await world.clock.sleep(50);
      }
      throw new Error(`nobody decided ticket ${id} anew`);
    };
    expect(await again(moved ?? "")).toMatchObject({
      event: expect.stringMatching(/^(organization|requester)_changed$/),
      decision: { tier: "enterprise_support" },
    });
    expect(desk.state.tickets.get(moved ?? "")?.tags).toContain("ps_tier_enterprise_support");
    expect(await again(same ?? "")).toMatchObject({
      event: "requester_changed",
      decision: { tier: "enterprise" },
    });
  }, 60_000);
});
