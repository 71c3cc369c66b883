/** Messages to people: recorded once, taken by one, and never sent again when nobody knows whether they arrived. */
import { expect, test } from "@jest/globals";
import type { Message, NewMessage } from "../../src/ports.ts";
import { JUNE, LEASE, type Under } from "./kit.ts";

const ANNA = "anna@northwind.example";
const BEN = "ben@northwind.example";

function message(key: string, changes: Partial<NewMessage> = {}): NewMessage {
  return {
    kind: "clock",
    notice: {
      key,
      title: "First reply is due",
      lines: ["Acme <&> Söhne"],
      severity: "warning",
      link: null,
    },
    addressee: ANNA,
    way: "email",
    ticketId: "7",
    accountId: "hubspot:1",
    state: "waiting",
    recordedAt: JUNE,
    goodUntil: JUNE + 60_000,
    ...changes,
  };
}

const keysOf = (list: readonly Message[]) => list.map((one) => `${one.notice.key} ${one.addressee}`);

/** The promises of messages to people. */
export function noticePromises(under: Under): void {
  test("a message is recorded once for each addressee, whoever says it again, and told from then on", async () => {
    const { store } = under();
    const other = await under().another();
    expect(await store.notices.record([])).toBe(0);
    const added = await Promise.all(
      [store, other].map((one) => one.notices.record([message("a"), message("a", { addressee: BEN })])),
    );
    expect(added.toSorted()).toEqual([0, 2]);
    expect(
      await other.notices.record([message("a", { notice: { ...message("a").notice, title: "x" } })]),
    ).toBe(0);
    const listed = await store.notices.list({ state: null, before: null, limit: 9 });
    expect(keysOf(listed)).toEqual([`a ${ANNA}`, `a ${BEN}`]);
    expect(listed[0]).toEqual({ ...message("a"), attempts: 0, nextAt: JUNE, reason: "", endedAt: null });
    expect(await store.notices.known(["a", "b"])).toEqual(new Set(["a"]));
    expect(await store.notices.known([])).toEqual(new Set());
  });

  test("what a list covers is remembered as long as it is asked for", async () => {
    const { notices } = under().store;
    const list = { ...message("list").notice, covers: ["override:1", "grace:2"] };
    await notices.record([message("list", { kind: "entitlement", notice: list }), message("a")]);
    expect(await notices.covered("entitlement", JUNE)).toEqual(new Set(["override:1", "grace:2"]));
    expect(await notices.covered("entitlement", JUNE + 1)).toEqual(new Set());
    expect(await notices.covered("clock", JUNE)).toEqual(new Set());
  });

  test("two instances never take the same message, and only who took it ends it", async () => {
    const { store } = under();
    const other = await under().another();
    await store.notices.record(["a", "b", "c", "d"].map((key) => message(key)));
    const [one = [], two = []] = await Promise.all([
      store.notices.take("one", LEASE, JUNE, 3),
      other.notices.take("two", LEASE, JUNE, 3),
    ]);
    expect(keysOf([...one, ...two]).toSorted()).toEqual(["a", "b", "c", "d"].map((key) => `${key} ${ANNA}`));
    expect(await store.notices.take("one", LEASE, JUNE, 9)).toEqual([]);
    const [first] = one;
    if (first === undefined) throw new Error("nothing was taken");
    const told = { state: "told", reason: "", at: JUNE + 5 } as const;
    expect(await store.notices.settle(first, "two", told)).toBe(false);
    expect(await store.notices.settle(first, "one", told)).toBe(true);
    expect(await store.notices.settle(first, "one", told)).toBe(false);
    expect(await store.notices.list({ state: "told", before: null, limit: 9 })).toMatchObject([
      { state: "told", endedAt: JUNE + 5, attempts: 1 },
    ]);
  });

  test("a message whose sender went away in the middle may have arrived: it is not sent again", async () => {
    const { store } = under();
    await store.notices.record([message("a"), message("b")]);
    await store.notices.take("gone", 0, JUNE, 1);
    const next = await store.notices.take("one", LEASE, JUNE + 60_000, 9);
    expect(keysOf(next)).toEqual([`b ${ANNA}`]);
    expect(await store.notices.list({ state: "unknown", before: null, limit: 9 })).toMatchObject([
      { notice: { key: "a" }, endedAt: JUNE + 60_000, reason: expect.stringMatching(/may have arrived/) },
    ]);
  });

  test("a message waits for its next try, may change its way, is parked, and a person has it tried again", async () => {
    const { store } = under();
    await store.notices.record([message("a"), message("s", { state: "simulated" })]);
    const taken = async (at: number): Promise<Message | undefined> =>
      (await store.notices.take("one", LEASE, at, 9))[0];
    const first = await taken(JUNE);
    if (first === undefined) throw new Error("nothing was taken");
    const later = {
      state: "waiting",
      reason: "busy",
      nextAt: JUNE + 1000,
      way: "slack",
      anew: true,
    } as const;
    await store.notices.settle(first, "one", later);
    expect(await taken(JUNE + 999)).toBeUndefined();
    const second = await taken(JUNE + 1000);
    expect(second).toMatchObject({ way: "slack", attempts: 1, reason: "busy" });
    if (second === undefined) throw new Error("nothing was taken");
    await store.notices.settle(second, "one", { state: "parked", reason: "nobody there", at: JUNE + 1001 });
    expect(await store.notices.counts()).toMatchObject({ parked: 1, waiting: 0, simulated: 1 });
    expect(await store.notices.retry(JUNE + 2000)).toBe(1);
    expect(await taken(JUNE + 2000)).toMatchObject({ attempts: 1, reason: "nobody there" });
    await store.notices.prune(JUNE + 5000);
    expect(await store.notices.counts()).toMatchObject({ sending: 1, simulated: 0 });
  });
}
