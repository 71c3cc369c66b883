import { describe, expect, test } from "@jest/globals";
import { startWorld, type World } from "./world.ts";

async function inWorld(work: (w: World) => Promise<void>): Promise<void> {
  const w = await startWorld({ silentDesk: true });
  try {
    await work(w);
  } finally {
    await w.close();
  }
}

/** Statuses of the writes of one ticket. */
function puts(w: World, id: string): readonly (number | null)[] {
  const path = `/api/v2/tickets/${id}`;
  return w.desk.journal
    .filter((entry) => entry.method === "PUT" && entry.path === path)
    .map(({ status }) => status);
}

describe("a hundred events of one ticket within a minute", () => {
  test("cost three writes at most, none is refused, and the last state is the right one", async () => {
    await inWorld(async (w) => {
      const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
      const to = w.customer("addon_tam");
      const requester = [...w.desk.state.users.values()].find((user) => user.email === to.email);
      const admin = [...w.desk.state.users.values()].find((user) => user.role === "admin");
      for (let event = 0; event < 100; event += 1) {
        if (event === 50)
          w.desk.agentUpdate(
            id,
            { requester_id: requester?.id, organization_id: to.organizationId },
            admin?.id ?? "",
          );
        const type = event === 0 ? "created" : "organization_changed";
        await w.post(
          `{"type":"zen:event-type:ticket.${type}","id":"e-${event}","subject":"zen:ticket:${id}","detail":{"id":"${id}"},"event":{}}`,
        );
        w.clock.advanceTo(w.clock.now() + 600);
      }
      await w.quiet();
      expect(puts(w, id).length).toBeLessThanOrEqual(3);
      expect(puts(w, id)).not.toContain(429);
      const record = await w.settled(id);
      expect(record.decision).toMatchObject({ tier: "enterprise_support" });
      expect(w.desk.state.tickets.get(id)?.tags).toContain("ps_tier_enterprise_support");
    });
  }, 60_000);
});

describe("what operators see of the API budget", () => {
  test("what is left of each limit, and every 429 by its class", async () => {
    await inWorld(async (w) => {
      const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
      w.desk.fault({ method: "PUT", status: 429, headers: { "retry-after": "1" }, body: { error: "Busy" } });
      await w.post(
        `{"type":"zen:event-type:ticket.created","id":"e-1","subject":"zen:ticket:${id}","detail":{"id":"${id}"},"event":{}}`,
      );
      expect((await w.settled(id)).state).toBe("written");
      const text = await (await fetch(`${w.service.url}/metrics`)).text();
      expect(text).toContain('ps_zendesk_answers{class="tickets-update",answer="busy"} 1');
      const left = Number(/ps_zendesk_budget_left\{class="tickets-update"\} (\d+)/.exec(text)?.[1]);
      expect(left).toBeLessThan(100);
      expect(text).toMatch(/ps_hubspot_budget_left\{class="search"\} \d/);
    });
  }, 60_000);

  test("the budget is in the store, where other instances find it", async () => {
    await inWorld(async (w) => {
      const { id } = w.desk.createTicket({ from: w.customer("arr_eur").email });
      await w.post(
        `{"type":"zen:event-type:ticket.created","id":"e-1","subject":"zen:ticket:${id}","detail":{"id":"${id}"},"event":{}}`,
      );
      await w.settled(id);
      const rows = await w.until("the calls to be written down", async () => {
        const read = await w.service.store.budgets.read(`zendesk:${new URL(w.desk.url).host}`);
        return read.rows.some((row) => row.endpointClass === "tickets-update") ? read.rows : null;
      });
      expect(rows.find((row) => row.endpointClass === "account")).toMatchObject({ limit: 700 });
      expect(rows.find((row) => row.endpointClass === "tickets-update")?.used).toBe(1);
    });
  }, 60_000);
});
