/** A process that stores webhooks until it is killed, and prints the key of each one that was acknowledged. */
import { writeSync } from "node:fs";
import { openStore } from "../../src/store/open.ts";

const STDOUT = 1;
const IN_FLIGHT = 20;
const [url = ""] = process.argv.slice(2);
const store = await openStore(url, { warn: () => undefined });
let next = 0;

async function acceptForever(): Promise<never> {
  for (;;) {
    const key = String(next++);
    await store.inbox.accept(
      {
        source: "zendesk",
        kind: "ticket",
        subjectId: key,
        keys: { event: `event ${key}`, invocation: `invocation ${key}`, bytes: `bytes ${key}` },
        hint: null,
        accountIds: [],
        flagged: false,
        body: Buffer.from("{}"),
      },
      "live",
      0,
    );
    writeSync(STDOUT, `${key}\n`);
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, acceptForever));
