/** Messages to people outside the product: a chat channel. Types only. */

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
