/**
 * Both sandboxes as a process of their own, set up for the demo's policy: `node sandbox.ts '{"endpoint": "http://…"}'`.
 *
 * Prints one JSON line with addresses, secrets and the service's settings, then lives until SIGTERM. What programs do
 * goes over HTTP (`/_sandbox/…` included). What people do goes over stdin, a JSON list of acts a line; each line is
 * answered with one line, the tickets as they then are. `"delivered"` is answered once no webhook waits to be sent.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { demoPolicyText } from "../../../src/demo/demo-policy.ts";
import { loadPolicy } from "../../../src/policy-in-force.ts";
import { dataset } from "../../../src/sandbox/dataset.ts";
import { startHubspotSandbox } from "../../../src/sandbox/hubspot.ts";
import { type NewTicket, startZendeskSandbox, type ZendeskSandbox } from "../../../src/sandbox/zendesk.ts";
import { deskSeed } from "../../hand-made-desk.ts";

/** What the script is told. */
export interface SandboxSettings {
  /** Where the service takes Zendesk's webhooks. */
  readonly endpoint: string;
  /** The policy is written here, for the service to read. */
  readonly policyFile: string;
  readonly seed?: number;
  readonly companies?: number;
  /** 0 or absent = free ports. */
  readonly deskPort?: number;
  readonly crmPort?: number;
  /** Calls and ticket updates a minute; absent = Zendesk's real limits. */
  readonly perMinute?: number;
  /** The desk answers this long after it has done what was asked; absent = at once. */
  readonly latencyMs?: number;
  /** Factor on the waits between the tries of a webhook (1 s each, six tries); absent = 1. */
  readonly patience?: number;
  /** A job is done this long after it was accepted; absent = at once. */
  readonly jobMs?: number;
}

/** The line it prints. */
export interface SandboxReady {
  readonly desk: { readonly url: string; readonly authorization: string };
  readonly crm: { readonly url: string };
  readonly seed: number;
  readonly asOf: number;
  readonly companies: number;
  /** The desk's ids: groups and forms by name, people by address. */
  readonly ids: Readonly<Record<"groups" | "forms" | "people", Readonly<Record<string, string>>>>;
  /** Settings of the service, in its own names. */
  readonly env: Readonly<Record<string, string>>;
}

/** A ticket somebody sends, and what an agent does in the same breath. */
export interface Act {
  readonly ticket: NewTicket;
  readonly agent: { readonly email: string; readonly change: Readonly<Record<string, unknown>> } | null;
  readonly deleted: boolean;
}

/** The export leaves out the last minute, so what is there at the start was made well before it. */
const MADE_BEFORE_MS = 120_000;

const settings = JSON.parse(process.argv[2] ?? "{}") as SandboxSettings;
await start(settings);

async function start({ endpoint, policyFile, ...rest }: SandboxSettings): Promise<void> {
  const { seed = 7, companies = 120, perMinute, latencyMs = 0, patience = 1, jobMs = 0 } = rest;
  writeFileSync(policyFile, demoPolicyText());
  const { policy } = loadPolicy(policyFile);
  const asOf = Date.now();
  const data = dataset({ seed, asOf, companies });
  const secret = randomBytes(24).toString("base64url");
  const clock = { behindMs: MADE_BEFORE_MS };
  const now = (): number => Date.now() - clock.behindMs;
  const desk = await startZendeskSandbox({
    now,
    control: true,
    seed: deskSeed(policy, data, endpoint, secret),
    port: rest.deskPort ?? 0,
    latencyMs,
    jobMs,
    delivery: { waitScale: patience },
    ...(perMinute === undefined ? {} : { limits: { plan: perMinute, ticketUpdates: perMinute } }),
  });
  const crm = await startHubspotSandbox({ ...data, now, port: rest.crmPort ?? 0 });
  clock.behindMs = 0;
  const ready: SandboxReady = {
    desk: { url: desk.url, authorization: desk.authorization },
    crm: { url: crm.url },
    seed,
    asOf,
    companies,
    ids: idsOf(desk),
    env: {
      POLICY_FILE: policyFile,
      ZENDESK_URL: desk.url,
      ZENDESK_EMAIL: desk.agentEmail,
      ZENDESK_API_TOKEN: desk.apiToken,
      ZENDESK_WEBHOOK_SECRET: secret,
      HUBSPOT_URL: crm.url,
      HUBSPOT_ACCESS_TOKEN: crm.token,
    },
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.once("SIGTERM", () => process.exit(0));
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line) as Act[] | "delivered";
    if (asked === "delivered") await desk.drain();
    const told = asked === "delivered" ? [] : asked.map((act) => play(desk, act));
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
}

function idsOf({ state }: ZendeskSandbox): SandboxReady["ids"] {
  const byName = (records: Iterable<{ readonly id: string; readonly name: string }>) =>
    Object.fromEntries([...records].map(({ id, name }) => [name, id]));
  return {
    groups: byName(state.groups.values()),
    forms: byName(state.forms.values()),
    people: Object.fromEntries([...state.users.values()].map(({ id, email }) => [email, id])),
  };
}

function play(desk: ZendeskSandbox, { ticket, agent, deleted }: Act): unknown {
  const { id } = desk.createTicket(ticket);
  if (agent !== null) desk.agentUpdate(id, agent.change, agent.email);
  if (deleted) desk.deleteTicket(id);
  return desk.state.tickets.get(id);
}
