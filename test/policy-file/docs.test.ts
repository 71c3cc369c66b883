import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { policyJsonSchema } from "../../src/policy/json-schema.ts";
import { LINT_RULES } from "../../src/policy/lint.ts";
import { readPolicyText } from "../../src/policy-file.ts";
import { lintOf } from "./example.ts";

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const GUIDE = page("policy.md");

/** Cells of the table rows whose first cell is a code in back-ticks, under a heading. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const part = GUIDE.split(/^#+ /m).find((one) => one.startsWith(heading)) ?? "";
  return part
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`|`$/g, "")),
    );
}

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly additionalProperties?: Described | boolean;
  readonly anyOf?: readonly Described[];
}

function undescribed(schema: Described, path: string): readonly string[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    ...(inner.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(inner, `${path}.${key}`),
  ]);
  const rest = typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
  const inside = [...(schema.items === undefined ? [] : [schema.items]), ...rest, ...(schema.anyOf ?? [])];
  return [...below, ...inside.flatMap((inner) => undescribed(inner, `${path}[]`))];
}

describe("the guide to the policy file", () => {
  test("begins with a policy that loads without a finding", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(GUIDE)?.[1] ?? "";
    const { policy, findings } = readPolicyText(example);
    expect(findings).toEqual([]);
    expect(example.trim().split("\n").length).toBeLessThanOrEqual(16);
    expect(policy?.tiers.map(({ id, rank, name }) => ({ id, rank, name }))).toEqual([
      { id: "standard", rank: 10, name: "Standard" },
      { id: "pro", rank: 20, name: "Pro" },
      { id: "enterprise", rank: 30, name: "Enterprise" },
    ]);
    expect(policy?.planMap.get("enterprise")).toBe("enterprise");
  });

  test("lists every section of the file and no other", () => {
    const schema = policyJsonSchema() as Described;
    expect(
      rowsUnder("Sections")
        .map(([key]) => key)
        .sort(),
    ).toEqual(Object.keys(schema.properties ?? {}).sort());
  });

  test("lists every finding there can be, with its severity", () => {
    const structural = [
      "yaml_syntax",
      "file_too_large",
      "file_unreadable",
      "schema",
      "unknown_key",
      "arr_is_customers_revenue",
      "crm_source_not_supported",
      "sources_unclear",
    ];
    const rows = rowsUnder("What lint tells");
    expect(rows.map(([code]) => code).sort()).toEqual([...structural, ...Object.keys(LINT_RULES)].sort());
    const warnings = rows.filter(([, severity]) => severity === "warning").map(([code]) => code);
    expect(warnings).toEqual([
      "sla_priorities_inverted",
      "capacity_exceeded",
      "routine_pages_on_call",
      "overflow_uphill",
      "away_without_backup",
      "tier_without_lead",
      "escalation_unmapped",
    ]);
    expect(lintOf().every((one) => warnings.includes(one.code) === (one.severity === "warning"))).toBe(true);
  });
});

describe("the schema for editors", () => {
  test("is the one the code has; `npm run -s schema > docs/policy.schema.json` renews it", () => {
    expect(JSON.parse(page("policy.schema.json"))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  test("describes every key", () => {
    expect(undescribed(policyJsonSchema() as Described, "")).toEqual([]);
  });
});
