import { describe, expect, test } from "@jest/globals";
import type { DecisionRecord, Lane } from "../../src/ports.ts";
import { pause, resume } from "../../src/switches.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

const JOBS = "/api/v2/tickets/update_many";

async function inWorld(options: WorldOptions, work: (w: World) => Promise<void>): Promise<void> {
  const w = await startWorld(options);
  try {
    await work(w);
  } finally {
    await w.close();
  }
}

/** Tickets of a customer whose webhooks all fall due at one moment, `dueInMs` from now. */
async function flood(
  w: World,
  role: string,
  count: number,
  lane: Lane,
  dueInMs = 3_000,
): Promise<readonly string[]> {
  const { email, organizationId } = w.customer(role);
  const ids = Array.from({ length: count }, () => w.desk.createTicket({ from: email }).id);
  const hint = {
    event: "created",
    eventType: "created",
    updatedAt: null,
    organizationId,
    actorId: null,
  } as const;
  await Promise.all(
    ids.map((id) =>
      w.service.store.inbox.accept(
        {
          source: "zendesk",
          kind: "ticket",
          subjectId: id,
          keys: { event: id, invocation: id, bytes: id },
          hint,
          accountIds: [],
          flagged: false,
          body: Buffer.from("{}"),
        },
        lane,
        dueInMs,
      ),
    ),
  );
  return ids;
}

interface Write {
  readonly job: boolean;
  readonly ids: readonly string[];
}

/** Puts that changed tickets, in the order they came: the tickets a job names, or the single one. */
function writes(w: World): readonly Write[] {
  return w.desk.journal.flatMap((entry): readonly Write[] => {
    if (entry.method !== "PUT" || entry.status !== 200) return [];
    if (entry.path === JOBS) {
      const { tickets } = entry.body as { readonly tickets: readonly { readonly id: number }[] };
      return [{ job: true, ids: tickets.map(({ id }) => String(id)) }];
    }
    const id = /^\/api\/v2\/tickets\/(\d+)$/.exec(entry.path)?.[1];
    return id === undefined ? [] : [{ job: false, ids: [id] }];
  });
}

/** How often our own user really changed a ticket. */
function changes(w: World, ticketId: string): number {
  const us = [...w.desk.state.users.values()].find((user) => user.email === w.desk.agentEmail)?.id;
  return (w.desk.state.audits.get(ticketId) ?? []).filter(
    (audit) => audit.authorId === us && Object.keys(audit.custom).length > 0,
  ).length;
}

async function newest(w: World, ids: readonly string[]): Promise<readonly DecisionRecord[]> {
  return Promise.all(ids.map((id) => w.settled(id)));
}

describe("400 tickets at once, where Zendesk lets us write a hundred a minute one by one", () => {
  test("top-tier tickets go first and singly, the others in jobs; agents' edits and lost tickets are named and kept", async () => {
    await inWorld(
      { silentDesk: true, desk: { limits: { plan: 2_500, ticketUpdates: 100 }, jobMs: 400 } },
      async (w) => {
        const live = await flood(w, "arr_eur", 360, "live", 4_000);
        const top = await flood(w, "addon_tam", 40, "top");
        const [edited = "", deleted = ""] = await w.until("a job to begin", async () => {
          const [job] = writes(w).filter((one) => one.job);
          return job === undefined ? null : job.ids;
        });
        w.desk.agentUpdate(edited, { priority: "low" }, agentOf(w));
        w.desk.deleteTicket(deleted);
        await w.quiet();

        const made = writes(w);
        const single = made.filter((one) => !one.job).flatMap((one) => one.ids);
        const together = made.filter((one) => one.job).flatMap((one) => one.ids);
        expect(top.filter((id) => !single.includes(id) || together.includes(id))).toEqual([]);
        expect(together.length).toBeGreaterThanOrEqual(300);
        expect(top.filter((id) => single.indexOf(id) >= 60)).toEqual([]);
        expect(w.desk.journal.filter((entry) => entry.status === 429)).toEqual([]);

        const others = live.filter((id) => id !== edited && id !== deleted);
        const records = await newest(w, [...top, ...others]);
        expect(records.filter((one) => one.state !== "written")).toEqual([]);
        expect(records.filter((one) => one.verification?.code !== "sla_attached")).toEqual([]);
        expect([...top, ...others].filter((id) => changes(w, id) !== 1)).toEqual([]);

        expect(w.desk.state.tickets.get(edited)?.priority).toBe("low");
        const [kept] = await w.service.store.ledger.decisionsOf(edited);
        expect(kept).toMatchObject({ state: "written", before: { prioritySetBy: "agent", priority: "low" } });
        const [gone] = await w.service.store.ledger.decisionsOf(deleted);
        expect(gone).toMatchObject({ state: "left", outcome: "ticket_gone" });
        expect(await w.service.store.inbox.parked(10)).toEqual([]);
      },
    );
  }, 60_000);

  test("jobs that vanish leave no ticket undone, and none done twice", async () => {
    await inWorld(
      { silentDesk: true, desk: { limits: { plan: 2_500, ticketUpdates: 100 }, jobMissingPolls: 999 } },
      async (w) => {
        const ids = await flood(w, "arr_eur", 220, "live");
        await w.quiet();
        const records = await newest(w, ids);
        expect(records.filter((one) => one.state !== "written")).toEqual([]);
        expect(ids.filter((id) => changes(w, id) !== 1)).toEqual([]);
        expect(writes(w).some((one) => one.job)).toBe(true);
        expect(records.some((one) => one.outcome.includes("found applied"))).toBe(true);
      },
    );
  }, 60_000);

  test("a job that does not end holds up its own tickets alone: the others, and one that comes later, are written", async () => {
    await inWorld(
      { silentDesk: true, desk: { limits: { plan: 2_500, ticketUpdates: 100 }, jobMs: 2_000 } },
      async (w) => {
        const ids = await flood(w, "arr_eur", 220, "live");
        const [id, job] = await w.until(
          "a job to begin",
          async () => [...w.desk.state.jobs].find(([, one]) => one.results === null) ?? null,
        );
        w.desk.state.jobs.set(id, { ...job, dueAt: Number.POSITIVE_INFINITY });
        const [late = ""] = await flood(w, "arr_eur", 1, "live", 0);
        await w.until("nothing but that job's tickets to wait", async () =>
          (await w.service.store.inbox.backlog()).pending === job.total ? true : null,
        );
        const records = await newest(w, [late]);
        expect(records.map((one) => one.state)).toEqual(["written"]);
        expect(ids.filter((one) => changes(w, one) === 1).length).toBe(ids.length - job.total);
        expect(w.desk.state.jobs.get(id)?.results).toBeNull();
      },
    );
  }, 60_000);

  test("while paused nothing is written, and afterwards all of it is", async () => {
    await inWorld({ silentDesk: true, desk: { limits: { plan: 2_500, ticketUpdates: 100 } } }, async (w) => {
      const { register } = w.service.store;
      await pause(register, w.clock.now());
      const ids = await flood(w, "arr_eur", 220, "live");
      await w.until("all webhooks to wait", async () =>
        (await w.service.store.inbox.backlog()).pending === ids.length ? true : null,
      );
      expect(writes(w)).toEqual([]);
      await resume(register);
      await w.quiet();
      expect(ids.filter((id) => changes(w, id) !== 1)).toEqual([]);
    });
  }, 60_000);

  test("in simulation every ticket is decided and nothing is written", async () => {
    await inWorld({ simulate: true, silentDesk: true, desk: { limits: { plan: 2_500 } } }, async (w) => {
      const ids = await flood(w, "arr_eur", 300, "live");
      await w.quiet();
      expect((await newest(w, ids)).filter((one) => one.state !== "simulated")).toEqual([]);
      expect(writes(w)).toEqual([]);
      expect(
        w.desk.journal.filter((entry) => entry.path === "/api/v2/tickets/show_many").length,
      ).toBeLessThan(5);
    });
  }, 60_000);
});

function agentOf(w: World): string {
  const agent = [...w.desk.state.users.values()].find((user) => user.role === "agent");
  if (agent === undefined) throw new Error("nobody works here");
  return agent.id;
}
