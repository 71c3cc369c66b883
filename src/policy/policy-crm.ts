/** The `crm` section: refuses what cannot be read, and turns the rest into a mapping of facts. */
import type { CrmMapping, FactSource, Finding } from "./model.ts";
import { HUBSPOT_DOMAINS, HUBSPOT_PARENT, plainSource, usualHubspotMapping } from "./policy-defaults.ts";
import { type Path, problem, valueAt } from "./policy-findings.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { foldedName } from "./text-fold.ts";

const ELSEWHERE: Readonly<Record<string, string>> = {
  addons: "Map `addons` to a multi-select company property that holds the SKUs.",
  renewal_in_progress:
    "Map `renewal_in_progress` to a yes/no company property, kept by a workflow in the CRM.",
};

const COMPANY_ONLY =
  "Name a company property here; copy the value to the company with a workflow or a roll-up property in the CRM.";

interface Refusal {
  readonly path: Path;
  readonly finding: Finding;
}

function refusalOf(fact: string, entry: unknown, path: Path): Refusal | null {
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
  const finding = problem(
    "crm_source_not_supported",
    path,
    `\`${other}: ${String(valueAt(entry, [other]))}\` reads another kind of record; facts are read from the company only`,
    ELSEWHERE[fact] ?? COMPANY_ONLY,
  );
  return { path, finding };
}

/** What the `crm` and `sources` sections ask for that would be wrong or is not there, each with its path. */
export function crmRefusals(raw: unknown): readonly Refusal[] {
  const crm = valueAt(raw, ["crm"]);
  const found: (Refusal | null)[] = [];
  for (const [name, mapping] of entriesOf(crm)) {
    for (const [fact, entry] of entriesOf(mapping)) found.push(refusalOf(fact, entry, ["crm", name, fact]));
  }
  for (const [fact, names] of entriesOf(valueAt(raw, ["sources", "order"]))) {
    found.push(sourceRefusal(names, ["sources", "order", fact]));
  }
  for (const source of Object.keys(Object(valueAt(raw, ["sources", "join"])))) {
    found.push(sourceRefusal([source], ["sources", "join", source]));
  }
  return found.filter((one) => one !== null);
}

function entriesOf(value: unknown): [string, unknown][] {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
}

function sourceRefusal(names: unknown, path: Path): Refusal | null {
  if (!Array.isArray(names)) return null;
  const other = names.find((name) => typeof name === "string" && name !== "hubspot");
  if (other === undefined) return null;
  const message = `${JSON.stringify(other)} is not a source that can be read; hubspot is the only one`;
  const fix = "Use [hubspot] here, and bring the fact into a HubSpot company property.";
  return { path, finding: problem("crm_source_not_supported", path, message, fix) };
}

type FileMapping = NonNullable<PolicyFile["crm"]["hubspot"]>;
type FileSource = NonNullable<FileMapping["plan"]> | NonNullable<FileMapping["arr"]>;

function sourceOf(entry: FileSource | null | undefined): FactSource | null {
  if (entry === null || entry === undefined) return null;
  if (typeof entry === "string") return plainSource(entry);
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

/** CRM name → mapping of facts. Without a section for HubSpot: the usual names. */
export function crmOf(file: PolicyFile): Readonly<Record<string, CrmMapping>> {
  const from = file.crm.hubspot;
  if (from === undefined) return { hubspot: usualHubspotMapping(file.currency?.base ?? "USD") };
  const mapping: CrmMapping = {
    plan: sourceOf(from.plan),
    arr: sourceOf(from.arr),
    contractStart: sourceOf(from.contract_start),
    contractEnd: sourceOf(from.contract_end),
    addons: sourceOf(from.addons),
    owner: sourceOf(from.owner),
    tam: sourceOf(from.tam),
    status: sourceOf(from.status),
    trialEnd: sourceOf(from.trial_end),
    poc: sourceOf(from.poc),
    renewalInProgress: sourceOf(from.renewal_in_progress),
    parent: from.parent === undefined ? plainSource(HUBSPOT_PARENT) : sourceOf(from.parent),
    domains: from.domains ?? HUBSPOT_DOMAINS,
    standalone: sourceOf(from.standalone),
    label: from.label ?? null,
  };
  return { hubspot: mapping };
}
