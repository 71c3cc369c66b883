import { expect, test } from "@jest/globals";
import type { RunRecord, SyncWrite } from "../../src/ports.ts";
import { HOUR, JUNE, type Under } from "./kit.ts";

/** What the syncs did can be shown, undone and looked into. */
export function runPromises(under: Under): void {
  const runs = () => under().store.runs;

  test("the last run of a kind is told with its counts", async () => {
    expect(await runs().last("sync")).toBeNull();
    await runs().start(run("1"));
    await runs().start(run("2"));
    await runs().start({ ...run("3"), kind: "backfill" });
    await runs().end("2", JUNE + 5, { read: 7, changed: 2 }, "page 3 failed");
    expect(await runs().last("sync")).toEqual({
      ...run("2"),
      endedAt: JUNE + 5,
      counts: { read: 7, changed: 2 },
      error: "page 3 failed",
    });
  });

  test("every write of a run is kept with what was there before, and its end", async () => {
    await runs().write("1", "v1", [write("org-1"), write("org-2")]);
    await runs().settle("1", [
      { target: "organization", targetId: "org-2", state: "failed", reason: "no such field" },
    ]);
    expect(await runs().writesOf("1")).toEqual([
      write("org-1"),
      { ...write("org-2"), state: "failed", reason: "no such field" },
    ]);
    expect(await runs().writesOf("2")).toEqual([]);
  });

  test("the history of an account goes over all runs, newest first", async () => {
    await runs().write("1", "v1", [write("org-1"), { ...write("org-9"), accountId: "other" }]);
    await runs().write("2", "v2", [{ ...write("org-1"), state: "written" }]);
    expect(await runs().writesFor("hubspot:1", 10)).toEqual([
      { ...write("org-1"), state: "written", runId: "2", policyVersion: "v2", at: expect.any(Number) },
      { ...write("org-1"), runId: "1", policyVersion: "v1", at: expect.any(Number) },
    ]);
    expect(await runs().writesFor("hubspot:1", 1)).toHaveLength(1);
  });

  test("a review item stays as old as it is until it is no longer true", async () => {
    const missing = { accountId: "a", code: "no_organization", detail: "no match" };
    const other = { accountId: "b", code: "no_organization", detail: "no match" };
    await runs().review(["a", "b"], [missing, other], JUNE);
    await runs().review(["a"], [{ ...missing, detail: "two matches" }], JUNE + HOUR);
    expect(await runs().reviews(10)).toEqual([
      { ...missing, detail: "two matches", since: JUNE },
      { ...other, since: JUNE },
    ]);
    await runs().review(["a"], [], JUNE + 2 * HOUR);
    expect(await runs().reviews(10)).toEqual([{ ...other, since: JUNE }]);
  });
}

function run(id: string): RunRecord {
  return { id, kind: "sync", startedAt: JUNE, endedAt: null, counts: {}, error: null };
}

function write(targetId: string): SyncWrite {
  return {
    target: "organization",
    targetId,
    accountId: "hubspot:1",
    before: { ps_tier: "standard", ps_tam: null },
    after: { ps_tier: "pro", ps_tam: "kim" },
    state: "intended",
    reason: "grant_plan:pro",
  };
}
