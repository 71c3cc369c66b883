import { expect, test } from "@jest/globals";
import type { Demotion, HeldRun, SetAside } from "../../src/ports.ts";
import { company, HOUR, JUNE, type Under } from "./kit.ts";

/** What the brake set aside is there after a crash, listed under its run, and decided once. */
export function guardPromises(under: Under): void {
  const guard = () => under().store.guard;

  test("facts that were set aside come back as they were, and are replaced as a whole", async () => {
    await guard().setAside([aside("1"), gone("2")]);
    const store = await under().reopen();
    expect(await store.guard.of(["hubspot:1", "hubspot:2", "hubspot:404"])).toEqual(
      new Map([
        ["hubspot:1", aside("1")],
        ["hubspot:2", gone("2")],
      ]),
    );
    const newer = { ...aside("1"), digest: "other", demotes: [] };
    await store.guard.setAside([newer]);
    expect(await store.guard.inState("hubspot", "proposed")).toEqual([newer, gone("2")]);
    expect(await store.guard.inState("salesforce", "proposed")).toEqual([]);
    await store.guard.drop(["hubspot:1"]);
    expect(await store.guard.inState("hubspot", "proposed")).toEqual([gone("2")]);
  });

  test("a held run waits until a person has decided, with what was proposed for it and nothing else", async () => {
    await guard().setAside([aside("1"), aside("2"), aside("3"), { ...aside("4"), state: "rejected" }]);
    await guard().hold(run("r1", JUNE), ["hubspot:1", "hubspot:2", "hubspot:4"]);
    await guard().hold(run("r2", JUNE + HOUR), ["hubspot:3"]);
    expect(await guard().waiting()).toEqual([
      { ...run("r2", JUNE + HOUR), records: 1 },
      { ...run("r1", JUNE), records: 2 },
    ]);
    const held = { ...aside("1"), state: "held", runId: "r1" };
    expect(await guard().heldBy("r1")).toEqual([held, { ...aside("2"), state: "held", runId: "r1" }]);
    await guard().decide("r1", "approved", "kim", JUNE + HOUR);
    expect((await guard().waiting()).map((one) => one.runId)).toEqual(["r2"]);
    expect((await guard().of(["hubspot:1"])).get("hubspot:1")).toEqual({
      ...held,
      state: "approved",
      decidedAt: JUNE + HOUR,
      decidedBy: "kim",
    });
  });

  test("demotions that passed are counted for the window, each once, and forgotten later", async () => {
    await guard().passed("r1", [demotion("1"), demotion("2")], JUNE, 0);
    await guard().passed("r1", [demotion("1")], JUNE, 0);
    await guard().passed("r2", [demotion("1")], JUNE + HOUR, 0);
    expect(await guard().passedSince(JUNE - 1)).toBe(3);
    expect(await guard().passedSince(JUNE)).toBe(1);
    await guard().passed("r3", [], JUNE + 2 * HOUR, JUNE + 1);
    expect(await guard().passedSince(0)).toBe(1);
  });

  test("records that are gone are neither counted nor missed again", async () => {
    const { accounts } = under().store;
    await accounts.put([company("1"), company("2"), company("3", { goneOn: "2026-06-01" })]);
    expect(await guard().presentCount("hubspot")).toBe(2);
    expect(await guard().presentCount("csv")).toBe(0);
    expect(await guard().present("hubspot", ["2", "3", "404"])).toEqual(new Map([["2", "hubspot:2"]]));
  });

  test("tiers are counted as the last sync left them", async () => {
    const held = { tier: "pro", basis: "plan", lowerSince: null, waitlisted: [] } as const;
    const row = (id: string, tier: string) => ({
      accountId: id,
      tier,
      basis: "plan",
      reasons: [],
      held,
      asOf: JUNE,
      policyVersion: "v1",
    });
    expect(await guard().tierSizes()).toEqual({});
    await under().store.accounts.putEntitlements([row("a", "pro"), row("b", "pro"), row("c", "gold")]);
    expect(await guard().tierSizes()).toEqual({ pro: 2, gold: 1 });
  });

  test("what is set aside for a forgotten customer is forgotten with the rest", async () => {
    await guard().setAside([aside("1"), aside("2")]);
    await guard().passed("r1", [demotion("1")], JUNE, 0);
    await under().store.forgetting.forget({ organizationId: "org-1", accountId: "hubspot:1" });
    expect(await guard().inState("hubspot", "proposed")).toEqual([aside("2")]);
    expect(await guard().passedSince(0)).toBe(0);
  });

  test("a scratch copy has what is held, and deciding in it decides nothing", async () => {
    await guard().setAside([aside("1")]);
    await guard().hold(run("r1", JUNE), ["hubspot:1"]);
    const scratch = await under().store.scratch();
    try {
      expect((await scratch.guard.waiting()).map((one) => one.records)).toEqual([1]);
      await scratch.guard.decide("r1", "rejected", null, JUNE);
    } finally {
      await scratch.close();
    }
    expect((await guard().waiting()).map((one) => one.records)).toEqual([1]);
  });
}

function run(runId: string, at: number): HeldRun {
  return { runId, source: "hubspot", at, codes: ["too_many_demotions"], reason: "Too many." };
}

function demotion(sourceId: string): Demotion {
  return {
    accountId: `hubspot:${sourceId}`,
    name: `Company ${sourceId}`,
    fromTier: "pro",
    toTier: "standard",
  };
}

function aside(sourceId: string): SetAside {
  const facts = company(sourceId, { arr: { amount: "12.50", currency: "EUR" }, plan: null });
  return {
    accountId: facts.account.id,
    source: "hubspot",
    sourceId,
    runId: "r0",
    state: "proposed",
    facts,
    goneOn: null,
    digest: "digest",
    demotes: [demotion(sourceId)],
    at: JUNE,
    decidedAt: null,
    decidedBy: null,
  };
}

function gone(sourceId: string): SetAside {
  return { ...aside(sourceId), facts: null, goneOn: "2026-06-09", digest: "gone" };
}
