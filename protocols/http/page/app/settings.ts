import { Store } from "./lib/store.ts";
import { type Language, languageOf } from "./text/language.ts";

export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** What this browser remembers. Where it may not remember anything, the page works all the same. */
export class Settings {
  readonly theme: Store<Theme>;
  readonly language: Store<Language>;

  constructor(languages: readonly string[]) {
    const theme = THEMES.find((one) => one === recall("theme")) ?? "system";
    const chosen = recall("language");
    const wanted = typeof chosen === "string" ? [chosen, ...languages] : languages;
    this.theme = new Store<Theme>(theme);
    this.language = new Store<Language>(languageOf(wanted));
    this.theme.watch(() => remember("theme", this.theme.value));
    this.language.watch(() => remember("language", this.language.value));
  }

  nextTheme(): void {
    this.theme.update((theme) => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system");
  }
}

/** How a key is called in the browser's own storage. */
export function stored(key: string): string {
  return `tincan.${key}`;
}

/** What was remembered under a key, as JSON; null where there is nothing of use. */
export function recall(key: string, storage: () => Storage = () => localStorage): unknown {
  try {
    return JSON.parse(storage().getItem(stored(key)) ?? "null");
  } catch {
    return null;
  }
}

export function remember(key: string, value: unknown, storage: () => Storage = () => localStorage): void {
  try {
    storage().setItem(stored(key), JSON.stringify(value));
  } catch {
    // Private windows and full disks: it is forgotten, and nothing else fails.
  }
}
