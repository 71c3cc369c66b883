/** A working stand-in for Zendesk: real HTTP on the loopback address, with state, limits, jobs, SLA matching and signed webhooks. */
import { type Fault, type JournalEntry, startServer } from "./server.ts";
import { noSuchPath } from "./zendesk-answers.ts";
import { type DeliverySettings, startDeliverer } from "./zendesk-deliverer.ts";
import { directoryRoutes } from "./zendesk-directory.ts";
import { exportRoutes } from "./zendesk-exports.ts";
import { fieldRoutes } from "./zendesk-field-routes.ts";
import { groupRoutes } from "./zendesk-group-routes.ts";
import { guarded, type Keys, meterOf, type Served } from "./zendesk-guard.ts";
import { settleJobs } from "./zendesk-jobs.ts";
import { macroRoutes } from "./zendesk-macro-routes.ts";
import { organizationRoutes } from "./zendesk-organization-routes.ts";
import { addUser, type People, peopleOf } from "./zendesk-people.ts";
import { queueRoutes } from "./zendesk-queue-routes.ts";
import type { ZendeskState } from "./zendesk-records.ts";
import { scheduleRoutes } from "./zendesk-schedule-routes.ts";
import { plant, type ZendeskSeed } from "./zendesk-seed.ts";
import { slaRoutes } from "./zendesk-sla-routes.ts";
import { ticketRoutes } from "./zendesk-ticket-routes.ts";
import { triggerRoutes } from "./zendesk-trigger-routes.ts";
import { viewRoutes } from "./zendesk-view-routes.ts";
import { webhookRoutes } from "./zendesk-webhook-routes.ts";
import {
  emptyState,
  idCounter,
  userByEmail,
  type World,
  type ZendeskBehaviour,
  type ZendeskLimits,
} from "./zendesk-world.ts";

export type { DeliverySettings } from "./zendesk-deliverer.ts";
export type { NewTicket } from "./zendesk-people.ts";
export type { ZendeskState } from "./zendesk-records.ts";
export type { ZendeskSeed } from "./zendesk-seed.ts";

/** How to start a Zendesk sandbox. Everything may be left out. */
export interface ZendeskOptions extends Partial<ZendeskBehaviour> {
  readonly seed?: ZendeskSeed;
  readonly now?: () => number;
  readonly port?: number;
  /** Pause between applying a request and answering it, ms. */
  readonly latencyMs?: number;
  readonly limits?: Partial<ZendeskLimits>;
  readonly subdomain?: string;
  /** E-mail of the administrator whose token is used; the user is created when the seed lacks it. */
  readonly agentEmail?: string;
  readonly apiToken?: string;
  /** A Bearer token for the same user. */
  readonly oauthToken?: string;
  readonly delivery?: Partial<DeliverySettings>;
  /** Serves `/_sandbox/…` for use from another process. */
  readonly control?: boolean;
}

/** A running Zendesk sandbox. Ids are text. */
export interface ZendeskSandbox extends People {
  readonly url: string;
  readonly subdomain: string;
  readonly agentEmail: string;
  readonly apiToken: string;
  readonly oauthToken: string;
  /** Ready-made header: `Basic …`. */
  readonly authorization: string;
  /** Everything remembered, for tests to look at. */
  readonly state: ZendeskState;
  readonly journal: readonly JournalEntry[];
  /** Gives the account a new API token; the old one stops working at once. */
  setApiToken(token: string): void;
  /** Makes matching requests go wrong; the answer takes it back. */
  fault(fault: Fault): () => void;
  clearFaults(): void;
  /** Requests so far, by class. */
  calls(): Readonly<Record<string, number>>;
  setDelivery(settings: Partial<DeliverySettings>): void;
  /** Runs due jobs, then resolves when no webhook waits or is under way. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const LIMITS: ZendeskLimits = {
  plan: 700,
  ticketUpdates: 100,
  perTicketUpdates: 30,
  organizationUpdates: 5,
  incremental: 10,
  searchExports: 100,
  jobs: 30,
  webhooks: 100,
  trialInvocations: 60,
  viewExecutions: 5,
};

const BEHAVIOUR: ZendeskBehaviour = {
  singlePutTags: "applied",
  bulkSafeUpdate: true,
  slas: true,
  multipleSchedules: true,
  multipleOrganizations: true,
  triggerCategories: true,
  queues: true,
  listsDeletedGroups: false,
  trial: false,
  bigIds: false,
  headerSpelling: "new",
  jobMs: 0,
  jobPolls: 1,
  jobMissingPolls: 0,
  exportPage: 1000,
  searchLagMs: 120_000,
  escapePlaceholders: false,
};

/** Starts a sandbox. Without a seed it has one administrator and nothing else. */
export async function startZendeskSandbox(options: ZendeskOptions = {}): Promise<ZendeskSandbox> {
  const address = { url: "" };
  const outbox: { send: World["send"] } = { send: () => undefined };
  const world = worldOf(
    options,
    () => address.url,
    (call) => outbox.send(call),
  );
  plant(world, options.seed ?? {});
  const agentEmail = (options.agentEmail ?? "admin@sandbox.example").toLowerCase();
  if (userByEmail(world, agentEmail) === null)
    addUser(world, { email: agentEmail, name: "Sandbox Admin", role: "admin" });
  const oauthToken = options.oauthToken ?? "sandbox-oauth-token";
  const keys: Keys = {
    apiToken: options.apiToken ?? "sandbox-api-token",
    oauthTokens: new Map([[oauthToken, agentEmail]]),
  };
  const meter = meterOf(world);
  const server = await startServer({
    routes: guarded(world, keys, meter, servedBy(world)),
    now: world.now,
    notFound: noSuchPath,
    normalise: (path) => path.replace(/\.json$/, ""),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    ...(options.control === true ? { control: () => world.state } : {}),
  });
  address.url = server.url;
  const deliverer = startDeliverer(world, options.delivery ?? {});
  outbox.send = deliverer.send;
  return {
    url: server.url,
    subdomain: world.subdomain,
    agentEmail,
    apiToken: keys.apiToken,
    oauthToken,
    authorization: `Basic ${Buffer.from(`${agentEmail}/token:${keys.apiToken}`).toString("base64")}`,
    state: world.state,
    journal: server.journal,
    ...peopleOf(world, meter, server.note),
    setApiToken: (token) => {
      keys.apiToken = token;
    },
    fault: server.fault,
    clearFaults: server.clearFaults,
    calls: server.calls,
    setDelivery: deliverer.set,
    drain: () => {
      settleJobs(world);
      return deliverer.drain();
    },
    close: async () => {
      deliverer.close();
      await server.close();
    },
  };
}

/** Every method and path the sandbox serves, `:name` for parameters. */
export function servedRoutes(): readonly { readonly method: string; readonly pattern: string }[] {
  const world = worldOf(
    {},
    () => "",
    () => undefined,
  );
  return servedBy(world).map(({ method, pattern }) => ({ method, pattern: `/api/v2${pattern}` }));
}

const servedBy = (world: World): readonly Served[] => [
  ...ticketRoutes(world),
  ...organizationRoutes(world),
  ...directoryRoutes(world),
  ...groupRoutes(world),
  ...fieldRoutes(world),
  ...exportRoutes(world),
  ...slaRoutes(world),
  ...triggerRoutes(world),
  ...viewRoutes(world),
  ...macroRoutes(world),
  ...queueRoutes(world),
  ...scheduleRoutes(world),
  ...webhookRoutes(world),
];

function worldOf(options: ZendeskOptions, url: () => string, send: World["send"]): World {
  const given = Object.entries(options).filter(([key, value]) => key in BEHAVIOUR && value !== undefined);
  const behaviour: ZendeskBehaviour = { ...BEHAVIOUR, ...Object.fromEntries(given) };
  return {
    now: options.now ?? Date.now,
    state: emptyState(),
    limits: { ...LIMITS, ...options.limits },
    behaviour,
    subdomain: options.subdomain ?? "sandbox",
    accountId: 22_129_848,
    newId: idCounter(behaviour.bigIds),
    taken: { names: new Map(), externalIds: new Map(), emails: new Map() },
    send,
    url,
  };
}
