/** The webhook endpoints (not in the OpenAPI file; shapes as recorded). Their limits are their own. */
import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import type { Call, Reply } from "./server.ts";
import { invalidItem, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import { shoot, TEST_SECRET } from "./zendesk-post.ts";
import type { AttemptRecord, InvocationRecord, Json, UserRecord, WebhookRecord } from "./zendesk-records.ts";
import { asJson, asList, asText, asTexts, bodyOf } from "./zendesk-wire.ts";
import { iso, ulid, type World } from "./zendesk-world.ts";

const BY_TRIGGER = "conditional_ticket_events";
const MOST_ON_TRIAL = 10;

/** Every route under `/webhooks`. */
export function webhookRoutes(world: World): readonly Served[] {
  const admin = { access: "admin", callClass: "webhooks", charge: "webhooks" } as const;
  const id = "/webhooks/:webhook_id";
  const one = (call: Call): WebhookRecord =>
    world.state.webhooks.get(call.params.webhook_id ?? "") ?? refuse(missing());
  const save = (call: Call, after: WebhookRecord): void => {
    world.state.webhooks.set(after.id, after);
    call.effect({ kind: "webhook_saved", id: after.id, name: after.name });
  };
  const change = (call: Call): Reply => {
    save(call, webhookAfter(world, bodyOf(call, "webhook"), one(call), null));
    return { status: 204 };
  };
  return [
    route(admin, "GET", "/webhooks", (call) => list(world, call)),
    route(admin, "POST", "/webhooks", (call, user) => create(world, call, user, save)),
    route({ ...admin, charge: "webhooks-test" }, "POST", "/webhooks/test", (call) => test(world, call)),
    route(admin, "GET", id, (call) => ({ status: 200, body: { webhook: view(one(call)) } })),
    route(admin, "PUT", id, (call) => {
      assertWhole(bodyOf(call, "webhook"));
      return change(call);
    }),
    route(admin, "PATCH", id, change),
    route(admin, "DELETE", id, (call) => {
      assertUnused(world, one(call));
      world.state.webhooks.delete(one(call).id);
      call.effect({ kind: "webhook_deleted", id: call.params.webhook_id });
      return { status: 204 };
    }),
    route(admin, "GET", `${id}/signing_secret`, (call) => secretReply(one(call), 200)),
    route(admin, "POST", `${id}/signing_secret`, (call) => {
      save(call, { ...one(call), secret: newSecret() });
      return secretReply(one(call), 201);
    }),
    route(admin, "GET", `${id}/invocations`, (call) =>
      paged(world, call, "invocations", invocationsOf(world, one(call)).map(invocationView)),
    ),
    route(admin, "GET", `${id}/invocations/:invocation_id/attempts`, (call) =>
      attempts(world, call, one(call)),
    ),
  ];
}

const missing = (): Reply =>
  invalidItem(404, "WebhookNotFound", "Webhook not found", "No webhook with this id");
const newSecret = (): string => randomBytes(32).toString("base64url");
const secretReply = (webhook: WebhookRecord, status: number): Reply => ({
  status,
  body: { signing_secret: { secret: webhook.secret, algorithm: "SHA256" } },
});

function list(world: World, call: Call): Reply {
  const wanted = call.query.get("filter[name_contains]")?.toLowerCase() ?? "";
  const rows = [...world.state.webhooks.values()].filter((webhook) =>
    webhook.name.toLowerCase().includes(wanted),
  );
  const reply = paged(world, call, "webhooks", rows.map(view));
  const body = asJson(reply.body);
  // The webhook list is always paged by cursor, and a last page has no links at all.
  if (body?.meta === undefined && reply.status === 200)
    return { status: 200, body: { webhooks: rows.map(view), meta: { has_more: false } } };
  return reply;
}

function create(
  world: World,
  call: Call,
  user: UserRecord,
  save: (call: Call, after: WebhookRecord) => void,
): Reply {
  if (world.behaviour.trial && world.state.webhooks.size >= MOST_ON_TRIAL)
    return invalidItem(
      403,
      "WebhookLimit",
      "Webhook limit",
      `Trial accounts have at most ${MOST_ON_TRIAL} webhooks`,
    );
  const original = world.state.webhooks.get(call.query.get("clone_webhook_id") ?? "");
  const input = original === undefined ? bodyOf(call, "webhook") : { ...view(original), id: undefined };
  const webhook = webhookAfter(world, input, null, user.id);
  save(call, webhook);
  return { status: 201, body: { webhook: view(webhook) } };
}

/** A webhook after a write. Trigger-fired or event-subscribed is decided once. @throws a 400 refusal. */
export function webhookAfter(
  world: World,
  input: Json,
  before: WebhookRecord | null,
  createdBy: string | null,
): WebhookRecord {
  const at = world.now();
  const refused = (detail: string): never =>
    refuse(invalidItem(400, "InvalidWebhook", "Invalid webhook", detail));
  const subscriptions =
    asList(input.subscriptions) === null ? before?.subscriptions : asTexts(input.subscriptions);
  const after: WebhookRecord = {
    id: before?.id ?? asText(input.id) ?? ulid(at),
    name: asText(input.name) ?? before?.name ?? refused("name is missing"),
    description: "description" in input ? asText(input.description) : (before?.description ?? null),
    status: (asText(input.status) ?? before?.status ?? "active") === "active" ? "active" : "inactive",
    endpoint: asText(input.endpoint) ?? before?.endpoint ?? refused("endpoint is missing"),
    httpMethod: asText(input.http_method) ?? before?.httpMethod ?? refused("http_method is missing"),
    requestFormat:
      asText(input.request_format) ?? before?.requestFormat ?? refused("request_format is missing"),
    subscriptions: subscriptions ?? [],
    authentication:
      input.authentication === undefined ? (before?.authentication ?? null) : asJson(input.authentication),
    customHeaders: (asJson(input.custom_headers) ?? before?.customHeaders ?? {}) as Readonly<
      Record<string, string>
    >,
    secret: before?.secret ?? asText(input.secret) ?? newSecret(),
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
    createdBy: before?.createdBy ?? createdBy ?? "",
  };
  const byTrigger = after.subscriptions.includes(BY_TRIGGER);
  if (byTrigger && after.subscriptions.length > 1)
    refused("a webhook is fired by triggers or by events, never both");
  if (before !== null && before.subscriptions.includes(BY_TRIGGER) !== byTrigger)
    refused("the kind of a webhook cannot be changed");
  if (!byTrigger && (after.httpMethod !== "POST" || after.requestFormat !== "json"))
    refused("event webhooks are POST with JSON");
  return after;
}

/** A PUT replaces the webhook, so it names everything that is required; PATCH may name a part. */
function assertWhole(input: Json): void {
  const required = ["name", "status", "endpoint", "http_method", "request_format"];
  const absent = required.find((key) => asText(input[key]) === null);
  if (absent !== undefined)
    refuse(invalidItem(400, "InvalidWebhook", "Invalid webhook", `${absent} is missing`));
}

function assertUnused(world: World, webhook: WebhookRecord): void {
  const used = [...world.state.triggers.values()].some((trigger) =>
    trigger.actions.some(
      (action) => action.field === "notification_webhook" && asTexts(action.value)[0] === webhook.id,
    ),
  );
  if (used) refuse(invalidItem(400, "WebhookInUse", "Webhook in use", "A trigger uses this webhook"));
}

const invocationsOf = (world: World, webhook: WebhookRecord): readonly InvocationRecord[] =>
  [...world.state.invocations.values()].filter((row) => row.webhookId === webhook.id).toReversed();

function attempts(world: World, call: Call, webhook: WebhookRecord): Reply {
  const invocation = world.state.invocations.get(call.params.invocation_id ?? "");
  if (invocation === undefined || invocation.webhookId !== webhook.id) return missing();
  return {
    status: 200,
    body: { attempts: invocation.attempts.map((attempt) => attemptView(invocation, attempt)) },
  };
}

async function test(world: World, call: Call): Promise<Reply> {
  const asked = bodyOf(call, "request");
  const known = world.state.webhooks.get(call.query.get("webhook_id") ?? "");
  const agent = new Agent();
  const hit = await shoot(
    world,
    agent,
    {
      webhook: {
        id: known?.id ?? ulid(world.now()),
        endpoint: asText(asked.endpoint) ?? known?.endpoint ?? "",
        httpMethod: asText(asked.http_method) ?? known?.httpMethod ?? "POST",
        requestFormat: asText(asked.request_format) ?? "json",
        authentication: known?.authentication ?? null,
        customHeaders: known?.customHeaders ?? {},
        secret: known?.secret ?? TEST_SECRET,
      },
      invocationId: ulid(world.now()),
      payload: typeof asked.payload === "string" ? asked.payload : JSON.stringify(asked.payload ?? {}),
      timeoutMs: 12_000,
    },
    new AbortController().signal,
  );
  agent.destroy();
  const response = {
    headers: pairs(hit.attempt.responseHeaders),
    status_code: hit.attempt.statusCode ?? 504,
    payload: hit.attempt.responseBody,
  };
  return { status: 200, body: { response } };
}

const pairs = (headers: Readonly<Record<string, string>>): readonly Json[] =>
  Object.entries(headers).map(([key, value]) => ({ key, value }));

/** Stamps have nine digits of fraction; secrets of the authentication are not echoed. */
const view = (webhook: WebhookRecord): Json => ({
  id: webhook.id,
  name: webhook.name,
  description: webhook.description,
  status: webhook.status,
  endpoint: webhook.endpoint,
  http_method: webhook.httpMethod,
  request_format: webhook.requestFormat,
  subscriptions: webhook.subscriptions,
  authentication: webhook.authentication === null ? null : { ...webhook.authentication, data: undefined },
  custom_headers: webhook.customHeaders,
  created_at: `${new Date(webhook.createdAt).toISOString().slice(0, 19)}.000000000Z`,
  updated_at: `${new Date(webhook.updatedAt).toISOString().slice(0, 19)}.000000000Z`,
  created_by: webhook.createdBy,
});

const invocationView = (row: InvocationRecord): Json => ({
  id: row.id,
  status: row.status,
  ...(row.statusCode === null ? {} : { status_code: row.statusCode }),
  latest_completed_at: iso(row.attempts.at(-1)?.at ?? row.createdAt),
});

/** The id of an attempt is its webhook's, not its own. */
const attemptView = (invocation: InvocationRecord, attempt: AttemptRecord): Json => ({
  id: invocation.webhookId,
  invocation_id: invocation.id,
  status: attempt.status,
  completed_at: iso(attempt.at),
  ...(attempt.statusCode === null
    ? {}
    : {
        status_code: attempt.statusCode,
        request: { headers: pairs(attempt.requestHeaders), payload: invocation.payload },
        response: { headers: pairs(attempt.responseHeaders), payload: attempt.responseBody },
      }),
});
