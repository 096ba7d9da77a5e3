import { en } from "./en.ts";
import type { Strings } from "./strings.ts";
import { zh } from "./zh.ts";

export type Language = "en" | "zh";

const tables: Readonly<Record<Language, Strings>> = { en, zh };

/** The texts of a language. */
export function textsIn(language: Language): Strings {
  return tables[language];
}

/** The first of the browser's languages that there is a table for. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0] ?? "";
    if (Object.hasOwn(tables, primary)) return primary as Language;
  }
  return "en";
}
