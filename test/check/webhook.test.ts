import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { invocationLine, webhookLines } from "../../src/check/webhook-lines.ts";
import type { DeskInvocation, DeskSetup, DeskTrigger, DeskWebhook } from "../../src/ports.ts";
import { type Installation, install, PUBLIC_URL, troubles } from "./installation.ts";

const OURS: DeskWebhook = {
  id: "W1",
  name: "priority-support",
  endpoint: `${PUBLIC_URL}/webhooks/zendesk`,
  active: true,
  readable: true,
  byTrigger: true,
  events: [],
};
const CREATED = { field: "update_type", operator: "is", value: "Create" };
const TELL: DeskTrigger = {
  id: "T1",
  title: "Tell us",
  active: true,
  position: 5,
  conditions: { all: [CREATED], any: [] },
  sets: ["notification_webhook"],
  calls: ["W1"],
};
const TELL_CHANGES: DeskTrigger = {
  ...TELL,
  id: "T3",
  title: "Tell us of changes",
  conditions: {
    all: [
      { field: "update_type", operator: "is", value: "Change" },
      { field: "organization_id", operator: "changed", value: "" },
    ],
    any: [],
  },
};
const EVENTS: DeskWebhook = {
  ...OURS,
  byTrigger: false,
  events: ["created", "organization_changed", "requester_changed"].map(
    (one) => `zen:event-type:ticket.${one}`,
  ),
};

function told(
  webhooks: readonly DeskWebhook[] | null,
  triggers: readonly DeskTrigger[] = [TELL],
  publicUrl: string | null = PUBLIC_URL,
): readonly string[] {
  const setup: DeskSetup = {
    organizationFields: [],
    ticketFields: [],
    userFields: null,
    slaPolicies: null,
    webhooks,
    triggers,
  };
  return webhookLines(setup, publicUrl)
    .filter((line) => line.state !== "ok")
    .map((line) => `${line.state} ${line.name}: ${line.detail}`);
}

describe("webhook and trigger", () => {
  test.each<readonly [string, readonly DeskWebhook[] | null, readonly DeskTrigger[], RegExp | null]>([
    ["both as they should be", [OURS], [TELL], null],
    ["a webhook that subscribes to events needs no trigger", [EVENTS], [], null],
    ["no webhook at all", [], [], /^fail webhook: No webhook calls/],
    [
      "one that calls another address",
      [{ ...OURS, endpoint: "https://old.example/webhooks/zendesk" }],
      [TELL],
      /One calls https:\/\/old\.example/,
    ],
    [
      "an inactive webhook",
      [{ ...OURS, active: false }],
      [TELL],
      /^fail webhook priority-support: It is inactive/,
    ],
    ["one that sends forms", [{ ...OURS, readable: false }], [TELL], /does not POST JSON/],
    ["no trigger calls it", [OURS], [{ ...TELL, calls: ["W2"] }], /^fail trigger: No trigger calls/],
    [
      "its trigger is inactive",
      [OURS],
      [{ ...TELL, active: false }],
      /^fail trigger Tell us: It is inactive/,
    ],
    [
      "a trigger that fires at every update",
      [OURS],
      [{ ...TELL, conditions: { all: [], any: [] } }],
      /^warn trigger Tell us: It has no condition on creation/,
    ],
    [
      "only changes are told, for the trigger of new tickets is gone",
      [OURS],
      [TELL_CHANGES],
      /^fail trigger: No active trigger tells priority-support of new tickets/,
    ],
    [
      "only changes are told, for the trigger of new tickets is inactive",
      [OURS],
      [TELL_CHANGES, { ...TELL, active: false }],
      /^fail trigger Tell us: It is inactive, and no other trigger tells/,
    ],
    ["new tickets and changes are told by one trigger each", [OURS], [TELL, TELL_CHANGES], null],
    [
      "new tickets are told by two triggers",
      [OURS],
      [TELL, { ...TELL, id: "T2", title: "Copy of Tell us" }],
      /^warn trigger Tell us: "Tell us", "Copy of Tell us" all call the webhook priority-support for new tickets/,
    ],
    [
      "a later trigger sets the priority",
      [OURS],
      [TELL, { ...TELL, id: "T2", title: "Alarm", position: 9, sets: ["priority"], calls: [] }],
      /^warn trigger Tell us: It stands before "Alarm"/,
    ],
    [
      "an earlier one may",
      [OURS],
      [{ ...TELL, id: "T2", position: 1, sets: ["priority"], calls: [] }, TELL],
      null,
    ],
    [
      "an inactive later one may",
      [OURS],
      [TELL, { ...TELL, id: "T2", position: 9, active: false, sets: ["priority"], calls: [] }],
      null,
    ],
    [
      "no subscription to new tickets",
      [{ ...EVENTS, events: EVENTS.events.slice(1) }],
      [],
      /^fail .*not subscribed to new tickets/,
    ],
    [
      "no subscription to changes of the customer",
      [{ ...EVENTS, events: EVENTS.events.slice(0, 1) }],
      [],
      /^warn .*organization_changed and requester_changed/,
    ],
    [
      "two ways at once",
      [OURS, { ...EVENTS, id: "W2", name: "events" }],
      [TELL],
      /^warn webhook: 2 webhooks call us/,
    ],
    ["not readable for this role", null, [], /^warn webhook: Webhooks cannot be read/],
  ])("%s", (_what, webhooks, triggers, words) => {
    const lines = told(webhooks, triggers);
    if (words === null) expect(lines).toEqual([]);
    else expect(lines.join("\n")).toMatch(words);
  });

  test("without PUBLIC_URL the address is guessed by its end, and that is said", () => {
    expect(told([OURS], [TELL], null).join()).toMatch(/^warn PUBLIC_URL: It is not set/);
  });
});

describe("deliveries", () => {
  const call = (statusCode: number | null, status = "success"): DeskInvocation => ({
    id: "1",
    status,
    statusCode,
    at: 0,
  });
  test.each<readonly [string, readonly DeskInvocation[], string]>([
    ["none yet", [], "ok"],
    ["all accepted", [call(200), call(200)], "ok"],
    ["the newest was refused", [call(401), call(200)], "fail"],
    ["an older one failed", [call(200), call(503)], "warn"],
    ["held back by the circuit breaker", [call(null, "circuit broken"), call(200)], "fail"],
    ["one is on its way", [call(null, "pending"), call(200)], "ok"],
  ])("%s", (_what, calls, state) => {
    expect(invocationLine(OURS, calls).state).toBe(state);
  });
});

describe("in a real account", () => {
  let made: Installation;
  const undo: (() => void)[] = [];
  beforeAll(async () => {
    made = await install();
  });
  afterEach(() => {
    for (const one of undo.splice(0)) one();
  });
  afterAll(() => made.close());

  test("an inactive webhook is named", async () => {
    for (const [id, webhook] of made.desk.state.webhooks) {
      made.desk.state.webhooks.set(id, { ...webhook, status: "inactive" });
      undo.push(() => made.desk.state.webhooks.set(id, webhook));
    }
    expect(troubles(await made.check())).toEqual(["fail webhook: webhook priority-support"]);
  });

  test("a trigger that was deleted is named", async () => {
    for (const [id, trigger] of made.desk.state.triggers) {
      if (trigger.title !== "Tell priority-support") continue;
      made.desk.state.triggers.delete(id);
      undo.push(() => made.desk.state.triggers.set(id, trigger));
    }
    expect(troubles(await made.check())).toEqual(["fail webhook: trigger"]);
  });

  test("a secret that is not the webhook's is named", async () => {
    for (const [id, webhook] of made.desk.state.webhooks) {
      made.desk.state.webhooks.set(id, { ...webhook, secret: "replaced" });
      undo.push(() => made.desk.state.webhooks.set(id, webhook));
    }
    expect(troubles(await made.check())).toEqual(["fail webhook: signing secret of priority-support"]);
  });

  test("deliveries that nobody accepts are named", async () => {
    const away = await install({ publicUrl: "http://127.0.0.1:9", desk: { delivery: { waitScale: 0 } } });
    try {
      away.desk.createTicket({});
      await away.desk.drain();
      expect(troubles(await away.check())).toEqual(["fail webhook: deliveries of priority-support"]);
    } finally {
      await away.close();
    }
  });
});
