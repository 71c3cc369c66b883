/** Signatures are compared as a whole, by node's comparison in constant time, whatever is wrong with them. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import type { Compared } from "./comparing-child.ts";

const CHILD = fileURLToPath(new URL("./comparing-child.ts", import.meta.url));
/** A SHA-256 in base64. */
const LENGTH = 44;

const rows = JSON.parse(execFileSync(process.execPath, [CHILD], { encoding: "utf8" })) as readonly Compared[];
const about = (pattern: RegExp): readonly Compared[] => rows.filter(({ what }) => pattern.test(what));

test.each([
  ["zendesk", /^zendesk: wrong at/],
  ["hubspot", /^hubspot: wrong at/],
])(
  "at %s's door a signature that is wrong at any one place is compared whole, once, and refused",
  (_door, wrong) => {
    expect(about(wrong)).toHaveLength(LENGTH);
    for (const { accepted, lengths } of about(wrong))
      expect([accepted, lengths]).toEqual([false, [[LENGTH, LENGTH]]]);
  },
);

test("one of another length is refused without a comparison that could throw", () => {
  const others = about(/: (?:of length|as many letters)/);
  expect(others).toHaveLength(2 * 100);
  for (const { accepted, lengths } of others) expect([accepted, lengths]).toEqual([false, []]);
});

test("a right one takes the same comparison, and of two secrets both are tried whichever fits", () => {
  expect(about(/: right$/).map(({ accepted, lengths }) => [accepted, lengths])).toEqual(
    Array(2).fill([true, [[LENGTH, LENGTH]]]),
  );
  const pair = [LENGTH, LENGTH];
  expect(about(/two secrets/).map(({ accepted, lengths }) => [accepted, lengths])).toEqual(
    Array(2).fill([true, [pair, pair]]),
  );
});
