/** CRM fields to choose from and what they hold; while the CRM does not answer, as it was last. */
import type { z } from "zod";
import type { Policy } from "../policy/model.ts";
import { foldedName } from "../policy/text-fold.ts";
import { type CrmView, troubleOf, type ValueCounts } from "./crm-view.ts";
import { factRows, propertiesIn } from "./mapping-facts.ts";
import type { ConsoleParts } from "./parts.ts";
import { conflict } from "./problem.ts";
import type { crmFields, crmSamples, crmValues } from "./schemas-mapping.ts";
import { iso, isoOrNull, tierShown } from "./shown.ts";

/** Records that samples and coverage are taken from. */
const SAMPLED = 500;
/** Values that are answered. */
const VALUES = 200;

/** The CRM, or why there is none. */
export function crmOf(parts: ConsoleParts): NonNullable<ConsoleParts["crm"]> {
  if (parts.crm !== null) return parts.crm;
  throw conflict("The policy maps no CRM.", "Add a crm section to the policy and restart the service.");
}

/** The view of the CRM, or why there is none. */
export function viewOf(parts: ConsoleParts): CrmView {
  crmOf(parts);
  if (parts.crmView !== null) return parts.crmView;
  throw conflict("The policy maps no CRM.", "Add a crm section to the policy and restart the service.");
}

type Fields = z.input<typeof crmFields>;

/** Every field of the CRM with its type, its caution, and what is taken from it. What is mapped is told in any case. */
export async function fieldsOf(parts: ConsoleParts): Promise<Fields> {
  const policy = parts.policy.policy();
  const facts = factRows(parts.crm === null ? null : (policy.crm[parts.crm.port.name] ?? null));
  const around = {
    facts,
    baseCurrency: policy.currency.base,
    tiers: policy.tiers.map((one) => tierShown(one.id, policy)),
  };
  if (parts.crmView === null || parts.crm === null)
    return { ...around, source: null, factsAt: null, trouble: null, fields: [] };
  const source = parts.crm.port.name;
  const seen = await parts.crmView.fields().catch((error: unknown) => {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return { value: [], at: null, trouble };
  });
  return {
    ...around,
    source,
    factsAt: isoOrNull(seen.at),
    trouble: seen.trouble,
    fields: seen.value.map(({ name, label, type, options, caution }) => ({
      ...{ name, label, type, caution },
      options: options.map((one) => ({ value: one.value, label: one.label })),
      mappedTo: facts.filter((one) => propertiesIn(one).includes(name)).map((one) => one.key),
    })),
  };
}

/**
 * What these fields hold in the most recently changed records, and in how many. Any of them may hold money: whoever may not
 * see that gets no values.
 */
export async function samplesOf(
  parts: ConsoleParts,
  names: readonly string[],
  isMoneySeen: boolean,
): Promise<z.input<typeof crmSamples>> {
  const { value, at, trouble } = await viewOf(parts).samples(names, SAMPLED);
  return {
    looked: Math.max(0, ...value.map((one) => one.looked)),
    factsAt: iso(at),
    trouble,
    samples: value.map(({ name, looked, filled, samples }) => ({
      ...{ name, looked, filled },
      coverage: looked === 0 ? null : Math.round((100 * filled) / looked),
      samples: isMoneySeen ? [...samples] : [],
    })),
  };
}

/** Values of a plan property with how many accounts have each and the tier it gives: those without one first. */
export async function planValuesOf(
  parts: ConsoleParts,
  property: string,
  ids: (signal: AbortSignal) => Promise<readonly string[]>,
): Promise<z.input<typeof crmValues>> {
  const policy = parts.policy.policy();
  const view = viewOf(parts);
  const [{ value: counted, at, trouble }, fields, total] = await Promise.all([
    view.values(property, ids),
    view.fields(),
    parts.store.accounts.count(),
  ]);
  const options = fields.value.find((one) => one.name === property)?.options ?? [];
  const rows = planRows(
    counted,
    options.map((one) => one.value),
    policy,
  );
  return {
    ...{ property, trouble },
    looked: counted.looked,
    total: Math.max(total, counted.looked),
    blank: counted.blank,
    factsAt: iso(at),
    values: rows.slice(0, VALUES),
    more: Math.max(0, rows.length - VALUES),
  };
}

type Row = z.input<typeof crmValues>["values"][number];

/** A multi-select counts each of its parts; options that nobody has count zero. */
function planRows({ counts }: ValueCounts, options: readonly string[], policy: Policy): readonly Row[] {
  const rows = new Map<string, { value: string; accounts: number }>();
  const add = (value: string, accounts: number): void => {
    const key = foldedName(value);
    const row = rows.get(key);
    if (key !== "")
      rows.set(key, { value: row?.value ?? value.trim(), accounts: (row?.accounts ?? 0) + accounts });
  };
  for (const option of options) add(option, 0);
  for (const [value, accounts] of counts)
    for (const part of value.split(policy.planSeparator)) add(part, accounts);
  const tiers = new Map([...policy.planMap].map(([plan, tier]) => [foldedName(plan), tier]));
  return [...rows]
    .map(([key, row]) => {
      const tier = tiers.get(key);
      return { ...row, tier: tier === undefined ? null : tierShown(tier, policy) };
    })
    .toSorted(
      (a, b) =>
        Number(a.tier !== null) - Number(b.tier !== null) ||
        b.accounts - a.accounts ||
        (a.value < b.value ? -1 : 1),
    );
}
