import { describe, expect, test } from "@jest/globals";
import type { DeskObject, FieldsImage, Inventory, JournalEntry, JournalWrite } from "../../src/ports.ts";
import type { Hanging } from "../../src/provision/hanging.ts";
import { settledBy } from "../../src/provision/in-doubt.ts";
import { type UndoSteps, undoSteps } from "../../src/provision/undo-steps.ts";
import { uninstallSteps } from "../../src/provision/uninstall-steps.ts";
import { foreignTrigger, inventory, object } from "./pretend-desk.ts";

const NOTHING: Hanging = { values: false, members: new Map() };
const MARK = "Ours. [priority-support ps_ escalate]";
const MACRO = { title: "Escalate", description: MARK, active: true, actions: [] };

function entry(write: JournalWrite, changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    runId: "run 1",
    step: 1,
    kind: "macro",
    key: "escalate",
    name: "Escalate",
    write,
    claims: "kept",
    undoes: null,
    state: "done",
    detail: "",
    at: 0,
    ...changes,
  };
}

const created = (objectId: string, after: FieldsImage, changes: Partial<JournalEntry> = {}): JournalEntry =>
  entry({ do: "create", objectId, before: null, after }, { claims: "made", ...changes });
const changed = (
  before: FieldsImage,
  after: FieldsImage,
  changes: Partial<JournalEntry> = {},
): JournalEntry => entry({ do: "change", objectId: "7", before, after }, changes);

function undo(
  entries: readonly JournalEntry[],
  desk: Inventory,
  hanging: Hanging = NOTHING,
  history: readonly JournalEntry[] = entries,
): UndoSteps {
  return undoSteps(entries, { inventory: desk, history, hanging, prefix: "ps_" });
}

const withMacro = (fields: Partial<typeof MACRO> = {}): Inventory =>
  inventory({ macro: [object("macro", "7", { ...MACRO, ...fields })] });

describe("putting a run back", () => {
  test("takes away what it made, unless somebody has changed it since", () => {
    expect(
      undo([created("7", MACRO)], withMacro()).steps.map(({ write, claims }) => [write, claims]),
    ).toEqual([[{ do: "remove", id: "7" }, "released"]]);
    const edited = undo([created("7", MACRO)], withMacro({ title: "Escalate now" }));
    expect([edited.steps, edited.left[0]?.why]).toEqual([[], "somebody has changed it since: title"]);
    expect(undo([created("7", MACRO)], inventory()).already).toHaveLength(1);
  });

  test("puts back the fields that nobody has changed since, and names the others", () => {
    const one = changed({ title: "Old", active: false }, { title: "Escalate", active: true });
    const made = undo([one], withMacro({ title: "Mine" }));
    expect(made.steps.map(({ write }) => write)).toEqual([
      { do: "change", id: "7", fields: { active: false } },
    ]);
    expect(made.left.map(({ why }) => why)).toEqual(["somebody has changed it since: title"]);
    expect(undo([one], withMacro({ title: "Old", active: false })).already).toEqual([one]);
    expect(undo([one], inventory()).left[0]?.why).toBe("it is not there any more");
  });

  test("what was adopted is not ours any more afterwards", () => {
    const adopted = changed({ title: "Theirs" }, { title: "Escalate" }, { claims: "adopted" });
    expect(undo([adopted], withMacro()).steps[0]?.claims).toBe("released");
  });

  test("makes again what it took away, once", () => {
    const removed = entry(
      { do: "remove", objectId: "7", before: MACRO, after: null },
      { claims: "released" },
    );
    expect(undo([removed], inventory()).steps.map(({ write, claims }) => [write.do, claims])).toEqual([
      ["create", "made"],
    ]);
    expect(undo([removed], withMacro()).already).toEqual([removed]);
  });

  test("leaves what a later run changed, until that one is put back", () => {
    const first = changed({ title: "Old" }, { title: "Escalate" });
    const later = changed({ title: "Escalate" }, { title: "Newer" }, { runId: "run 2" });
    const history = [first, later];
    expect(undo([first], withMacro({ title: "Newer" }), NOTHING, history).left[0]?.fix).toContain(
      "undo run 2",
    );
    const undone = [first, { ...later, state: "undone" as const }];
    expect(undo([first], withMacro(), NOTHING, undone).steps).toHaveLength(1);
  });

  test("fields with values and groups with people in them stay", () => {
    const group = { name: "Premier", description: "Ours. [priority-support ps_ Premier]" };
    const one = created("5", group, { kind: "group", key: "Premier", name: "Premier" });
    const desk = inventory({ group: [object("group", "5", group)] });
    const full = undo([one], desk, { values: false, members: new Map([["5", 3]]) });
    expect([full.steps, full.left[0]?.why]).toEqual([[], "3 people are in it"]);
    expect(undo([one], desk).steps).toHaveLength(1);
    const field = { key: "ps_tam", title: "TAM", type: "text", description: "", active: true, options: [] };
    const made = created("6", field, { kind: "organization_field", key: "ps_tam", name: "ps_tam" });
    const fields = inventory({ organization_field: [object("organization_field", "6", field)] });
    expect(undo([made], fields, { ...NOTHING, values: true }).left[0]?.fix).toContain("--clear-values");
  });

  test("a group that somebody's own trigger names stays, and so does what that needs", () => {
    const group = { name: "Premier", description: "Ours. [priority-support ps_ Premier]" };
    const one = created("5", group, { kind: "group", key: "Premier", name: "Premier" });
    const theirs = foreignTrigger("77", "Send to Premier", [{ field: "group_id", value: "5" }]);
    const desk = inventory({ group: [object("group", "5", group)], trigger: [theirs] });
    expect(undo([one], desk).left.map(({ why }) => why)).toEqual([
      'trigger "Send to Premier" stays and names it',
    ]);
  });

  test("an order comes back around what is new, and not over somebody's own order", () => {
    const policies = (ids: readonly string[]): Inventory =>
      inventory({
        sla_policy: ids.map((id, place) =>
          object(
            "sla_policy",
            id,
            { title: id, description: "", filter: { all: [], any: [] }, targets: [] },
            place,
          ),
        ),
      });
    const order = entry(
      {
        do: "reorder",
        objectId: null,
        before: { ids: ["1", "2", "3"], within: null },
        after: { ids: ["3", "1", "2"], within: null },
      },
      { kind: "sla_policy", key: null, name: "order", claims: "none" },
    );
    expect(undo([order], policies(["3", "9", "1", "2"])).steps[0]?.write).toEqual({
      do: "reorder",
      ids: ["1", "9", "2", "3"],
      within: null,
    });
    expect(undo([order], policies(["2", "3", "1"])).left[0]?.why).toBe(
      "somebody has changed the order since",
    );
    expect(undo([order], policies(["1", "2", "3"])).already).toHaveLength(1);
  });
});

describe("a step whose answer never came", () => {
  const there = withMacro();
  test.each<[string, JournalEntry, Inventory, string]>([
    ["made, when its mark is found", created("", MACRO, { state: "intended" }), there, "done"],
    ["not made, when it is not", created("", MACRO, { state: "intended" }), inventory(), "failed"],
    ["changed, when the fields are as wanted", changed({ active: false }, { active: true }), there, "done"],
    ["not changed, when they are not", changed({ active: true }, { active: false }), there, "failed"],
    [
      "removed, when it is gone",
      entry({ do: "remove", objectId: "7", before: MACRO, after: null }),
      inventory(),
      "done",
    ],
    [
      "not removed, when it is there",
      entry({ do: "remove", objectId: "7", before: MACRO, after: null }),
      there,
      "failed",
    ],
  ])("counts as %s", (_name, step, desk, state) => {
    expect(settledBy({ ...step, state: "intended" }, desk, "ps_").entry.state).toBe(state);
  });

  test("keeps the id of what it made", () => {
    const { entry: settled } = settledBy(created("", MACRO, { state: "intended" }), there, "ps_");
    expect(settled.write.objectId).toBe("7");
  });
});

describe("taking everything away", () => {
  test("what fires goes first, and what carries our mark goes without a journal too", () => {
    const trigger = foreignTrigger("1", "Tell", [{ field: "notification_webhook", value: ["2", "{}"] }], {
      description: "Ours. [priority-support ps_ tell/created]",
    });
    const webhook: DeskObject = object("webhook", "2", {
      name: "priority-support",
      description: "Ours. [priority-support ps_ webhook]",
      endpoint: "https://support.acme.example/webhooks/zendesk",
      active: true,
      readable: true,
      firedBy: "triggers",
      events: [],
    });
    const desk = inventory({
      macro: [object("macro", "7", MACRO), object("macro", "8", { ...MACRO, description: "Theirs" })],
      webhook: [webhook],
      trigger: [trigger, foreignTrigger("3", "Theirs", [])],
    });
    const { steps, left } = uninstallSteps({
      inventory: desk,
      owned: [],
      history: [],
      hanging: NOTHING,
      prefix: "ps_",
    });
    expect(steps.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "trigger Tell",
      "webhook priority-support",
      "macro Escalate",
    ]);
    expect(left).toEqual([]);
  });
});
