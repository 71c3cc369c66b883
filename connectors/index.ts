/** Every product we can talk to. A new one is a new folder and one line here. */
import * as csv from "./csv/index.ts";
import * as email from "./email/index.ts";
import * as hubspot from "./hubspot/index.ts";
import * as oidc from "./oidc/index.ts";
import * as slack from "./slack/index.ts";
import * as sql from "./sql/index.ts";
import * as zendesk from "./zendesk/index.ts";

export const connectors = { zendesk, hubspot, csv, sql, slack, email, oidc } as const;
