// SPDX-License-Identifier: MIT

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** CRC-32 as ZIP has it, over parts that follow each other. */
export function crc32(parts: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const part of parts) {
    for (let i = 0; i < part.length; ++i) crc = table[(crc ^ part[i]!) & 255]! ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
