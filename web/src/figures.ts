// SPDX-License-Identifier: MIT
// Numbers, sizes and times as people of a language read them.

import { dateFormat, numberFormat } from "./intl.js";

export interface Figures {
  readonly locale: string;
  count(value: number): string;
  size(bytes: number): string;
  /** Never broken over two lines. */
  pixels(width: number, height: number): string;
  clock(ms: number): string;
  /** Today by the hour, other days with their date. */
  moment(ms: number, nowMs?: number): string;
  /** A day of the API, which counts them in UTC: never one off for somebody far from there. */
  day(ms: number): string;
  /** `1:05`, `23:01:05`. */
  countdown(ms: number): string;
  /** A decimal text, grouped and exact: the documents' amounts fit no number. */
  decimal(text: string): string;
  /** The same as it stands in a field to type in: not grouped. */
  typed(text: string): string;
  /** What was typed, with a point for the language's own mark; nothing where another mark is in it. */
  plain(typed: string): string;
}

export function figuresOf(locale: string): Figures {
  const whole = (value: number | bigint) => numberFormat(locale, { maximumFractionDigits: 0 }).format(value);
  const size = (value: number, unit: string, maximumFractionDigits: number) =>
    numberFormat(locale, { style: "unit", unitDisplay: "short", unit, maximumFractionDigits }).format(value);
  const point = () => numberFormat(locale).formatToParts(0.1).find(({ type }) => type === "decimal")?.value ?? ".";
  const clock = (ms: number) => dateFormat(locale, { hour: "numeric", minute: "2-digit" }).format(ms);
  const dayShape = { weekday: "short", day: "numeric", month: "short" } as const;
  return {
    locale,
    count: whole,
    size(value) {
      if (value >= 999_950_000) return size(value / 1e9, "gigabyte", 1);
      if (value >= 999_500) return size(value / 1e6, "megabyte", 1);
      return value >= 1000 ? size(value / 1e3, "kilobyte", 0) : size(value, "byte", 0);
    },
    pixels: (width, height) => `${width}\u00a0×\u00a0${height}`,
    clock,
    moment: (ms, nowMs = Date.now()) =>
      new Date(ms).toDateString() === new Date(nowMs).toDateString() ? clock(ms) : `${dateFormat(locale, dayShape).format(ms)}, ${clock(ms)}`,
    day: (ms) => dateFormat(locale, { ...dayShape, timeZone: "UTC" }).format(ms),
    countdown(ms) {
      const seconds = Math.max(0, Math.ceil(ms / 1000));
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
      const two = (value: number) => String(value).padStart(2, "0");
      return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
    },
    decimal(text) {
      const [units = "", fraction = ""] = text.split(".");
      if (!/^\d+$/.test(units)) return text;
      return `${whole(BigInt(units))}${fraction && point() + fraction}`;
    },
    typed: (text) => text.replace(".", point()),
    plain(typed) {
      const [units = "", ...fractions] = typed.trim().split(point());
      return [units, ...fractions].every((part) => /^\d*$/.test(part)) ? [units, ...fractions].join(".") : "";
    },
  };
}
