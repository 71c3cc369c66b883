import { readdirSync, readFileSync } from "node:fs";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "@jest/globals";

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
