/** Messages to people outside the product: a chat, a mailbox. Types only. */

/** One thing people should know about. */
export interface Notice {
  /** The same thing has the same key; whoever sends remembers which keys were sent. */
  readonly key: string;
  readonly title: string;
  /** Plain text, one statement each. */
  readonly lines: readonly string[];
  readonly severity: "info" | "warning" | "critical";
  /** Where to look at it; null = nowhere. */
  readonly link: string | null;
  /** Other places to look, with what stands there; absent = none. */
  readonly also?: readonly { readonly label: string; readonly url: string }[];
  /** Keys of the single things that a list holds, so that none stands in the next one; absent = it is about one thing. */
  readonly covers?: readonly string[];
}

export interface Notifier {
  readonly name: string;
  /** Would a message arrive? Sends nothing that people see. @throws Paused or NeedsAdmin with a fix. */
  test(): Promise<void>;
  /**
   * Sends the notice once; the same notice twice is sent twice.
   * @throws Paused the service asks to wait. @throws NeedsAdmin the address is not valid any more. @throws TryAgain
   */
  notify(notice: Notice): Promise<void>;
}

/** Whom a messenger tells. */
export interface Addressee {
  /** E-mail address of a person, or name of a channel. */
  readonly address: string;
  /** Slack member id; null = looked up by the address. */
  readonly slackId: string | null;
}

/**
 * Tells one person, or one channel. `told`: it arrived. `unknown`: it left, and nobody can say whether it arrived, because
 * the answer never came.
 */
export interface Messenger {
  readonly name: string;
  /** Would a message arrive? Sends nothing that people see. @throws Paused or NeedsAdmin with a fix. */
  test(): Promise<void>;
  /**
   * Sends the notice once; it never repeats by itself. What it throws means that nothing arrived.
   * @throws Paused, TryAgain worth another try. @throws NeedsAdmin not until a person has changed something.
   */
  tell(to: Addressee, notice: Notice): Promise<"told" | "unknown">;
}
