import { afterEach, describe, expect, test } from "@jest/globals";
import { openSlack, settings } from "../../connectors/slack/index.ts";
import type { Paused } from "../../src/errors.ts";
import type { Notice, Notifier } from "../../src/ports.ts";
import { errorOf, type Local, local, NOW, shown } from "./hubspot-standin.ts";

const NOTICE: Notice = {
  key: "sync:hubspot:failed",
  title: "The CRM sync failed",
  lines: ["HubSpot refused the token.", "fix: Make a new service key."],
  severity: "critical",
  link: "https://support.example.com/console?run=1&tab=<a>|b",
};

const SECRET = "/services/T000/B000/XXXXsecret";
const open: Local[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

interface Stage {
  readonly slack: Notifier;
  readonly posts: { readonly path: string; readonly body: Record<string, unknown> }[];
}

/** A Slack that gives one answer to everything. */
async function slackThat(
  answers: (body: Record<string, unknown>) => {
    readonly status: number;
    readonly text: string;
    readonly headers?: Record<string, string>;
  } = () => ({ status: 200, text: "ok" }),
): Promise<Stage> {
  const posts: Stage["posts"] = [];
  const server = await local((request, response, body) => {
    const parsed = JSON.parse(body) as Record<string, unknown>;
    posts.push({ path: request.url ?? "", body: parsed });
    const { status, text, headers } = answers(parsed);
    response.writeHead(status, { "content-type": "text/html", ...headers }).end(text);
  });
  open.push(server);
  return { slack: openSlack({ url: () => `${server.url}${SECRET}`, now: () => NOW }), posts };
}

const texts = (body: unknown): string => JSON.stringify(body);

describe("a notice in Slack", () => {
  test("has a title, its lines and a link, and a text for notifications", async () => {
    const { slack, posts } = await slackThat();
    await slack.notify(NOTICE);
    expect(posts).toEqual([
      {
        path: SECRET,
        body: {
          text: ":rotating_light: The CRM sync failed",
          unfurl_links: false,
          blocks: [
            {
              type: "header",
              text: { type: "plain_text", text: ":rotating_light: The CRM sync failed", emoji: true },
            },
            {
              type: "section",
              text: {
                type: "plain_text",
                text: "HubSpot refused the token.\nfix: Make a new service key.",
                emoji: false,
              },
            },
            {
              type: "section",
              text: {
                type: "mrkdwn",
                text: "<https://support.example.com/console?run=1&amp;tab=%3Ca%3E%7Cb|Open>",
              },
            },
          ],
        },
      },
    ]);
  });

  test("shows a customer's name as it is: it can neither call a channel nor hide a link", async () => {
    const { slack, posts } = await slackThat();
    await slack.notify({
      ...NOTICE,
      title: "<!here> A&B",
      lines: ["<!channel> <https://evil.example|us> & co *_~`"],
    });
    const [post] = posts;
    const blocks = (post?.body.blocks ?? []) as { text: { type: string; text: string } }[];
    expect(blocks.map((block) => block.text.type)).toEqual(["plain_text", "plain_text", "mrkdwn"]);
    expect(blocks[1]?.text.text).toBe("<!channel> <https://evil.example|us> & co *_~`");
    expect(blocks[2]?.text.text).not.toContain("<!");
    expect(post?.body.text).toBe(":rotating_light: &lt;!here&gt; A&amp;B");
  });

  test.each([
    ["too long a title", { title: "x".repeat(400) }],
    ["too many lines", { lines: Array.from({ length: 500 }, (_one, n) => `account ${n} & co`) }],
    ["a title of emoji that is cut", { title: "🚨".repeat(100) }],
    ["no line at all", { lines: [] }],
    ["a link that is none", { link: "data:text/html,hello" }],
  ])("with %s is cut to what Slack takes, not refused", async (_what, change) => {
    const { slack, posts } = await slackThat();
    await slack.notify({ ...NOTICE, ...change });
    const blocks = (posts[0]?.body.blocks ?? []) as { type: string; text: { text: string } }[];
    expect(blocks).not.toHaveLength(0);
    for (const { type, text } of blocks) {
      expect(text.text.length).toBeLessThanOrEqual(type === "header" ? 150 : 3000);
      expect(text.text.isWellFormed()).toBe(true);
      expect(text.text).not.toMatch(/&[a-z]{0,3}…$/);
    }
    expect(texts(blocks)).not.toContain("data:");
  });
});

describe("what Slack answers", () => {
  test.each<[number, string, string]>([
    [404, "no_service", "NeedsAdmin"],
    [404, "channel_not_found", "NeedsAdmin"],
    [410, "channel_is_archived", "NeedsAdmin"],
    [403, "invalid_token", "NeedsAdmin"],
    [403, "action_prohibited", "NeedsAdmin"],
    [400, "invalid_payload", "NeedsAdmin"],
    [302, "<html>Sign in</html>", "NeedsAdmin"],
    [500, "rollup_error", "TryAgain"],
    [503, "<html>unavailable</html>", "TryAgain"],
    [429, "rate_limited", "Paused"],
  ])("%d %s is a %s", async (status, text, name) => {
    const { slack } = await slackThat(() => ({ status, text, headers: { location: "https://slack.com/" } }));
    const error = await errorOf(slack.notify(NOTICE));
    expect(error.name).toBe(name);
    expect(shown(error)).not.toContain("XXXXsecret");
  });

  test("a 429 waits as long as it was told, and a moment when it was told nothing", async () => {
    const told = await slackThat(() => ({ status: 429, text: "", headers: { "retry-after": "30" } }));
    const untold = await slackThat(() => ({ status: 429, text: "" }));
    const waits = await Promise.all([told, untold].map(({ slack }) => errorOf(slack.notify(NOTICE))));
    expect(waits.map((error) => (error as Paused).afterMs)).toEqual([30_000, 1_000]);
  });

  test("a Slack that cannot be reached pauses, and its address stays a secret", async () => {
    const slack = openSlack({ url: () => `http://127.0.0.1:9${SECRET}`, now: () => NOW });
    const error = await errorOf(slack.notify(NOTICE));
    expect(error.name).toBe("Paused");
    expect(shown(error)).not.toContain("XXXXsecret");
  });
});

describe("testing the webhook", () => {
  test("sends nothing that people see, and tells a living one from a dead one", async () => {
    const living = await slackThat((body) =>
      Object.keys(body).length === 0 ? { status: 400, text: "no_text" } : { status: 200, text: "ok" },
    );
    await living.slack.test();
    expect(living.posts.map((post) => post.body)).toEqual([{}]);
    const dead = await slackThat(() => ({ status: 404, text: "no_service" }));
    expect((await errorOf(dead.slack.test())).name).toBe("NeedsAdmin");
  });

  test.each([
    ["https://hooks.slack.com/services/T/B/x", true],
    ["http://127.0.0.1:8080/services/T/B/x", true],
    ["http://hooks.slack.com/services/T/B/x", false],
    ["http://127.0.0.1.evil.example/x", false],
  ])("the setting %s is accepted: %p", (url, accepted) => {
    expect(settings.safeParse({ SLACK_WEBHOOK_URL: url }).success).toBe(accepted);
  });
});
