/** Budgets of upstream accounts: shared rows that nobody overwrites unseen, by the database's clock. */
import { expect, test } from "@jest/globals";
import type { BudgetRow } from "../../src/ports.ts";
import type { Under } from "./kit.ts";

const ACCOUNT = "zendesk:acme.example";

function row(endpointClass: string, change: Partial<BudgetRow> = {}): BudgetRow {
  return {
    endpointClass,
    limit: 100,
    windowMs: 60_000,
    used: 3,
    before: 40,
    windowEnd: 1_800_000_000_000,
    blockedUntil: 1_800_000_000_500,
    closed: true,
    version: 0,
    ...change,
  };
}

/** The promises of the shared budgets. */
export function budgetPromises(under: Under): void {
  test("an account nobody has called yet has no rows, and the database tells its time", async () => {
    const before = Date.now();
    const { now, rows } = await under().store.budgets.read(ACCOUNT);
    expect(rows).toEqual([]);
    expect(Math.abs(now - before)).toBeLessThan(5_000);
  });

  test("rows come back as they were written, and outlive a restart", async () => {
    const { budgets } = under().store;
    expect(await budgets.write(ACCOUNT, [row("account"), row("write", { closed: false, used: 0 })])).toBe(
      true,
    );
    const { rows } = await (await under().reopen()).budgets.read(ACCOUNT);
    expect(rows).toEqual([
      row("account", { version: 1 }),
      row("write", { closed: false, used: 0, version: 1 }),
    ]);
  });

  test("accounts know nothing of each other", async () => {
    const { budgets } = under().store;
    await budgets.write(ACCOUNT, [row("account")]);
    await budgets.write("hubspot:api", [row("account", { used: 9 })]);
    expect((await budgets.read(ACCOUNT)).rows.map(({ used }) => used)).toEqual([3]);
    expect((await budgets.read("zendesk:other.example")).rows).toEqual([]);
  });

  test("who read before another instance wrote changes nothing, not even the rows that are as he read them", async () => {
    const [one, two] = [under().store.budgets, (await under().another()).budgets];
    await one.write(ACCOUNT, [row("account"), row("write")]);
    const read = (await two.read(ACCOUNT)).rows;
    expect(await one.write(ACCOUNT, [row("write", { used: 4, version: 1 })])).toBe(true);
    expect(
      await two.write(
        ACCOUNT,
        read.map((each) => ({ ...each, used: 50 })),
      ),
    ).toBe(false);
    expect((await one.read(ACCOUNT)).rows.map(({ used }) => used)).toEqual([3, 4]);
  });

  test("two instances that make the same row make it once", async () => {
    const [one, two] = [under().store.budgets, (await under().another()).budgets];
    const made = await Promise.all(
      [one, two].map((each, used) => each.write(ACCOUNT, [row("account", { used })])),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect((await one.read(ACCOUNT)).rows).toHaveLength(1);
  });

  test("a hundred debits by two instances at once are all counted", async () => {
    const sides = [under().store.budgets, (await under().another()).budgets];
    await under().store.budgets.write(ACCOUNT, [row("account", { used: 0 })]);
    const debit = async (side: (typeof sides)[number]): Promise<void> => {
      for (;;) {
        const { rows } = await side.read(ACCOUNT);
        if (
          await side.write(
            ACCOUNT,
            rows.map((each) => ({ ...each, used: each.used + 1 })),
          )
        )
          return;
      }
    };
    for (let i = 0; i < 50; i += 1) await Promise.all(sides.map(debit));
    expect((await under().store.budgets.read(ACCOUNT)).rows[0]).toMatchObject({ used: 100, version: 101 });
  });
}
