/** The reader's language: which texts, and loading them. English is complete and stands in for what another lacks. */
import en from "./words/en.json";

export type Words = Readonly<Record<string, string>>;

const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly default: Words }>>> = {
  de: () => import("./words/de.json"),
  es: () => import("./words/es.json"),
  fr: () => import("./words/fr.json"),
  ja: () => import("./words/ja.json"),
  pt: () => import("./words/pt-br.json"),
};

/** The locale for numbers and dates, and the texts to show; the first wanted language we have wins. */
export async function wordsFor(
  wanted: readonly string[],
): Promise<{ readonly locale: string; readonly words: Words }> {
  for (const locale of wanted) {
    const language = locale.toLowerCase().split("-")[0] ?? "";
    if (language === "en") return { locale, words: en };
    const load = LANGUAGES[language];
    if (load !== undefined) return { locale, words: { ...en, ...(await load()).default } };
  }
  return { locale: wanted[0] ?? "en", words: en };
}
