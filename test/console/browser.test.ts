import { describe, expect, test } from "@jest/globals";
import type { Request } from "express";
import { z } from "zod";
import { cookieKind, isOwnOrigin, secretOf } from "../../src/console/browser.ts";
import { cursorOf, placeOf } from "../../src/console/cursor.ts";
import { lineDiff } from "../../src/console/line-diff.ts";
import { rateLimit } from "../../src/console/rate-limit.ts";

const PUBLIC = "https://support.acme.example";
const request = (headers: Readonly<Record<string, string>>): Request => ({ headers }) as unknown as Request;

describe("where a call comes from", () => {
  test.each([
    ["our own page", { origin: PUBLIC, host: "support.acme.example" }, true],
    ["no browser at all", { host: "support.acme.example" }, true],
    ["loopback, as it was called", { origin: "http://127.0.0.1:8080", host: "127.0.0.1:8080" }, true],
    ["another port of this machine", { origin: "http://127.0.0.1:3000", host: "127.0.0.1:8080" }, false],
    ["another site", { origin: "https://evil.example", host: "support.acme.example" }, false],
    [
      "a name that begins like ours",
      { origin: `${PUBLIC}.evil.example`, host: "support.acme.example" },
      false,
    ],
    [
      "our name without encryption",
      { origin: "http://support.acme.example", host: "support.acme.example" },
      false,
    ],
    ["a sandboxed frame", { origin: "null", host: "support.acme.example" }, false],
    ["a site that pretends by Host", { origin: "http://evil.example", host: "evil.example" }, false],
    ["another site, by the browser's word", { "sec-fetch-site": "cross-site", origin: PUBLIC }, false],
    ["a neighbour's site", { "sec-fetch-site": "same-site" }, false],
  ])("%s", (_what, headers, own) => {
    expect(isOwnOrigin(request(headers as Record<string, string>), PUBLIC)).toBe(own);
  });
});

describe("the cookie", () => {
  test.each([
    ["over https, under our own name", "support.acme.example", PUBLIC, "safe"],
    ["on this machine", "127.0.0.1:8080", PUBLIC, "local"],
    ["on this machine by name", "localhost:8080", null, "local"],
    ["under another name", "other.example", PUBLIC, null],
    ["without encryption beyond this machine", "support.acme.example", "http://support.acme.example", null],
  ] as const)("%s", (_what, host, publicUrl, kind) => {
    expect(cookieKind(request({ host }), publicUrl)).toBe(kind);
  });

  test("is read by its exact name, and a bearer goes before it", () => {
    const secret = "s".repeat(43);
    expect(secretOf(request({ cookie: `x_ps_session=no; ps_session=${secret}` }))).toBe(secret);
    expect(secretOf(request({ cookie: `__Host-ps_session=${secret}; ps_session=no` }))).toBe(secret);
    expect(secretOf(request({ cookie: `ps_session=no`, authorization: `Bearer ${secret}` }))).toBe(secret);
    expect(secretOf(request({ authorization: "Basic abc" }))).toBeNull();
  });
});

describe("an allowance", () => {
  test("is used up call by call and renewed with the next window", () => {
    const limit = rateLimit(2, 1_000);
    expect([limit.take("a", 0), limit.take("a", 1), limit.take("a", 400)]).toEqual([null, null, 600]);
    expect([limit.take("b", 400), limit.take("a", 1_000)]).toEqual([null, null]);
  });

  test("remembers no more callers than fit, so that strangers cannot fill the memory", () => {
    const limit = rateLimit(1, 60_000);
    for (let i = 0; i < 20_000; i += 1) limit.take(`caller ${i}`, 0);
    expect([limit.take("caller 0", 1), limit.take("caller 19999", 1)]).toEqual([null, 59_999]);
  });
});

describe("a place in a list", () => {
  test("comes back as it was given out, and a forged one is refused", () => {
    const place = z.tuple([z.number(), z.number()]);
    expect(placeOf(place, cursorOf([7, 9]))).toEqual([7, 9]);
    expect(placeOf(place, undefined)).toBeNull();
    for (const forged of ["x", cursorOf(["a", 1]), cursorOf({})])
      expect(() => placeOf(place, forged)).toThrow(/cursor/);
  });
});

describe("two versions line by line", () => {
  test.each([
    ["a\nb\nc", "a\nb\nc", " a| b| c"],
    ["a\nb\nc", "a\nx\nc", " a|-b|+x| c"],
    ["a\nb", "a\nb\nc", " a| b|+c"],
    ["b\nc", "a\nb\nc", "+a| b| c"],
    ["a\nb\nc\nd", "b\nd\ne", "-a| b|-c| d|+e"],
  ])("%j against %j", (before, after, expected) => {
    const sign = { same: " ", added: "+", removed: "-" };
    expect(
      lineDiff(before, after)
        .map(({ kind, text }) => `${sign[kind]}${text}`)
        .join("|"),
    ).toBe(expected);
  });
});
