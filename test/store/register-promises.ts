import { expect, test } from "@jest/globals";
import { NeedsAdmin } from "../../src/errors.ts";
import { LEASE, type Under } from "./kit.ts";

/** Small facts that all instances share. */
export function registerPromises(under: Under): void {
  const register = () => under().store.register;

  test("cursors and settings are kept apart and the last value counts", async () => {
    expect(await register().cursor("sync")).toBeNull();
    await register().setCursor("sync", "1");
    await register().setCursor("sync", "2");
    await register().setSetting("sync", "on");
    expect(await register().cursor("sync")).toBe("2");
    expect(await register().setting("sync")).toBe("on");
    expect(await register().setting("mode")).toBeNull();
  });

  test("one instance at a time holds a lease; it can be kept, given back, and runs out", async () => {
    const other = (await under().another()).register;
    expect(await register().lease("sync", "one", LEASE)).toBe(true);
    expect(await other.lease("sync", "two", LEASE)).toBe(false);
    expect(await other.lease("sweep", "two", LEASE)).toBe(true);
    expect(await register().lease("sync", "one", LEASE)).toBe(true);
    await other.releaseLease("sync", "two");
    expect(await other.lease("sync", "two", LEASE)).toBe(false);
    await register().releaseLease("sync", "one");
    expect(await other.lease("sync", "two", 0)).toBe(true);
    expect(await register().lease("sync", "one", LEASE)).toBe(true);
  });

  test("of two instances that ask for a free lease at once one gets it", async () => {
    const other = (await under().another()).register;
    const answers = await Promise.all([
      register().lease("sync", "one", LEASE),
      other.lease("sync", "two", LEASE),
    ]);
    expect(answers.toSorted()).toEqual([false, true]);
  });

  test("the same policy version with other content is refused", async () => {
    await register().putPolicy("v1", "hash 1", "tiers: one", null);
    await register().putPolicy("v1", "hash 1", "tiers: one", null);
    await expect(register().putPolicy("v1", "hash 2", "tiers: two", null)).rejects.toThrow(NeedsAdmin);
    expect(await register().policyInForce("2026-06-09")).toEqual({ version: "v1", content: "tiers: one" });
  });

  test("a policy with a future date leaves the one before in force until its day", async () => {
    expect(await register().policyInForce("2026-06-09")).toBeNull();
    await register().putPolicy("v1", "1", "one", "2026-01-01");
    await register().putPolicy("v2", "2", "two", "2026-07-01");
    expect((await register().policyInForce("2026-06-30"))?.version).toBe("v1");
    expect((await register().policyInForce("2026-07-01"))?.version).toBe("v2");
    expect(await register().policyInForce("2025-12-31")).toBeNull();
  });

  test("of policies with the same day the later stored one is in force", async () => {
    await register().putPolicy("b", "1", "one", "2026-01-01");
    await register().putPolicy("a", "2", "two", "2026-01-01");
    expect((await register().policyInForce("2026-06-09"))?.version).toBe("a");
  });

  test("a policy without a date is in force from the day it was stored", async () => {
    await register().putPolicy("dated", "1", "one", "2026-01-01");
    await register().putPolicy("undated", "2", "two", null);
    await register().putPolicy("future", "3", "three", "9999-01-01");
    expect((await register().policyInForce("2026-06-09"))?.version).toBe("undated");
  });
}
