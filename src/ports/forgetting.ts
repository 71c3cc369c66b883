/** What is stored about one customer, and how it goes. Types only. */

/** Whose data: the organization of the help desk and, where it is linked, the account. */
export interface Customer {
  readonly organizationId: string;
  readonly accountId: string | null;
}

/** Rows by what they are: `{ decisions: 12, accounts: 1 }`. */
export type StoredCounts = Readonly<Record<string, number>>;

export interface Forgetting {
  /** What is stored about a customer. */
  count(customer: Customer): Promise<StoredCounts>;
  /**
   * Removes it, all or nothing; answers what was removed. Deliveries that still wait are unfinished work: they lose their
   * bodies and are settled as if the customer were new.
   */
  forget(customer: Customer): Promise<StoredCounts>;
}
