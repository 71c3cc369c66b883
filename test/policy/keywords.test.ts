import { describe, expect, test } from "@jest/globals";
import { keywordIn, keywordIndex, scannedText, tokensOf } from "../../src/policy/keywords.ts";
import { policy } from "../builders.ts";

const rules = policy().priority.keywords;
const index = keywordIndex(rules);
const found = (subject: string, body = ""): string | null => keywordIn(subject, body, index)?.phrase ?? null;

describe("a listed phrase", () => {
  test.each([
    ["is found in the subject", "Outage in Berlin", "", "outage"],
    ["is found in the body", "Hello", "we have an outage", "outage"],
    ["is found in any case and across punctuation", "PRODUCTION -- Down!", "", "production down"],
    ["is found across the line between subject and body", "production", "down since nine", "production down"],
    ["is found across line breaks", "x", "we see data\nloss", "data loss"],
    ["is found in full-width letters", "ｏｕｔａｇｅ", "", "outage"],
    ["is found in quotation marks", "'outage'", "", "outage"],
    ["is not found where case folding takes a letter apart", "data\u01f0loss", "", null],
    ["is not found inside a longer word", "outages", "", null],
    ["is not found with another word between", "production is down", "", null],
    ["is not found with letters of another alphabet in it", "оutage", "", null],
    ["is the most pressing of several", "degraded, then an outage", "", "outage"],
    ["is denied by a negator just before", "there is no outage", "", null],
    ["is denied by a negator three words before", "not seeing any outage", "", null],
    ["is not denied by a negator four words before", "not sure about the outage", "", "outage"],
    ["is not denied by a negator behind it", "outage, no doubt", "", "outage"],
    ["is denied by a negator with a typographic apostrophe", "this isn’t an outage", "", null],
    ["is denied by a negator with a letter apostrophe", "this isnʼt an outage", "", null],
    ["is denied by a negator in quotation marks", "'no' outage", "", null],
    ["is not denied by a word that only contains a negator", "nothing works, outage", "", "outage"],
    [
      "counts where one occurrence is denied and another is not",
      "no outage yesterday, but an outage today",
      "",
      "outage",
    ],
    [
      "leaves a lower one when it is denied itself",
      "no outage here, only slow and sometimes degraded",
      "",
      "degraded",
    ],
  ])("%s", (_sentence, subject, body, phrase) => {
    expect(found(subject, body)).toBe(phrase);
  });

  test("in another script is never found, with a mixed one by its Latin part", () => {
    const foreign = keywordIndex({ ...rules, phrases: { urgent: ["отказ", "крах server"] } });
    expect(keywordIn("отказ", "", foreign)).toBeNull();
    expect(keywordIn("the server", "", foreign)?.phrase).toBe("крах server");
  });

  test("may carry apostrophes of either kind", () => {
    const own = keywordIndex({ ...rules, phrases: { high: ["can’t log in"] } });
    expect(keywordIn("I can't log in", "", own)).toEqual({ priority: "high", phrase: "can’t log in" });
  });

  test("is not looked for where none is listed", () => {
    expect(keywordIn("outage", "", keywordIndex({ ...rules, phrases: {} }))).toBeNull();
  });
});

describe("the text that is looked at", () => {
  test.each([
    ["leaves out quoted lines", "a\n> outage\nb", "s\na\nb"],
    ["leaves out quoted lines that are indented", "a\n \t> outage\nb", "s\na\nb"],
    ["leaves out a quoted last line, not the line break before it", "a\n> outage", "s\na\n"],
    ["leaves out a first quoted line with its line break", "> outage\nb", "s\nb"],
    ["keeps a line with a > further on", "a > outage", "s\na > outage"],
    ["ends lines at LF alone", "> one\rtwo\r\nb", "s\nb"],
    ["keeps empty lines", "a\n\n\nb", "s\na\n\n\nb"],
  ])("%s", (_sentence, body, text) => {
    expect(scannedText("s", body, 1000)).toBe(text);
  });

  test("does not take a > in the subject for a quotation", () => {
    expect(found("> outage")).toBe("outage");
  });

  test("ends after a thousand code points of subject, newline and body", () => {
    const room = (length: number): string => `${" ".repeat(length)}outage`;
    expect(found("s", room(1000 - 2 - 6))).toBe("outage");
    expect(found("s", room(1000 - 2 - 5))).toBeNull();
  });

  test("counts an emoji as one, though it takes two units", () => {
    expect(found("s", `${"🔥".repeat(1000 - 2 - 7)} outage`)).toBe("outage");
    expect(found("s", `${"🔥".repeat(1000 - 2 - 6)} outage`)).toBeNull();
  });

  test("counts before letters are normalised", () => {
    expect(found("s", `${"ﬃ".repeat(1000 - 2 - 7)} outage`)).toBe("outage");
  });

  test("does not count quoted lines", () => {
    expect(found("s", `${`> ${"x".repeat(5000)}\n`.repeat(3)}outage`)).toBe("outage");
  });

  test("is cut inside a long line too", () => {
    expect(Array.from(scannedText("s", "🔥".repeat(3000), 1000))).toHaveLength(1000);
  });
});

test("words lose the apostrophes at their edges and keep the others", () => {
  expect(tokensOf("''Isn't' 'tis '' rock'n'roll's")).toEqual(["isn't", "tis", "rock'n'roll's"]);
});
