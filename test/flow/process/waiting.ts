/** Waiting for something to become true, and a free place to listen. */
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** Polls until `look` says yes. @throws Error when it takes longer than `mostMs`. */
export async function until(
  what: string,
  mostMs: number,
  look: () => Promise<boolean>,
  everyMs = 50,
): Promise<void> {
  for (const end = performance.now() + mostMs; performance.now() < end; ) {
    if (await look()) return;
    await pause(everyMs);
  }
  throw new Error(`waited ${mostMs} ms for ${what}`);
}

/** A port of the loopback address that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
