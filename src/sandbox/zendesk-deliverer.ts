/** Sends webhooks the way Zendesk does: queued, signed, sometimes again, sometimes never. */
import { Agent } from "node:http";
import { type WindowLimiter, windowLimiter } from "./server.ts";
import { type Hit, shoot } from "./zendesk-post.ts";
import type { AttemptRecord, InvocationRecord } from "./zendesk-records.ts";
import { type Outgoing, ulid, type World } from "./zendesk-world.ts";

/**
 * Zendesk's delivery rules. Only "500, 403 and 404 are not sent again" comes from recorded attempts; every number here
 * is remembered or second-hand, not verified: tries per status, the 12 s time-out, the breaker (70 % of at least 100
 * requests, or more than 1000 errors, in 5 minutes) and its pause.
 */
const RULES = {
  retriesAfterConflict: 3,
  retriesAfterBusy: 3,
  retriesAfterTimeout: 5,
  longestRetryAfterSeconds: 59,
  pauseBetweenTriesMs: 1_000,
  timeoutMs: 12_000,
  breakerWindowMs: 5 * 60_000,
  breakerShare: 0.7,
  breakerMinimum: 100,
  breakerErrors: 1_000,
  breakerPauseMs: 5 * 60_000,
} as const;

/** How deliveries behave; all of it can be changed while the sandbox runs. */
export interface DeliverySettings {
  /** Deliveries under way at once. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** Factor on every wait between tries; 0 = tries follow at once. */
  readonly waitScale: number;
  /** Waits this long before the first try, ms (not scaled). */
  readonly delayMs: number;
  /** How many times each invocation is sent: 0 loses it, 2 doubles it. */
  readonly copies: (invocation: InvocationRecord) => number;
  /** The next delivery is drawn from this many waiting ones; 1 keeps the order. */
  readonly reorderWindow: number;
  /** A number in [0, 1) for reordering; hand in a seeded one for repeatable runs. */
  readonly random: () => number;
  /** true = everything stays in the queue. */
  readonly held: boolean;
}

/** The running sender of one sandbox. */
export interface Deliverer {
  send(call: Outgoing): void;
  set(settings: Partial<DeliverySettings>): void;
  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void>;
  close(): void;
}

interface Sender {
  readonly world: World;
  readonly agent: Agent;
  readonly abort: AbortController;
  readonly queue: { readonly invocationId: string; readonly call: Outgoing }[];
  readonly outcomes: Map<string, { readonly at: number; readonly failed: boolean }[]>;
  readonly brokenUntil: Map<string, number>;
  readonly trial: WindowLimiter;
  readonly idle: (() => void)[];
  readonly waits: Map<NodeJS.Timeout, () => void>;
  settings: DeliverySettings;
  active: number;
}

/** Starts a sender; nothing runs until something is sent. */
export function startDeliverer(world: World, settings: Partial<DeliverySettings>): Deliverer {
  const sender: Sender = {
    world,
    agent: new Agent({ keepAlive: true, maxSockets: 64 }),
    abort: new AbortController(),
    queue: [],
    outcomes: new Map(),
    brokenUntil: new Map(),
    trial: windowLimiter(world.limits.trialInvocations, 60_000),
    idle: [],
    waits: new Map(),
    settings: {
      concurrency: 8,
      timeoutMs: RULES.timeoutMs,
      waitScale: 1,
      delayMs: 0,
      copies: () => 1,
      reorderWindow: 1,
      random: Math.random,
      held: false,
      ...settings,
    },
    active: 0,
  };
  return {
    send: (call) => enqueue(sender, call),
    set: (changed) => {
      sender.settings = { ...sender.settings, ...changed };
      pump(sender);
    },
    drain: () => (isIdle(sender) ? Promise.resolve() : new Promise((resolve) => sender.idle.push(resolve))),
    close: () => stop(sender),
  };
}

const isIdle = (sender: Sender): boolean => sender.queue.length === 0 && sender.active === 0;

function stop(sender: Sender): void {
  sender.queue.length = 0;
  sender.abort.abort();
  for (const [timer, done] of sender.waits) {
    clearTimeout(timer);
    done();
  }
  sender.waits.clear();
  sender.agent.destroy();
  for (const resolve of sender.idle.splice(0)) resolve();
}

function enqueue(sender: Sender, call: Outgoing): void {
  const { world } = sender;
  if (call.webhook.status !== "active" || sender.abort.signal.aborted) return;
  const now = world.now();
  const invocation: InvocationRecord = {
    id: ulid(now),
    webhookId: call.webhook.id,
    event: call.event,
    ticketId: call.ticketId,
    payload: call.payload,
    status: "queued",
    statusCode: null,
    createdAt: now,
    attempts: [],
  };
  world.state.invocations.set(invocation.id, invocation);
  // Over a trial's 60 a minute an invocation is noted and never sent.
  if (world.behaviour.trial && !sender.trial.take("account", now).allowed) {
    settle(sender, invocation.id, unsent("throttled", now));
    return;
  }
  const copies = sender.settings.copies(invocation);
  if (copies === 0) settle(sender, invocation.id, unsent("throttled", now));
  for (let copy = 0; copy < copies; copy += 1) sender.queue.push({ invocationId: invocation.id, call });
  pump(sender);
}

function pump(sender: Sender): void {
  while (!sender.settings.held && sender.active < sender.settings.concurrency && sender.queue.length > 0) {
    const reach = Math.min(sender.settings.reorderWindow, sender.queue.length);
    const [next] = sender.queue.splice(Math.floor(sender.settings.random() * reach), 1);
    if (next === undefined) return;
    sender.active += 1;
    deliver(sender, next.invocationId, next.call).finally(() => {
      sender.active -= 1;
      pump(sender);
      if (isIdle(sender)) for (const resolve of sender.idle.splice(0)) resolve();
    });
  }
}

async function deliver(sender: Sender, invocationId: string, call: Outgoing): Promise<void> {
  await wait(sender, sender.settings.delayMs);
  const left = {
    conflict: RULES.retriesAfterConflict,
    busy: RULES.retriesAfterBusy,
    timeout: RULES.retriesAfterTimeout,
  };
  while (!sender.abort.signal.aborted) {
    if (isBroken(sender, call.webhook.id)) {
      settle(sender, invocationId, unsent("circuit broken", sender.world.now()));
      return;
    }
    const hit = await shoot(
      sender.world,
      sender.agent,
      {
        webhook: current(sender, call),
        invocationId,
        payload: call.payload,
        timeoutMs: sender.settings.timeoutMs,
      },
      sender.abort.signal,
    );
    if (sender.abort.signal.aborted) return;
    settle(sender, invocationId, hit.attempt);
    remember(sender, call.webhook.id, (hit.attempt.statusCode ?? 599) >= 400);
    const again = nextWait(hit, left);
    if (again === null) return;
    await wait(sender, again * sender.settings.waitScale);
  }
}

/** Secret and address as they are now: a secret may be reset between tries. */
const current = (sender: Sender, call: Outgoing): Outgoing["webhook"] =>
  sender.world.state.webhooks.get(call.webhook.id) ?? call.webhook;

/** How long until the next try, ms; null = this invocation is over. */
function nextWait(hit: Hit, left: { conflict: number; busy: number; timeout: number }): number | null {
  const status = hit.attempt.statusCode;
  if (status === null) {
    left.timeout -= 1;
    return left.timeout >= 0 ? RULES.pauseBetweenTriesMs : null;
  }
  if (status === 409) {
    left.conflict -= 1;
    return left.conflict >= 0 ? RULES.pauseBetweenTriesMs : null;
  }
  if (status !== 429 && status !== 503) return null;
  const seconds = Number(hit.retryAfter ?? Number.NaN);
  left.busy -= 1;
  return left.busy >= 0 && seconds >= 0 && seconds <= RULES.longestRetryAfterSeconds ? seconds * 1000 : null;
}

function isBroken(sender: Sender, webhookId: string): boolean {
  return (sender.brokenUntil.get(webhookId) ?? 0) > sender.world.now();
}

function remember(sender: Sender, webhookId: string, failed: boolean): void {
  const now = sender.world.now();
  const recent = (sender.outcomes.get(webhookId) ?? []).filter((one) => one.at > now - RULES.breakerWindowMs);
  recent.push({ at: now, failed });
  sender.outcomes.set(webhookId, recent);
  const errors = recent.filter((one) => one.failed).length;
  const share = recent.length >= RULES.breakerMinimum && errors / recent.length >= RULES.breakerShare;
  if (!share && errors <= RULES.breakerErrors) return;
  sender.brokenUntil.set(webhookId, now + RULES.breakerPauseMs);
  sender.outcomes.delete(webhookId);
}

const unsent = (status: string, at: number): AttemptRecord => ({
  statusCode: null,
  status,
  requestHeaders: {},
  responseHeaders: {},
  responseBody: "",
  at,
});

function settle(sender: Sender, invocationId: string, attempt: AttemptRecord): void {
  const invocation = sender.world.state.invocations.get(invocationId);
  if (invocation === undefined) return;
  sender.world.state.invocations.set(invocationId, {
    ...invocation,
    status: attempt.status,
    statusCode: attempt.statusCode,
    attempts: [...invocation.attempts, attempt],
  });
}

function wait(sender: Sender, ms: number): Promise<void> {
  if (ms <= 0 || sender.abort.signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      sender.waits.delete(timer);
      resolve();
    }, ms);
    sender.waits.set(timer, resolve);
  });
}
