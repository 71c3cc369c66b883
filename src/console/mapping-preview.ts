/** What a draft's mapping would make of real accounts, read afresh from the CRM. Nothing is kept. */
import type { z } from "zod";
import { accountOf, propertiesOf } from "../policy/facts.ts";
import type { Account, CrmMapping, FactSource, Policy } from "../policy/model.ts";
import type { Crm, Store } from "../ports.ts";
import { unknownProperties } from "../sync/mapped-properties.ts";
import { crmOf } from "./mapping.ts";
import type { ConsoleParts } from "./parts.ts";
import { draftOf } from "./policy-text.ts";
import { type MoverFound, moverBetween, withTickets } from "./preview.ts";
import { askingDesk, effectShown, noEffect } from "./preview-shown.ts";
import { conflict } from "./problem.ts";
import type { mappingPreview } from "./schemas-mapping.ts";
import { moneyShown } from "./shown.ts";

type Shown = z.input<typeof mappingPreview>;

/** Accounts that a mapping is tried on: five calls. */
const TRIED = 500;
/** Rows that are answered; those that could not be read come first. */
const ROWS = 50;

/** Who would go up and down if the draft's mapping were read, on up to 500 accounts. */
export async function mappingPreviewOf(
  parts: ConsoleParts,
  yaml: string,
  now: number,
  signal: AbortSignal,
): Promise<Shown> {
  const { policy: draft, findings } = draftOf(yaml);
  if (draft === null) return { findings: [...findings], ...noEffect(), ...nothingRead };
  const crm = crmOf(parts).port;
  const mapping = await checkedMapping(parts, draft, crm);
  const ids = await sampleIds(parts.store, crm, TRIED, signal);
  const { accounts } = await crm.read(ids, propertiesOf(mapping.plain), signal);
  const read = accounts.map((one) =>
    accountOf(one, mapping.plain, { idPrefix: `${crm.name}:`, syncedAt: now }),
  );
  const asked = askingDesk(parts.desk);
  const ports = { store: parts.store, now, openTickets: asked.openTickets };
  const found = await moversIn(
    parts,
    draft,
    read.map((one) => one.account),
    now,
  );
  const result = { accounts: read.length, ...(await withTickets(ports, found)) };
  const doubtful = read.filter((one) => one.problems.length > 0);
  const inOrder = [...doubtful, ...read.filter((one) => one.problems.length === 0)];
  return {
    findings: [...findings],
    ...effectShown(parts, draft, result, asked.hasFailed()),
    total: Math.max(read.length, await parts.store.accounts.count()),
    unreadable: doubtful.length,
    notTried: [...mapping.left],
    rows: inOrder.slice(0, ROWS).map(({ account, problems }) => ({
      account: { id: account.id, name: account.name },
      plan: account.plan,
      arr: moneyShown(account.arr),
      contractEnd: account.contractEnd,
      problems: problems.map(({ fact, code, detail }) => ({ fact, code, detail })),
    })),
  };
}

const nothingRead = { total: 0, unreadable: 0, notTried: [], rows: [] };

/** Facts from other records need the connection itself changed; they are tried after a restart. */
async function checkedMapping(
  parts: ConsoleParts,
  draft: Policy,
  crm: Crm,
): Promise<{ readonly plain: CrmMapping; readonly left: readonly string[] }> {
  const mapping = draft.crm[crm.name];
  if (mapping === undefined)
    throw conflict(`The draft maps nothing from ${crm.name}.`, `Add a ${crm.name} section to crm.`);
  const { arr, addons, renewalInProgress } = mapping;
  const related = { arr, addons, renewalInProgress };
  const plain = {
    ...mapping,
    ...Object.fromEntries(Object.entries(related).map(([fact, source]) => [fact, withoutRelated(source)])),
  };
  const problems = unknownProperties(plain, (await parts.crmView?.fields())?.value ?? []);
  if (problems.length > 0)
    throw conflict(
      `${problems.map((one) => one.what).join(", ")} does not exist.`,
      problems.map((one) => one.fix).join(" "),
    );
  const left = Object.entries(related).flatMap(([fact, source]) =>
    source?.related === undefined ? [] : [fact],
  );
  return { plain, left };
}

function withoutRelated(source: FactSource | null): FactSource | null {
  return source?.related === undefined ? source : null;
}

/** Before: what is known now, under the policy in force. Then: what was just read, under the draft. */
async function moversIn(
  { store, policy }: ConsoleParts,
  draft: Policy,
  read: readonly Account[],
  now: number,
): Promise<readonly MoverFound[]> {
  const ids = read.map(({ id }) => id);
  const [facts, overrides] = await Promise.all([
    store.accounts.around({ accountIds: ids }),
    store.overrides.of(ids),
  ]);
  const fresh = new Map([...facts.accounts, ...read.map((account) => [account.id, account] as const)]);
  const before = { policy: policy.policy(), accounts: facts.accounts };
  const then = { policy: draft, accounts: fresh };
  return ids.flatMap((id) => {
    const around = { held: facts.held.get(id) ?? null, overrides, now };
    return moverBetween(id, before, then, around) ?? [];
  });
}

/**
 * Record ids spread over all known accounts rather than the first ones, for ids follow age. Before the first sync: the
 * CRM's first ones.
 */
export async function sampleIds(
  store: Store,
  crm: Crm,
  limit: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const total = await store.accounts.count();
  if (total === 0) return firstIds(crm, limit, signal);
  const step = Math.max(1, Math.floor(total / limit));
  const prefix = `${crm.name}:`;
  const found: string[] = [];
  let after: string | null = null;
  let seen = 0;
  while (found.length < limit) {
    const page: readonly string[] = await store.accounts.page(after, 500);
    if (page.length === 0) break;
    after = page.at(-1) ?? null;
    for (const id of page) {
      if (seen % step === 0 && id.startsWith(prefix)) found.push(id.slice(prefix.length));
      seen += 1;
    }
  }
  return found.slice(0, limit);
}

async function firstIds(crm: Crm, limit: number, signal: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { changed } of crm.all(signal)) {
    found.push(...changed.map(({ id }) => id));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}
