/** The promises of every CRM connector, as sentences; run against a CRM that answers over real HTTP. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChangePage, Crm, CrmLack } from "../../src/ports.ts";

type Properties = Readonly<Record<string, string | null>>;

/** A CRM with a connector to it, and the people who work in it. */
export interface CrmWorld {
  readonly crm: Crm;
  /** Time in the CRM, ms. */
  now(): number;
  pass(ms: number): void;
  add(properties: Properties): string;
  edit(id: string, properties: Properties): void;
  /** Merges two records; the answer is the id of the one that is left. */
  merge(first: string, second: string): string;
  archive(id: string): void;
  /** Brings an archived record back; absent = this CRM cannot. */
  restore?(id: string): void;
  /** What the CRM holds now. */
  value(id: string, property: string): string | null;
  close(): Promise<void>;
}

/** Names in the CRM under test. */
export interface CrmNames {
  /** A text property of an account. */
  readonly plan: string;
  /** A property that looks like ARR and is the customer's own turnover; null = this CRM has none. */
  readonly turnover: string | null;
  /** A name no property has yet. */
  readonly label: string;
  /** People as owner properties hold them, one who left included; absent = this CRM holds addresses. */
  readonly people?: readonly { readonly id: string; readonly email: string }[];
  /** What our connector says that this CRM cannot do: then the opposite is promised, and proven as well. */
  readonly lacks?: readonly CrmLack[];
}

const running = (): AbortSignal => new AbortController().signal;

async function collected(pages: AsyncIterable<ChangePage>): Promise<{
  readonly changed: ReadonlyMap<string, string | null>;
  readonly gone: readonly string[];
}> {
  const changed = new Map<string, string | null>();
  const gone: string[] = [];
  for await (const page of pages) {
    for (const record of page.changed) changed.set(record.id, record.updatedAt);
    gone.push(...page.gone);
  }
  return { changed, gone };
}

const TIERS = [
  { value: "gold", label: "Gold" },
  { value: "silver", label: "Silver" },
];

/** Declares the tests of the contract for one CRM. */
export function crmContract(name: string, names: CrmNames, open: () => Promise<CrmWorld>): void {
  describe(`${name} keeps the promises of a CRM`, () => {
    const held: { world: CrmWorld | null } = { world: null };
    const world = (): CrmWorld => {
      if (held.world === null) throw new Error("the CRM is not open");
      return held.world;
    };
    beforeEach(async () => {
      held.world = await open();
    });
    afterEach(async () => {
      await held.world?.close();
      held.world = null;
    });
    const lacks = names.lacks ?? [];
    changePromises(world, names);
    if (lacks.includes("change_feed")) snapshotPromises(world, names);
    else windowPromises(world, names);
    readPromises(world, names);
    returnPromises(world, names);
    if (lacks.includes("merges")) mergesUnseen(world, names);
    else mergePromises(world, names);
    if (lacks.includes("label")) neverWritten(world, names);
    else labelPromises(world, names);
    otherPromises(world, names);
  });
}

function changePromises(world: () => CrmWorld, { plan, lacks = [] }: CrmNames): void {
  test("an unchanged record carries the same stamp wherever it is seen; a changed one carries another", async () => {
    const { crm, ...crmSide } = world();
    const from = crmSide.now();
    const id = crmSide.add({ [plan]: "a" });
    const seen = async (): Promise<unknown[]> => {
      const listed = await collected(crm.all(running()));
      const searched = await collected(crm.changes({ from, to: crmSide.now() }, running()));
      const read = await crm.read([id], [plan], running());
      return [listed.changed.get(id), searched.changed.get(id), read.accounts[0]?.updatedAt];
    };
    const [first, ...same] = await seen();
    expect(same).toEqual([first, first]);
    crmSide.pass(5);
    crmSide.edit(id, { [plan]: "b" });
    const [second, ...sameAgain] = await seen();
    expect(sameAgain).toEqual([second, second]);
    expect(second).not.toBe(first);
  });

  test("the walk over everything sees each record once, and archived ones as gone", async () => {
    const { crm, ...crmSide } = world();
    const ids = Array.from({ length: 230 }, (_, index) => crmSide.add({ [plan]: String(index) }));
    const archived = ids.slice(0, 3);
    for (const id of archived) crmSide.archive(id);
    const counted: string[] = [];
    const gone: string[] = [];
    for await (const page of crm.all(running())) {
      counted.push(...page.changed.map((record) => record.id));
      gone.push(...page.gone);
    }
    expect(counted.filter((id) => ids.includes(id)).sort()).toEqual(ids.slice(3).sort());
    expect(new Set(counted).size).toBe(counted.length);
    expect(gone.sort()).toEqual(lacks.includes("deletions") ? [] : [...archived].sort());
  });

  test("a stopped run ends without another call", async () => {
    const { crm } = world();
    const stop = new AbortController();
    stop.abort();
    const before = JSON.stringify(crm.calls());
    await expect(collected(crm.all(stop.signal))).rejects.toMatchObject({ name: "TryAgain" });
    expect(JSON.stringify(crm.calls())).toBe(before);
  });
}

function windowPromises(world: () => CrmWorld, { plan }: CrmNames): void {
  test("a window finds what changed in it, and nothing else", async () => {
    const { crm, ...crmSide } = world();
    const [before, inside, after] = ["a", "b", "c"].map((value) => crmSide.add({ [plan]: value }));
    crmSide.pass(60_000);
    const from = crmSide.now();
    crmSide.edit(String(inside), { [plan]: "changed" });
    const to = crmSide.now();
    crmSide.pass(1);
    crmSide.edit(String(after), { [plan]: "too late" });
    crmSide.pass(crm.overlapMs);
    const found = await collected(crm.changes({ from, to }, running()));
    expect([...found.changed.keys()]).toEqual([inside]);
    expect([...found.changed.keys()]).not.toContain(before);
  });
}

function snapshotPromises(world: () => CrmWorld, { plan }: CrmNames): void {
  test("a CRM that cannot tell what changed shows everything, and the stamps tell", async () => {
    const { crm, ...crmSide } = world();
    const ids = ["a", "b", "c"].map((value) => crmSide.add({ [plan]: value }));
    const window = { from: crmSide.now(), to: crmSide.now() };
    const before = await collected(crm.changes(window, running()));
    crmSide.edit(String(ids[1]), { [plan]: "changed" });
    crmSide.archive(String(ids[2]));
    const after = await collected(crm.changes(window, running()));
    expect([...before.changed.keys()].sort()).toEqual([...ids].sort());
    expect([...after.changed.keys()].sort()).toEqual(ids.slice(0, 2).sort());
    expect(ids.slice(0, 2).map((id) => before.changed.get(id) === after.changed.get(id))).toEqual([
      true,
      false,
    ]);
  });

  test("one that suddenly shows far less than before is not believed", async () => {
    const { crm, ...crmSide } = world();
    for (const value of ["a", "b", "c"]) crmSide.add({ [plan]: value });
    await expect(collected(crm.all(running(), 20))).rejects.toMatchObject({ name: "NeedsAdmin" });
    expect((await collected(crm.all(running(), 3))).changed.size).toBe(3);
  });
}

function readPromises(world: () => CrmWorld, { plan }: CrmNames): void {
  test("values come as text or null, only those asked for, and ids as they were", async () => {
    const { crm, ...crmSide } = world();
    const id = crmSide.add({ name: "Zürich Käse 日本", [plan]: null });
    const { accounts } = await crm.read([id], [plan], running());
    expect(accounts.map((account) => account.id)).toEqual([id]);
    expect(accounts[0]?.name).toBe("Zürich Käse 日本");
    expect(Object.keys(accounts[0]?.values ?? {})).toEqual([plan]);
    expect(accounts[0]?.values[plan] ?? "").toBe("");
  });

  test("any number of ids can be asked for; each comes back once, and unknown ones are missing", async () => {
    const { crm, ...crmSide } = world();
    const ids = Array.from({ length: 230 }, (_, index) => crmSide.add({ [plan]: String(index) }));
    const answer = await crm.read([...ids, "999999999999", String(ids[0])], [plan], running());
    expect(answer.accounts.map((account) => account.id).sort()).toEqual([...ids].sort());
    expect(answer.missing).toEqual(["999999999999"]);
  });

  test("an archived record is missing", async () => {
    const { crm, ...crmSide } = world();
    const id = crmSide.add({ [plan]: "a" });
    crmSide.archive(id);
    expect((await crm.read([id], [plan], running())).missing).toEqual([id]);
  });
}

function mergePromises(world: () => CrmWorld, { plan }: CrmNames): void {
  test("a merged record is answered by the one it went into, which names its former ids", async () => {
    const { crm, ...crmSide } = world();
    const [first, second] = [crmSide.add({ [plan]: "a" }), crmSide.add({ [plan]: "b" })];
    const into = crmSide.merge(first, second);
    const answer = await crm.read([first, second], [plan], running());
    const others = [first, second].filter((id) => id !== into);
    expect(answer.moved).toEqual(others.map((from) => ({ from, into })));
    expect(answer.missing).toEqual([]);
    expect(answer.accounts.map((account) => account.id)).toEqual([into]);
    expect([...(answer.accounts[0]?.aliases ?? [])].sort()).toEqual([...others].sort());
  });
}

function mergesUnseen(world: () => CrmWorld, { plan }: CrmNames): void {
  test("a record that went into another one is missing, and nothing is made up about where it went", async () => {
    const { crm, ...crmSide } = world();
    const [first, second] = [crmSide.add({ [plan]: "a" }), crmSide.add({ [plan]: "b" })];
    const into = crmSide.merge(first, second);
    const answer = await crm.read([first, second], [plan], running());
    expect(answer.moved).toEqual([]);
    expect(answer.missing).toEqual([first, second].filter((id) => id !== into));
    expect(answer.accounts.map(({ id, aliases }) => ({ id, aliases }))).toEqual([{ id: into, aliases: [] }]);
  });
}

function neverWritten(world: () => CrmWorld, { plan, label }: CrmNames): void {
  test("the connector says so, and a label is refused row by row without a call", async () => {
    const { crm, ...crmSide } = world();
    const id = crmSide.add({ [plan]: "a" });
    const before = JSON.stringify(crm.calls());
    expect(crm.lacks).toContain("label");
    expect(await crm.ensureLabel(label, TIERS)).toEqual({ created: false, added: [] });
    const outcomes = await crm.writeLabels([{ id, value: "gold" }], label, running());
    expect(outcomes).toEqual([
      { id, ok: false, retry: false, updatedAt: null, reason: expect.stringContaining("nothing is written") },
    ]);
    expect(JSON.stringify(crm.calls())).toBe(before);
    expect(crmSide.value(id, label)).toBeNull();
    expect(crmSide.value(id, plan)).toBe("a");
  });
}

function returnPromises(world: () => CrmWorld, { plan }: CrmNames): void {
  test("an archived record that is brought back is found and read again", async () => {
    const { crm, ...crmSide } = world();
    if (crmSide.restore === undefined) return;
    const id = crmSide.add({ [plan]: "a" });
    crmSide.archive(id);
    crmSide.pass(60_000);
    const from = crmSide.now();
    crmSide.restore(id);
    crmSide.pass(crm.overlapMs);
    const found = await collected(crm.changes({ from, to: crmSide.now() }, running()));
    expect([...found.changed.keys()]).toEqual([id]);
    expect((await collected(crm.all(running()))).gone).toEqual([]);
    expect((await crm.read([id], [plan], running())).accounts[0]?.values[plan]).toBe("a");
  });
}

function labelPromises(world: () => CrmWorld, { plan, label }: CrmNames): void {
  test("the label property is created once; options are added and never taken away", async () => {
    const { crm } = world();
    expect(await crm.ensureLabel(label, TIERS.slice(0, 1))).toEqual({ created: true, added: [] });
    expect(await crm.ensureLabel(label, TIERS.slice(1))).toEqual({ created: false, added: ["silver"] });
    expect(await crm.ensureLabel(label, TIERS)).toEqual({ created: false, added: [] });
    const field = (await crm.fields()).find((one) => one.name === label);
    expect(field?.options).toEqual(TIERS);
    expect(field?.writable).toBe(true);
  });

  test("labels are written and cleared; each row has one outcome, and one bad row does not stop the others", async () => {
    const { crm, ...crmSide } = world();
    await crm.ensureLabel(label, TIERS);
    const ids = Array.from({ length: 130 }, () => crmSide.add({ [plan]: "a", [label]: "silver" }));
    const rows = [
      ...ids.map((id, index) => ({ id, value: index === 0 ? "" : "gold" })),
      { id: "999999999999", value: "gold" },
      { id: "no-id", value: "gold" },
    ];
    const outcomes = await crm.writeLabels(rows, label, running());
    expect(outcomes.map((outcome) => outcome.id).sort()).toEqual(rows.map((row) => row.id).sort());
    const bad = outcomes.filter((outcome) => !outcome.ok);
    expect(bad.map((outcome) => outcome.id).sort()).toEqual(["999999999999", "no-id"]);
    expect(bad.every((outcome) => (outcome.reason ?? "") !== "")).toBe(true);
    expect(ids.map((id) => crmSide.value(id, label) ?? "")).toEqual(["", ...ids.slice(1).map(() => "gold")]);
    expect(ids.every((id) => crmSide.value(id, plan) === "a")).toBe(true);
  });

  test("our own write is recognised afterwards by the stamp it answered with", async () => {
    const { crm, ...crmSide } = world();
    await crm.ensureLabel(label, TIERS);
    const id = crmSide.add({ [plan]: "a" });
    crmSide.pass(1_234);
    const from = crmSide.now();
    const [outcome] = await crm.writeLabels([{ id, value: "gold" }], label, running());
    const found = await collected(crm.changes({ from, to: crmSide.now() }, running()));
    expect(outcome?.updatedAt).toBe(found.changed.get(id));
  });

  test("a value without an option is refused with a reason and changes nothing", async () => {
    const { crm, ...crmSide } = world();
    await crm.ensureLabel(label, TIERS);
    const [good, bad] = [crmSide.add({}), crmSide.add({})];
    const outcomes = await crm.writeLabels(
      [
        { id: good, value: "gold" },
        { id: bad, value: "Gold" },
      ],
      label,
      running(),
    );
    expect(outcomes.find((outcome) => outcome.id === good)?.ok).toBe(true);
    expect(outcomes.find((outcome) => outcome.id === bad)).toMatchObject({ ok: false, retry: false });
    expect(crmSide.value(bad, label) ?? "").toBe("");
  });
}

function otherPromises(world: () => CrmWorld, names: CrmNames): void {
  test("the connection can be tested and names its tenant", async () => {
    expect((await world().crm.test()).tenant).not.toBe("");
    expect([...(world().crm.lacks ?? [])].sort()).toEqual([...(names.lacks ?? [])].sort());
  });

  test("fields tell a name, a label and whether they can be written; the customer's turnover carries a warning", async () => {
    const fields = await world().crm.fields();
    const writable = names.lacks?.includes("label") !== true;
    expect(fields.find((field) => field.name === names.plan)).toMatchObject({ writable, caution: null });
    expect(fields.every((field) => field.label !== "")).toBe(true);
    if (names.turnover !== null)
      expect(fields.find((field) => field.name === names.turnover)?.caution).toContain("never");
  });

  test("people are known by the id that owner properties hold, those who left included", async () => {
    const people = await world().crm.people();
    for (const { id, email } of names.people ?? []) expect(people.get(id)).toBe(email);
    expect([...people.values()].every((address) => address.includes("@"))).toBe(true);
  });

  test("where a field can be described by sample: how many records fill it, and with what", async () => {
    const { crm, ...crmSide } = world();
    if (crm.describeFields === undefined) return;
    for (const value of ["Pro", "Pro", "Free", ""]) crmSide.add({ name: "x", [names.plan]: value });
    const [plan] = await crm.describeFields([names.plan], 4, running());
    expect(plan).toEqual({ name: names.plan, looked: 4, filled: 3, samples: ["Pro", "Free"] });
  });

  test("every request is counted", async () => {
    const { crm } = world();
    const total = (): number => Object.values(crm.calls()).reduce((sum, count) => sum + count, 0);
    const before = total();
    await crm.test();
    await crm.fields();
    expect(total() - before).toBe(2);
  });
}
