import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { openEmail, settings } from "../../connectors/email/index.ts";
import { serverOf } from "../../connectors/email/schemas.ts";
import type { Messenger, Notice } from "../../src/ports.ts";
import { errorOf, shown } from "./hubspot-standin.ts";

const PASSWORD = "s3cr3t+/%";
const FROM = "Priority Support <ps@northwind.example>";
const ANNA = { address: "anna@northwind.example", slackId: null };
const NOTICE: Notice = {
  key: "clock:7:first_reply:75",
  title: "First reply is due: Evil\r\nBcc: all@northwind.example\r\n\r\n<b>Söhne</b>",
  lines: ["Customer: <script>alert(1)</script> & Söhne", "Until 15:30"],
  severity: "warning",
  link: "https://support.example.com/console/tickets/7?a=1&b=2",
  also: [{ label: "Ticket", url: "javascript:alert(1)" }],
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

/** A real mail server on this machine, which keeps what it takes. */
async function serverThat(
  options: Partial<SMTPServerOptions> = {},
): Promise<{ readonly email: Messenger; readonly mails: Mail[]; readonly url: string }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === "ps" && password === PASSWORD ? done(null, { user: "ps" }) : done(new Error("no")),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        mails.push({
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString("utf8"),
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", () => done());
  });
  closing.push(() => new Promise<void>((done) => void server.close(() => done())));
  const { port } = server.server.address() as AddressInfo;
  const url = `smtp://ps:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
  return { email: emailAt(url), mails, url };
}

function emailAt(url: string): Messenger {
  return openEmail({ url: () => url, from: () => FROM, deadlineMs: 2_000 });
}

describe("a mail", () => {
  test("goes to one person, as text and as simple HTML, and says that nobody need answer", async () => {
    const { email, mails } = await serverThat();
    expect(await email.tell(ANNA, { ...NOTICE, title: "First reply of ticket 7 is due" })).toBe("told");
    expect(mails).toHaveLength(1);
    const [{ from = "", to = [], raw = "" } = {}] = mails;
    expect([from, to]).toEqual(["ps@northwind.example", [ANNA.address]]);
    expect(raw).toMatch(/^Subject: First reply of ticket 7 is due\r$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toMatch(/^Message-ID: <[0-9a-f]{32}@northwind\.example>\r$/m);
    expect(raw).toMatch(/Content-Type: text\/plain[\s\S]*Until 15:30[\s\S]*Content-Type: text\/html/);
  });

  test("carries a customer's name as text: it begins no header, and its HTML and its odd links do nothing", async () => {
    const { email, mails } = await serverThat();
    await email.tell(ANNA, NOTICE);
    const [mail] = mails;
    expect(mail?.to).toEqual([ANNA.address]);
    const [head = "", ...body] = (mail?.raw ?? "").split("\r\n\r\n");
    expect(head.split(/\r\n(?![ \t])/).filter((line) => /^bcc:/i.test(line))).toEqual([]);
    expect(head).toMatch(/^Subject: =\?UTF-8\?/m);
    const html = decodedPart(body.join("\r\n\r\n"), "text/html");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne");
    expect(html).not.toMatch(/<script|<b>|javascript:/);
    expect(html).toContain('href="https://support.example.com/console/tickets/7?a=1&amp;b=2"');
  });

  test("that is sent for the same thing to the same person has the same Message-ID, and another for another", async () => {
    const { email, mails } = await serverThat();
    await email.tell(ANNA, NOTICE);
    await email.tell(ANNA, NOTICE);
    await email.tell({ ...ANNA, address: "ben@northwind.example" }, NOTICE);
    const ids = mails.map(({ raw }) => /^Message-ID: (.*)\r$/m.exec(raw)?.[1]);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test("is tested by signing in alone", async () => {
    const { email, mails } = await serverThat();
    await email.test();
    expect(mails).toEqual([]);
  });
});

/** A quoted-printable part of a mail with several. */
function decodedPart(body: string, type: string): string {
  const part = body.split(/\r\n--/).find((one) => one.includes(`Content-Type: ${type}`)) ?? "";
  const quoted = part.slice(part.indexOf("\r\n\r\n") + 4).replaceAll("=\r\n", "");
  const bytes = quoted.replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function refusing(status: number): Error {
  return Object.assign(new Error(`anna's mailbox ${PASSWORD}`), { responseCode: status });
}

describe("a mail server that does not take it", () => {
  test.each<[string, Partial<SMTPServerOptions>, string]>([
    ["refuses the password", { onAuth: (_auth, _session, done) => done(refusing(535)) }, "NeedsAdmin"],
    ["does not know the person", { onRcptTo: (_to, _session, done) => done(refusing(550)) }, "NeedsAdmin"],
    ["greylists", { onRcptTo: (_to, _session, done) => done(refusing(451)) }, "TryAgain"],
    [
      "refuses the mail",
      {
        onData: (stream, _session, done) => {
          stream.on("end", () => done(refusing(554)));
          stream.resume();
        },
      },
      "NeedsAdmin",
    ],
  ])("because it %s says what to do, and shows no secret", async (_what, options, name) => {
    const { email } = await serverThat(options);
    const error = await errorOf(email.tell(ANNA, NOTICE));
    expect(error.name).toBe(name);
    expect(shown(error)).not.toContain(PASSWORD);
    expect(shown(error)).not.toContain("mailbox");
  });

  test("because it went away after it had the mail leaves open whether it arrived; before that it did not", async () => {
    const after = await serverThat({
      onData: (stream) => {
        stream.on("end", () => stream.destroy());
        stream.resume();
      },
    });
    expect(await emailAt(after.url).tell(ANNA, NOTICE)).toBe("unknown");
    const silent = createServer(() => {});
    await new Promise<void>((done) => void silent.listen(0, "127.0.0.1", done));
    const { port } = silent.address() as AddressInfo;
    const before = openEmail({
      url: () => `smtp://127.0.0.1:${port}`,
      from: () => FROM,
      deadlineMs: 300,
    });
    expect((await errorOf(before.tell(ANNA, NOTICE))).name).toBe("Paused");
    await new Promise<void>((done) => void silent.close(() => done()));
    expect((await errorOf(before.tell(ANNA, NOTICE))).name).toBe("Paused");
  });
});

describe("the address of a mail server", () => {
  test.each([
    ["smtp://ps:a%2Fb@mail.example:2525", { port: 2525, secure: false, requireTls: true, password: "a/b" }],
    ["smtp://mail.example", { port: 587, requireTls: true, user: null }],
    ["smtps://ps:x@mail.example", { port: 465, secure: true, requireTls: false }],
    ["smtp://127.0.0.1:25", { requireTls: false }],
    ["https://mail.example", null],
    ["smtp://mail.example?tls=off", null],
    ["mail.example:25", null],
  ])("%s is read, or refused: encryption is left out on this machine alone", (address, expected) => {
    const server = serverOf(address);
    if (expected === null) expect(server).toBeNull();
    else expect(server).toMatchObject(expected);
    expect(settings.safeParse({ SMTP_URL: address }).success).toBe(expected !== null);
  });

  test.each([
    ["ps@northwind.example", true],
    [FROM, true],
    ["nobody", false],
    ["a@b.example\r\nBcc: c@d.example", false],
  ])("the sender %j is accepted: %p", (from, accepted) => {
    expect(settings.safeParse({ MAIL_FROM: from }).success).toBe(accepted);
  });
});
