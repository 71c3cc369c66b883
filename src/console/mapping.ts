/** CRM fields to choose from, what they hold, and what a mapping would make of real accounts. */
import type { z } from "zod";
import { accountOf, propertiesOf } from "../policy/facts.ts";
import type { CrmMapping, FactSource, Policy } from "../policy/model.ts";
import { tierOf } from "../policy/tier.ts";
import { factInWords } from "../policy/words.ts";
import type { Crm, SourceAccount, Store } from "../ports.ts";
import { unknownProperties } from "../sync/mapped-properties.ts";
import type { ConsoleParts } from "./parts.ts";
import { draftOf } from "./policy-text.ts";
import { conflict } from "./problem.ts";
import type { crmFields, mappingPreview } from "./schemas-policy.ts";
import { moneyShown, tierShown } from "./shown.ts";

/** Facts and what they are read as. */
const FACTS: Readonly<Record<Exclude<keyof CrmMapping, "domains" | "label">, string>> = {
  plan: "text",
  arr: "money",
  contractStart: "date",
  contractEnd: "date",
  addons: "list",
  owner: "text",
  tam: "text",
  status: "status",
  trialEnd: "date",
  poc: "yes_no",
  renewalInProgress: "yes_no",
  parent: "text",
  standalone: "yes_no",
  slackChannel: "text",
  contacts: "list",
};

/** Accounts that a mapping is tried on. */
const TRIED = 200;

/** The CRM, or why there is none. */
export function crmOf(parts: ConsoleParts): NonNullable<ConsoleParts["crm"]> {
  if (parts.crm !== null) return parts.crm;
  throw conflict("The policy maps no CRM.", "Add a crm section to the policy and restart the service.");
}

/** Every field of the CRM with its type, its caution, and what is taken from it. */
export async function fieldsOf(parts: ConsoleParts): Promise<z.input<typeof crmFields>> {
  const facts = factRows(parts.crm === null ? null : mappingIn(parts.policy.policy(), parts.crm.port.name));
  if (parts.crm === null) return { source: null, fields: [], facts: [...facts] };
  const fields = await parts.crm.port.fields();
  return {
    source: parts.crm.port.name,
    facts: [...facts],
    fields: fields.map(({ name, label, type, options, caution }) => ({
      name,
      label,
      type,
      options: options.map((one) => ({ value: one.value, label: one.label })),
      caution,
      mappedTo: facts.filter((one) => one.property === name).map((one) => one.fact),
    })),
  };
}

function mappingIn(policy: Policy, source: string): CrmMapping | null {
  return policy.crm[source] ?? null;
}

function factRows(mapping: CrmMapping | null): z.input<typeof crmFields>["facts"] {
  return Object.entries(FACTS).map(([fact, kind]) => {
    const source = mapping?.[fact as keyof typeof FACTS] as FactSource | null | undefined;
    // A fact from other records has a name that no field of the account carries.
    const property = source == null || source.related !== undefined ? null : source.property;
    return { fact, words: factInWords(fact), kind, property };
  });
}

/** Tries a draft's mapping on real accounts: what would be read, and which tier would follow. Nothing is kept. */
export async function mappingPreviewOf(
  parts: ConsoleParts,
  yaml: string,
  now: number,
  signal: AbortSignal,
): Promise<z.input<typeof mappingPreview>> {
  const { policy: draft, findings } = draftOf(yaml);
  const empty = { looked: 0, up: 0, down: 0, unreadable: 0, accounts: [] };
  if (draft === null) return { findings: [...findings], ...empty };
  const crm = crmOf(parts).port;
  const mapping = mappingIn(draft, crm.name);
  if (mapping === null)
    throw conflict(`The draft maps nothing from ${crm.name}.`, `Add a ${crm.name} section to crm.`);
  const problems = unknownProperties(withoutRelated(mapping), await crm.fields());
  if (problems.length > 0)
    throw conflict(
      `${problems.map((one) => one.what).join(", ")} does not exist.`,
      problems.map((one) => one.fix).join(" "),
    );
  const ids = await sampleIds(parts.store, crm.name);
  const { accounts } = await crm.read(ids, propertiesOf(withoutRelated(mapping)), signal);
  const rows = await Promise.all(accounts.map((one) => tried(parts, crm, mapping, draft, one, now)));
  const moved = (up: boolean): number =>
    rows.filter((one) => one.from !== null && one.from.id !== one.to.id && rises(one, draft) === up).length;
  return {
    findings: [...findings],
    looked: rows.length,
    up: moved(true),
    down: moved(false),
    unreadable: rows.filter((one) => one.problems.length > 0).length,
    accounts: rows,
  };
}

type Tried = z.input<typeof mappingPreview>["accounts"][number];

function rises({ from, to }: Tried, draft: Policy): boolean {
  const rank = (id: string | undefined): number => draft.tiers.find((tier) => tier.id === id)?.rank ?? 0;
  return rank(to.id) > rank(from?.id);
}

/** Facts from other records need the connection itself changed; they are tried after a restart. */
function withoutRelated(mapping: CrmMapping): CrmMapping {
  const plain = (source: FactSource | null): FactSource | null =>
    source?.related === undefined ? source : null;
  const { arr, addons, renewalInProgress } = mapping;
  return { ...mapping, arr: plain(arr), addons: plain(addons), renewalInProgress: plain(renewalInProgress) };
}

/** Spread over all accounts rather than the first ones: ids follow age. */
async function sampleIds(store: Store, source: string): Promise<readonly string[]> {
  const total = await store.accounts.count();
  const step = Math.max(1, Math.floor(total / TRIED));
  const found: string[] = [];
  let after: string | null = null;
  let seen = 0;
  while (found.length < TRIED) {
    const page: readonly string[] = await store.accounts.page(after, 500);
    if (page.length === 0) break;
    after = page.at(-1) ?? null;
    for (const id of page) {
      if (seen % step === 0 && id.startsWith(`${source}:`)) found.push(id.slice(source.length + 1));
      seen += 1;
    }
  }
  return found.slice(0, TRIED);
}

async function tried(
  parts: ConsoleParts,
  crm: Crm,
  mapping: CrmMapping,
  draft: Policy,
  record: SourceAccount,
  now: number,
): Promise<Tried> {
  const { account, problems } = accountOf(record, mapping, { idPrefix: `${crm.name}:`, syncedAt: now });
  const { store } = parts;
  const [facts, overrides, entitlements] = await Promise.all([
    store.accounts.around({ accountIds: [account.id] }),
    store.overrides.of([account.id]),
    store.accounts.entitlements([account.id]),
  ]);
  const accounts = new Map([...facts.accounts, [account.id, account] as const]);
  const verdict = tierOf(account.id, accounts, null, overrides, draft, { asOf: now, now });
  const from = entitlements.get(account.id)?.tier;
  return {
    account: { id: account.id, name: account.name },
    plan: account.plan,
    arr: moneyShown(account.arr),
    contractEnd: account.contractEnd,
    from: from === undefined ? null : tierShown(from, draft),
    to: tierShown(verdict.tier, draft),
    problems: problems.map(({ fact, code, detail }) => ({ fact, code, detail })),
  };
}
