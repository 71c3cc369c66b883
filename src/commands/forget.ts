/** `forget --organization ID`: removes what is stored about a customer. */
import { randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import type { Customer, Store, StoredCounts } from "../ports.ts";
import { onStore } from "./on-store.ts";
import { complain, EXIT, say, sayJson } from "./terminal.ts";

export interface ForgetOptions {
  readonly organization: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Shows what would go and exits 2 unless `yes`; then removes it. Exit 1 when nothing is stored. */
export function forgetCommand(options: ForgetOptions): Promise<number> {
  return onStore(async (store) => {
    const customer = await customerOf(store, options.organization);
    const counts = await store.forgetting.count(customer);
    if (total(counts) === 0) {
      complain(
        `Nothing is stored about organization ${options.organization}.\nfix: Check the id; it is the number in the organization's address in Zendesk.`,
      );
      return EXIT.problems;
    }
    if (options.yes !== true) {
      tell("would be removed", customer, counts, false, options);
      complain(`Nothing was removed.\nfix: Add --yes to remove it; there is no way back but a backup.`);
      return EXIT.usage;
    }
    const removed = await forgetNow(store, customer);
    tell("removed", customer, removed, true, options);
    return EXIT.fine;
  });
}

async function customerOf(store: Store, organizationId: string): Promise<Customer> {
  const owner = await store.organizations.accountOf([organizationId]);
  return { organizationId, accountId: owner.get(organizationId) ?? null };
}

/** That something was forgotten stays on record, whom it was about does not. */
async function forgetNow(store: Store, customer: Customer): Promise<StoredCounts> {
  const startedAt = systemClock.now();
  const removed = await store.forgetting.forget(customer);
  const id = randomUUID();
  await store.runs.start({ id, kind: "forget", startedAt, endedAt: null, counts: {}, error: null });
  await store.runs.end(id, systemClock.now(), removed, null);
  return removed;
}

function total(counts: StoredCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function tell(
  what: string,
  customer: Customer,
  counts: StoredCounts,
  done: boolean,
  options: ForgetOptions,
): void {
  if (options.json === true) {
    sayJson({ ...customer, forgotten: done, counts });
    return;
  }
  say(`Organization ${customer.organizationId}, account ${customer.accountId ?? "none"}; ${what}:`);
  for (const [name, count] of Object.entries(counts)) if (count > 0) say(`  ${name}: ${count}`);
  if (done)
    say(
      "While the company is in the CRM, the next full sync reads it again: remove it there, or take it out of what the CRM shows us. Backups and logs are not touched.",
    );
}
