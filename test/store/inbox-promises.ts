import { expect, test } from "@jest/globals";
import type { Entitlement } from "../../src/ports.ts";
import {
  claimOnly,
  company,
  DONE,
  delivery,
  HOUR,
  JUNE,
  LATER,
  LEASE,
  PARKED,
  retry,
  type Under,
} from "./kit.ts";

/** What comes in is stored once. */
export function inboxPromises(under: Under): void {
  test("a webhook is stored, and its repeat is recognised", async () => {
    const { inbox } = under().store;
    expect(await inbox.accept(delivery("a"), "live", 0)).toBe("stored");
    expect(await inbox.accept(delivery("a"), "live", 0)).toBe("repeat");
    expect((await inbox.backlog()).pending).toBe(1);
  });

  test.each([
    ["event id", { event: "event a", invocation: "other", bytes: "other" }],
    ["invocation id", { event: "other", invocation: "invocation a", bytes: "other" }],
    ["signed bytes", { event: null, invocation: null, bytes: "bytes a" }],
  ])("the same %s alone makes a repeat", async (_what, keys) => {
    const { inbox } = under().store;
    await inbox.accept(delivery("a"), "live", 0);
    expect(await inbox.accept(delivery("b", { keys }), "live", 0)).toBe("repeat");
  });

  test("the same signed bytes make a repeat, whenever they come", async () => {
    const { inbox } = under().store;
    const sent = (invocation: string) =>
      delivery("a", { keys: { event: null, invocation, bytes: "bytes a", madeAt: JUNE } });
    expect(await inbox.accept(sent("first"), "live", 0)).toBe("stored");
    expect(await inbox.accept(sent("second"), "live", 0)).toBe("repeat");
    expect(
      await Promise.all([inbox.accept(sent("third"), "live", 0), inbox.accept(sent("fourth"), "live", 0)]),
    ).toEqual(["repeat", "repeat"]);
  });

  test("bytes that an older version stored, without their time, are still recognised", async () => {
    const { inbox } = under().store;
    const keys = { event: null, invocation: null, bytes: "bytes a" };
    await inbox.accept(delivery("a", { keys }), "live", 0);
    expect(await inbox.accept(delivery("b", { keys: { ...keys, madeAt: JUNE } }), "live", 0)).toBe("repeat");
    const other = { ...keys, bytes: "bytes b", madeAt: JUNE };
    expect(await inbox.accept(delivery("c", { keys: other }), "live", 0)).toBe("stored");
  });

  test("the webhook of a customer of the top tier goes into the top lane", async () => {
    const { store } = under();
    await store.accounts.put([company("1"), company("2")]);
    await store.accounts.putEntitlements([entitled("hubspot:1", "enterprise"), entitled("hubspot:2", "pro")]);
    await store.organizations.link([
      { organizationId: "best", accountId: "hubspot:1", how: "domain" },
      { organizationId: "other", accountId: "hubspot:2", how: "domain" },
    ]);
    for (const organizationId of ["nobody", "other", "best"])
      await store.inbox.accept(
        delivery(organizationId, { subjectId: organizationId }),
        { organizationId, topTier: "enterprise" },
        0,
      );
    const [first] = await store.inbox.claim("worker", LEASE, 1);
    expect(first?.subjectId).toBe("best");
    const rest = await store.inbox.claim("worker", LEASE, 10);
    expect(rest.map(({ subjectId }) => subjectId)).toEqual(["nobody", "other"]);
  });

  test("two webhooks without event and invocation id are not each other's repeat", async () => {
    const { inbox } = under().store;
    const nameless = (bytes: string) => delivery(bytes, { keys: { event: null, invocation: null, bytes } });
    expect(await inbox.accept(nameless("a"), "live", 0)).toBe("stored");
    expect(await inbox.accept(nameless("b"), "live", 0)).toBe("stored");
  });

  test("the same ids from another sender are another webhook", async () => {
    const { inbox } = under().store;
    await inbox.accept(delivery("a"), "live", 0);
    expect(await inbox.accept(delivery("a", { source: "hubspot" }), "live", 0)).toBe("stored");
  });

  test("a repeat stays a repeat after the first one was dealt with", async () => {
    const { store } = under();
    await store.inbox.accept(delivery("a"), "live", 0);
    await store.inbox.release(await claimOnly(store), DONE);
    expect(await store.inbox.accept(delivery("a"), "live", 0)).toBe("repeat");
    expect(await store.inbox.claim("worker", LEASE, 10)).toEqual([]);
  });

  test("of 5,000 webhooks at once with 1,000 repeats exactly 4,000 are stored, through two instances", async () => {
    const { store, another } = under();
    const second = await another();
    const sent = Array.from({ length: 5000 }, (_, n) => delivery(String(n % 4000)));
    const answers = await Promise.all(
      sent.map((each, n) => (n % 2 === 0 ? store : second).inbox.accept(each, "live", 0)),
    );
    expect(answers.filter((answer) => answer === "stored")).toHaveLength(4000);
    expect(answers.filter((answer) => answer === "repeat")).toHaveLength(1000);
    expect((await store.inbox.backlog()).pending).toBe(4000);
  });

  test("what was sent comes back as it was", async () => {
    const { store } = under();
    const hint = {
      event: "created" as const,
      eventType: "ticket.created",
      updatedAt: "2026-06-09T15:00:00Z",
      organizationId: "9007199254740993",
      actorId: null,
    };
    await store.inbox.accept(delivery("a", { subjectId: "7", hint, flagged: true }), "top", 0);
    const [stored] = (await claimOnly(store)).deliveries;
    expect(stored).toEqual({
      id: expect.any(String),
      source: "zendesk",
      kind: "ticket",
      subjectId: "7",
      hint,
      accountIds: [],
      flagged: true,
      receivedAt: expect.any(Number),
      attempts: 0,
      reason: null,
    });
  });

  test("bytes no text can hold do not stop a webhook or its neighbours", async () => {
    const { inbox } = under().store;
    const odd = delivery("odd", {
      subjectId: "nul \0 and half \ud800",
      body: Uint8Array.from([0, 255, 254, 0x80]),
    });
    const answers = await Promise.all(
      [delivery("a"), odd, delivery("b")].map((each) => inbox.accept(each, "live", 0)),
    );
    expect(answers).toEqual(["stored", "stored", "stored"]);
  });

  test("one webhook that cannot be stored does not fail its neighbours", async () => {
    const { inbox } = under().store;
    const impossible = delivery("x", {
      keys: { event: null, invocation: null, bytes: null as unknown as string },
    });
    const answers = await Promise.allSettled(
      [delivery("a"), impossible, delivery("b")].map((each) => inbox.accept(each, "live", 0)),
    );
    expect(answers.map((answer) => answer.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await inbox.backlog()).pending).toBe(2);
  });

  test("the backlog tells what waits, what failed and how old the oldest is", async () => {
    const { store } = under();
    expect(await store.inbox.backlog()).toEqual({ pending: 0, parked: 0, oldestPendingMs: null });
    await store.inbox.accept(delivery("a"), "live", 0);
    await store.inbox.release(await claimOnly(store), PARKED);
    await store.inbox.accept(delivery("b"), "live", HOUR);
    const backlog = await store.inbox.backlog();
    expect(backlog).toMatchObject({ pending: 1, parked: 1 });
    expect(backlog.oldestPendingMs).toBeGreaterThanOrEqual(0);
    expect(backlog.oldestPendingMs).toBeLessThan(60_000);
  });

  test("parked webhooks are listed newest first, each with what a person can do", async () => {
    const { store } = under();
    for (const key of ["a", "b"]) {
      await store.inbox.accept(delivery(key), "live", 0);
      await store.inbox.release(await claimOnly(store), { ...PARKED, reason: `reason ${key}` });
      await under().sql(`update deliveries set settled_at = settled_at - 1000`);
    }
    expect((await store.inbox.parked(10)).map(({ reason, fix }) => [reason, fix])).toEqual([
      ["reason b", "Create the group."],
      ["reason a", "Create the group."],
    ]);
    expect(await store.inbox.parked(1)).toHaveLength(1);
  });

  test("a parked webhook can be put back to work, one or all, with its attempts forgotten", async () => {
    const { store } = under();
    for (const key of ["a", "b", "c"]) {
      await store.inbox.accept(delivery(key), "live", 0);
      await store.inbox.release(await claimOnly(store), retry(0));
      await store.inbox.release(await claimOnly(store), PARKED);
    }
    const [first] = await store.inbox.parked(10);
    expect(await store.inbox.replay(first?.id ?? "")).toBe(1);
    expect(await store.inbox.replay("unknown")).toBe(0);
    expect((await claimOnly(store)).deliveries).toMatchObject([{ id: first?.id, attempts: 0 }]);
    expect(await store.inbox.replay(null)).toBe(2);
    expect((await store.inbox.backlog()).parked).toBe(0);
  });

  test("a clean-up forgets settled webhooks and never touches unfinished ones", async () => {
    const { store } = under();
    await store.inbox.accept(delivery("done"), "live", 0);
    await store.inbox.release(await claimOnly(store), DONE);
    await store.inbox.accept(delivery("parked"), "live", 0);
    await store.inbox.release(await claimOnly(store), PARKED);
    await store.inbox.accept(delivery("waiting"), "live", 0);

    await store.inbox.prune(LATER(), 0);
    expect(await store.inbox.accept(delivery("done"), "live", 0)).toBe("repeat");

    await store.inbox.prune(LATER(), LATER());
    expect(await store.inbox.backlog()).toMatchObject({ pending: 1, parked: 1 });
    expect(await store.inbox.accept(delivery("waiting"), "live", 0)).toBe("repeat");
    expect(await store.inbox.accept(delivery("parked"), "live", 0)).toBe("repeat");
    expect(await store.inbox.accept(delivery("done"), "live", 0)).toBe("stored");
  });
}

function entitled(accountId: string, tier: string): Entitlement {
  return {
    accountId,
    tier,
    basis: "plan",
    reasons: [],
    held: { tier, basis: "plan", lowerSince: null, waitlisted: [] },
    asOf: JUNE,
    policyVersion: "v1",
  };
}
