/** What our own app inside Zendesk needs: the key its tokens are signed with, who somebody is, a macro by its title. */
import type { DeskApps, DeskPerson } from "../../src/ports.ts";
import { type ClientOptions, openClient, type ZendeskClient } from "./client.ts";
import { listOf, recordOf, userSchema } from "./schemas.ts";

/** Reads for the app of the account behind `options.url`. Nothing is sent until a method is called. */
export function openApps(options: ClientOptions): DeskApps & Pick<ZendeskClient, "calls"> {
  const client = openClient(options);
  return {
    origin: options.url.replace(/\/+$/, ""),
    appKey: (appId) => appKey(client, appId),
    person: (userId) => person(client, userId),
    macroTitled: (title) => macroTitled(client, title),
    calls: client.calls,
  };
}

/**
 * RS256 public key of an app (developer.zendesk.com, "Using signed URLs", read 2026-11-22 through apps that verify
 * with it).
 */
async function appKey(client: ZendeskClient, appId: string): Promise<string | null> {
  const answer = await client.call({
    endpoint: "showAppKey",
    ids: [appId],
    lane: "live",
    doing: `reading the public key of app ${appId}`,
    absent: [404],
  });
  return typeof answer?.body === "string" ? answer.body : null;
}

async function person(client: ZendeskClient, userId: string): Promise<DeskPerson | null> {
  const answer = await client.call({
    endpoint: "showUser",
    ids: [userId],
    lane: "live",
    doing: `reading user ${userId}`,
    absent: [404],
  });
  const read = userSchema.safeParse(recordOf(answer?.body)?.user);
  if (!read.success) return null;
  const { id, email, role, active, suspended } = read.data;
  return { id, email, role: role ?? "", active: active && !suspended };
}

/** Titles are compared as they stand; a list longer than a hundred pages of macros is nobody's. */
async function macroTitled(client: ZendeskClient, title: string): Promise<string | null> {
  const pages = client.pages({
    endpoint: "listMacros",
    query: { "page[size]": "100", active: "true" },
    lane: "live",
    doing: "looking for a macro",
  });
  for await (const page of pages)
    for (const entry of listOf(page, "macros")) {
      const macro = recordOf(entry);
      if (macro?.title === title && macro.active !== false && macro.id !== undefined) return String(macro.id);
    }
  return null;
}
