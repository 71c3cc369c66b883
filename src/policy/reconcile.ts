/** What the help desk's customer record should show, and what to write so that it does. */
import Big from "big.js";
import type { Account, Instant, Organization, OrganizationChange, Policy, TierVerdict } from "./model.ts";

/** An account with its tier. */
export interface Shown {
  readonly accountId: string;
  readonly account: Account;
  readonly verdict: Pick<TierVerdict, "tier" | "basis">;
}

/** ARR in the base currency, rounded half-up to cents; null where the currency has no rate. */
function arrText(account: Account, policy: Policy): string | null {
  const { arr } = account;
  const { rates } = policy.currency;
  const rate =
    arr?.currency !== null && arr?.currency !== undefined && Object.hasOwn(rates, arr.currency)
      ? rates[arr.currency]
      : undefined;
  if (arr === null || rate === undefined) return null;
  return new Big(arr.amount).times(rate).round(2, Big.roundHalfUp).toFixed();
}

/**
 * Our fields of the organization, keyed as in the help desk: tier (the drop-down's option tag), basis, TAM, renewal
 * date, account, and ARR only where the policy copies it. null = empty.
 */
export function desiredFields(input: Shown, policy: Policy): OrganizationChange {
  const { account, accountId, verdict } = input;
  const { prefix } = policy;
  const fields = {
    [`${prefix}tier`]: `${prefix}tier_${verdict.tier}`,
    [`${prefix}basis`]: verdict.basis,
    [`${prefix}tam`]: account.tam?.active === true ? account.tam.agent : null,
    [`${prefix}renewal`]: account.contractEnd,
    [`${prefix}account`]: accountId,
  };
  return policy.desk.writeArr ? { ...fields, [`${prefix}arr`]: arrText(account, policy) } : fields;
}

function stated(value: string | null | undefined): string | null {
  const text = value === null || value === undefined ? "" : String(value).trim();
  return text === "" ? null : text;
}

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Whether two values mean the same: the desk answers dates as midnight moments, decimals with any number of zeros. */
function sameMeaning(key: string, prefix: string, wanted: string | null, found: string | null): boolean {
  if (wanted === null || found === null) return wanted === found;
  if (key === `${prefix}renewal`) return wanted.slice(0, 10) === found.slice(0, 10);
  if (key === `${prefix}arr` && NUMBER.test(wanted) && NUMBER.test(found)) return new Big(wanted).eq(found);
  return wanted === found;
}

/**
 * What to write on the organization, or null when it shows all of it already.
 *
 * Only the fields that differ, with `<prefix>changed_at` beside them; that one is never compared, so running again at
 * once writes nothing.
 */
export function reconcile(
  desired: OrganizationChange,
  organization: Organization,
  at: Instant,
  policy: Policy,
): OrganizationChange | null {
  const changedAt = `${policy.prefix}changed_at`;
  const different = Object.entries(desired).filter(
    ([key, wanted]) =>
      key !== changedAt && !sameMeaning(key, policy.prefix, stated(wanted), stated(organization.fields[key])),
  );
  if (different.length === 0) return null;
  return { ...Object.fromEntries(different), [changedAt]: new Date(at).toISOString() };
}
