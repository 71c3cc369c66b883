import { readdirSync, readFileSync } from "node:fs";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "@jest/globals";
import {
  BASIS_WORDS,
  FACT_WORDS,
  FLAG_WORDS,
  REASON_WORDS,
  STATUS_WORDS,
} from "../../src/policy/word-table.ts";

const STATUSES = Object.keys(STATUS_WORDS);
/** Facts of the CRM that may be unreadable; the others are our own. */
const FACTS = Object.keys(FACT_WORDS).filter((fact) => !fact.includes("_"));

function spoken(code: string): string | undefined {
  return STATUS_WORDS[code] ?? FACT_WORDS[code];
}

const FOLDER = new URL("../../src/console/ui/words/", import.meta.url);
type Words = Readonly<Record<string, string>>;

function wordsOf(file: string): Words {
  return JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Words;
}

/** What a text is filled with: its arguments, its tags, and the choices that the program makes (not the plural forms, which languages choose). */
function filledWith(elements: readonly MessageFormatElement[]): readonly string[] {
  return elements.flatMap((one): readonly string[] => {
    if (one.type === TYPE.literal || one.type === TYPE.pound) return [];
    if (one.type === TYPE.tag) return [`<${one.value}>`, ...filledWith(one.children)];
    if (one.type === TYPE.select)
      return [
        `${one.value} among ${Object.keys(one.options).sort().join(" ")}`,
        ...Object.values(one.options).flatMap(({ value }) => filledWith(value)),
      ];
    if (one.type === TYPE.plural)
      return [one.value, ...Object.values(one.options).flatMap(({ value }) => filledWith(value))];
    return [one.value];
  });
}

/** The things a text is filled with, each once; and what is wrong with it where it cannot be read. */
function needs(text: string): readonly string[] {
  try {
    return [...new Set(filledWith(parse(text)))].sort();
  } catch (error) {
    return [`cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const english = wordsOf("en.json");

/** The English sentences whose names begin alike, without that beginning. */
function englishOf(beginning: string): Words {
  const found = Object.entries(english).filter(([key]) => key.startsWith(beginning));
  return Object.fromEntries(found.map(([key, text]) => [key.slice(beginning.length), text]));
}

test("the pages tell every reason, flag, basis and fact as the service does", () => {
  expect(englishOf("reason.")).toEqual(REASON_WORDS);
  expect(englishOf("flag.")).toEqual(FLAG_WORDS);
  expect(englishOf("basis.")).toEqual(BASIS_WORDS);
  expect(englishOf("fact.")).toEqual(FACT_WORDS);
});

test("the pages name every status and every fact as the service does", () => {
  const named = englishOf("what.");
  expect(named).toEqual(Object.fromEntries([...STATUSES, ...FACTS].map((code) => [code, spoken(code)])));
});

const others = readdirSync(FOLDER).filter((file) => file !== "en.json");

test("the pages speak the languages that the app is offered in", () => {
  expect(others.sort()).toEqual(["de.json", "es.json", "fr.json", "ja.json", "pt-br.json"]);
});

describe.each(others)("%s", (file) => {
  const words = wordsOf(file);

  test("has every text of the pages, and none that nobody shows", () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
  });

  test("fills its texts with what the pages give", () => {
    const wrong = Object.entries(words).flatMap(([key, text]) => {
      const [here, there] = [needs(text).join(", "), needs(english[key] ?? "").join(", ")];
      return here === there ? [] : [`${key}: ${here || "nothing"} instead of ${there || "nothing"}`];
    });
    expect(wrong).toEqual([]);
  });

  test("says everything but the product's name in its own words", () => {
    const same = Object.keys(words).filter(
      (key) =>
        key !== "app.name" &&
        words[key] === english[key] &&
        /[a-z]{4,}.*\s.*[a-z]{4,}/.test(english[key] ?? ""),
    );
    expect(same).toEqual([]);
  });
});
