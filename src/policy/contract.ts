/** How a customer's contract stands on a day. */
import { addDays, earlierDate } from "./dates.ts";
import type { Account, CalendarDate, Policy } from "./model.ts";

/** Where a contract is in its life. `grace` = it ended, and we still serve. */
export type ContractState = "not_started" | "active" | "grace" | "lapsed";

/** A contract on one day. */
export interface Contract {
  readonly state: ContractState;
  /** Last day, as far as it can be believed; null = none stated. */
  readonly end: CalendarDate | null;
  /** The stated dates contradict each other and were set aside. */
  readonly datesInvalid: boolean;
}

/** Whether a contract state still carries plan, ARR and add-ons. */
export function isLive(state: ContractState): boolean {
  return state === "active" || state === "grace";
}

/** An account's contract on a local day. A company that is gone from the CRM ended at the latest on that day. */
export function contractOf(account: Account, today: CalendarDate, policy: Policy): Contract {
  const { contractStart, contractEnd, goneOn } = account;
  const datesInvalid = contractStart !== null && contractEnd !== null && contractStart > contractEnd;
  const start = datesInvalid ? null : contractStart;
  const end = earlierDate(datesInvalid ? null : contractEnd, goneOn);
  return { state: stateOn(account, today, start, end, policy), end, datesInvalid };
}

/** Days of service after an end date: none for the cancelled, more while a renewal is being talked about. */
export function graceDays(account: Account, usual: number, policy: Policy): number {
  if (account.status === "cancelled" && !policy.contract.cancelledGrace) return 0;
  return account.renewalInProgress ? policy.contract.lapseGraceDaysIfRenewalOpen : usual;
}

function stateOn(
  account: Account,
  today: CalendarDate,
  start: CalendarDate | null,
  end: CalendarDate | null,
  policy: Policy,
): ContractState {
  if (start !== null && today < start) return "not_started";
  const cancelled = account.status === "cancelled";
  if (cancelled && (end === null || !policy.contract.cancelledUntilEnd)) return "lapsed";
  if (end === null || today <= end) return "active";
  const grace = graceDays(account, policy.contract.lapseGraceDays, policy);
  return today <= addDays(end, grace) ? "grace" : "lapsed";
}
