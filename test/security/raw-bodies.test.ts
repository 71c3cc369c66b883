/** A signature is over bytes: however they are written, sent or labelled, what was signed is what counts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { connectorSettings } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { silent } from "../../src/log.ts";
import { startService } from "../../src/main.ts";
import { startWorld, type World } from "../flow/world.ts";
import { exchange, type Header, openLine, requestBytes, signedForZendesk } from "./wire.ts";

const DOOR = "/webhooks/zendesk";

let w: World;
beforeAll(async () => {
  // It reads along on every socket, and chokes on what no proper client sends.
  nock.restore();
  w = await startWorld({ silentDesk: true });
});
afterAll(() => w.close());

const port = (service = w.service): number => Number(new URL(service.url).port);
const stamp = (): string => `${new Date(w.clock.now()).toISOString().slice(0, 19)}Z`;

async function ask(bytes: Uint8Array, service = w.service): Promise<number> {
  const line = openLine(port(service));
  const { status } = await line.ask(bytes);
  line.close();
  return status;
}

const signed = (body: string, secret = w.secret): readonly Header[] =>
  signedForZendesk(secret, stamp(), body);

describe("the exact bytes", () => {
  test.each([
    ["keys in another order", '{"updated_at":null,"ticket_id":"880001"}'],
    ["letters written as escapes", '{"ticket_id":"88000\\u0032","n":"\\u00e9\\/"}'],
    ["white space everywhere", ' \r\n\t{ "ticket_id" :\n"880003" }\n\n'],
    ["a byte order mark", '\uFEFF{"ticket_id":"880004"}'],
    ["a number for an id", '{"ticket_id":880005}'],
    ["the same key twice", '{"ticket_id":"1","ticket_id":"880006"}'],
    ["other scripts and emoji", '{"ticket_id":"880007","subject":"語 🚒 ﷽"}'],
  ])("with %s are what is verified, and taken", async (_what, body) => {
    expect(await ask(requestBytes(DOOR, signed(body), Buffer.from(body)))).toBe(200);
  });

  test.each([
    ["no type at all", ""],
    ["a form", "application/x-www-form-urlencoded"],
    ["another character set", "application/json; charset=latin1"],
    ["nonsense", "a/b/c;;;="],
  ])("are taken under %s", async (what, type) => {
    const body = JSON.stringify({ ticket_id: "880010", what });
    const plain = requestBytes(DOOR, signed(body), Buffer.from(body)).toString("latin1");
    const typed = plain.replace(/Content-Type: .*\r\n/, type === "" ? "" : `Content-Type: ${type}\r\n`);
    expect(await ask(Buffer.from(typed, "latin1"))).toBe(200);
  });

  test("are taken in pieces, however small", async () => {
    const body = '{"ticket_id":"880020","subject":"語 in three pieces"}';
    const headers = signed(body).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST ${DOOR} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${headers.join("")}\r\n`;
    const pieces = [...Buffer.from(body)].map((byte) =>
      Buffer.concat([Buffer.from("1\r\n"), Buffer.of(byte), Buffer.from("\r\n")]),
    );
    const whole = Buffer.concat([Buffer.from(head), ...pieces, Buffer.from("0\r\n\r\n")]);
    expect((await exchange(port(), (socket) => void socket.write(whole), 500)).status).toBe(200);
  });

  test.each([
    ["with a query", `${DOOR}?from=trigger`],
    ["in capitals", "/Webhooks/ZENDESK"],
    ["with a slash behind", `${DOOR}/`],
  ])("are taken at the address %s", async (where, path) => {
    const body = JSON.stringify({ ticket_id: "880030", where });
    expect(await ask(requestBytes(path, signed(body), Buffer.from(body)))).toBe(200);
  });

  test.each([
    ["one level deeper", `${DOOR}/1`],
    ["with a dot", "/webhooks/./zendesk"],
    ["of nobody", "/webhooks/constructor"],
  ])("at an address %s are nobody's", async (where, path) => {
    const body = JSON.stringify({ ticket_id: "880040", where });
    expect(await ask(requestBytes(path, signed(body), Buffer.from(body)))).toBe(404);
  });

  test("that are packed are refused unread, for what was signed cannot be seen", async () => {
    const body = '{"ticket_id":"880050"}';
    const headers: readonly Header[] = [...signed(body), ["Content-Encoding", "gzip"]];
    expect(await ask(requestBytes(DOOR, headers, gzipSync(body)))).toBe(415);
  });
});

describe("a secret that is replaced while webhooks come in", () => {
  test("loses none of them: both are taken in between, and the old one is refused afterwards", async () => {
    const folder = mkdtempSync(join(tmpdir(), "secrets-"));
    const file = join(folder, "webhook");
    const passed = { minutes: 0 };
    writeFileSync(file, "the old secret\n");
    const service = await startService(
      readConfig(
        { ...w.env, ZENDESK_WEBHOOK_SECRET: "", ZENDESK_WEBHOOK_SECRET_FILE: file, PORT: "0" },
        connectorSettings,
        [],
        () => Date.now() + passed.minutes * 60_000,
      ),
      { simulate: true, setup: false, clock: w.clock, log: silent, syncEveryMs: 0 },
    );
    /** A stream of webhooks under one secret; the different answers to it. */
    const stream = async (secret: string, during: string): Promise<readonly number[]> => {
      const answers = Array.from({ length: 20 }, (_, n) => {
        const body = JSON.stringify({ ticket_id: "880060", secret, during, n });
        return ask(requestBytes(DOOR, signed(body, secret), Buffer.from(body)), service);
      });
      return [...new Set(await Promise.all(answers))];
    };
    const both = async (during: string): Promise<readonly (readonly number[])[]> =>
      Promise.all([stream("the old secret", during), stream("the new secret", during)]);
    try {
      expect(await both("before")).toEqual([[200], [401]]);
      writeFileSync(file, "the old secret, the new secret\n");
      passed.minutes += 1;
      expect(await both("a day of change")).toEqual([[200], [200]]);
      writeFileSync(file, "the new secret\n");
      passed.minutes += 1;
      expect(await both("afterwards")).toEqual([[401], [200]]);
    } finally {
      await service.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
