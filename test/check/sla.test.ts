import { describe, expect, test } from "@jest/globals";
import { slaLines } from "../../src/check/sla-lines.ts";
import type { Policy, Priority, SlaMetric } from "../../src/policy/model.ts";
import type { DeskSlaPolicy } from "../../src/ports.ts";
import { policy } from "../builders.ts";
import { install, troubles } from "./installation.ts";

const POLICY = policy();
const ADMIN = { me: { id: "1", role: "admin" } };

/** The SLA policies an administrator would make for this policy, highest tier first. */
function asPromised(of: Policy): readonly DeskSlaPolicy[] {
  return of.tiers.toReversed().map((tier, index) => {
    const promised = of.slaPolicies[tier.slaPolicy ?? ""];
    const targets = (Object.keys(promised ?? {}) as SlaMetric[]).flatMap((metric) =>
      (Object.keys(promised?.[metric] ?? {}) as Priority[]).flatMap((priority) => {
        const target = promised?.[metric][priority] ?? null;
        const business = target !== null && of.schedules[target.schedule]?.alwaysOpen !== true;
        return target === null
          ? []
          : [{ metric: of.slaMetricMap[metric], priority, minutes: target.minutes, businessHours: business }];
      }),
    );
    const condition = { field: "current_tags", operator: "includes", value: `ps_tier_${tier.id}` };
    return {
      id: String(index + 1),
      title: tier.slaPolicy ?? "",
      position: index + 1,
      filter: { all: [condition], any: [] },
      targets,
    };
  });
}

function told(change: (all: readonly DeskSlaPolicy[]) => readonly DeskSlaPolicy[]): readonly string[] {
  return slaLines(POLICY, ADMIN, change(asPromised(POLICY)))
    .filter((line) => line.state !== "ok")
    .map((line) => `${line.state} ${line.name}: ${line.detail}`);
}

describe("SLA policies", () => {
  test("as promised are in order", () => {
    expect(told((all) => all)).toEqual([]);
  });

  test.each<readonly [string, (all: readonly DeskSlaPolicy[]) => readonly DeskSlaPolicy[], RegExp]>([
    [
      "a missing one is named, with the nearest title",
      ([a, ...rest]) => (a === undefined ? rest : [{ ...a, title: `${a.title}s` }, ...rest]),
      /^fail SLA policy .*no such SLA policy/,
    ],
    [
      "a title that stands twice",
      (all) => [...all, ...all.slice(0, 1).map((one) => ({ ...one, id: "99", position: 99 }))],
      /^fail SLA policy .*2 SLA policies carry this name/,
    ],
    [
      "a lower tier above a higher one",
      (all) => all.map((one) => ({ ...one, position: -one.position })),
      /^fail SLA order: Found/,
    ],
    [
      "one of somebody else that fits every ticket and stands above ours",
      (all) => [
        { id: "0", title: "Everyone", position: 0, filter: { all: [], any: [] }, targets: [] },
        ...all,
      ],
      /^fail SLA policy Everyone: .*fits every ticket/,
    ],
    [
      "conditions that do not name the tier",
      (all) =>
        all.map((one, at) =>
          at === 0
            ? { ...one, filter: { all: [{ field: "brand_id", operator: "is", value: "5" }], any: [] } }
            : one,
        ),
      /^warn SLA policy .*do not name the tag/,
    ],
    [
      "a priority without a target",
      (all) =>
        all.map((one, at) =>
          at === 0 ? { ...one, targets: one.targets.filter((row) => row.priority !== "low") } : one,
        ),
      /first_reply_time at low is missing/,
    ],
    [
      "other minutes than promised",
      (all) =>
        all.map((one, at) =>
          at === 0
            ? { ...one, targets: one.targets.map((row) => ({ ...row, minutes: row.minutes * 60 })) }
            : one,
        ),
      /is \d+ .*, promised \d+/,
    ],
  ])("are told apart: %s", (_what, change, words) => {
    const lines = told(change);
    expect(lines.some((line) => words.test(line))).toBe(true);
  });

  test("somebody else's policy below ours, or with conditions, is their business", () => {
    expect(
      told((all) => [
        ...all,
        { id: "99", title: "Everyone", position: 99, filter: { all: [], any: [] }, targets: [] },
      ]),
    ).toEqual([]);
    const theirs = { field: "brand_id", operator: "is", value: "5" };
    expect(
      told((all) => [
        { id: "0", title: "Brand", position: 0, filter: { all: [theirs], any: [] }, targets: [] },
        ...all,
      ]),
    ).toEqual([]);
  });

  test("that cannot be read as an agent are in doubt, not missing", () => {
    expect(slaLines(POLICY, { me: { id: "2", role: "agent" } }, null)).toMatchObject([{ state: "warn" }]);
  });
});

describe("in a real account", () => {
  test("a plan without SLA policies is named", async () => {
    const made = await install({ desk: { slas: false } });
    try {
      const lines = await made.check();
      expect(troubles(lines)).toEqual(["fail sla: SLA policies"]);
      expect(lines.find((line) => line.area === "sla")?.detail).toMatch(/Professional/);
    } finally {
      await made.close();
    }
  });

  test("SLA policies in the wrong order are named, with the right one", async () => {
    const made = await install();
    try {
      for (const one of made.desk.state.slaPolicies.values())
        made.desk.state.slaPolicies.set(one.id, { ...one, position: 100 - one.position });
      const lines = await made.check();
      expect(troubles(lines)).toEqual(["fail sla: SLA order"]);
      const wanted = made.policy.tiers
        .toReversed()
        .map((tier) => tier.slaPolicy)
        .join(" > ");
      expect(lines.find((line) => line.name === "SLA order")?.fix).toContain(wanted);
    } finally {
      await made.close();
    }
  });
});
