/** What was taken back stays on hold until somebody lets it go, and a ticket that is being put back is nobody else's. */
import { expect, test } from "@jest/globals";
import type { Hold } from "../../src/ports.ts";
import type { Under } from "./kit.ts";

const ticket: Hold = {
  target: "ticket",
  targetId: "7",
  accountId: "hubspot:1",
  runId: "r1",
  values: { tier: "pro" },
  facts: "abc",
  policyVersion: "3",
};
const organization: Hold = {
  ...ticket,
  target: "organization",
  targetId: "900",
  values: { ps_tier: "ps_tier_pro", ps_tam: null },
};
const unseen: Hold = { ...ticket, targetId: "8", runId: "r2", accountId: null, values: {}, facts: null };

/** The promises of holds, and of taking a ticket without a delivery. */
export function holdPromises(under: Under): void {
  test("a hold is found by its target, said twice it is one, and it ends by itself or with its run", async () => {
    const { holds } = under().store;
    await holds.put([]);
    await holds.put([ticket, organization, unseen]);
    await holds.put([{ ...ticket, facts: "def" }]);
    expect(await holds.count()).toBe(3);
    expect(await holds.of("ticket", ["8", "7", "900"])).toEqual([{ ...ticket, facts: "def" }, unseen]);
    expect(await holds.of("organization", ["900"])).toEqual([organization]);
    expect(await holds.of("company", ["900"])).toEqual([]);
    expect(await holds.of("ticket", [])).toEqual([]);
    await holds.end([unseen, { target: "ticket", targetId: "7", runId: "another" }]);
    expect(await holds.count()).toBe(2);
    const released = await holds.release("r1");
    expect(released.map(({ target }) => target).toSorted()).toEqual(["organization", "ticket"]);
    expect(await holds.release("r1")).toEqual([]);
    expect(await holds.count()).toBe(0);
  });

  test("a ticket that was taken without a delivery is no worker's until it is given back", async () => {
    const { inbox } = under().store;
    const claim = await inbox.take("zendesk", "7", "undo", 30_000);
    expect(claim).toMatchObject({ kind: "ticket", subjectId: "7", source: "zendesk", deliveries: [] });
    if (claim === null) throw new Error("not taken");
    expect(await inbox.take("zendesk", "7", "undo", 30_000)).toBeNull();
    await inbox.accept(
      {
        source: "zendesk",
        kind: "ticket",
        subjectId: "7",
        keys: { event: "e", invocation: null, bytes: "e" },
        hint: null,
        accountIds: [],
        flagged: false,
        body: new Uint8Array(),
      },
      "live",
      0,
    );
    expect(await inbox.claim("worker", 30_000, 5)).toEqual([]);
    expect(await inbox.renew(claim, 30_000)).toBe(true);
    expect(await inbox.release(claim, { state: "done", result: "left", reason: "undo" })).toBe(true);
    expect(await inbox.release(claim, { state: "done", result: "left", reason: "undo" })).toBe(false);
    // What came in meanwhile was not ended with it.
    expect(await inbox.claim("worker", 30_000, 5)).toHaveLength(1);
  });
}
