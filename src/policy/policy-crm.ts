/** The `crm` section: refuses what cannot be read, and turns the rest into a mapping of facts. */
import type { CrmMapping, FactSource, Finding } from "./model.ts";
import { HUBSPOT_DOMAINS, HUBSPOT_PARENT, plainSource, usualHubspotMapping } from "./policy-defaults.ts";
import { type Path, problem, valueAt } from "./policy-findings.ts";
import { isRelated, RELATED_FORMS, relatedOf, type Surroundings } from "./policy-related.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { csvFile, sqlFile, TABLE_SCHEMAS, tablesIn } from "./policy-tables.ts";
import { addonsOf } from "./policy-tier-rules.ts";
import { foldedName } from "./text-fold.ts";

const ELSEWHERE: Readonly<Record<string, string>> = {
  arr: "Name a company property, or write {from: deals, amount: …, end: …}.",
  addons:
    "Map `addons` to a multi-select company property that holds the SKUs, or write {from: line_items, sku: …}.",
  renewal_in_progress:
    "Map `renewal_in_progress` to a yes/no company property, or write {from: deals, open_in: [pipeline id]}.",
};

const COMPANY_ONLY =
  "Name a company property here; copy the value to the company with a workflow or a roll-up property in the CRM.";

/** What is left out of the file, and why. */
export interface Refusal {
  readonly path: Path;
  readonly finding: Finding;
}

/** Why a fact may not be read from there; null = it may. */
export function refusalOf(fact: string, entry: unknown, path: Path): Refusal | null {
  const property: unknown = typeof entry === "string" ? entry : valueAt(entry, ["property"]);
  if (fact === "arr" && typeof property === "string" && foldedName(property) === "annualrevenue") {
    const finding = problem(
      "arr_is_customers_revenue",
      path,
      "`annualrevenue` is the customer's own yearly turnover, not what they pay you",
      "Map `arr` to the property that holds your annual recurring revenue with this company.",
    );
    return { path, finding };
  }
  const other = ["from", "on"].find((key) => valueAt(entry, [key]) !== undefined);
  if (other === undefined || valueAt(entry, [other]) === "company") return null;
  if (path[1] === "hubspot" && other === "from" && valueAt(entry, ["from"]) === RELATED_FORMS[fact])
    return null;
  const finding = problem(
    "crm_source_not_supported",
    path,
    `\`${other}: ${String(valueAt(entry, [other]))}\` reads another kind of record; this fact is not read from there`,
    ELSEWHERE[fact] ?? COMPANY_ONLY,
  );
  return { path, finding };
}

/** What the `crm` section asks of a CRM that would be wrong or is not there, each with its path. */
export function crmRefusals(raw: unknown): readonly Refusal[] {
  return entriesOf(valueAt(raw, ["crm"]))
    .filter(([name]) => !Object.hasOwn(TABLE_SCHEMAS, name))
    .flatMap(([name, mapping]) =>
      entriesOf(mapping).map(([fact, entry]) => refusalOf(fact, entry, ["crm", name, fact])),
    )
    .filter((one) => one !== null);
}

/** Keys and values of a mapping; none for anything else. */
export function entriesOf(value: unknown): [string, unknown][] {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
}

type FileMapping = NonNullable<PolicyFile["crm"]["hubspot"]>;
type FileSource = NonNullable<
  FileMapping["plan"] | FileMapping["arr"] | FileMapping["addons"] | FileMapping["renewal_in_progress"]
>;

function sourceOf(entry: FileSource | null | undefined, around?: Surroundings): FactSource | null {
  if (entry === null || entry === undefined) return null;
  if (typeof entry === "string") return plainSource(entry);
  if (isRelated(entry)) return around === undefined ? null : relatedOf(entry, around);
  const map = "map" in entry && entry.map !== undefined ? entry.map : null;
  return {
    property: entry.property,
    map:
      map === null
        ? null
        : Object.fromEntries(Object.entries(map).map(([word, is]) => [foldedName(word), is])),
    currency: "currency" in entry ? (entry.currency ?? null) : null,
    currencyProperty: "currency_property" in entry ? (entry.currency_property ?? null) : null,
  };
}

interface Unmapped {
  readonly parent: string | null;
  readonly domains: readonly string[];
}

function mappingOf(from: FileMapping, unmapped: Unmapped, around?: Surroundings): CrmMapping {
  const parent = from.parent === undefined ? unmapped.parent : from.parent;
  return {
    plan: sourceOf(from.plan),
    arr: sourceOf(from.arr, around),
    contractStart: sourceOf(from.contract_start),
    contractEnd: sourceOf(from.contract_end),
    addons: sourceOf(from.addons, around),
    owner: sourceOf(from.owner),
    tam: sourceOf(from.tam),
    status: sourceOf(from.status),
    trialEnd: sourceOf(from.trial_end),
    poc: sourceOf(from.poc),
    renewalInProgress: sourceOf(from.renewal_in_progress, around),
    parent: sourceOf(parent),
    domains: from.domains ?? unmapped.domains,
    standalone: sourceOf(from.standalone),
    slackChannel: sourceOf(from.slack_channel),
    contacts: sourceOf(from.contacts),
    label: from.label ?? null,
  };
}

/** Source name → mapping of facts. Without any CRM: HubSpot with the usual names. */
export function crmOf(file: PolicyFile): Readonly<Record<string, CrmMapping>> {
  const { hubspot, csv, sql } = file.crm;
  const tables = [
    ...tablesIn("csv", csv).map(([name, one]) => [name, csvFile.safeParse(one)] as const),
    ...tablesIn("sql", sql).map(([name, one]) => [name, sqlFile.safeParse(one)] as const),
  ];
  const mapped = tables.flatMap(([name, read]) =>
    read.success ? [[name, mappingOf(read.data, { parent: null, domains: [] })] as const] : [],
  );
  if (hubspot === undefined && mapped.length > 0) return Object.fromEntries(mapped);
  const first =
    hubspot === undefined
      ? usualHubspotMapping(file.currency?.base ?? "USD")
      : mappingOf(hubspot, { parent: HUBSPOT_PARENT, domains: HUBSPOT_DOMAINS }, surroundingsOf(file));
  return { hubspot: first, ...Object.fromEntries(mapped) };
}

function surroundingsOf(file: PolicyFile): Surroundings {
  const base = file.currency?.base ?? "USD";
  return {
    timezone: file.timezone,
    base,
    rates: file.currency?.rates ?? { [base]: "1" },
    skus: addonsOf(file).map((addon) => addon.sku),
  };
}
