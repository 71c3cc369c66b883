import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { SetAside } from "../../src/ports.ts";
import { at, type ConsoleWorld, startConsoleWorld } from "./world.ts";

let console_: ConsoleWorld;
beforeAll(async () => {
  console_ = await startConsoleWorld();
}, 60_000);
afterAll(() => console_?.close());

/** New facts that would take a customer's plan away, held for a person. */
async function hold(runId: string): Promise<string> {
  const { store } = console_.world.service;
  const accountId = `hubspot:${console_.world.customer("arr_eur").companyId}`;
  const known = await store.accounts.get(accountId);
  if (known === null) throw new Error("the customer is not known");
  const facts = { ...known, account: { ...known.account, plan: null, arr: null } };
  const row: SetAside = {
    accountId,
    source: known.source,
    sourceId: known.sourceId,
    runId,
    state: "proposed",
    facts,
    goneOn: null,
    digest: runId,
    demotes: [{ accountId, name: known.account.name, fromTier: "enterprise", toTier: "standard" }],
    at: console_.world.clock.now(),
    decidedAt: null,
    decidedBy: null,
  };
  await store.guard.setAside([row]);
  const why = { codes: ["too_many_demotions"], reason: "One demotion too many.", source: known.source };
  await store.guard.hold({ ...why, runId, at: row.at }, [accountId]);
  return accountId;
}

describe("changes that the brake holds", () => {
  test("are shown with who would lose what, and refused in the name of whoever is signed in", async () => {
    const accountId = await hold("run-to-reject");
    const agent = await console_.as("agent");
    const shown = await agent.call("GET", "/api/v1/guard");
    expect(at(shown, "runs.0")).toMatchObject({
      runId: "run-to-reject",
      reason: "One demotion too many.",
      demotions: [
        { account: { id: accountId }, from: { id: "enterprise" }, to: { id: "standard" }, change: "facts" },
      ],
    });
    expect(at(await agent.call("GET", `/api/v1/customers/${accountId}`), "heldRunId")).toBe("run-to-reject");
    const admin = await console_.as("admin");
    const decided = await admin.call("POST", "/api/v1/guard/run-to-reject/reject", { by: "the CEO" });
    expect(decided.body).toEqual({
      runId: "run-to-reject",
      decided: "rejected",
      by: "admin@acme.example",
      records: 1,
    });
    const { guard, accounts } = console_.world.service.store;
    expect((await guard.of([accountId])).get(accountId)).toMatchObject({
      state: "rejected",
      decidedBy: "admin@acme.example",
    });
    expect((await accounts.get(accountId))?.account.arr).not.toBeNull();
  });

  test("are accepted once; whoever comes second is told", async () => {
    const accountId = await hold("run-to-approve");
    const admin = await console_.as("admin");
    const both = await Promise.all([
      admin.call("POST", "/api/v1/guard/run-to-approve/approve", {}),
      admin.call("POST", "/api/v1/guard/run-to-approve/approve", {}),
    ]);
    expect(both.map(({ status }) => status)).toContain(200);
    expect((await admin.call("POST", "/api/v1/guard/run-to-approve/approve", {})).status).toBe(404);
    const { accounts } = console_.world.service.store;
    expect((await accounts.get(accountId))?.account.arr).toBeNull();
    expect(await accounts.pending(null, 500)).toContain(accountId);
  });
});
