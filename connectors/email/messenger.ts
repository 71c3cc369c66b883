/** A mail server as the way to tell people. */
import type { Messenger } from "../../src/ports.ts";
import { type EmailOptions, hand, knock } from "./client.ts";
import { mailOf } from "./schemas.ts";

/** A connection to a mail server; nothing is called before the first message. */
export function openEmail(options: EmailOptions): Messenger {
  return {
    name: "e-mail",
    test: () => knock(options),
    tell: ({ address }, notice) => hand(options, address, mailOf(notice, address, options.from())),
  };
}
