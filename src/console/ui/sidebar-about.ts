/** What a panel stands beside. Types only. */

/** The ticket that is open. Null ids: not saved yet, or no organization; `requester` is an address in lower case. */
export interface AboutTicket {
  readonly kind: "ticket";
  readonly ticketId: string | null;
  readonly organizationId: string | null;
  readonly requester: string | null;
}

/** What the help desk shows beside the panel. */
export type About = AboutTicket | { readonly kind: "organization"; readonly organizationId: string | null };
