/** People hear in time, once: a whole installation, Slack's Web API and a mail server over real connections. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { SMTPServer } from "smtp-server";
import type { Message } from "../../src/ports.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

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
        return answer(id === undefined ? { ok: false, error: "users_not_found" } : { ok: true, user: { id } });
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
let world: World | null = null;
beforeEach(async () => {
  [slack, mail] = await Promise.all([slackStand({ [LEAD]: "ULEAD" }), mailStand()]);
});
afterEach(async () => {
  await world?.close();
  world = null;
  await Promise.all([slack.close(), mail.close()]);
});

const PEOPLE = `
people:
  leads: {enterprise_support: ${LEAD}}
  revops: revops@northwind.example
`;

async function open(options: WorldOptions & { readonly people?: string } = {}): Promise<World> {
  world = await startWorld({
    ...options,
    policy: (text) => `${text}${options.people ?? PEOPLE}`,
    env: {
      SLACK_BOT_TOKEN: "xoxb-1",
      SLACK_URL: slack.url,
      SMTP_URL: mail.url,
      MAIL_FROM: "ps@northwind.example",
      ...options.env,
    },
  });
  return world;
}

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
async function after(minutes: number, { clock, service }: World): Promise<number> {
  clock.advanceTo(clock.now() + minutes * MINUTE);
  return service.upkeep.tell();
}

function reply({ desk }: World, ticketId: string): void {
  const agent = [...desk.state.users.values()].find((one) => one.role === "agent");
  desk.agentUpdate(ticketId, { comment: { body: "On it.", public: true }, status: "open" }, agent?.id ?? "");
}

const clockMessages = async ({ service }: World): Promise<readonly Message[]> =>
  (await service.store.notices.list({ state: null, before: null, limit: 100 })).filter(
    ({ kind }) => kind === "clock",
  );

describe("a promise that runs out", () => {
  test("is told to the tier's lead in Slack and to the manager by mail, once for each stage, and nothing secret with it", async () => {
    const here = await open();
    const id = await newTicket(here);
    expect(await after(20, here)).toBe(0);
    await after(3, here);
    await after(1, here);
    expect(slack.posts.filter(({ text }) => text.includes(`ticket ${id}`))).toHaveLength(1);
    expect(slack.posts[0]).toMatchObject({ to: "ULEAD", text: expect.stringMatching(/due soon: ticket/) });
    expect(slack.posts[0]?.blocks).toContain(`/console/tickets/${id}`);
    // The manager has no Slack: the mail server is the next way.
    await after(0, here);
    const tam = mail.mails.filter(({ text }) => text.includes(`ticket ${id}`));
    expect(tam).toHaveLength(1);
    await after(10, here);
    await after(5, here);
    expect(slack.posts.map(({ text }) => text)).toEqual([
      expect.stringMatching(/is due soon/),
      expect.stringMatching(/is late/),
    ]);
    const sent = JSON.stringify([slack.posts, mail.mails]);
    expect(sent).not.toMatch(/secret (subject|body)/i);
  });

  test("is nobody's worry any more when somebody replied", async () => {
    const here = await open();
    const id = await newTicket(here);
    reply(here, id);
    await after(25, here);
    expect((await clockMessages(here)).filter(({ notice }) => notice.key.includes("first_reply"))).toEqual([]);
  });

  test("of a ticket that somebody told the service to skip is told to nobody", async () => {
    const here = await open();
    const id = await newTicket(here);
    const agent = [...here.desk.state.users.values()].find((one) => one.role === "agent");
    here.desk.agentUpdate(id, { additional_tags: ["ps_skip"] }, agent?.id ?? "");
    await after(25, here);
    expect(await clockMessages(here)).toEqual([]);
  });

  test("is told once by two instances, and not again after a restart", async () => {
    const here = await open();
    await newTicket(here);
    here.clock.advanceTo(here.clock.now() + 25 * MINUTE);
    await Promise.all([here.service.upkeep.tell(), here.service.upkeep.tell()]);
    await here.restart();
    await here.service.upkeep.tell();
    expect(slack.posts).toHaveLength(1);
  });

  test("is sent when Slack is back, and not at all when somebody replied meanwhile", async () => {
    const here = await open({ env: { SMTP_URL: "", MAIL_FROM: "" } });
    const first = await newTicket(here);
    const second = await newTicket(here);
    slack.down = true;
    expect(await after(23, here)).toBe(0);
    reply(here, second);
    slack.down = false;
    await after(1, here);
    expect(slack.posts.map(({ text }) => text)).toEqual([expect.stringContaining(`ticket ${first}`)]);
    const messages = await clockMessages(here);
    expect(messages.find(({ ticketId, addressee }) => ticketId === second && addressee === LEAD)).toMatchObject({
      state: "lapsed",
      reason: expect.stringMatching(/no longer so/),
    });
  });

  test("whose message left without an answer is not sent again, and the next stage is", async () => {
    const here = await open();
    await newTicket(here);
    slack.hang = true;
    await after(23, here);
    slack.hang = false;
    await after(2, here);
    expect(slack.posts).toHaveLength(1);
    expect((await clockMessages(here)).find(({ addressee }) => addressee === LEAD)?.state).toBe("unknown");
    await after(10, here);
    expect(slack.posts).toHaveLength(2);
  });

  test("is recorded and not sent while the service simulates, nor afterwards", async () => {
    const here = await open();
    await newTicket(here);
    await here.service.store.register.setSetting("mode", "simulate");
    await after(25, here);
    await here.service.store.register.setSetting("mode", "live");
    await after(1, here);
    expect([slack.posts, mail.mails]).toEqual([[], []]);
    expect((await clockMessages(here)).map(({ state }) => state)).toContain("simulated");
  });

  test("is told to whoever stands in for a lead on leave, who is told why", async () => {
    const here = await open({
      people: `
people:
  leads: {enterprise_support: ${LEAD}}
  members:
    ${LEAD}: {backup: ${BEN}, away: [{from: "2026-06-09", to: "2026-06-09"}]}
    ${BEN}: {slack: UBEN01}
`,
    });
    await newTicket(here);
    await after(25, here);
    expect(slack.posts).toEqual([
      expect.objectContaining({ to: "UBEN01", blocks: expect.stringContaining(`in place of ${LEAD}`) }),
    ]);
  });
});

test("nothing is asked and nothing is sent where the policy names nobody", async () => {
  const here = await open({ people: "" });
  await newTicket(here);
  const before = here.desk.journal.length;
  expect(await after(60, here)).toBe(0);
  expect(here.desk.journal.length).toBe(before);
  expect(await clockMessages(here)).toEqual([]);
});
