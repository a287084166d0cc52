// SPDX-License-Identifier: MIT
// The parts of ZIP (APPNOTE 6.3) that a file of ours has: no ZIP64, no encryption, one disk.

export const localHeader = { signature: 0x04034b50, bytes: 30 };
export const centralHeader = { signature: 0x02014b50, bytes: 46 };
export const endRecord = { signature: 0x06054b50, bytes: 22, commentBytesMax: 0xffff };
/** The name is UTF-8. */
export const utf8Flag = 0x0800;
export const stored = 0;
export const deflated = 8;
/** What 32 and 16 bits hold; all ones would say "see ZIP64". */
export const bytesMax = 0xfffffffe;
export const entriesMax = 0xfffe;
