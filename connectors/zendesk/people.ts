/** People of the account: the agent behind an address, the organizations a customer belongs to. */
import type { Lane } from "../../src/ports.ts";
import type { ZendeskClient } from "./client.ts";
import { fold } from "./describe.ts";
import { listOf, membershipSchema, readEach, userSchema } from "./schemas.ts";

/** The search also finds parts of addresses and names, so only an exactly equal address of active staff counts. */
export async function agentByEmail(
  client: ZendeskClient,
  email: string,
): Promise<{ readonly id: string } | null> {
  const wanted = fold(email);
  // What is no plain address could be read as a search expression.
  if (!/^[^\s@"]+@[^\s@":]+$/.test(wanted)) return null;
  const answer = await client.call({
    endpoint: "searchUsers",
    query: { query: wanted, per_page: "100" },
    lane: "live",
    doing: "looking for an agent by e-mail",
  });
  const users = readEach(userSchema, listOf(answer?.body, "users"), "user", client.report);
  const agent = users.find(
    (user) =>
      fold(user.email ?? "") === wanted &&
      (user.role === "agent" || user.role === "admin") &&
      user.active &&
      !user.suspended,
  );
  return agent === undefined ? null : { id: agent.id };
}

/** Ids of a person's organizations, the default one first. One page holds the hundred first, more nobody has. */
export async function organizationsOf(
  client: ZendeskClient,
  userId: string,
  lane: Lane,
): Promise<readonly string[]> {
  const answer = await client.call({
    endpoint: "listMemberships",
    ids: [userId],
    query: { "page[size]": "100" },
    lane,
    doing: `reading the organizations of user ${userId}`,
    absent: [404],
  });
  const rows = readEach(
    membershipSchema,
    listOf(answer?.body, "organization_memberships"),
    "organization membership",
    client.report,
  );
  return rows
    .toSorted((a, b) => Number(b.default) - Number(a.default))
    .map((membership) => membership.organization_id);
}
