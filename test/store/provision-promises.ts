import { expect, test } from "@jest/globals";
import type { JournalEntry, JournalWrite } from "../../src/ports.ts";
import { JUNE, type Under } from "./kit.ts";

const FIELDS = { title: "Pro", description: "Ours.", active: true, actions: [] };

/** What was done to the help desk is known step by step, and so is what of it is ours. */
export function provisionPromises(under: Under): void {
  const journal = () => under().store.provisionJournal;

  test("a step is kept before it is done, and is settled once", async () => {
    const made = entry(1, { do: "create", objectId: null, before: null, after: FIELDS }, "made");
    await journal().intend(made);
    await journal().intend({ ...made, name: "another" });
    expect(await journal().entries("run 1")).toEqual([made]);
    expect(await journal().owned()).toEqual([]);
    const done: JournalEntry = {
      ...made,
      state: "done",
      write: { ...made.write, objectId: "7" } as JournalWrite,
    };
    await journal().settle(done, FIELDS);
    await journal().settle({ ...done, state: "failed", detail: "too late" }, null);
    expect(await journal().entries("run 1")).toEqual([done]);
    expect(await journal().entries("run 2")).toEqual([]);
    expect(await journal().owned()).toEqual([
      { kind: "macro", key: "escalate", id: "7", origin: "made", applied: FIELDS, original: null },
    ]);
  });

  test("what was adopted keeps what it was like, and is not ours any more once it is put back", async () => {
    const write = {
      do: "change",
      objectId: "7",
      before: { title: "Theirs" },
      after: { title: "Pro" },
    } as const;
    const adopted: JournalEntry = { ...entry(1, write, "adopted"), state: "done" };
    await journal().intend({ ...adopted, state: "intended" });
    await journal().settle(adopted, FIELDS);
    expect((await journal().owned()).map(({ origin, original }) => [origin, original])).toEqual([
      ["adopted", { title: "Theirs" }],
    ]);
    const kept: JournalEntry = { ...entry(2, write, "kept"), state: "intended" };
    await journal().intend(kept);
    await journal().settle({ ...kept, state: "done" }, { ...FIELDS, active: false });
    expect((await journal().owned())[0]).toMatchObject({ origin: "adopted", applied: { active: false } });
    const back: JournalEntry = {
      ...entry(1, { ...write, before: write.after, after: write.before }, "released"),
      runId: "run 2",
      undoes: { runId: "run 1", step: 1 },
    };
    await journal().intend(back);
    await journal().settle({ ...back, state: "done" }, FIELDS);
    expect(await journal().owned()).toEqual([]);
    expect((await journal().history()).map(({ runId, step, state }) => [runId, step, state])).toEqual([
      ["run 1", 1, "undone"],
      ["run 1", 2, "done"],
      ["run 2", 1, "done"],
    ]);
  });

  test("an object found by its mark is remembered, without losing what is known of it", async () => {
    const made = entry(1, { do: "create", objectId: "7", before: null, after: FIELDS }, "made");
    await journal().intend(made);
    await journal().settle({ ...made, state: "done" }, FIELDS);
    const found = { kind: "macro", key: "escalate" } as const;
    await journal().know([
      { ...found, id: "7" },
      { kind: "view", key: "tier/pro", id: "9" },
    ]);
    expect((await journal().owned()).map(({ id, origin }) => [id, origin])).toEqual([
      ["7", "made"],
      ["9", "found"],
    ]);
    await journal().know([{ ...found, id: "8" }]);
    expect((await journal().owned())[0]).toMatchObject({ id: "8", origin: "found", applied: null });
    await journal().forget([{ kind: "macro", id: "8" }]);
    expect((await journal().owned()).map(({ id }) => id)).toEqual(["9"]);
  });

  test("a run is found by its id, and the newest ones are listed", async () => {
    const { runs } = under().store;
    const run = { kind: "apply", startedAt: JUNE, endedAt: null, counts: {}, error: null };
    await runs.start({ ...run, id: "run 1" });
    await runs.start({ ...run, id: "run 2", startedAt: JUNE + 1 });
    expect([await runs.find("run 1"), await runs.find("run 3")]).toEqual([{ ...run, id: "run 1" }, null]);
    expect((await runs.recent(1)).map(({ id }) => id)).toEqual(["run 2"]);
  });
}

function entry(step: number, write: JournalWrite, claims: JournalEntry["claims"]): JournalEntry {
  return {
    runId: "run 1",
    step,
    kind: "macro",
    key: "escalate",
    name: "Escalate",
    write,
    claims,
    undoes: null,
    state: "intended",
    detail: "",
    at: JUNE,
  };
}
