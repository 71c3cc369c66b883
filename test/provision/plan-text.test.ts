import { describe, expect, test } from "@jest/globals";
import type { PlannedChange } from "../../src/provision/plan-model.ts";
import { planDocument, planLines } from "../../src/provision/plan-text.ts";
import { policy } from "../builders.ts";
import { inventory, planFor } from "./pretend-desk.ts";

const EMPTY = { changes: [], remarks: [], ours: [], ids: {}, calls: 0, minutes: 0 };
const step = (over: Partial<PlannedChange>): PlannedChange => ({
  action: "change",
  kind: "trigger",
  key: "k",
  name: "T",
  fields: [],
  why: "Because.",
  fix: null,
  write: null,
  ...over,
});
const text = (...changes: readonly PlannedChange[]): string =>
  planLines({ ...EMPTY, changes, calls: 4, minutes: 1 })
    .map((line) => line.text)
    .join("\n");

describe("a plan for people", () => {
  test("says when there is nothing to do", () => {
    expect(planLines(EMPTY).map((line) => line.text)).toEqual([
      "Nothing to do: the help desk is as the policy wants it.",
    ]);
  });

  test("marks what is made, changed, moved, removed and blocked, and counts it", () => {
    const found = text(
      step({ action: "create", name: "A", fields: [{ field: "title", from: null, to: "A" }] }),
      step({ name: "B", fields: [{ field: "active", from: false, to: true }] }),
      step({
        action: "reorder",
        kind: "sla_policy",
        name: "order",
        fields: [{ field: "order", from: ["Pro", "Gold"], to: ["Gold", "Pro"] }],
      }),
      step({ action: "remove", name: "C" }),
      step({ action: "blocked", name: "D", fix: "Rename it." }),
    );
    expect(found).toContain('+ trigger "A": create');
    expect(found).toContain("active: false → true");
    expect(found).toContain("± 1. Gold");
    expect(found).toContain('- trigger "C": remove');
    expect(found).toContain("fix: Rename it.");
    expect(found).toContain(
      "Plan: 1 to create, 1 to change, 1 to reorder, 1 to remove, 1 to be resolved by you.",
    );
    expect(found).toContain("At most 4 calls, about 1 min.");
  });

  test("shows of a list what is added and what is taken away", () => {
    const found = text(
      step({
        fields: [
          { field: "actions", from: ["priority: low", "group_id: A"], to: ["priority: high", "group_id: A"] },
        ],
      }),
    );
    expect(found).toContain("- priority: low");
    expect(found).toContain("+ priority: high");
    expect(found).not.toContain("group_id: A");
  });

  test("names groups, options and webhooks instead of ids", () => {
    const lines = planLines(planFor(policy(), inventory()))
      .map((line) => line.text)
      .join("\n");
    expect(lines).toContain("set_schedule: Extended");
    expect(lines).toContain("notification_webhook: priority-support {");
    expect(lines).not.toMatch(/→ (group|webhook):/);
  });
});

test("as a document a plan has changes with action, kind, name and fields, and what it costs", () => {
  const made = planFor(policy(), inventory());
  const document = planDocument(made);
  expect(document.calls).toBe(made.calls);
  expect(Object.keys(document.changes[0] ?? {})).toEqual(["action", "kind", "name", "fields", "why", "fix"]);
  expect(JSON.parse(JSON.stringify(document)).changes[0]).toMatchObject({
    action: "create",
    kind: "organization_field",
    name: "ps_tier",
  });
});
