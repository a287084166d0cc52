// SPDX-License-Identifier: MIT
// The language of the page: the person's choice, else the browser's first that we speak. Only that one is loaded.
import type { Language } from "sfluv-field/elements";
import { en } from "sfluv-field/messages/en";

import { kept } from "./kept.js";

export const languages = { en: "English", es: "Español", "zh-Hant": "繁體中文", fil: "Filipino" } as const;
export type LanguageTag = keyof typeof languages;

const load: Record<LanguageTag, () => Promise<Language>> = {
  en: async () => en,
  es: async () => (await import("sfluv-field/messages/es")).es,
  "zh-Hant": async () => (await import("sfluv-field/messages/zh-Hant")).zhHant,
  fil: async () => (await import("sfluv-field/messages/fil")).fil,
};

const isOurs = (tag: string): tag is LanguageTag => Object.hasOwn(languages, tag);

/** `zh-TW` and `zh-HK` are written in traditional signs, `tl` is an old name of `fil`; a desktop may even say `c`. */
function ours(tag: string): LanguageTag | undefined {
  const [canonical] = canonicalOf(tag);
  if (!canonical) return undefined;
  const { language = "", script } = new Intl.Locale(canonical).maximize();
  if (language === "zh") return script === "Hant" ? "zh-Hant" : undefined;
  return isOurs(language) ? language : undefined;
}

function canonicalOf(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag);
  } catch {
    return [];
  }
}

export function chosenLanguage(): LanguageTag {
  const chosen = kept("language") ?? "";
  if (isOurs(chosen)) return chosen;
  return navigator.languages.map(ours).find(tag => tag !== undefined) ?? "en";
}

export async function useLanguage(tag: LanguageTag): Promise<Language> {
  const messages = await load[tag]().catch(() => en);  // offline before the language was ever loaded
  document.documentElement.lang = messages.locale;
  return messages;
}
