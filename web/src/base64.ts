// SPDX-License-Identifier: MIT
// Base64 of bytes that are at hand. The texts of chunks whose length is a multiple of 3 may be
// joined, which is how a body is made without one giant string.

/** Bytes of a chunk at rest: a multiple of 3, and a text of exactly 1 MiB. */
export const chunkBytes = 786_432;

interface NativeBase64 {
  toBase64?: () => string;
}

export function base64(bytes: Uint8Array): string {
  const native = (bytes as NativeBase64).toBase64;
  return typeof native === "function" ? native.call(bytes) : encode(bytes);
}

const alphabet = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const padding = 0x3d;

/** For browsers before 2025: a table, and one decoding of ASCII at the end. */
export function encode(bytes: Uint8Array): string {
  const out = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes[i]! << 16) | ((left > 1 ? bytes[i + 1]! : 0) << 8) | (left > 2 ? bytes[i + 2]! : 0);
    out[at++] = alphabet[group >> 18]!;
    out[at++] = alphabet[(group >> 12) & 63]!;
    out[at++] = left > 1 ? alphabet[(group >> 6) & 63]! : padding;
    out[at++] = left > 2 ? alphabet[group & 63]! : padding;
  }
  return new TextDecoder().decode(out);
}
