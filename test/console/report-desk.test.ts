import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ReportOrder } from "../../src/console/report-order.ts";
import { StoreUnavailable, TryAgain } from "../../src/errors.ts";
import { reportDesk } from "../../src/main-reports.ts";
import { openStore } from "../../src/store/open.ts";
import { moment, policy } from "../builders.ts";

const folder = mkdtempSync(join(tmpdir(), "report-desk-"));
const url = `sqlite:${join(folder, "store.db")}`;
const at = moment("2026-06-09T15:00:00Z");
const order: ReportOrder = {
  ...{ name: "attainment", form: "csv", money: "left out", enter: [] },
  ...{ window: { from: at - 86_400_000, until: at }, zone: "UTC", at },
};
const rules = policy();

beforeAll(async () => {
  await (await openStore(url, { warn: () => undefined })).close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the same question within seconds is answered once, a later one anew", async () => {
  let now = at;
  const desk = reportDesk(
    url,
    () => rules,
    () => now,
  );
  const first = desk.order("a", order);
  expect(desk.order("a", order)).toBe(first);
  now += 16_000;
  const later = desk.order("a", order);
  expect(later).not.toBe(first);
  expect(await later).toBe(await first);
  await desk.stop();
}, 60_000);

test("more orders than can wait are refused at once, the first is made, and at the end nobody is kept waiting", async () => {
  const desk = reportDesk(
    url,
    () => rules,
    () => at,
  );
  const orders = Array.from({ length: 13 }, (_, i) => desk.order(`order ${i}`, order));
  const all = Promise.allSettled(orders);
  await expect(orders.at(-1)).rejects.toBeInstanceOf(TryAgain);
  expect(await orders[0]).toMatch(/^report,from,until/);
  await desk.stop();
  const [first, ...others] = await all;
  expect(first?.status).toBe("fulfilled");
  expect(others.at(-2)?.status).toBe("rejected");
  await expect(desk.order("after the end", order)).rejects.toBeInstanceOf(TryAgain);
}, 60_000);

test("a store that cannot be read is said to be that, and is asked again the next time", async () => {
  const desk = reportDesk(
    `sqlite:${join(folder, "not-there.db")}`,
    () => rules,
    () => at,
  );
  await expect(desk.order("a", order)).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(desk.order("a", order)).rejects.toBeInstanceOf(StoreUnavailable);
  await desk.stop();
}, 60_000);
