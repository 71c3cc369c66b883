import { afterEach, describe, expect, test } from "@jest/globals";
import { openSlack, openSlackBot, settings } from "../../connectors/slack/index.ts";
import type { Paused } from "../../src/errors.ts";
import type { Messenger, Notice } from "../../src/ports.ts";
import { errorOf, type Local, local, NOW, shown } from "./hubspot-standin.ts";

const TOKEN = "xoxb-1-secret";
const NOTICE: Notice = {
  key: "clock:7:first_reply:75",
  title: "First reply of ticket 7 is due in 8 min",
  lines: ["Acme <!channel> & *Söhne*"],
  severity: "warning",
  link: "https://support.example.com/console/tickets/7",
  also: [{ label: "Ticket 7", url: "https://acme.zendesk.com/agent/tickets/7" }],
};
const ANNA = { address: "anna@northwind.example", slackId: null };

const open: Local[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** A Slack Web API that knows Anna, as docs.slack.dev describes its answers (remembered, not verified). */
async function slackThat(
  answers: (method: string, form: URLSearchParams) => Answer | "never" = () => ({ body: { ok: true } }),
): Promise<{
  readonly bot: Messenger;
  readonly calls: { readonly method: string; readonly form: URLSearchParams; readonly token: string }[];
  readonly url: string;
}> {
  const calls: { method: string; form: URLSearchParams; token: string }[] = [];
  const server = await local((request, response, body) => {
    const method = (request.url ?? "").replace("/api/", "");
    const form = new URLSearchParams(body);
    calls.push({ method, form, token: request.headers.authorization ?? "" });
    const usual: Answer | null =
      method === "users.lookupByEmail" && form.get("email") === ANNA.address
        ? { body: { ok: true, user: { id: "U024BE7LH", name: "anna" } } }
        : null;
    const answer = usual ?? answers(method, form);
    if (answer === "never") return;
    response
      .writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers })
      .end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  open.push(server);
  const url = `${server.url}/api/`;
  return { bot: openSlackBot({ token: () => TOKEN, url, now: () => NOW, deadlineMs: 400 }), calls, url };
}

describe("the bot", () => {
  test("finds a person by e-mail once, and writes to them as the notice stands", async () => {
    const { bot, calls } = await slackThat();
    expect(await bot.tell(ANNA, NOTICE)).toBe("told");
    expect(await bot.tell(ANNA, NOTICE)).toBe("told");
    expect(calls.map(({ method }) => method)).toEqual([
      "users.lookupByEmail",
      "chat.postMessage",
      "chat.postMessage",
    ]);
    expect(calls.every(({ token }) => token === `Bearer ${TOKEN}`)).toBe(true);
    const form = calls[1]?.form;
    expect(form?.get("channel")).toBe("U024BE7LH");
    const blocks = JSON.parse(form?.get("blocks") ?? "[]") as { text: { type: string; text: string } }[];
    expect(blocks.map(({ text }) => [text.type, text.text])).toEqual([
      ["plain_text", ":warning: First reply of ticket 7 is due in 8 min"],
      ["plain_text", "Acme <!channel> & *Söhne*"],
      [
        "mrkdwn",
        "<https://support.example.com/console/tickets/7|Open>  ·  <https://acme.zendesk.com/agent/tickets/7|Ticket 7>",
      ],
    ]);
  });

  test("writes to a member id or a channel without looking anybody up", async () => {
    const { bot, calls } = await slackThat();
    await bot.tell({ ...ANNA, slackId: "U9" }, NOTICE);
    await bot.tell({ address: "#premier", slackId: null }, NOTICE);
    expect(calls.map(({ method, form }) => [method, form.get("channel")])).toEqual([
      ["chat.postMessage", "U9"],
      ["chat.postMessage", "#premier"],
    ]);
  });

  test.each<[string, Answer, string]>([
    ["invalid_auth", { body: { ok: false, error: "invalid_auth" } }, "NeedsAdmin"],
    ["missing_scope", { body: { ok: false, error: "missing_scope" } }, "NeedsAdmin"],
    ["not_in_channel", { body: { ok: false, error: "not_in_channel" } }, "NeedsAdmin"],
    ["users_not_found", { body: { ok: false, error: "users_not_found" } }, "NeedsAdmin"],
    ["ratelimited", { body: { ok: false, error: "ratelimited" } }, "Paused"],
    ["429", { status: 429, body: "", headers: { "retry-after": "30" } }, "Paused"],
    ["503", { status: 503, body: "<html>busy</html>" }, "TryAgain"],
    ["404", { status: 404, body: "not here" }, "NeedsAdmin"],
    ["a word nobody knows", { body: { ok: false, error: "moon_phase" } }, "TryAgain"],
  ])("that is refused with %s says what to do, and nothing arrived", async (_what, answer, name) => {
    const { bot } = await slackThat(() => answer);
    const error = await errorOf(bot.tell({ ...ANNA, slackId: "U9" }, NOTICE));
    expect(error.name).toBe(name);
    expect(shown(error)).not.toContain(TOKEN);
    if (name === "NeedsAdmin") expect((error as { fix?: string }).fix).toMatch(/\.$/);
    if (answer.status === 429) expect((error as Paused).afterMs).toBe(30_000);
  });

  test.each<[string, Answer | "never"]>([
    ["never answered", "never"],
    ["answered with something unreadable", { body: "<html>" }],
    ["half done, as Slack says", { body: { ok: false, error: "fatal_error" } }],
  ])("whose message was %s does not know whether it arrived", async (_what, answer) => {
    const { bot } = await slackThat((method) => (method === "chat.postMessage" ? answer : { body: "" }));
    expect(await bot.tell(ANNA, NOTICE)).toBe("unknown");
  });

  test("that cannot reach Slack pauses, and is tested without writing anything", async () => {
    const { bot, calls } = await slackThat();
    await bot.test();
    expect(calls.map(({ method }) => method)).toEqual(["auth.test"]);
    const nowhere = await local(() => {});
    await nowhere.close();
    const lost = openSlackBot({ token: () => TOKEN, url: `${nowhere.url}/api/`, now: () => NOW });
    expect((await errorOf(lost.tell(ANNA, NOTICE))).name).toBe("Paused");
  });

  test.each([
    [{ SLACK_BOT_TOKEN: "xoxb-1" }, true],
    [{ SLACK_BOT_TOKEN: "xoxp-1" }, false],
    [{ SLACK_URL: "http://slack.example/api/" }, false],
  ])("has the settings %j: %p", (env, accepted) => {
    expect(settings.safeParse(env).success).toBe(accepted);
  });
});

test("an incoming webhook that never answers does not know whether the message arrived", async () => {
  const server = await local(() => {});
  open.push(server);
  const slack = openSlack({ url: () => `${server.url}/services/T/B/x`, now: () => NOW, deadlineMs: 300 });
  expect(await slack.tell({ address: "channel", slackId: null }, NOTICE)).toBe("unknown");
  expect((await errorOf(slack.notify(NOTICE))).name).toBe("Unanswered");
});
