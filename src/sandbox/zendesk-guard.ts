/** The door of the Zendesk sandbox: who is calling, may they, and is there room under the rate limits. */
import { type Call, type Reply, type Route, type WindowLimiter, windowLimiter } from "./server.ts";
import { forbidden, isRefusal, unauthenticated } from "./zendesk-answers.ts";
import { settleJobs } from "./zendesk-jobs.ts";
import type { UserRecord } from "./zendesk-records.ts";
import { userByEmail, type World } from "./zendesk-world.ts";

/** An endpoint limit of its own, beside the plan's. */
export type Charge =
  | "ticket-update"
  | "organization-update"
  | "incremental"
  | "search-export"
  | "webhooks"
  | "webhooks-test"
  | "view-execute";

/** A route of the sandbox; the pattern lacks `/api/v2`. */
export interface Served {
  readonly method: string;
  readonly pattern: string;
  readonly access: "anyone" | "agent" | "admin";
  readonly callClass: string;
  readonly charge?: Charge;
  readonly handle: (call: Call, user: UserRecord) => Reply | Promise<Reply>;
}

/** One route: who may use it and how it is counted, then what it serves. */
export const route = (
  base: Omit<Served, "method" | "pattern" | "handle">,
  method: string,
  pattern: string,
  handle: Served["handle"],
): Served => ({ ...base, method, pattern, handle });

/** Who may come in. Changing it takes effect at once. */
export interface Keys {
  apiToken: string;
  /** Bearer token → e-mail of its user. */
  readonly oauthTokens: Map<string, string>;
}

interface Limiter {
  readonly header: string | null;
  readonly limiter: WindowLimiter;
  readonly key: (call: Call, user: UserRecord) => string;
}

/** The limiters of one sandbox. */
export interface Meter {
  readonly plan: WindowLimiter;
  readonly endpoint: Readonly<Record<Charge, readonly Limiter[]>>;
  /** Uses one unit of the ticket-update limit as an agent's own edit does; never refuses. */
  humanEdit(ticketId: string, userId: string, at: number): void;
}

const MINUTE = 60_000;

/** Fresh limiters for a world. */
export function meterOf(world: World): Meter {
  const { limits } = world;
  const account = (): string => "account";
  const one = (limit: number, header: string | null, key: Limiter["key"] = account): Limiter => ({
    header,
    limiter: windowLimiter(limit, MINUTE),
    key,
  });
  const updates = one(limits.ticketUpdates, "tickets-update");
  const perTicket: Limiter = {
    header: "per-ticket-updates",
    limiter: windowLimiter(limits.perTicketUpdates, 10 * MINUTE),
    key: (call, user) => `${user.id} ${call.params.ticket_id ?? ""}`,
  };
  return {
    plan: windowLimiter(limits.plan, MINUTE),
    endpoint: {
      "ticket-update": [updates, perTicket],
      "organization-update": [
        one(limits.organizationUpdates, "organizations-update", (call) => call.params.organization_id ?? ""),
      ],
      incremental: [one(limits.incremental, "incremental-exports")],
      "search-export": [one(limits.searchExports, "search-export")],
      webhooks: [one(limits.webhooks, null)],
      "webhooks-test": [one(20, null)],
      "view-execute": [
        one(
          limits.viewExecutions,
          "view-execute",
          (call, user) => `${user.id} ${call.path.split("/")[4] ?? ""}`,
        ),
      ],
    },
    humanEdit: (ticketId, userId, at) => {
      updates.limiter.take("account", at);
      perTicket.limiter.take(`${userId} ${ticketId}`, at);
    },
  };
}

/** Puts the door in front of every route. */
export function guarded(world: World, keys: Keys, meter: Meter, served: readonly Served[]): readonly Route[] {
  return served.map((one) => ({
    method: one.method,
    pattern: `/api/v2${one.pattern}`,
    callClass: one.callClass,
    handle: (call) => enter(world, keys, meter, one, call),
  }));
}

/** The user a request comes from: `email/token:TOKEN` as Basic, or a Bearer token; null = nobody we know. */
export function userOf(world: World, keys: Keys, call: Call): UserRecord | null {
  const [scheme, credentials] = (call.headers.authorization ?? "").split(" ");
  let email: string | undefined;
  if (scheme?.toLowerCase() === "bearer") email = keys.oauthTokens.get(credentials ?? "");
  if (scheme?.toLowerCase() === "basic") {
    const [login, token] = Buffer.from(credentials ?? "", "base64")
      .toString()
      .split("/token:");
    if (token === keys.apiToken) email = login;
  }
  const user = userByEmail(world, email);
  return user === null || user.suspended || !user.active ? null : user;
}

async function enter(world: World, keys: Keys, meter: Meter, route: Served, call: Call): Promise<Reply> {
  settleJobs(world);
  const user = userOf(world, keys, call);
  if (user === null) return unauthenticated();
  const plan = meter.plan.take("account", call.at);
  const headers = planHeaders(world, plan.limit, plan.remaining, plan.resetSeconds);
  // The plan's refusal is plain text, as seen in the wild; endpoint refusals are JSON.
  if (!plan.allowed)
    return {
      status: 429,
      headers: { ...headers, "retry-after": String(plan.resetSeconds) },
      text: "Number of allowed API requests per minute exceeded",
    };
  if (!mayEnter(route, user)) return { ...forbidden(), headers };
  const charged = charge(world, meter, route, call, user);
  if (charged.reply !== null) return { ...charged.reply, headers: { ...headers, ...charged.reply.headers } };
  const reply = await handled(route, call, user);
  return { ...reply, headers: { ...headers, ...charged.headers, ...reply.headers } };
}

const mayEnter = (route: Served, user: UserRecord): boolean =>
  route.access === "anyone" || user.role === "admin" || (route.access === "agent" && user.role === "agent");

async function handled(route: Served, call: Call, user: UserRecord): Promise<Reply> {
  try {
    return await route.handle(call, user);
  } catch (error) {
    if (isRefusal(error)) return error.refusal;
    throw error;
  }
}

function charge(
  world: World,
  meter: Meter,
  route: Served,
  call: Call,
  user: UserRecord,
): { readonly headers: Readonly<Record<string, string>>; readonly reply: Reply | null } {
  const headers: Record<string, string> = {};
  for (const { header, limiter, key } of route.charge === undefined ? [] : meter.endpoint[route.charge]) {
    const verdict = limiter.take(key(call, user), call.at);
    if (header === null) {
      headers["x-rate-limit"] = String(verdict.limit);
      headers["x-rate-limit-remaining"] = String(verdict.remaining);
    } else
      headers[endpointHeader(world, header)] = budgetText(
        verdict.limit,
        verdict.remaining,
        verdict.resetSeconds,
      );
    if (!verdict.allowed)
      return {
        headers,
        reply: {
          status: 429,
          headers: { ...headers, "retry-after": String(verdict.resetSeconds) },
          body: {
            error: "APIRateLimitExceeded",
            description: "Number of allowed requests for this endpoint exceeded",
          },
        },
      };
  }
  return { headers, reply: null };
}

const budgetText = (total: number, remaining: number, resets: number): string =>
  `total=${total}; remaining=${remaining}; resets=${resets}`;

const endpointHeader = (world: World, name: string): string =>
  world.behaviour.headerSpelling === "new" ? `zendesk-ratelimit-${name}` : `zendesk-rate-limit-${name}`;

function planHeaders(world: World, limit: number, remaining: number, reset: number): Record<string, string> {
  const spelling = world.behaviour.headerSpelling === "new" ? "ratelimit" : "rate-limit";
  return {
    "x-rate-limit": String(limit),
    "x-rate-limit-remaining": String(remaining),
    [world.behaviour.headerSpelling === "new" ? "ratelimit-limit" : "rate-limit"]: String(limit),
    [`${spelling}-remaining`]: String(remaining),
    [`${spelling}-reset`]: String(reset),
  };
}
