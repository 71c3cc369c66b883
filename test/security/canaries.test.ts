/** Random secrets and a customer's words, sent through success and failure, must not turn up where people look. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "@jest/globals";
import type { Fault } from "../../src/sandbox/faults.ts";
import { canary, type Env, type House, runToEnd, type Serving, serve, startHouse, until } from "./house.ts";
import { signedForZendesk } from "./wire.ts";

const EVER = Number.POSITIVE_INFINITY;

/** The forms in which a text may have been copied: as it is, in base64 at each alignment, in an address. */
function formsOf(text: string): readonly string[] {
  const base64 = [0, 1, 2].map((offset) =>
    // What the neighbours of the text share in the first and last group is left out.
    Buffer.from("\0".repeat(offset) + text)
      .toString("base64")
      .replace(/=+$/, "")
      .slice(offset === 0 ? 0 : 4, -3),
  );
  const url = base64.map((one) => one.replaceAll("+", "-").replaceAll("/", "_"));
  const escaped = [encodeURIComponent(text), JSON.stringify(text).slice(1, -1), text.replaceAll("/", "\\/")];
  return [...new Set([text, Buffer.from(text).toString("hex"), ...escaped, ...base64, ...url])];
}

/** `setting: place` for everything that was found. */
function found(wanted: Env, places: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    Object.entries(places).flatMap(([place, text]) =>
      formsOf(value).some((form) => text.includes(form)) ? [`${name} in ${place}`] : [],
    ),
  );
}

/** Everything the database's files hold, byte for byte. */
function filesOf(house: House): string {
  return ["", "-wal", "-shm"]
    .map((end) => house.databaseFile + end)
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");
}

/** Every row of every table as JSON, but for the bodies of deliveries. */
function rowsOf(house: House): string {
  const db = new DatabaseSync(house.databaseFile, { readOnly: true });
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all();
  const rows = tables.flatMap(({ name }) => {
    const all = db.prepare(`select * from "${name}"`).all();
    return name === "deliveries" ? all.map(({ body: _body, ...rest }) => rest) : all;
  });
  db.close();
  return JSON.stringify(rows, (_key, value) => (typeof value === "bigint" ? String(value) : value));
}

async function say(serving: Serving, secret: string, body: string): Promise<string> {
  const headers = Object.fromEntries(
    signedForZendesk(secret, `${new Date().toISOString().slice(0, 19)}Z`, body),
  );
  const answer = await fetch(`${serving.url}/webhooks/zendesk`, { method: "POST", headers, body });
  return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
}

/** All that a caller can see, with and without the token of the metrics. */
async function shown(serving: Serving, house: House): Promise<Readonly<Record<string, string>>> {
  const authorization = `Bearer ${house.canaries.METRICS_TOKEN}`;
  const pages = ["/metrics", "/readyz", "/healthz", "/nothing", "/%", "/webhooks/zendesk"];
  const asked = pages.flatMap((path) =>
    [{}, { authorization }].map(async (headers) => {
      const answer = await fetch(`${serving.url}${path}`, { headers });
      const who = "authorization" in headers ? " to the bearer of the token" : "";
      return [
        `${path}${who} ${answer.status}`,
        `${JSON.stringify([...answer.headers])} ${await answer.text()}`,
      ];
    }),
  );
  return Object.fromEntries(await Promise.all(asked));
}

/** A ticket with words that occur nowhere else, told to the service with those words in the webhook. */
function talk(house: House): { readonly id: string; readonly words: Env; readonly body: string } {
  const mark = randomBytes(8).toString("hex");
  const words = {
    subject: `subject ${mark} printer burns`,
    description: `description ${mark} call my doctor`,
    requester: `${mark}@stranger.example`,
  };
  const { id } = house.desk.createTicket({
    from: house.customer,
    subject: words.subject,
    description: words.description,
  });
  return { id, words, body: JSON.stringify({ ticket_id: id, ...words }) };
}

/** What an upstream says at its worst: it repeats our token and the customer's address. */
function faults(house: House): readonly (readonly [string, Fault])[] {
  const spoken = { ...house.canaries };
  const body = {
    error: "Refused",
    description: JSON.stringify(spoken),
    errors: [{ message: JSON.stringify(spoken) }],
  };
  const headers = { "x-echo": house.canaries.ZENDESK_API_TOKEN };
  return [
    ["401", { status: 401, body, headers }],
    ["403", { status: 403, body, headers }],
    ["429", { status: 429, body, headers: { ...headers, "retry-after": "1" } }],
    ["500", { status: 500, body, headers }],
    ["a page", { status: 200, bodyText: `<html>${JSON.stringify(spoken)}</html>`, headers }],
    ["a reset", { reset: true }],
    [
      "a redirect",
      {
        status: 302,
        body,
        headers: { location: `http://127.0.0.1:9/?t=${encodeURIComponent(JSON.stringify(spoken))}` },
      },
    ],
  ];
}

async function withHouse(run: (house: House) => Promise<void>): Promise<void> {
  const house = await startHouse();
  try {
    await run(house);
  } finally {
    await house.close();
  }
}

/** Runs a service while both upstreams fail in one way; everything it let out. */
async function failing(house: House, kind: string, fault: Fault): Promise<Readonly<Record<string, string>>> {
  house.desk.fault({ ...fault, path: /tickets|search|incremental/, times: EVER });
  house.crm.fault({ ...fault, path: /./, times: EVER });
  const seen = { desk: house.desk.journal.length, crm: house.crm.journal.length };
  const serving = await serve(house.env, house.folder);
  const told = talk(house);
  const answers = [await say(serving, house.secret, told.body), await say(serving, "another", told.body)];
  await until(
    `both upstreams to fail with ${kind}`,
    async () =>
      house.desk.journal.slice(seen.desk).some((e) => /tickets/.test(e.path)) &&
      house.crm.journal.length > seen.crm,
  );
  await until("the failure to be logged", async () => serving.output().split('"level":').length > 3);
  const pages = await shown(serving, house);
  await serving.stop();
  house.desk.clearFaults();
  house.crm.clearFaults();
  expect(found(told.words, { log: serving.output(), rows: rowsOf(house), ...pages })).toEqual([]);
  return { ...pages, answers: answers.join("\n"), log: serving.output(), database: filesOf(house) };
}

describe("secrets and customers' words stay where they belong", () => {
  test("the search itself finds a secret in every form", () => {
    const secret = canary();
    const forms = [secret, encodeURIComponent(secret), JSON.stringify({ a: secret })];
    const login = Buffer.from(`someone@acme.example/token:${secret}`).toString("base64");
    const all = Object.fromEntries(
      [...forms, login, Buffer.from(`ab${secret}c`).toString("base64")].entries(),
    );
    expect(found({ secret }, all)).toHaveLength(5);
    expect(found({ secret: canary() }, all)).toEqual([]);
  });

  test("after a day's work no secret is in log, database, metrics or answers, and no customer's words are either", async () => {
    await withHouse(async (house) => {
      const serving = await serve(house.env, house.folder);
      await until("the first sync", async () =>
        /ps_syncs_total\{[^}]*"ok"\} [1-9]/.test(await metrics(serving, house)),
      );
      const told = talk(house);
      const answers = [await say(serving, house.secret, told.body)];
      answers.push(await say(serving, house.secret, "not json"), await say(serving, "another", told.body));
      const written = () =>
        house.desk.journal.some((e) => e.method === "PUT" && e.path.endsWith(`/${told.id}`));
      await until("the ticket to be written", async () => written());
      const pages = await shown(serving, house);
      const code = await serving.stop();
      const places = { ...pages, answers: answers.join("\n"), log: serving.output() };
      expect(found(house.canaries, { ...places, database: filesOf(house) })).toEqual([]);
      expect(found(told.words, { ...places, rows: rowsOf(house) })).toEqual([]);
      expect([code, answers.map((answer) => answer.slice(0, 3))]).toEqual([0, ["200", "400", "401"]]);
    });
  }, 30_000);

  test("whatever goes wrong upstream, even when it repeats our secrets, none of them is let out", async () => {
    const list = Object.keys(Object.fromEntries(await kinds()));
    const leaks: string[] = [];
    const next = list.values();
    const work = async (): Promise<void> => {
      for (const kind of next)
        await withHouse(async (house) => {
          const fault = Object.fromEntries(faults(house))[kind] ?? {};
          leaks.push(
            ...found(house.canaries, await failing(house, kind, fault)).map((leak) => `${kind}: ${leak}`),
          );
        });
    };
    await Promise.all([work(), work()]);
    process.stdout.write(`\nfailures tried at debug level: ${list.join(", ")}; leaks: ${leaks.length}\n`);
    expect(leaks).toEqual([]);
  }, 60_000);

  test("a store that breaks is answered with 503 or 500, without a word about how it is made", async () => {
    await withHouse(async (house) => {
      const serving = await serve(house.env, house.folder);
      const db = new DatabaseSync(house.databaseFile);
      db.exec("pragma busy_timeout = 5000; drop table deliveries; drop table settings");
      db.close();
      const answer = await say(serving, house.secret, talk(house).body);
      const pages = await shown(serving, house);
      await serving.stop();
      expect(answer).toMatch(/^50[03] /);
      const words = /\bat \S+ \(|node_modules|\.ts\b|\/src\/|select |insert |no such table|sqlite|stack/i;
      const failed = Object.entries({ ...pages, "webhook 500": answer }).filter(([name]) =>
        / 5\d\d$/.test(name),
      );
      // Whoever holds the token is told what is broken; everybody else is not.
      const open = failed.filter(([name]) => !name.startsWith("/readyz to the bearer"));
      expect(failed.length).toBeGreaterThan(1);
      expect(open.filter(([, text]) => words.test(text))).toEqual([]);
      expect(found(house.canaries, { ...pages, answer, log: serving.output() })).toEqual([]);
    });
  }, 30_000);

  test.each([
    [
      "an address of a database nobody has",
      { DATABASE_URL: (s: string) => `mysql://me:${encodeURIComponent(s)}@db/x` },
    ],
    [
      "a database that cannot be reached",
      { DATABASE_URL: (s: string) => `postgres://me:${encodeURIComponent(s)}@127.0.0.1:9/x` },
    ],
    ["an address that cannot be read", { DATABASE_URL: (s: string) => `postgres://me:${s}@[/x` }],
    ["a channel that is no address", { SLACK_WEBHOOK_URL: (s: string) => `ftp://${s}` }],
    ["a secret where a number belongs", { PORT: (s: string) => s }],
  ])("%s ends the start, and the message does not show the secret", async (_what, change) => {
    await withHouse(async (house) => {
      const secret = canary();
      const changed = Object.fromEntries(Object.entries(change).map(([name, make]) => [name, make(secret)]));
      const { code, output } = await runToEnd(["serve"], { ...house.env, ...changed }, house.folder);
      expect([code === 0, output.includes("fix:")]).toEqual([false, true]);
      expect(found({ ...house.canaries, secret }, { output })).toEqual([]);
    });
  });
});

async function metrics(serving: Serving, house: House): Promise<string> {
  const headers = { authorization: `Bearer ${house.canaries.METRICS_TOKEN}` };
  return (await fetch(`${serving.url}/metrics`, { headers })).text();
}

async function kinds(): Promise<readonly (readonly [string, Fault])[]> {
  const house = await startHouse();
  await house.close();
  return faults(house);
}
