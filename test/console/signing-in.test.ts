import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { LINK_MS } from "../../src/console/sessions.ts";
import { consoleOrigin, mayPrintLink, signInAddress } from "../../src/main-console.ts";
import { at, type ConsoleWorld, person, startConsoleWorld } from "./world.ts";

let console_: ConsoleWorld;
beforeAll(async () => {
  console_ = await startConsoleWorld({ synced: false });
});
afterAll(() => console_?.close());
// Attempts are counted by the minute.
beforeEach(() => console_.world.clock.advanceTo(console_.world.clock.now() + 61_000));

const exchange = (token: string, headers = {}) =>
  console_.nobody.call("POST", "/api/v1/session", { token }, headers);

describe("a one-time link", () => {
  test("signs its person in with a cookie that scripts and other sites cannot use, once", async () => {
    const token = await console_.link("agent");
    const first = await exchange(token);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(first.status).toBe(200);
    expect(cookie).toMatch(/^ps_session=[\w-]{43}; .*Path=\/; .*HttpOnly; SameSite=Strict$/);
    const signedIn = person(console_.world.service.url, /ps_session=([\w-]+)/.exec(cookie)?.[1] ?? "");
    const who = await signedIn.call("GET", "/api/v1/session");
    expect(who.body).toMatchObject({ email: "agent@acme.example", role: "agent", how: "link" });
    const second = await exchange(token);
    expect([second.status, second.headers.get("set-cookie")]).toEqual([404, null]);
  });

  test("serves one of two who use it at the same moment", async () => {
    const token = await console_.link("admin");
    const both = await Promise.all([exchange(token), exchange(token)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  });

  test("is over after ten minutes", async () => {
    const token = await console_.link("admin");
    console_.world.clock.advanceTo(console_.world.clock.now() + LINK_MS);
    expect((await exchange(token)).status).toBe(404);
  });

  test("stands nowhere in the store as it is", async () => {
    const { world } = console_;
    const token = await console_.link("admin");
    const path = `${world.env.DATABASE_URL?.replace("sqlite:", "")}`;
    for (const file of [path, `${path}-wal`].filter((one) => existsSync(one)))
      expect(readFileSync(file).includes(token)).toBe(false);
  });

  test("cannot be guessed at: attempts are counted, and a right one must wait as well", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) statuses.push((await exchange(`${"g".repeat(40)}${i}`)).status);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(404));
    expect(new Set(statuses.slice(30))).toEqual(new Set([429]));
    const token = await console_.link("admin");
    expect((await exchange(token)).status).toBe(429);
  });

  test("is made for loopback or PUBLIC_URL, with its token behind the number sign", async () => {
    const { world } = console_;
    const store = world.service.store;
    const { url } = await signInAddress(
      store,
      "https://support.acme.example",
      { email: "kim@acme.example", role: "agent" },
      world.clock.now(),
    );
    expect(url).toMatch(/^https:\/\/support\.acme\.example\/console#token=[\w-]{43}$/);
    const config = (env: Readonly<Record<string, string>>) => readConfig(env, connectorSettings);
    expect(consoleOrigin(config({ HOST: "0.0.0.0", PORT: "9000" }))).toBe("http://127.0.0.1:9000");
    expect(consoleOrigin(config({ HOST: "::1" }))).toBe("http://[::1]:8080");
    expect(consoleOrigin(config({ PUBLIC_URL: "https://s.example/" }))).toBe("https://s.example");
  });

  test("is printed unasked only to a terminal while nobody else can reach the service", () => {
    const on = (host: string, terminal: boolean): boolean =>
      mayPrintLink(readConfig({ HOST: host }, connectorSettings), terminal);
    expect([on("127.0.0.1", true), on("127.0.0.1", false), on("0.0.0.0", true)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("a session", () => {
  test("ends for good when its person signs out", async () => {
    const admin = await console_.as("admin");
    expect((await admin.call("DELETE", "/api/v1/session")).status).toBe(200);
    expect((await admin.call("GET", "/api/v1/session")).status).toBe(401);
  });

  test("also works as a bearer, for pages in a frame where cookies are not sent", async () => {
    const { secret } = await console_.as("agent", "zendesk");
    const framed = await console_.nobody.call("GET", "/api/v1/session", undefined, {
      authorization: `Bearer ${secret}`,
    });
    expect(at(framed, "how")).toBe("zendesk");
  });

  test("is not given over an unencrypted address, or under a name that is not ours", async () => {
    const token = await console_.link("admin");
    const { status, body, cookie } = await asHost("support.acme.example", token);
    expect([status, body, cookie]).toEqual([403, expect.stringContaining("not_https"), undefined]);
  });

  test("survives a restart of the service", async () => {
    const admin = await console_.as("admin");
    await console_.world.restart();
    expect((await admin.call("GET", "/api/v1/session")).status).toBe(200);
  });
});

/** The exchange as it arrives through a proxy without encryption. */
function asHost(
  host: string,
  token: string,
): Promise<{ readonly status: number; readonly body: string; readonly cookie: string | undefined }> {
  const headers = { host, "content-type": "application/json", "x-priority-support": "1" };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${console_.world.service.url}/api/v1/session`,
      { method: "POST", headers },
      (got) => {
        const parts: Buffer[] = [];
        got.on("data", (part: Buffer) => parts.push(part));
        got.on("end", () =>
          resolve({
            status: got.statusCode ?? 0,
            body: Buffer.concat(parts).toString("utf8"),
            cookie: got.headers["set-cookie"]?.[0],
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify({ token }));
  });
}
