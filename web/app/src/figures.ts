// SPDX-License-Identifier: MIT
// Numbers as people read them, in the browser's own language.

const one = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

export const size = (bytes: number): string =>
  bytes >= 1e6 ? `${one.format(bytes / 1e6)} MB` : bytes >= 1e3 ? `${whole.format(bytes / 1e3)} kB` : `${bytes} B`;

export const pixels = (width: number, height: number): string => `${width}\u00a0×\u00a0${height}`;  // never broken over two lines

export const clockTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

/** Today by the hour, other days with their date. */
export function moment(ms: number): string {
  const then = new Date(ms);
  const today = then.toDateString() === new Date().toDateString();
  return today ? clockTime(ms) : `${then.toLocaleDateString(undefined, { day: "numeric", month: "short" })}, ${clockTime(ms)}`;
}

export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A bounty in SFLUV: 18 decimals, exact, since the documents' amounts fit no number. */
export function amount(wei: string): string {
  if (!/^\d+$/.test(wei)) return wei;
  const digits = wei.padStart(19, "0");
  const fraction = digits.slice(-18).replace(/0+$/, "");
  return `${BigInt(digits.slice(0, -18)).toLocaleString()}${fraction && `.${fraction}`} SFLUV`;
}
