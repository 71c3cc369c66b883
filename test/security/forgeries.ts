/** Ways to get a signature wrong: each takes a genuine request and makes of it one that must not be believed. */
import { createHash, createHmac } from "node:crypto";
import type { Dice } from "../../src/sandbox/dataset-dice.ts";
import type { Header } from "./wire.ts";

/** How one sender signs. */
export interface Door {
  readonly path: string;
  readonly signatureHeader: string;
  readonly timestampHeader: string;
  readonly secret: string;
  /** The text a sender signs, in its order. */
  readonly signed: (body: string, timestamp: string) => string;
  readonly timestamp: (at: number) => string;
  /** A fresh body this door would store. */
  readonly body: (nonce: string) => string;
}

export interface Forgery {
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

interface Genuine {
  readonly door: Door;
  readonly at: number;
  readonly body: string;
  readonly timestamp: string;
  readonly signature: string;
}

type Way = (genuine: Genuine, draw: Dice) => Forgery;

const hmac = (key: string | Buffer, text: string, algorithm = "sha256"): Buffer =>
  createHmac(algorithm, key).update(text).digest();

/** Looks the same to a person, is another letter to a machine: Cyrillic and full-width twins. */
const TWINS: Readonly<Record<string, string>> = {
  a: "а",
  c: "с",
  e: "е",
  o: "о",
  p: "р",
  x: "х",
  A: "А",
  B: "В",
};

function sent({ door, body, timestamp }: Genuine, signature: string, more: readonly Header[] = []): Forgery {
  const headers: Header[] = [[door.signatureHeader, signature], [door.timestampHeader, timestamp], ...more];
  return { path: door.path, headers, body: Buffer.from(body) };
}

/** A signature that is another text than the genuine one. */
function written(genuine: Genuine, signature: string): Forgery {
  return sent(genuine, signature === genuine.signature ? `${signature}A` : signature);
}

/** The genuine signature under another body or timestamp. */
function under(genuine: Genuine, change: { readonly body?: Buffer; readonly timestamp?: string }): Forgery {
  const { door, signature, timestamp, body } = genuine;
  return {
    path: door.path,
    headers: [
      [door.signatureHeader, signature],
      [door.timestampHeader, change.timestamp ?? timestamp],
    ],
    body: change.body ?? Buffer.from(body),
  };
}

function keyed(genuine: Genuine, key: string | Buffer, algorithm?: string): Forgery {
  const { door, body, timestamp } = genuine;
  return written(genuine, hmac(key, door.signed(body, timestamp), algorithm).toString("base64"));
}

function over(genuine: Genuine, text: string): Forgery {
  return written(genuine, hmac(genuine.door.secret, text).toString("base64"));
}

function flipped(body: string, draw: Dice): Buffer {
  const bytes = Buffer.from(body);
  const at = draw.int(0, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << draw.int(0, 7));
  return bytes;
}

function swappedAt(text: string, at: number, draw: Dice): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const others = [...alphabet].filter((char) => char !== text[at]);
  return text.slice(0, at) + draw.pick(others) + text.slice(at + 1);
}

const JUNK = [
  "=",
  "==",
  "A",
  ",",
  ";",
  "\0x",
  '"',
  "%3D",
  "sha256=",
  "v0=",
  "Bearer ",
  "null",
  "é",
  "\u200b",
];

/** Every way there is, by name. */
export const WAYS: Readonly<Record<string, Way>> = {
  "no signature": (g) => ({ ...sent(g, ""), headers: [[g.door.timestampHeader, g.timestamp]] }),
  "no timestamp": (g) => ({ ...sent(g, ""), headers: [[g.door.signatureHeader, g.signature]] }),
  "no headers at all": (g) => ({ ...sent(g, ""), headers: [] }),
  "an empty signature": (g) => sent(g, ""),
  "a truncated signature": (g, draw) => sent(g, g.signature.slice(0, draw.int(1, 43))),
  "the end of a signature": (g, draw) => sent(g, g.signature.slice(draw.int(1, 43))),
  "one character changed": (g, draw) => sent(g, swappedAt(g.signature, draw.int(0, 42), draw)),
  "the same bytes in another base64 text": (g) => {
    const next = String.fromCharCode(g.signature.charCodeAt(42) + 1);
    return sent(g, `${g.signature.slice(0, 42)}${next}=`);
  },
  "another alphabet": (g, draw) =>
    sent(g, Array.from({ length: 44 }, () => draw.pick([..."!#$%&*-_.~"])).join("")),
  "URL-safe base64": (g) => written(g, Buffer.from(g.signature, "base64").toString("base64url")),
  hexadecimal: (g, draw) => {
    const hex = Buffer.from(g.signature, "base64").toString("hex");
    return sent(g, draw.chance(0.5) ? hex : hex.toUpperCase());
  },
  "base64 twice": (g) => sent(g, Buffer.from(g.signature).toString("base64")),
  "case changed": (g, draw) =>
    written(g, draw.chance(0.5) ? g.signature.toUpperCase() : g.signature.toLowerCase()),
  reversed: (g) => written(g, [...g.signature].reverse().join("")),
  "junk in front": (g, draw) => sent(g, draw.pick(JUNK) + g.signature),
  "junk behind": (g, draw) => sent(g, g.signature + draw.pick(JUNK)),
  "a space inside": (g, draw) => {
    const at = draw.int(1, 43);
    return sent(g, `${g.signature.slice(0, at)} ${g.signature.slice(at)}`);
  },
  "look-alike letters": (g) => {
    const twin = [...g.signature].map((char) => TWINS[char] ?? char).join("");
    return sent(g, twin === g.signature ? `${twin}\u200d` : twin);
  },
  "full-width letters": (g) =>
    sent(
      g,
      [...g.signature].map((char) => String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xfee0)).join(""),
    ),
  "the header twice": (g) => sent(g, g.signature, [[g.door.signatureHeader, g.signature]]),
  "a wrong header before the right one": (g, draw) =>
    sent(g, swappedAt(g.signature, draw.int(0, 42), draw), [[g.door.signatureHeader, g.signature]]),
  "the timestamp twice": (g) => sent(g, g.signature, [[g.door.timestampHeader, g.timestamp]]),
  "header names with underscores": (g) => ({
    ...sent(g, ""),
    headers: [
      [g.door.signatureHeader.replaceAll("-", "_"), g.signature],
      [g.door.timestampHeader.replaceAll("-", "_"), g.timestamp],
    ],
  }),
  "another secret": (g, draw) =>
    keyed(g, draw.pick(["another", "null", "undefined", "secret", `${draw.int(0, 1e9)}`])),
  "the empty secret": (g) => keyed(g, ""),
  "a blank secret": (g) => keyed(g, " "),
  "the secret with a line feed": (g) => keyed(g, `${g.door.secret}\n`),
  "the secret cut short": (g, draw) =>
    keyed(g, g.door.secret.slice(0, draw.int(1, g.door.secret.length - 1))),
  "the secret read as base64": (g) => keyed(g, Buffer.from(g.door.secret, "base64")),
  "another algorithm": (g, draw) => keyed(g, g.door.secret, draw.pick(["sha1", "sha512", "md5", "sha384"])),
  "a bare hash instead of an HMAC": (g) =>
    written(
      g,
      createHash("sha256")
        .update(g.door.secret + g.door.signed(g.body, g.timestamp))
        .digest("base64"),
    ),
  "the body alone signed": (g) => over(g, g.body),
  "the timestamp alone signed": (g) => over(g, g.timestamp),
  "body and timestamp the wrong way round": (g) =>
    over(g, g.door.signed("", "") === "" ? g.body + g.timestamp : g.timestamp + g.door.signed(g.body, "")),
  "a full stop between": (g) => over(g, `${g.timestamp}.${g.body}`),
  "one bit of the body changed": (g, draw) => under(g, { body: flipped(g.body, draw) }),
  "the body cut short": (g, draw) =>
    under(g, { body: Buffer.from(g.body.slice(0, draw.int(0, g.body.length - 1))) }),
  "something behind the body": (g, draw) =>
    under(g, { body: Buffer.from(g.body + draw.pick([" ", "\n", "\0", "{}"])) }),
  "the timestamp moved": (g, draw) =>
    under(g, { timestamp: g.door.timestamp(g.at + draw.pick([-1, 1]) * draw.int(1, 86_400) * 1_000) }),
  "the timestamp spelled otherwise": (g, draw) =>
    under(g, {
      timestamp: draw.pick([`+${g.timestamp}`, `0${g.timestamp}`, `${g.timestamp}.0`, "0", "now", "NaN"]),
    }),
  "the border between timestamp and body moved": (g) =>
    under(g, { timestamp: g.timestamp + g.body.slice(0, 1), body: Buffer.from(g.body.slice(1)) }),
  "another address": (g) => ({ ...keyed(g, "another"), path: `${g.door.path}/` }),
  "another sender's header": (g) => ({
    ...sent(g, ""),
    headers: [
      ["X-Hub-Signature-256", `sha256=${g.signature}`],
      [
        "X-HubSpot-Signature",
        createHash("sha256")
          .update(g.door.secret + g.body)
          .digest("hex"),
      ],
      ["X-HubSpot-Signature-Version", "v1"],
      ["Authorization", `Bearer ${g.signature}`],
    ],
  }),
};

/** Forgery number `index` of a door: the ways in turn, the details by the dice. */
export function forgery(
  door: Door,
  at: number,
  index: number,
  draw: Dice,
): Forgery & { readonly way: string } {
  const ways = Object.entries(WAYS);
  const [way, forge] = ways[index % ways.length] ?? ["", WAYS["no signature"] as Way];
  const body = door.body(`${index}`);
  const timestamp = door.timestamp(at - draw.int(0, 200) * 1_000);
  const signature = hmac(door.secret, door.signed(body, timestamp)).toString("base64");
  return { way, ...forge({ door, at, body, timestamp, signature }, draw) };
}
