/** Business reviews that are due this quarter, for the account managers who hold them. */
import type { Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import type { Morning } from "./calendar.ts";
import { leadsOf } from "./clocks.ts";
import { listTelling } from "./lists.ts";
import type { Telling } from "./tell.ts";

/** How often the policy has a review → the quarters in which one is due. */
const QUARTERS: Readonly<Record<string, readonly Morning["quarter"][]>> = {
  quarterly: [1, 2, 3, 4],
  half_yearly: [1, 3],
  yearly: [1],
};
/** Customers of a tier that are looked at; with more than this many nobody sits down with each. */
const HOLDERS = 2_000;

/** One list for each manager, or tier lead where a customer has none. `name` = the quarter, `2026-Q3`. */
export async function reviewTellings(
  store: Pick<Store, "console" | "accounts" | "notices">,
  policy: Policy,
  publicUrl: string | null,
  name: string,
  quarter: Morning["quarter"],
): Promise<readonly Telling[]> {
  const due = new Map<string, string[]>();
  for (const tier of policy.tiers) {
    if (QUARTERS[tier.entitlements.qbr]?.includes(quarter) !== true) continue;
    const query = { text: null, tier: tier.id, basis: null, after: null, limit: HOLDERS };
    const accounts = await store.accounts.many(await store.console.lists.accountIds(query));
    for (const { account } of accounts.values()) {
      if (account.goneOn !== null) continue;
      const manager = account.tam?.agent ?? "";
      const line = `${account.name ?? account.id} (${tier.name}): \`document qbr --account ${account.id}\``;
      for (const email of manager.includes("@") ? [manager.toLowerCase()] : leadsOf(tier.id, policy))
        due.set(email, [...(due.get(email) ?? []), line]);
    }
  }
  const tellings = [...due].map(([email, lines]) => {
    const notice = {
      key: `review:${name}:${email}`,
      title: `Business reviews due in ${name}: ${lines.length}`,
      lines,
      severity: "info" as const,
    };
    return listTelling("review", [email], notice, publicUrl, "/customers");
  });
  const known = await store.notices.known(tellings.map(({ notice }) => notice.key));
  return tellings.filter(({ notice }) => !known.has(notice.key));
}
