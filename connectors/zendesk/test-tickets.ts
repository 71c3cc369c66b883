/** A ticket made for a test, as if a customer had sent it in, and taken out of the way again. */
import { TryAgain } from "../../src/errors.ts";
import type { TestTickets } from "../../src/ports.ts";
import type { ZendeskClient } from "./client.ts";
import { idOf, numeric, recordOf } from "./schemas.ts";

/**
 * Test tickets of the account. Neither call is ever repeated by itself: creating a ticket twice would make two.
 *
 * The submitter is named as the requester, for "the submitter always becomes the author of the first comment" (Tickets
 * API, remembered, not verified): a ticket opened by an agent has no first-reply clock.
 */
export function testTickets(client: ZendeskClient): TestTickets {
  return {
    open: async ({ requester, subject, body, tags }) => {
      const requesterId = await userFor(client, requester);
      const person = numeric(requesterId);
      const ticket = { subject, comment: { body }, requester_id: person, submitter_id: person, tags };
      const doing = "making a test ticket";
      const answer = await client.call({ endpoint: "createTicket", json: { ticket }, lane: "live", doing });
      return { id: created(answer?.body, "ticket", doing), requesterId };
    },
    solve: async (id) => {
      const answer = await client.call({
        endpoint: "updateTicket",
        ids: [id],
        json: { ticket: { status: "solved" } },
        lane: "live",
        doing: `solving the test ticket ${id}`,
        absent: [404],
      });
      return answer !== null;
    },
  };
}

/** No mail is sent to them. */
async function userFor(
  client: ZendeskClient,
  { name, email }: { readonly name: string; readonly email: string },
): Promise<string> {
  const doing = "finding the requester of the test ticket";
  const user = { name, email, role: "end-user", skip_verify_email: true };
  const answer = await client.call({ endpoint: "createOrUpdateUser", json: { user }, lane: "live", doing });
  return created(answer?.body, "user", doing);
}

function created(body: unknown, key: string, doing: string): string {
  const id = idOf(recordOf(recordOf(body)?.[key])?.id);
  if (id !== null) return id;
  throw new TryAgain(`Zendesk's answer holds no id while ${doing}`);
}
