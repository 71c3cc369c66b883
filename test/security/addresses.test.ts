/**
 * The service calls the addresses its operator set, and no other: whatever a customer record, a ticket, a webhook, an
 * answer or the console names, nobody there is called. So there is nothing to be led to inside the operator's network.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { companyDefinitions, definition } from "../../src/sandbox/hubspot-definitions.ts";
import { type ConsoleWorld, startConsoleWorld } from "../console/world.ts";

/** Listens on an address that nobody set, and notes every connection. */
let victim: Server;
let called = 0;
let address: string;
let house: ConsoleWorld;

beforeAll(async () => {
  victim = createServer((socket) => {
    called += 1;
    socket.destroy();
  });
  await once(victim.listen(0, "127.0.0.1"), "listening");
  const at = victim.address();
  address = `127.0.0.1:${typeof at === "object" && at !== null ? at.port : 0}`;
  house = await startConsoleWorld({
    silentDesk: true,
    policy: (text) => text.replace(/^( +)label: support_tier$/m, "$1slack_channel: our_slack\n$&"),
    crm: {
      properties: [...companyDefinitions("text"), definition("our_slack", "Slack channel", "string")],
    },
  });
});
afterAll(async () => {
  // Who does call is heard.
  await once(connect(Number(address.split(":")[1]), "127.0.0.1"), "close");
  expect(called).toBe(1);
  await house.close();
  victim.close();
});

test("addresses in records, tickets and webhooks are text", async () => {
  const { world } = house;
  const { companyId, email } = world.customer("arr_eur");
  const odd = { our_slack: `https://${address}/hook`, domain: address, name: `http://${address}/` };
  world.crm.setCompany(companyId, odd);
  await world.service.sync("full");
  const { id } = world.desk.createTicket({
    from: email,
    subject: `http://${address}/`,
    body: `<http://${address}/a>`,
  });
  const body = {
    ...{
      ticket_id: id,
      url: `http://${address}/`,
      callback_url: `http://${address}/`,
      account: `//${address}`,
    },
    ...{ PUBLIC_URL: `http://${address}`, ZENDESK_URL: `http://${address}` },
  };
  const headers = { "x-forwarded-host": address, host: address, forwarded: `host=${address}` };
  expect((await world.post(JSON.stringify(body), { headers })).status).toBe(200);
  expect((await world.settled(id)).state).toBe("written");
  expect(called).toBe(0);
});

test("an answer's link to the next page is not followed to where it leads", async () => {
  const { world } = house;
  const links = { next: `http://${address}/groups.json`, prev: null };
  world.desk.fault({
    path: /\/api\/v2\/groups/,
    status: 200,
    body: { groups: [], next_page: links.next, links, meta: { has_more: true, after_cursor: "next" } },
  });
  await (await house.as("admin")).call("POST", "/api/v1/check");
  expect(called).toBe(0);
});

test.each([
  `crm: {hubspot: {url: "http://ADDRESS", plan: plan_tier}}`,
  `crm: {csv: {path: "http://ADDRESS/a.csv", id: id}}`,
  `crm: {sql: {url: "postgres://ADDRESS/db", query: "select 1", id: id}}`,
  `desk: {zendesk: {url: "http://ADDRESS"}}`,
  `people: {slack: "http://ADDRESS/hook"}`,
  `people: {channel: "http://ADDRESS/hook"}`,
])("a policy drafted in the console cannot name one: %s", async (part) => {
  const admin = await house.as("admin");
  const yaml = `tiers: [{id: standard}]\n${part.replace("ADDRESS", address)}\n`;
  for (const path of ["/policy/lint", "/policy/preview", "/crm/preview"])
    await admin.call("POST", `/api/v1${path}`, { yaml });
  const lint = await admin.call("POST", "/api/v1/policy/lint", { yaml });
  expect(lint.text).toMatch(/"severity":"error"/);
  expect(called).toBe(0);
});

test("no key of the policy holds an address, but for the channel that is only shown to agents", () => {
  const schema = readFileSync(new URL("../../docs/policy.schema.json", import.meta.url), "utf8");
  const keys = [...schema.matchAll(/"(\w*(?:url|uri|host|endpoint|webhook|address|channel)\w*)": \{/gi)];
  expect([...new Set(keys.map(([, key]) => key))].sort()).toEqual([
    "channel",
    "channels",
    "skip_channels",
    "slack_channel",
  ]);
});
