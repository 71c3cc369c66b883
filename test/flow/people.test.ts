/** People hear in time, once: a whole installation, Slack's Web API and a mail server over real connections. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { SMTPServer } from "smtp-server";
import { openSession } from "../../src/console/sessions.ts";
import type { Message } from "../../src/ports.ts";
import { at, person } from "../console/world.ts";
import { startWorld, type World } from "./world.ts";

const MINUTE = 60_000;
const LEAD = "lead@northwind.example";
const BEN = "ben@northwind.example";

/** Slack's Web API as far as the bot uses it; `down` = it answers 503. */
interface SlackStand {
  readonly url: string;
  readonly posts: { readonly to: string; readonly text: string; readonly blocks: string }[];
  down: boolean;
  hang: boolean;
  readonly close: () => Promise<void>;
}

async function slackStand(members: Readonly<Record<string, string>>): Promise<SlackStand> {
  const posts: SlackStand["posts"] = [];
  const stand = { down: false, hang: false };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("utf8");
    });
    request.on("end", () => {
      const form = new URLSearchParams(body);
      const answer = (value: object): unknown =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (stand.down) return response.writeHead(503).end("busy");
      if (request.url === "/api/users.lookupByEmail") {
        const id = members[form.get("email") ?? ""];
        return answer(
          id === undefined ? { ok: false, error: "users_not_found" } : { ok: true, user: { id } },
        );
      }
      const [to, text, blocks] = ["channel", "text", "blocks"].map((name) => form.get(name) ?? "");
      posts.push({ to: to ?? "", text: text ?? "", blocks: blocks ?? "" });
      return stand.hang ? response.destroy() : answer({ ok: true });
    });
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return Object.assign(stand, {
    url: `http://127.0.0.1:${port}/api/`,
    posts,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  });
}

interface MailStand {
  readonly url: string;
  readonly mails: { readonly to: string; readonly text: string }[];
  readonly close: () => Promise<void>;
}

async function mailStand(): Promise<MailStand> {
  const mails: MailStand["mails"] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    onData: (stream, { envelope }, done) => {
      let text = "";
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      stream.on("end", () => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address).join(), text });
        done();
      });
    },
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", () => done()));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise<void>((done) => void server.close(() => done())),
  };
}

let slack: SlackStand;
let mail: MailStand;
beforeAll(async () => {
  [slack, mail] = await Promise.all([slackStand({ [LEAD]: "ULEAD" }), mailStand()]);
});
afterAll(() => Promise.all([slack.close(), mail.close()]));
beforeEach(() => {
  slack.posts.length = 0;
  mail.mails.length = 0;
  slack.down = false;
  slack.hang = false;
});

const PEOPLE = `
people:
  leads: {enterprise_support: ${LEAD}}
  revops: revops@northwind.example
`;

const open = (people: string): Promise<World> =>
  startWorld({
    policy: (text) => `${text}${people}`,
    env: {
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_URL: slack.url,
      SMTP_URL: mail.url,
      MAIL_FROM: "ps@northwind.example",
    },
  });

async function newTicket({ desk, customer, settled }: World): Promise<string> {
  const { email } = customer("addon_tam");
  const { id } = desk.createTicket({
    from: email,
    channel: "email",
    subject: "A secret subject",
    comment: { body: "A secret body" },
  });
  await settled(id);
  return id;
}

/** Waits so long on the clock of the installation, then lets it look and tell. */
async function wait(minutes: number, { clock, service }: World): Promise<void> {
  clock.advanceTo(clock.now() + minutes * MINUTE);
  await service.upkeep.tell();
}

function agentDoes({ desk }: World, ticketId: string, change: Parameters<World["desk"]["agentUpdate"]>[1]) {
  const agent = [...desk.state.users.values()].find((one) => one.role === "agent");
  desk.agentUpdate(ticketId, change, agent?.id ?? "");
}

const reply = { comment: { body: "On it.", public: true }, status: "open" } as const;

async function messagesAbout({ service }: World, ticketId: string): Promise<readonly Message[]> {
  const all = await service.store.notices.list({ state: null, before: null, limit: 200 });
  return all.filter((one) => one.kind === "clock" && one.ticketId === ticketId);
}

const postsAbout = (ticketId: string) =>
  slack.posts.filter(({ text }) => text.endsWith(`ticket ${ticketId}`));
const mailsAbout = (ticketId: string) =>
  mail.mails.filter(({ text }) => new RegExp(`^Subject: .*ticket ${ticketId}\\r$`, "m").test(text));

describe("a promise that runs out", () => {
  let here: World;
  let id: string;
  beforeAll(async () => {
    here = await open(PEOPLE);
  });
  beforeEach(async () => {
    id = await newTicket(here);
  });
  afterAll(() => here?.close());

  test("is told to the tier's lead in Slack and to the manager by mail, once for each stage, and no text of it", async () => {
    await wait(20, here);
    expect(postsAbout(id)).toEqual([]);
    for (const minutes of [3, 1, 1]) await wait(minutes, here);
    expect(postsAbout(id)).toEqual([
      expect.objectContaining({ to: "ULEAD", text: expect.stringMatching(/First reply is due soon/) }),
    ]);
    expect(postsAbout(id)[0]?.blocks).toContain(`/console/tickets/${id}`);
    // Nobody in Slack has the manager's address: the mail server is the next way.
    expect(mailsAbout(id)).toHaveLength(1);
    for (const minutes of [8, 5, 5]) await wait(minutes, here);
    expect(postsAbout(id).map(({ text }) => text)).toEqual([
      expect.stringMatching(/is due soon/),
      expect.stringMatching(/is late/),
    ]);
    expect(mailsAbout(id)).toHaveLength(2);
    const secret = await openSession(
      here.service.store.console.sessions,
      { email: LEAD, role: "agent", how: "link" },
      here.clock.now(),
    );
    const listed = await person(here.service.url, secret).call("GET", "/api/v1/notices?state=told&limit=10");
    expect(at(listed, "notices")).toContainEqual(
      expect.objectContaining({ kind: "clock", ticketId: id, addressee: LEAD, way: "slack", state: "told" }),
    );
    expect(JSON.stringify([slack.posts, mail.mails])).not.toMatch(/secret (subject|body)/i);
  });

  test("is nobody's worry any more when somebody replied", async () => {
    agentDoes(here, id, reply);
    await wait(25, here);
    expect(
      (await messagesAbout(here, id)).filter(({ notice }) => notice.key.includes("first_reply")),
    ).toEqual([]);
  });

  test("of a ticket that somebody told the service to skip is told to nobody", async () => {
    agentDoes(here, id, { additional_tags: ["ps_skip"] });
    await wait(25, here);
    expect(await messagesAbout(here, id)).toEqual([]);
  });

  test("is told once by two that look at the same time, and not again after a restart", async () => {
    here.clock.advanceTo(here.clock.now() + 25 * MINUTE);
    await Promise.all([here.service.upkeep.tell(), here.service.upkeep.tell()]);
    await here.restart();
    await here.service.upkeep.tell();
    expect(postsAbout(id)).toHaveLength(1);
  });

  test("is sent when Slack is back, and not at all when somebody replied meanwhile", async () => {
    const answered = await newTicket(here);
    slack.down = true;
    await wait(23, here);
    expect(slack.posts).toEqual([]);
    agentDoes(here, answered, reply);
    slack.down = false;
    await wait(1, here);
    expect(postsAbout(id)).toHaveLength(1);
    expect(postsAbout(answered)).toEqual([]);
    const message = (await messagesAbout(here, answered)).find(({ addressee }) => addressee === LEAD);
    expect(message).toMatchObject({ state: "lapsed", reason: expect.stringMatching(/no longer so/) });
  });

  test("whose message left without an answer is not sent again, and the next stage is", async () => {
    slack.hang = true;
    await wait(23, here);
    slack.hang = false;
    await wait(2, here);
    expect(postsAbout(id)).toHaveLength(1);
    const first = (await messagesAbout(here, id)).find(({ addressee }) => addressee === LEAD);
    expect(first?.state).toBe("unknown");
    await wait(10, here);
    expect(postsAbout(id)).toHaveLength(2);
  });

  test("is recorded and not sent while the service simulates, nor afterwards", async () => {
    await here.service.store.register.setSetting("mode", "simulate");
    await wait(25, here);
    await here.service.store.register.setSetting("mode", "live");
    await wait(1, here);
    expect([postsAbout(id), mailsAbout(id)]).toEqual([[], []]);
    expect(new Set((await messagesAbout(here, id)).map(({ state }) => state))).toEqual(
      new Set(["simulated"]),
    );
  });
});

describe("with other people", () => {
  let here: World | null = null;
  afterEach(async () => {
    await here?.close();
    here = null;
  });

  test("it is told to whoever stands in for a lead on leave, who is told why", async () => {
    here = await open(`
people:
  leads: {enterprise_support: ${LEAD}}
  members:
    ${LEAD}: {backup: ${BEN}, away: [{from: "2026-06-09", to: "2026-06-09"}]}
    ${BEN}: {slack: UBEN01}
`);
    const id = await newTicket(here);
    await wait(25, here);
    expect(postsAbout(id)).toEqual([
      expect.objectContaining({ to: "UBEN01", blocks: expect.stringContaining(`in place of ${LEAD}`) }),
    ]);
  });

  test("nothing is asked and nothing is sent where the policy names nobody", async () => {
    here = await open("");
    const id = await newTicket(here);
    const before = here.desk.journal.length;
    await wait(60, here);
    expect(here.desk.journal.length).toBe(before);
    expect(await messagesAbout(here, id)).toEqual([]);
  });
});
