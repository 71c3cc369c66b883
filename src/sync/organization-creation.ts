/** Makes the organizations that accounts lack, records them, links them. Nothing where the policy says `never`. */
import type { OrganizationChange, Policy } from "../policy/model.ts";
import type { Clock, CreatedOrganization, Desk, NewOrganization, Store, SyncWrite } from "../ports.ts";
import type { Worked } from "./entitle.ts";
import { newOrganizations } from "./new-organizations.ts";
import { matchableDomains } from "./organization-match.ts";

export interface CreationPorts {
  readonly desk: Desk;
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly runId: string;
  readonly simulating: boolean;
}

/** The part of a run's counts that changes here. */
export interface CreationCounts {
  organizations: number;
  unmatched: { readonly accountId: string; readonly name: string | null }[];
  failed: { readonly accountId: string; readonly name: string | null; readonly reason: string }[];
  changes: {
    readonly accountId: string;
    readonly name: string | null;
    readonly target: string;
    readonly before: SyncWrite["before"];
    readonly after: SyncWrite["after"];
  }[];
}

/**
 * Makes what is missing; answers the accounts that are worth another try.
 *
 * In the ledger a new organization stands as `new:<account>` with an empty before-image, for its id is not known when
 * the intent is written; the outcome names it.
 */
export async function createMissing(
  ports: CreationPorts,
  worked: readonly Worked[],
  counts: CreationCounts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { store, policy } = ports;
  if (policy.desk.createOrganizations !== "from_crm") return [];
  const { rows, refused } = await planOf(ports, worked);
  const nameOf = (id: string): string | null =>
    worked.find((one) => one.stored.account.id === id)?.stored.account.name ?? null;
  for (const { accountId, reason } of refused)
    counts.failed.push({ accountId, name: nameOf(accountId), reason: `organization: ${reason}` });
  if (rows.length === 0) return [];
  const writes = rows.map((row) => writeOf(row, ports.simulating));
  await store.runs.write(ports.runId, policy.version, writes);
  counts.changes.push(...writes.map((write) => ({ ...write, name: nameOf(write.accountId) })));
  if (ports.simulating) return [];
  const outcomes = await ports.desk.createOrganizations(rows, signal);
  await keep(ports, rows, outcomes);
  const made = new Set(outcomes.filter((one) => one.ok).map((one) => one.id));
  counts.organizations += made.size;
  counts.unmatched = counts.unmatched.filter((one) => !made.has(one.accountId));
  const failed = outcomes.filter((one) => !one.ok);
  for (const { id, reason } of failed)
    counts.failed.push({ accountId: id, name: nameOf(id), reason: `organization: ${reason ?? "refused"}` });
  return failed.filter((one) => one.retry).map((one) => one.id);
}

async function planOf({ store, policy, clock }: CreationPorts, worked: readonly Worked[]) {
  const candidates = worked.map(({ stored, verdict, match }) => ({
    account: stored.account,
    verdict,
    match,
  }));
  const missing = candidates.filter(
    ({ match }) => match.organization === null && match.code === "organization_missing",
  );
  const domains = [...new Set(missing.flatMap(({ account }) => matchableDomains(account, policy)))];
  const taken = (await store.organizations.byDomain(domains)).flatMap((one) => one.domains);
  const listed = await store.accounts.listing(domains);
  return newOrganizations(candidates, new Set(taken), listed, policy, clock.now());
}

function writeOf(row: NewOrganization, simulating: boolean): SyncWrite {
  const after: OrganizationChange = {
    ...row.fields,
    name: row.name,
    external_id: row.externalId,
    domain_names: row.domains.join(" ") || null,
  };
  return {
    target: "organization",
    targetId: targetOf(row.id),
    accountId: row.id,
    before: {},
    after,
    state: simulating ? "simulated" : "intended",
    reason: "organization_missing",
  };
}

function targetOf(accountId: string): string {
  return `new:${accountId}`;
}

/** Our copy, the links and the ledger. */
async function keep(
  { store, runId }: CreationPorts,
  rows: readonly NewOrganization[],
  outcomes: readonly CreatedOrganization[],
): Promise<void> {
  const made = outcomes.flatMap((one) => {
    const row = rows.find((wanted) => wanted.id === one.id);
    return row === undefined || one.organizationId === null ? [] : [{ row, id: one.organizationId }];
  });
  await store.organizations.put(
    made.map(({ row: { name, externalId, domains, fields }, id }) => {
      const tags = Object.entries(fields).flatMap(([key, value]) =>
        key.endsWith("tier") && value !== null ? [value] : [],
      );
      return { id, name, externalId, domains, tags, fields };
    }),
  );
  if (made.length > 0)
    await store.organizations.link(
      made.map(({ row, id }) => ({ accountId: row.id, organizationId: id, how: "created" })),
    );
  await store.runs.settle(
    runId,
    outcomes.map((one) => ({
      target: "organization",
      targetId: targetOf(one.id),
      state: one.ok ? ("written" as const) : ("failed" as const),
      reason: one.ok ? `made organization ${one.organizationId ?? "with an unknown id"}` : (one.reason ?? ""),
    })),
  );
}
