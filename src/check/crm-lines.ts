/** Can the CRM be read, does it hold what the policy maps, can the label go back? */
import type { CrmMapping, Policy } from "../policy/model.ts";
import type { Clock, Crm, SourceField } from "../ports.ts";
import { unknownProperties } from "../sync/mapped-properties.ts";
import { asked } from "./asking.ts";
import { broken, type CheckLine, fine } from "./line.ts";

/** One source of accounts and what the policy reads of it. */
export interface MappedCrm {
  readonly crm: Crm;
  readonly mapping: CrmMapping;
}

/** Every line about one CRM: credentials first, for without them nothing else can be asked. */
export async function crmLines(one: MappedCrm, policy: Policy, clock: Clock): Promise<readonly CheckLine[]> {
  const { crm } = one;
  const connected = await asked("crm", `${crm.name} token`, () => crm.test());
  if (connected.line !== null) return [connected.line];
  const { tenant, timezone, currency } = connected.value;
  const about = [timezone, currency].filter((text) => text !== null).join(", ");
  const token = fine(
    "crm",
    `${crm.name} token`,
    `account ${tenant}${about === "" ? "" : ` (${about})`}; the right to write shows with the first label`,
  );
  const fields = await asked("crm", `${crm.name} fields`, () => crm.fields());
  return [
    token,
    ...(fields.line === null ? fieldLines(one, policy, fields.value) : [fields.line]),
    await recordsLine(crm, clock),
    ...(await peopleLines(one)),
  ];
}

/** Mapped fields that do not exist, what to know about those that do, and the label. Pure. */
export function fieldLines(
  { crm, mapping }: MappedCrm,
  policy: Policy,
  fields: readonly SourceField[],
): readonly CheckLine[] {
  const missing = unknownProperties(mapping, fields).map(({ what, fix }) =>
    broken(
      "crm",
      `${crm.name} field ${what.replaceAll("`", "")}`,
      "The policy maps it; the CRM has no such field.",
      fix,
    ),
  );
  const used = new Set(Object.values(mapping).flatMap((source) => namesIn(source)));
  const careful = fields
    .filter((field) => field.caution !== null && used.has(field.name))
    .map((field) => fine("crm", `${crm.name} field ${field.name}`, field.caution ?? ""));
  const all =
    missing.length === 0 ? [fine("crm", `${crm.name} fields`, "all mapped fields are there")] : missing;
  return [...all, ...careful, ...labelLines(crm.name, mapping, policy, fields)];
}

/** Names a mapping entry mentions; an entry that is a plain list or text counts as names too. */
function namesIn(source: unknown): readonly string[] {
  if (typeof source === "string") return [source];
  if (Array.isArray(source)) return source.filter((one): one is string => typeof one === "string");
  const property =
    typeof source === "object" && source !== null && "property" in source ? source.property : null;
  return typeof property === "string" ? [property] : [];
}

function labelLines(
  crm: string,
  mapping: CrmMapping,
  policy: Policy,
  fields: readonly SourceField[],
): readonly CheckLine[] {
  if (mapping.label === null) return [];
  const name = `${crm} label ${mapping.label}`;
  const field = fields.find((one) => one.name === mapping.label);
  if (field === undefined) return [fine("crm", name, "will be made by the first sync")];
  if (!field.writable)
    return [
      broken(
        "crm",
        name,
        "The CRM does not let us write it.",
        "Name another property as `label` in the policy.",
      ),
    ];
  if (field.options.length === 0) return [fine("crm", name, "is there")];
  const lost = policy.tiers.filter((tier) => !field.options.some((option) => option.value === tier.id));
  return [
    fine(
      "crm",
      name,
      lost.length === 0
        ? "has an option for every tier"
        : `the next sync adds the options ${lost.map((tier) => tier.id).join(", ")}`,
    ),
  ];
}

const A_MINUTE = 60_000;

/** May we read records? One small window is asked for. */
async function recordsLine(crm: Crm, clock: Clock): Promise<CheckLine> {
  const stop = new AbortController();
  const read = await asked("crm", `${crm.name} records`, async () => {
    const to = clock.now();
    for await (const page of crm.changes({ from: to - A_MINUTE, to }, stop.signal))
      return page.changed.length;
    return 0;
  });
  stop.abort();
  return read.line ?? fine("crm", `${crm.name} records`, "can be read");
}

/** Owners are read only where the policy maps people. */
async function peopleLines({ crm, mapping }: MappedCrm): Promise<readonly CheckLine[]> {
  if (mapping.owner === null && mapping.tam === null) return [];
  const people = await asked("crm", `${crm.name} owners`, () => crm.people());
  if (people.line !== null) return [people.line];
  return [fine("crm", `${crm.name} owners`, `${people.value.size} can be read`)];
}
