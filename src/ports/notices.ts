/** What people were told, and what waits to be told to them. Types only. */
import type { Instant } from "../policy/model.ts";
import type { Notice } from "./notifier.ts";

/** What a message is about. `clock`: an SLA clock; `review`: a business review that is due; `trouble`: the service itself. */
export type NoticeKind =
  | "clock"
  | "health"
  | "capacity"
  | "differentiation"
  | "entitlement"
  | "digest"
  | "review"
  | "trouble";

/** How it goes: the Slack bot to a person or channel, a mailbox, or the one channel of the incoming webhook. */
export type Way = "slack" | "email" | "webhook";

/**
 * `waiting`: to be sent, or sent again. `sending`: leaving now. `told`. `unknown`: it left, and nobody can say whether it
 * arrived; it is not sent again. `parked`: given up, with the reason. `lapsed`: no longer worth sending. `simulated`: would
 * have been sent.
 */
export type NoticeState = "waiting" | "sending" | "told" | "unknown" | "parked" | "lapsed" | "simulated";

/** One message to one addressee, to be recorded. */
export interface NewMessage {
  readonly kind: NoticeKind;
  /** Its key and the addressee together are what is told once. */
  readonly notice: Notice;
  /** E-mail address, or name of a channel. */
  readonly addressee: string;
  readonly way: Way;
  readonly ticketId: string | null;
  readonly accountId: string | null;
  readonly state: "waiting" | "simulated";
  readonly recordedAt: Instant;
  /** Not worth sending from then on; null = always. */
  readonly goodUntil: Instant | null;
}

/** One message as it stands. */
export interface Message extends Omit<NewMessage, "state"> {
  readonly state: NoticeState;
  /** Times it was taken to be sent. */
  readonly attempts: number;
  /** Not sent before. */
  readonly nextAt: Instant;
  /** Why it stands as it does, in one sentence; "" = nothing to say. */
  readonly reason: string;
  /** When it was told or given up; null = not yet. */
  readonly endedAt: Instant | null;
}

/** What became of an attempt. */
export type MessageOutcome =
  | {
      readonly state: "told" | "unknown" | "parked" | "lapsed";
      readonly reason: string;
      readonly at: Instant;
    }
  | {
      readonly state: "waiting";
      readonly reason: string;
      readonly nextAt: Instant;
      /** Another way is tried from now on, with attempts of its own. */
      readonly way: Way;
      readonly anew: boolean;
    };

/** Recorded before it is sent; one row per key and addressee, whatever instance says it. */
export interface Notices {
  /** Adds what is new; what stands there already stays as it is. Answers how many were added. */
  record(messages: readonly NewMessage[]): Promise<number>;
  /**
   * Takes messages that are due at `at`, oldest first: nobody else gets them. Before that, messages whose sender went away
   * in the middle (its lease ended, by the database's clock) become `unknown`.
   */
  take(owner: string, leaseMs: number, at: Instant, limit: number): Promise<readonly Message[]>;
  /** Ends an attempt. false = it is not this owner's any more, and nothing changed. */
  settle(message: Message, owner: string, outcome: MessageOutcome): Promise<boolean>;
  /** Puts parked messages back, to be tried once more now; answers how many. */
  retry(at: Instant): Promise<number>;
  /** Those of these keys under which something is recorded, for whomever and in whatever state. */
  known(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** What messages of a kind that were recorded since then cover (`Notice.covers`). */
  covered(kind: NoticeKind, since: Instant): Promise<ReadonlySet<string>>;
  /** Newest first; null = any state. */
  list(query: {
    readonly state: NoticeState | null;
    readonly before: Instant | null;
    readonly limit: number;
  }): Promise<readonly Message[]>;
  counts(): Promise<Readonly<Record<NoticeState, number>>>;
  /** Removes what ended before `before`. */
  prune(before: Instant): Promise<void>;
}
