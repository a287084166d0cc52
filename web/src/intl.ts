// SPDX-License-Identifier: MIT
// The browser's formatters, each made when it is first needed, and once: a slow phone draws a whole screen in the
// time that a dozen of them take.

const made = new Map<string, unknown>();

function once<T>(make: new (locale: string, options: object) => T, locale: string, options: object): T {
  const key = `${make.name} ${locale} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new make(locale, options));
  return made.get(key) as T;
}

export const numberFormat = (locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat => once(Intl.NumberFormat, locale, options);

export const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => once(Intl.DateTimeFormat, locale, options);

export const pluralRules = (locale: string): Intl.PluralRules => once(Intl.PluralRules, locale, {});
