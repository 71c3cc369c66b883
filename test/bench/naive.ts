/**
 * What a good engineer writes in an afternoon: express takes the webhook and answers, p-queue holds the work in memory,
 * zendesk-node-api reads the ticket and its organization, HubSpot is searched for the plan, and the priority is written.
 */
import { createServer, request as forward } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import express from "express";
import PQueue from "p-queue";
import { answerWith } from "./answering.ts";

interface Settings {
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** The part of zendesk-node-api that is used; the package has no types. */
interface ZendeskNodeApi {
  readonly tickets: {
    show(id: string): Promise<{ readonly organization_id: number | null }>;
    update(id: string, change: object): Promise<unknown>;
  };
  readonly organizations: {
    show(id: number): Promise<{ readonly name: string; readonly domain_names: string[] }>;
  };
}

const PRIORITY: Readonly<Record<string, string>> = { enterprise: "high", pro: "normal" };
const queue = new PQueue({ concurrency: 8 });
const failures: string[] = [];

answerWith({
  start: async ({ port, env }: Settings) => {
    const zendesk = await clientOf(env);
    const app = express();
    app.post("/webhooks/zendesk", express.json(), (request, response) => {
      response.json({ ok: true });
      void queue.add(() => work(zendesk, env, String(request.body.ticket_id)).catch(note));
    });
    await new Promise<void>((resolve) => app.listen(port, "127.0.0.1", () => resolve()));
  },
  idle: async () => {
    await queue.onIdle();
    return { failures: failures.length, first: failures[0] ?? null };
  },
});

async function work(zendesk: ZendeskNodeApi, env: Settings["env"], ticketId: string): Promise<void> {
  const ticket = await zendesk.tickets.show(ticketId);
  const organization =
    ticket.organization_id === null ? null : await zendesk.organizations.show(ticket.organization_id);
  const plan = await planOf(env, organization?.domain_names[0] ?? null);
  await zendesk.tickets.update(ticketId, { priority: PRIORITY[plan] ?? "normal" });
}

async function planOf(env: Settings["env"], domain: string | null): Promise<string> {
  const filters = [{ propertyName: "domain", operator: "EQ", value: domain ?? "nobody.example" }];
  const answer = await fetch(`${env.HUBSPOT_URL}/crm/objects/2026-09/companies/search`, {
    method: "POST",
    headers: { authorization: `Bearer ${env.HUBSPOT_ACCESS_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ filterGroups: [{ filters }], properties: ["plan_tier"], limit: 1 }),
  });
  if (!answer.ok) throw new Error(`search ${answer.status}`);
  const { results } = (await answer.json()) as {
    readonly results: readonly { readonly properties: { readonly plan_tier: string | null } }[];
  };
  return (results[0]?.properties.plan_tier ?? "").trim().toLowerCase();
}

function note(error: unknown): void {
  failures.push(error instanceof Error ? error.message : String(error));
}

async function clientOf(env: Settings["env"]): Promise<ZendeskNodeApi> {
  const Zendesk = createRequire(import.meta.url)("zendesk-node-api") as new (
    settings: object,
  ) => ZendeskNodeApi;
  const url = await singleSlashes(env.ZENDESK_URL ?? "");
  return new Zendesk({ url, email: env.ZENDESK_EMAIL, token: env.ZENDESK_API_TOKEN });
}

/** The package asks for `/api/v2//tickets/1.json`; the sandbox knows no empty path segments. */
async function singleSlashes(target: string): Promise<string> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? "/").replace(/\/{2,}/g, "/");
    const onward = forward(
      { hostname, port, path, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
