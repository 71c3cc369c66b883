/** Mistakes of a policy file that no single value shows: the same key twice, two doors where one belongs. */
import type { Finding } from "./model.ts";
import { type Path, problem } from "./policy-findings.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { foldedName } from "./text-fold.ts";

function repeats(values: readonly string[], at: (index: number) => Path, what: string): readonly Finding[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [
          problem(
            "schema",
            at(index),
            `the ${what} ${JSON.stringify(value)} is used twice`,
            `Give each ${what} once.`,
          ),
        ],
  );
}

function severalArrDoors(file: PolicyFile): readonly Finding[] {
  return file.tiers.flatMap((tier, index) => {
    const doors = (tier.eligibility?.any ?? []).filter((entry) => entry.arr !== undefined);
    if (doors.length < 2) return [];
    const message = `${tier.id} has ${doors.length} arr entries`;
    return [
      problem("schema", ["tiers", index, "eligibility", "any"], message, "Keep one arr entry, the lowest."),
    ];
  });
}

function contradictingPlans(file: PolicyFile): readonly Finding[] {
  const seen = new Map<string, string>();
  return Object.entries(file.plan_map ?? {}).flatMap(([plan, tier]) => {
    const before = seen.get(foldedName(plan));
    seen.set(foldedName(plan), tier);
    if (before === undefined || before === tier) return [];
    const message = `${JSON.stringify(plan)} is the same plan as another entry, which gives ${before}`;
    return [problem("schema", ["plan_map", plan], message, "Keep one of the two entries.")];
  });
}

function refusedKinds(file: PolicyFile): readonly Finding[] {
  return file.overrides.items.flatMap((item, index) => {
    if (file.overrides.kinds.includes(item.kind)) return [];
    const message = `overrides.kinds does not allow ${item.kind}`;
    return [
      problem(
        "schema",
        ["overrides", "items", index, "kind"],
        message,
        "Use one of the kinds in overrides.kinds.",
      ),
    ];
  });
}

/** Every such mistake, code `schema`. */
export function shapeFindings(file: PolicyFile): readonly Finding[] {
  return [
    ...repeats(
      file.tiers.map((tier) => tier.id),
      (index) => ["tiers", index, "id"],
      "tier id",
    ),
    ...repeats(
      file.addons.map((addon) => addon.sku),
      (index) => ["addons", index, "sku"],
      "SKU",
    ),
    ...severalArrDoors(file),
    ...contradictingPlans(file),
    ...refusedKinds(file),
  ];
}
