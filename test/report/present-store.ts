/** A real store on a file of its own, with customers in it: reports of the present are reckoned from it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account, Basis, Instant, Policy, TierId } from "../../src/policy/model.ts";
import { desiredFields } from "../../src/policy/reconcile.ts";
import type { Store } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { account } from "../builders.ts";
import { pretendFacts, type Told } from "./pretend-facts.ts";

/** One customer as a report finds it. */
export interface Customer extends Partial<Account> {
  readonly id: string;
  readonly tier: TierId;
  readonly basis?: Basis;
  readonly waitlisted?: readonly TierId[];
  /** Has an organization of the same name; left out = yes. */
  readonly linked?: boolean;
}

/** A store with these customers, and facts beside it that come from lists. `end` closes it and removes the file. */
export async function storeWith(
  customers: readonly Customer[],
  policy: Policy,
  at: Instant,
  told: Told = {},
): Promise<{ readonly store: Store; readonly end: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "ps-present-"));
  const store = await openStore(`sqlite:${join(folder, "store.db")}`, { warn: () => undefined });
  const rows = customers.map(({ tier: _t, basis: _b, waitlisted: _w, linked: _l, ...facts }) =>
    account({ syncedAt: at - 3_600_000, name: facts.id, ...facts }),
  );
  await store.accounts.put(
    rows.map((one) => ({
      account: one,
      source: "hubspot",
      sourceId: one.id,
      updatedAt: null,
      aliases: [],
      label: null,
    })),
  );
  await store.accounts.putEntitlements(
    customers.map(({ id, tier, basis = "plan", waitlisted = [] }) => ({
      accountId: id,
      tier,
      basis,
      reasons: [],
      held: { tier, basis, lowerSince: null, waitlisted },
      asOf: at,
      policyVersion: policy.version,
    })),
  );
  const linked = customers.filter((one) => one.linked !== false);
  await store.organizations.put(
    linked.flatMap(({ id, tier, basis = "plan", name }) => {
      const facts = rows.find((one) => one.id === id);
      if (facts === undefined) return [];
      const shown = { accountId: id, account: facts, verdict: { tier, basis } };
      const fields = desiredFields(shown, policy);
      return [{ id: `org-${id}`, name: name ?? id, externalId: null, domains: [], tags: [], fields }];
    }),
  );
  await store.organizations.link(
    linked.map(({ id }) => ({ accountId: id, organizationId: `org-${id}`, how: "field" })),
  );
  const end = async (): Promise<void> => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { store: { ...store, facts: pretendFacts(told) }, end };
}
