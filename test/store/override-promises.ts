import { expect, test } from "@jest/globals";
import type { Override } from "../../src/policy/model.ts";
import { HOUR, JUNE, type Under } from "./kit.ts";

const DAY = 24 * HOUR;

/** Human exceptions are kept with their history, and their end by hand counts. */
export function overridePromises(under: Under): void {
  const overrides = () => under().store.overrides;

  test("an override is found by its account and listed, newest first", async () => {
    expect(await overrides().add(override("one", { startsAt: JUNE + HOUR }))).toBe(true);
    expect(await overrides().add(override("two", { accountId: "hubspot:2", createdAt: JUNE + 1 }))).toBe(
      true,
    );
    expect(await overrides().of(["hubspot:1", "hubspot:9"])).toEqual([
      override("one", { startsAt: JUNE + HOUR }),
    ]);
    expect(await overrides().of([])).toEqual([]);
    expect((await overrides().list()).map((one) => [one.id, one.endedAt])).toEqual([
      ["two", null],
      ["one", null],
    ]);
  });

  test("the same id again changes nothing", async () => {
    await overrides().add(override("one"));
    expect(await overrides().add(override("one", { tier: "standard" }))).toBe(false);
    expect(await overrides().of(["hubspot:1"])).toEqual([override("one")]);
  });

  test("one that is ended by hand was in force until then, and stays in the history", async () => {
    await overrides().add(override("one"));
    expect(await overrides().end("one", JUNE + DAY, "kim")).toBe(true);
    expect(await overrides().of(["hubspot:1"])).toEqual([override("one", { expiresAt: JUNE + DAY })]);
    expect(await overrides().list()).toEqual([{ ...override("one"), endedAt: JUNE + DAY, endedBy: "kim" }]);
    expect(await overrides().end("one", JUNE + 2 * DAY, "joe")).toBe(false);
    expect(await overrides().end("none", JUNE, null)).toBe(false);
    await overrides().add(override("over", { expiresAt: JUNE + HOUR }));
    expect(await overrides().end("over", JUNE + HOUR, null)).toBe(false);
  });

  test("accounts are named when one of their overrides begins or ends, by hand or by itself", async () => {
    await overrides().add(override("begins", { accountId: "a", startsAt: JUNE + HOUR }));
    await overrides().add(override("ends", { accountId: "b", expiresAt: JUNE + HOUR }));
    await overrides().add(override("by hand", { accountId: "c" }));
    await overrides().end("by hand", JUNE + HOUR, null);
    await overrides().add(override("later", { accountId: "d", startsAt: JUNE + 3 * HOUR }));
    expect(await overrides().turning(JUNE, JUNE + HOUR)).toEqual(["a", "b", "c"]);
    expect(await overrides().turning(JUNE + HOUR, JUNE + 2 * HOUR)).toEqual([]);
  });
}

function override(id: string, changes: Partial<Override> = {}): Override {
  return {
    id,
    accountId: "hubspot:1",
    kind: "floor",
    tier: "pro",
    reason: "escalation",
    approvedBy: "lee",
    createdAt: JUNE,
    startsAt: null,
    expiresAt: JUNE + 30 * DAY,
    ...changes,
  };
}
