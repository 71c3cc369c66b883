/** Tickets that somebody waits for until their SLA was read back. */

export interface Awaited {
  /** Resolves when the ticket was read back from now on. @throws Error after half a minute of real time. */
  readonly wait: (ticketId: string) => Promise<void>;
  /** A ticket was read back. */
  readonly verified: (ticketId: string) => void;
}

const PATIENCE_MS = 30_000;

/** A list of those who wait. */
export function awaitedTickets(): Awaited {
  const waiting = new Map<string, () => void>();
  return {
    wait: (ticketId) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(
              new Error(
                `ticket ${ticketId} was not settled within half a minute; see the log (LOG_LEVEL=debug)`,
              ),
            ),
          PATIENCE_MS,
        );
        waiting.set(ticketId, () => {
          clearTimeout(timer);
          waiting.delete(ticketId);
          resolve();
        });
      }),
    verified: (ticketId) => waiting.get(ticketId)?.(),
  };
}
