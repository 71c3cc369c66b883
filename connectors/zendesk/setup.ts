/** How the account is set up around us: fields, SLA policies, webhooks, triggers, the clock. Read only, for `check`. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import type { DeskInvocation, DeskPulse, DeskSetup, DeskTrigger } from "../../src/ports.ts";
import type { Call, ZendeskClient } from "./client.ts";
import { NOT_IN_PLAN } from "./describe.ts";
import { listOf, readEach, recordOf } from "./schemas.ts";
import {
  categorySchema,
  fieldSchema,
  invocationSchema,
  slaSchema,
  triggerSchema,
  webhookSchema,
} from "./setup-schemas.ts";

/** Everything `check` looks at, six lists. null = not in the plan, or not for this user's role. */
export async function inspect(client: ZendeskClient): Promise<DeskSetup> {
  const list = <S extends z.ZodType>(
    endpoint: Call["endpoint"],
    key: string,
    schema: S,
  ): Promise<readonly z.output<S>[] | null> => listed(client, endpoint, key, schema);
  const triggers = await list("listTriggers", "triggers", triggerSchema);
  const categories = triggers?.some(({ category }) => category !== "")
    ? await list("listTriggerCategories", "trigger_categories", categorySchema)
    : null;
  return {
    organizationFields: (await list("listOrganizationFields", "organization_fields", fieldSchema)) ?? [],
    ticketFields: (await list("listTicketFields", "ticket_fields", fieldSchema)) ?? [],
    userFields: await list("listUserFields", "user_fields", fieldSchema),
    slaPolicies: await slaPolicies(client),
    webhooks: await list("listWebhooks", "webhooks", webhookSchema),
    triggers: triggers === null ? null : asTheyRun(triggers, categories ?? []),
  };
}

/**
 * Triggers in the order they run, numbered through: a trigger's own position counts within its category only. Those in no
 * category come last (assumed).
 */
function asTheyRun(
  triggers: readonly z.output<typeof triggerSchema>[],
  categories: readonly z.output<typeof categorySchema>[],
): readonly DeskTrigger[] {
  const order = categories.toSorted((a, b) => a.position - b.position).map(({ id }) => id);
  const place = (category: string): number => {
    const found = order.indexOf(category);
    return found < 0 ? order.length : found;
  };
  const sorted = triggers.toSorted(
    (a, b) => place(a.category) - place(b.category) || a.position - b.position,
  );
  return sorted.map(({ category: _within, ...trigger }, position) =>
    order.length === 0 ? trigger : { ...trigger, position },
  );
}

/** SLA policies in the order they are tried. null = not in the plan, or not for this user's role. */
export async function slaPolicies(client: ZendeskClient): Promise<DeskSetup["slaPolicies"]> {
  const found = await listed(client, "listSlaPolicies", "sla_policies", slaSchema);
  return found?.toSorted((a, b) => a.position - b.position) ?? null;
}

async function listed<S extends z.ZodType>(
  client: ZendeskClient,
  endpoint: Call["endpoint"],
  key: string,
  schema: S,
): Promise<readonly z.output<S>[] | null> {
  const call: Call = {
    endpoint,
    // SLA policies come all at once; the list takes no page size.
    ...(endpoint === "listSlaPolicies" ? {} : { query: { "page[size]": "100" } }),
    lane: "backfill",
    doing: `listing ${key.replaceAll("_", " ")}`,
    absent: NOT_IN_PLAN,
  };
  let rows: z.output<S>[] | null = null;
  for await (const body of client.pages(call))
    rows = [...(rows ?? []), ...readEach(schema, listOf(body, key), key.replace(/s$/, ""), client.report)];
  return rows;
}

/** The last hundred calls of a webhook, newest first; empty = none, or not for us to read. */
export async function invocationsOf(
  client: ZendeskClient,
  webhookId: string,
): Promise<readonly DeskInvocation[]> {
  const answer = await client.call({
    endpoint: "listInvocations",
    ids: [webhookId],
    query: { "page[size]": "100" },
    lane: "backfill",
    doing: "reading the calls of a webhook",
    absent: NOT_IN_PLAN,
  });
  const rows = readEach(invocationSchema, listOf(answer?.body, "invocations"), "webhook call", client.report);
  return rows.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

/** Is the webhook's signing secret one of ours? It is compared here and handed to nobody. */
export async function signsWith(
  client: ZendeskClient,
  webhookId: string,
  secrets: readonly string[],
): Promise<boolean | null> {
  const answer = await client.call({
    endpoint: "showSigningSecret",
    ids: [webhookId],
    lane: "backfill",
    doing: "comparing the signing secret of a webhook",
    absent: NOT_IN_PLAN,
  });
  const secret = recordOf(recordOf(answer?.body)?.signing_secret)?.secret;
  if (typeof secret !== "string" || secret === "") return null;
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return secrets.some((ours) => timingSafeEqual(digest(ours), digest(secret)));
}

/** One small call: what time is it in Zendesk, and what is left of the limits? */
export async function pulse(client: ZendeskClient, now: () => number): Promise<DeskPulse> {
  const asked = now();
  const answer = await client.call({ endpoint: "me", lane: "live", doing: "asking for the time" });
  // Their stamp is cut to whole seconds: half a second late on average, as the answer's way back is.
  const middle = (asked + now()) / 2;
  const date = answer?.date ?? null;
  return {
    aheadMs: date === null ? null : Math.round((date + 500 - middle) / 1_000) * 1_000,
    budgets: Object.entries(client.budgets()).map(([name, { limit, remaining }]) => ({
      name,
      limit,
      remaining,
    })),
  };
}
