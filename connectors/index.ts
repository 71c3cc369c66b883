/** Every product we can talk to. A new one is a new folder and one line here. */
import * as hubspot from "./hubspot/index.ts";
import * as zendesk from "./zendesk/index.ts";

export const connectors = { zendesk, hubspot } as const;
