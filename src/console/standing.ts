/** What is known of a customer without any ticket: tier, why, what to be careful about, who looks after it. */
import type { z } from "zod";
import type { Account, ApplyDecision, Basis, Policy, TierId, TierVerdict } from "../policy/model.ts";
import { bareFlag } from "../policy/words.ts";
import type { Store } from "../ports.ts";
import { verdictNow } from "./customer-story.ts";
import type { ticketSidebar } from "./schemas-sidebar.ts";
import { flagShown, reasonShown } from "./shown.ts";

type Shown = z.input<typeof ticketSidebar>;

/** What is known of a customer without any ticket. */
export interface Standing {
  readonly account: Account | null;
  readonly tier: TierId;
  readonly basis: Basis | null;
  readonly reasons: readonly string[];
  readonly flags: readonly string[];
  readonly verdict: TierVerdict | null;
}

/** The account an organization is linked to; null = none, or no organization was told. */
export async function accountBehind(store: Store, organizationId: string | null): Promise<string | null> {
  if (organizationId === null) return null;
  return (await store.organizations.accountOf([organizationId])).get(organizationId) ?? null;
}

/** What the rules say of an account at this moment; null = nobody is known. */
export async function standingOf(
  store: Store,
  policy: Policy,
  accountId: string | null,
  now: number,
): Promise<Standing> {
  const stored = accountId === null ? null : await store.accounts.get(accountId);
  if (accountId === null || stored === null)
    return {
      account: null,
      tier: policy.matching.unmatched.tier,
      basis: null,
      reasons: ["account_unmatched"],
      flags: ["unmatched"],
      verdict: null,
    };
  const verdict = await verdictNow(store, policy, accountId, now);
  const { tier, basis, reasons, flags } = verdict;
  return { account: stored.account, tier, basis, reasons, flags, verdict };
}

/** The ticket's own flags first; what has become true of the customer since is told as well. */
export function warningsOf(
  applied: ApplyDecision | null,
  { flags, account }: Standing,
  policy: Policy,
): Shown["warnings"] {
  const tierTag = `${policy.prefix}tier_`;
  const tags = (applied?.tagsAdd ?? []).filter((tag) => !tag.startsWith(tierTag));
  const bare = tags.map((tag) => bareFlag(tag, policy));
  const codes = [...new Set([...bare, ...(account === null && applied !== null ? [] : flags)])];
  const late =
    account?.status === "past_due"
      ? [{ ...reasonShown("status_flag:past_due", policy), code: "past_due" }]
      : [];
  return [...codes.map((code) => flagShown(code, policy)), ...late];
}

/** Who looks after the customer, and who may ask. */
export function peopleOf({ account, verdict }: Standing, tier: TierId, policy: Policy): Shown["people"] {
  const tam = account?.tam?.active === true ? account.tam : (verdict?.inheritedTam ?? null);
  const entitled = policy.tiers.find((one) => one.id === tier)?.entitlements;
  return {
    tam: tam?.agent ?? null,
    slackChannel: entitled?.slackChannel ?? false,
    slackUrl: account?.slackChannel ?? null,
    contacts: [...(account?.contacts ?? [])],
  };
}
