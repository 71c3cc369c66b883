/** One account's whole story: what the CRM says, what follows from it, what was written, what people decided. */
import type { z } from "zod";
import { listOverrides } from "../overrides.ts";
import type { Account, Policy, TierVerdict } from "../policy/model.ts";
import { tierOf } from "../policy/tier.ts";
import { factInWords } from "../policy/words.ts";
import type { Store } from "../ports.ts";
import { customerRows, customerShown, overrideShown, reviewShown } from "./customers.ts";
import { EVERY_DECISION, rowsShown } from "./decision-shown.ts";
import type { ConsoleParts } from "./parts.ts";
import { notFound } from "./problem.ts";
import type { customerStory } from "./schemas-customers.ts";
import { deskUrl, flagShown, iso, isoOrNull, reasonsShown, tierShown } from "./shown.ts";

type Story = z.input<typeof customerStory>;

const WRITES = 50;
const DECISIONS = 20;
const RELATIVES = 50;
const REVIEWS = 1_000;

/** Everything about one account. @throws ApiProblem it is not known. */
export async function storyOf(parts: ConsoleParts, id: string, now: number): Promise<Story> {
  const { store } = parts;
  const policy = parts.policy.policy();
  const stored = await store.accounts.get(id);
  if (stored === null)
    throw notFound(`No account ${id} is known.`, "Check the id, or wait for the next sync.");
  const { account } = stored;
  const entitlement = (await store.accounts.entitlements([id])).get(id) ?? null;
  const organizationId = (await store.organizations.linksOf([id])).get(id) ?? null;
  const verdict = await verdictNow(store, policy, id, now);
  return {
    ...customerShown(account, entitlement, organizationId, policy),
    source: stored.source,
    sourceId: stored.sourceId,
    organization: await organizationShown(parts, organizationId),
    facts: [...factsShown(account)],
    reasons: reasonsShown(entitlement?.reasons ?? verdict.reasons, policy),
    flags: verdict.flags.map((code) => flagShown(code, policy)),
    factsUsed: verdict.facts.map((one) => ({
      accountId: one.accountId,
      fact: one.fact,
      words: factInWords(one.fact),
      value: one.value,
      confirmedAt: isoOrNull(one.syncedAt),
    })),
    asOf: isoOrNull(entitlement?.asOf ?? null),
    lowerSince: isoOrNull(entitlement?.held.lowerSince ?? null),
    waitlisted: (entitlement?.held.waitlisted ?? []).map((tier) => tierShown(tier, policy)),
    ...(await history(store, policy, account, now)),
  };
}

/** What the rules say at this moment, for flags and facts; the tier that is shown is the one in force. */
export async function verdictNow(
  store: Store,
  policy: Policy,
  id: string,
  now: number,
): Promise<TierVerdict> {
  const [facts, overrides] = await Promise.all([
    store.accounts.around({ accountIds: [id] }),
    store.overrides.of([id]),
  ]);
  const all = [...overrides, ...policy.overrides.items.filter((one) => one.accountId === id)];
  return tierOf(id, facts.accounts, facts.held.get(id) ?? null, all, policy, { asOf: now, now });
}

async function organizationShown(parts: ConsoleParts, id: string | null): Promise<Story["organization"]> {
  if (id === null) return null;
  const known = (await parts.store.organizations.get([id])).get(id);
  return { id, name: known?.name ?? id, url: deskUrl(parts.apps.origin, "organizations", id) };
}

type History = Pick<Story, "family" | "overrides" | "reviews" | "heldRunId" | "decisions" | "writes">;

async function history(store: Store, policy: Policy, account: Account, now: number): Promise<History> {
  const { id } = account;
  const relatives = (await store.accounts.families([id])).filter((one) => one !== id).slice(0, RELATIVES);
  const [family, overrides, reviews, held, decisions, writes] = await Promise.all([
    customerRows(store, relatives, policy),
    listOverrides(store, policy, now),
    store.runs.reviews(REVIEWS),
    store.guard.of([id]),
    store.console.lists.decisions({ ...EVERY_DECISION, accountId: id, limit: DECISIONS }),
    store.runs.writesFor(id, WRITES),
  ]);
  const aside = held.get(id);
  return {
    family,
    overrides: overrides
      .filter((one) => one.accountId === id)
      .map((one) => overrideShown(one, account, policy)),
    reviews: reviews.filter((one) => one.accountId === id).map((one) => reviewShown(one, account, policy)),
    heldRunId: aside?.state === "held" ? aside.runId : null,
    decisions: [...(await rowsShown(store, decisions, policy))],
    writes: writes.map(writeShown),
  };
}

function writeShown(write: Awaited<ReturnType<Store["runs"]["writesFor"]>>[number]): Story["writes"][number] {
  const { at, target, targetId, state, reason, policyVersion, before, after } = write;
  const fields = Object.keys(after).map((name) => ({
    name,
    before: before[name] ?? null,
    after: after[name] ?? null,
  }));
  return { at: iso(at), target, targetId, state, reason, policyVersion, fields };
}

/** What the CRM says, fact by fact; what is not stated is left out. */
function factsShown(account: Account): readonly Story["facts"][number][] {
  const { arr, addons, tam, trial } = account;
  const lines: readonly (readonly [string, string | null])[] = [
    ["plan", account.plan],
    ["arr", arr === null ? null : `${arr.amount} ${arr.currency ?? "?"}`],
    ["status", account.status],
    ["contractStart", account.contractStart],
    ["contractEnd", account.contractEnd],
    ["renewalInProgress", account.renewalInProgress ? "yes" : null],
    ["poc", trial?.poc === true ? "yes" : null],
    ["trialEnd", trial?.end ?? null],
    [
      "addons",
      addons.map((one) => `${one.sku} (${one.scope}, ${one.start ?? "…"} – ${one.end ?? "…"})`).join("; "),
    ],
    ["tam", tam === null ? null : tam.agent],
    ["parent", account.parentId],
    ["standalone", account.standalone ? "yes" : null],
    ["domains", account.domains.join(", ")],
    ["slackChannel", account.slackChannel ?? null],
    ["contacts", (account.contacts ?? []).join(", ")],
    ["goneOn", account.goneOn],
    ["unreadable", account.unreadable.join(", ")],
  ];
  return lines.flatMap(([name, value]) =>
    value === null || value === "" ? [] : [{ name, words: factInWords(name), value }],
  );
}
