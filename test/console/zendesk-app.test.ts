import { createHmac, generateKeyPairSync } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { demoClock } from "../../src/demo/demo-clock.ts";
import { TUESDAY } from "../flow/world.ts";
import { type ConsoleWorld, person, startConsoleWorld } from "./world.ts";
import { APP_ID, startZendeskWithApp, type TokenChange, type ZendeskWithApp } from "./zendesk-with-app.ts";

let zendesk: ZendeskWithApp;
let console_: ConsoleWorld;
const users = { admin: "", agent: "", customer: "" };

beforeAll(async () => {
  zendesk = await startZendeskWithApp(() => console_?.world.clock.now() ?? demoClock(TUESDAY).now());
  console_ = await startConsoleWorld({
    synced: false,
    env: { ZENDESK_URL: zendesk.url, ZENDESK_APP_ID: APP_ID },
  });
  zendesk.standsBefore(console_.world.desk.url);
  const all = [...console_.world.desk.state.users.values()];
  users.admin = all.find((one) => one.role === "admin")?.id ?? "";
  users.agent = all.find((one) => one.role === "agent")?.id ?? "";
  users.customer = all.find((one) => one.role === "end-user")?.id ?? "";
}, 60_000);
afterAll(async () => {
  await console_?.close();
  await zendesk?.close();
});
// A signature that does not fit asks for the key once a minute.
beforeEach(() => console_.world.clock.advanceTo(console_.world.clock.now() + 61_000));

/** What the help desk's frame does: a form post to the app's address. */
async function open(place: string, token: string | null) {
  const response = await fetch(`${console_.world.service.url}/zaf/${place}?origin=x&app_guid=y`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: zendesk.url },
    body: token === null ? "" : new URLSearchParams({ token }).toString(),
    redirect: "manual",
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The built pages may be absent here: who was let in stands in the store. */
async function sessionsOpened(): Promise<number> {
  const db = new DatabaseSync(`${console_.world.env.DATABASE_URL?.replace("sqlite:", "")}`, {
    readOnly: true,
  });
  const row = db.prepare("select count(*) as n from console_sessions").get();
  db.close();
  return Number(row?.n);
}

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a page inside the help desk", () => {
  test.each(["ticket", "organization", "console"])(
    "%s opens for an agent with a signed address",
    async (place) => {
      const before = await sessionsOpened();
      const { status, headers } = await open(place, await zendesk.token(users.agent));
      expect([200, 503]).toContain(status);
      expect(await sessionsOpened()).toBe(before + 1);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(`frame-ancestors ${zendesk.url}`);
      expect(policy).not.toMatch(/unsafe|\*|script-src [^;]*nonce/);
      expect([headers.get("set-cookie"), headers.get("x-frame-options")]).toEqual([null, null]);
    },
  );

  test("takes the role from the help desk's own record: admins change, agents read, customers stay out", async () => {
    const roleOf = async (userId: string): Promise<string> => {
      const before = await latestRole();
      const { status } = await open("console", await zendesk.token(userId));
      const now = await latestRole();
      return status === 403 ? "out" : now.id === before.id ? "none" : now.role;
    };
    expect([await roleOf(users.admin), await roleOf(users.agent), await roleOf(users.customer)]).toEqual([
      "admin",
      "agent",
      "out",
    ]);
    expect(await roleOf("99999999")).toBe("out");
  });

  test("what a token says about roles proves nothing", async () => {
    const claims = { role: "admin", context: { currentUser: { role: "admin" } } };
    await open("console", await zendesk.token(users.agent, { claims }));
    expect((await latestRole()).role).toBe("agent");
  });
});

const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
const elsewhere = "https://other.zendesk.com";
const forged: readonly (readonly [string, () => Promise<string | null>])[] = [
  ["no token", async () => null],
  ["an empty token", async () => ""],
  ["words", async () => "let me in"],
  ["a token of ten thousand characters", async () => `a.${"b".repeat(10_000)}.c`],
  ["no signature (alg none)", async () => unsigned({ alg: "none" }, "")],
  ["alg none with another case", async () => unsigned({ alg: "NonE" }, "")],
  ["alg none behind a real signature", async () => unsigned({ alg: "none" }, "c2ln")],
  ["the public key used as a password (HS256)", async () => asPassword()],
  ["another's key", () => zendesk.token(users.admin, { key: stranger.privateKey })],
  ["another algorithm of the same key", () => withKey({ alg: "PS256" })],
  [
    "another app's installation elsewhere",
    () => claim({ aud: `${elsewhere}/api/v2/apps/installations/8001.json` }),
  ],
  ["an audience that is no installation", () => claim({ aud: `${zendesk.url}/api/v2/apps/8001.json` })],
  [
    "an audience that only begins like ours",
    () => claim({ aud: `${zendesk.url}.evil.example/api/v2/apps/installations/1.json` }),
  ],
  ["several audiences", () => claim({ aud: [`${zendesk.url}/api/v2/apps/installations/8001.json`, "x"] })],
  ["no audience", () => claim({ aud: undefined })],
  ["another help desk as issuer", () => claim({ iss: "other.zendesk.com" })],
  ["no issuer", () => claim({ iss: undefined })],
  ["no end", () => claim({ exp: undefined })],
  ["an end that is over", () => claim({ exp: seconds() - 120 })],
  ["an end in a year", () => claim({ exp: seconds() + 31_536_000 })],
  ["a beginning in the future", () => claim({ nbf: seconds() + 600 })],
  ["no user", () => claim({ sub: undefined })],
  ["a user that is no number", () => claim({ sub: `${"x"}/users/me.json` })],
  ["changed content under a real signature", () => changed()],
];

describe("a forged token", () => {
  test.each(forged)("%s is refused in words, and nobody is let in", async (_what, make) => {
    const before = await sessionsOpened();
    const { status, text, headers } = await open("console", await make());
    expect(status).toBe(401);
    expect(text).toContain("You could not be recognised");
    expect(headers.get("content-type")).toContain("text/html");
    expect(text).not.toContain("ps-session");
    expect(await sessionsOpened()).toBe(before);
  });

  test("a genuine token is good once", async () => {
    const token = await zendesk.token(users.admin);
    const before = await sessionsOpened();
    const both = await Promise.all([open("ticket", token), open("ticket", token)]);
    expect(both.filter(({ status }) => status === 401).length).toBe(1);
    expect((await open("console", token)).status).toBe(401);
    expect(await sessionsOpened()).toBe(before + 1);
  });

  test("a link to the page is not enough", async () => {
    const response = await fetch(`${console_.world.service.url}/zaf/console`);
    expect([response.status, await response.text()]).toEqual([
      401,
      expect.stringContaining("inside your help desk"),
    ]);
  });
});

describe("the app's key", () => {
  test("is asked for once, and again when it was replaced", async () => {
    await open("ticket", await zendesk.token(users.agent));
    const asked = zendesk.keysAsked();
    for (let i = 0; i < 5; i += 1) await open("ticket", await zendesk.token(users.agent));
    expect(zendesk.keysAsked()).toBe(asked);
    console_.world.clock.advanceTo(console_.world.clock.now() + 61_000);
    zendesk.renewKey();
    const before = await sessionsOpened();
    await open("ticket", await zendesk.token(users.agent));
    expect([await sessionsOpened(), zendesk.keysAsked()]).toEqual([before + 1, asked + 1]);
  });

  test("a flood of forged tokens asks for it once", async () => {
    await open("ticket", await zendesk.token(users.agent));
    console_.world.clock.advanceTo(console_.world.clock.now() + 61_000);
    const asked = zendesk.keysAsked();
    for (let i = 0; i < 20; i += 1)
      await open("ticket", await zendesk.token(users.admin, { key: stranger.privateKey }));
    expect(zendesk.keysAsked() - asked).toBeLessThanOrEqual(1);
  });

  test("a help desk that does not answer is told apart from a person who may not enter", async () => {
    console_.world.clock.advanceTo(console_.world.clock.now() + 61 * 60_000);
    zendesk.ill.now = true;
    const { status, text } = await open("ticket", await zendesk.token(users.agent));
    zendesk.ill.now = false;
    expect([status, text]).toEqual([503, expect.stringContaining("does not answer")]);
  });
});

test("the session of a frame works as a bearer and not for other origins", async () => {
  const { world } = console_;
  const { secret } = await console_.as("admin", "zendesk");
  const framed = person(world.service.url, null);
  const bearer = { authorization: `Bearer ${secret}` };
  expect((await framed.call("POST", "/api/v1/pause", {}, bearer)).status).toBe(200);
  expect((await framed.call("POST", "/api/v1/resume", {}, { ...bearer, origin: zendesk.url })).status).toBe(
    403,
  );
  expect((await framed.call("POST", "/api/v1/resume", {}, bearer)).status).toBe(200);
});

const seconds = (): number => Math.floor(console_.world.clock.now() / 1000);
const claim = (claims: TokenChange["claims"] = {}): Promise<string> => zendesk.token(users.admin, { claims });
const withKey = (change: TokenChange): Promise<string> => zendesk.token(users.admin, change);

async function payload(): Promise<string> {
  return (await claim()).split(".")[1] ?? "";
}

async function unsigned(header: object, signature: string): Promise<string> {
  return `${b64(header)}.${await payload()}.${signature}`;
}

async function asPassword(): Promise<string> {
  const signed = `${b64({ alg: "HS256" })}.${await payload()}`;
  return `${signed}.${createHmac("sha256", zendesk.publicKey()).update(signed).digest("base64url")}`;
}

async function changed(): Promise<string> {
  const [header, body, signature] = (await zendesk.token(users.agent)).split(".");
  const claims = JSON.parse(Buffer.from(body ?? "", "base64url").toString("utf8"));
  return `${header}.${b64({ ...claims, sub: `x/users/${users.admin}.json` })}.${signature}`;
}

async function latestRole(): Promise<{ readonly id: string; readonly role: string }> {
  const db = new DatabaseSync(`${console_.world.env.DATABASE_URL?.replace("sqlite:", "")}`, {
    readOnly: true,
  });
  const row = db.prepare("select id, role from console_sessions order by rowid desc limit 1").get();
  db.close();
  return { id: String(row?.id), role: String(row?.role) };
}
