/** Webhooks in: what a request turned out to be, and the durable queue it goes to. Types only. */
import type { Instant, TicketEvent } from "../policy/model.ts";
import type { Lane } from "./pace.ts";

/** What a signed request turned out to be. `refused` → 401, `malformed` → 400, `ignored` → 200, counted. */
export type WebhookReading =
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "malformed"; readonly why: string }
  | { readonly kind: "ignored"; readonly why: string }
  | { readonly kind: "delivery"; readonly delivery: NewDelivery };

/** A raw request as it came in: verification works on these exact bytes. Header names are lower-case. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a delivery tells us before anything is read. Only a hint when `flagged`. */
export interface TicketHint {
  readonly event: TicketEvent;
  /** The desk's own words for the event, for the ledger. */
  readonly eventType: string;
  /** `updated_at` of the payload, as sent; null = not sent. */
  readonly updatedAt: string | null;
  readonly organizationId: string | null;
  readonly actorId: string | null;
}

/** The lane of a delivery: fixed, or `top` when this organization's customer has the tier `topTier`, else `live`. */
export type LaneChoice = Lane | { readonly organizationId: string; readonly topTier: string };

/** A verified webhook that concerns one ticket, or some CRM accounts. */
export interface NewDelivery {
  readonly source: string;
  readonly kind: "ticket" | "accounts";
  /** Ticket id, or "" for a batch of account hints. */
  readonly subjectId: string;
  /** Each is unique within the source for 30 days; null = the sender gave none. */
  readonly keys: {
    readonly event: string | null;
    readonly invocation: string | null;
    readonly bytes: string;
    /** When it was made, by the signed bytes alone: the same bytes say the same. Left out or null = they do not say. */
    readonly madeAt?: Instant | null;
  };
  readonly hint: TicketHint | null;
  /** CRM record ids that may have changed. */
  readonly accountIds: readonly string[];
  /** Genuine signature, timestamp off by more than 5 minutes: never use the payload, only read again. */
  readonly flagged: boolean;
  readonly body: Uint8Array;
}

/** A stored delivery. */
export interface Delivery extends Omit<NewDelivery, "body" | "keys"> {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly attempts: number;
  /** Why it was put off last, or ended; null = neither yet. */
  readonly reason: string | null;
}

/** One subject (ticket) with all its pending deliveries, ours until the lease ends. */
export interface Claim {
  readonly kind: "ticket" | "accounts";
  readonly subjectId: string;
  readonly source: string;
  readonly owner: string;
  /** That of its most urgent delivery: how urgent the calls for it are. */
  readonly lane: Lane;
  readonly deliveries: readonly Delivery[];
}

/** How a delivery ended. */
export type DeliveryOutcome =
  | { readonly state: "done"; readonly result: "written" | "left" | "simulated"; readonly reason: string }
  | {
      readonly state: "retry";
      readonly afterMs: number;
      readonly countsAsAttempt: boolean;
      readonly reason: string;
      /** true = from now on this ticket is not taken together with others. */
      readonly apart?: boolean;
    }
  | { readonly state: "parked"; readonly reason: string; readonly fix: string };

/**
 * Which part of the work a claim takes. `together` = tickets below the top lane that may go in a batch, `apart` = all
 * else: the top lane, tickets that must go one by one, account hints. `prompt` = everything but backfill.
 */
export type ClaimShare = "all" | "prompt" | "together" | "apart";

/** The durable queue of webhooks. */
export interface Inbox {
  /**
   * Stores a delivery; resolves only after it is on disk. `repeat` = one of its keys was stored before.
   * @param delayMs no worker takes it before this much time has passed, by the database's clock.
   * @throws StoreUnavailable nothing was stored; the sender should try again.
   */
  accept(delivery: NewDelivery, lane: LaneChoice, delayMs: number): Promise<"stored" | "repeat">;
  /** Takes up to `limit` subjects with all their pending deliveries; one owner per subject at a time. */
  claim(owner: string, leaseMs: number, limit: number, share?: ClaimShare): Promise<readonly Claim[]>;
  /**
   * Takes one ticket without any delivery, so that no worker writes it meanwhile; what comes in for it waits. Ended like
   * any claim. null = somebody has it at present.
   */
  take(source: string, ticketId: string, owner: string, leaseMs: number): Promise<Claim | null>;
  /** How many tickets a claim of `together` could take within so many ms, 0 = now; counts no further than `upTo`. */
  dueTogether(upTo: number, withinMs?: number): Promise<number>;
  /** Extends the lease. false = it was lost meanwhile: stop, write nothing. */
  renew(claim: Claim, leaseMs: number): Promise<boolean>;
  /** Ends or postpones a claim without a ledger line. false = the lease was lost, nothing changed. */
  release(claim: Claim, outcome: DeliveryOutcome): Promise<boolean>;
  /**
   * Those of these tickets that nothing is known of: no decision is kept about them, and none of their deliveries from
   * `source` waits or is parked.
   */
  unheardOf(source: string, ticketIds: readonly string[]): Promise<readonly string[]>;
  /** What waits and what failed. Ages in ms. */
  backlog(): Promise<{
    readonly pending: number;
    readonly parked: number;
    readonly oldestPendingMs: number | null;
  }>;
  /** Deliveries that a person must look at, newest first. */
  parked(limit: number): Promise<readonly ParkedDelivery[]>;
  /** Puts parked deliveries back to work; null = all. Answers how many. */
  replay(id: string | null): Promise<number>;
  /** Removes settled bodies older than `bodiesBefore` and keys older than `keysBefore`. Unfinished work is never touched. */
  prune(bodiesBefore: Instant, keysBefore: Instant): Promise<void>;
}

export interface ParkedDelivery extends Delivery {
  readonly reason: string;
  readonly fix: string;
}
