/** A store as a finished first sync leaves it, without the calls: the same facts, tiers, links and organization fields. */
import { accountOf } from "../../src/policy/facts.ts";
import type { Account, CrmMapping, Organization, Policy } from "../../src/policy/model.ts";
import { desiredFields, reconcile } from "../../src/policy/reconcile.ts";
import { tierOf } from "../../src/policy/tier.ts";
import type { Entitlement, Store, StoredAccount } from "../../src/ports.ts";
import { type DatasetCompany, datasetCompanies } from "../../src/sandbox/dataset.ts";
import { owners } from "../../src/sandbox/dataset-people.ts";
import { localDay } from "../../src/sync/intake.ts";

/** What a store is filled with. */
export interface Filling {
  readonly seed: number;
  readonly companies: number;
  readonly asOf: number;
}

/** Organization number `i` belongs to company number `i`; its id is this and `i`. */
export const ORGANIZATIONS_FROM = 3_900_000;
const CHUNK = 4_000;
const DAY_MS = 86_400_000;

/** When company number `index` was last changed in the CRM. */
export function changedAt(asOf: number, index: number): number {
  return asOf - DAY_MS - index * 1_000;
}

/** The organization of a company, with whatever fields it has by now. */
export function organizationOf(company: DatasetCompany, index: number): Organization {
  const { domain } = company.properties;
  return {
    id: String(ORGANIZATIONS_FROM + index),
    name: `${company.properties.name ?? company.id} (${index})`,
    externalId: company.id,
    domains: domain === null ? [] : [domain],
    tags: [],
    fields: {},
  };
}

/** Fills an empty store; answers the tier of each company, by number. */
export async function fillStore(store: Store, policy: Policy, filling: Filling): Promise<readonly string[]> {
  const maker = rowMaker(policy, filling);
  const tiers: string[] = [];
  for (const companies of inChunks(datasetCompanies(filling), CHUNK)) {
    const rows = companies.map((company, i) => maker(company, tiers.length + i));
    for (const { entitlement } of rows) tiers.push(entitlement.tier);
    await Promise.all([
      store.accounts.put(rows.map((one) => one.stored)),
      store.organizations.put(rows.map((one) => one.organization)),
      store.organizations.link(rows.map((one) => one.link)),
      store.accounts.putEntitlements(rows.map((one) => one.entitlement)),
    ]);
  }
  const today = localDay(policy, filling.asOf);
  await store.accounts.touch("hubspot", filling.asOf);
  await store.register.setCursor("crm:hubspot", String(filling.asOf));
  await store.register.setCursor("desk:organizations", String(Math.floor(filling.asOf / 1000)));
  await store.register.setCursor("evaluated", `${policy.version}|${today}|live`);
  await store.register.setCursor("full", today);
  return tiers;
}

/** Everything that is kept of one company. */
interface Rows {
  readonly stored: StoredAccount;
  readonly organization: Organization;
  readonly link: { readonly accountId: string; readonly organizationId: string; readonly how: string };
  readonly entitlement: Entitlement;
}

/** Works out the rows of a company, with the product's own rules. */
export function rowMaker(policy: Policy, filling: Filling): (company: DatasetCompany, index: number) => Rows {
  const { asOf } = filling;
  const read = reader(policy, asOf);
  const familyOf = familiesIn(filling, read);
  return (company, index) => {
    const account = read(company);
    const verdict = tierOf(account.id, familyOf(account), null, [], policy, { asOf, now: asOf });
    const bare = organizationOf(company, index);
    const fields = reconcile(
      desiredFields({ accountId: account.id, account, verdict }, policy),
      bare,
      asOf,
      policy,
    );
    const { tier, basis, reasons, ledger } = verdict;
    return {
      stored: {
        account,
        source: "hubspot",
        sourceId: company.id,
        updatedAt: new Date(changedAt(asOf, index)).toISOString(),
        aliases: [],
        label: tier,
      },
      organization: { ...bare, fields: fields ?? {} },
      link: { accountId: account.id, organizationId: bare.id, how: "external_id" },
      entitlement: {
        accountId: account.id,
        tier,
        basis,
        reasons,
        held: ledger,
        asOf,
        policyVersion: policy.version,
      },
    };
  };
}

function reader(policy: Policy, asOf: number): (company: DatasetCompany) => Account {
  const mapping: CrmMapping | undefined = policy.crm.hubspot;
  if (mapping === undefined) throw new Error("the policy maps no CRM");
  const addresses = new Map(owners().map((owner) => [owner.id, owner.email]));
  return ({ id, properties }) => {
    const record = { id, name: properties.name, values: properties };
    const { account } = accountOf(record, mapping, { idPrefix: "hubspot:", syncedAt: asOf });
    const { tam } = account;
    return tam === null
      ? account
      : { ...account, tam: { ...tam, agent: addresses.get(tam.agent) ?? tam.agent } };
  };
}

/** The whole family of an account. Only the few with relatives are kept in memory. */
function familiesIn(
  filling: Filling,
  read: (company: DatasetCompany) => Account,
): (account: Account) => ReadonlyMap<string, Account> {
  const related = new Set<string>();
  for (const { id, properties } of datasetCompanies(filling)) {
    const parent = properties.hs_parent_company_id;
    if (parent !== null) related.add(id).add(parent);
  }
  const known = new Map<string, Account>();
  const children = new Map<string, Account[]>();
  for (const company of datasetCompanies(filling)) {
    if (!related.has(company.id)) continue;
    const account = read(company);
    known.set(account.id, account);
    if (account.parentId !== null)
      children.set(account.parentId, [...(children.get(account.parentId) ?? []), account]);
  }
  const rootOf = (account: Account): Account => {
    const seen = new Set<string>();
    let top = account;
    for (
      let up = known.get(top.parentId ?? "");
      up !== undefined && !seen.has(up.id);
      up = known.get(top.parentId ?? "")
    ) {
      seen.add(up.id);
      top = up;
    }
    return top;
  };
  return (account) => {
    const family = new Map([[account.id, account]]);
    if (!known.has(account.id)) return family;
    const waiting = [rootOf(account)];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (family.has(one.id) && one.id !== account.id) continue;
      family.set(one.id, one);
      waiting.push(...(children.get(one.id) ?? []).filter(({ id }) => !family.has(id) || id === account.id));
      if (family.size > 10_000) throw new Error("a family without end");
    }
    return family;
  };
}

function* inChunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
