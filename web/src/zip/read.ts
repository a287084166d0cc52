// SPDX-License-Identifier: MIT
// Reads a ZIP out of a file without loading it: the directory, then what is asked for. People unpack and
// pack again, so compressed entries are read too. The file is anybody's: every length is checked.

import { concatBytes, textOfBytes } from "../store/bytes.js";
import { crc32 } from "./crc32.js";
import { centralHeader, deflated, endRecord, localHeader, stored } from "./format.js";

/** The file is no ZIP, or not one of those that we read. */
export class ZipDamaged extends Error {}

export interface ZipReader {
  readonly names: readonly string[];
  /** The bytes of an entry, checked by length and CRC; `undefined` when there is none, or it is longer than `bytesMax`. */
  bytes(name: string, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

interface Entry {
  method: number;
  crc: number;
  packedBytes: number;
  bytes: number;
  at: number;
}

const directoryBytesMax = 16 << 20;

export async function readZip(file: Blob): Promise<ZipReader> {
  const { entries, directoryBytes, directoryAt } = await findEnd(file);
  if (directoryBytes > directoryBytesMax || directoryAt + directoryBytes > file.size) throw new ZipDamaged();
  const directory = parseDirectory(await bytesOf(file.slice(directoryAt, directoryAt + directoryBytes)), entries);
  return {
    names: [...directory.keys()],
    async bytes(name, bytesMax) {
      const entry = directory.get(name);
      if (!entry || entry.bytes > bytesMax) return undefined;
      const bytes = await unpacked(file, entry);
      if (bytes.length !== entry.bytes || crc32([bytes]) !== entry.crc) throw new ZipDamaged();
      return bytes;
    },
  };
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

async function findEnd(file: Blob): Promise<{ entries: number; directoryBytes: number; directoryAt: number }> {
  const tail = await bytesOf(file.slice(Math.max(0, file.size - endRecord.bytes - endRecord.commentBytesMax)));
  const view = new DataView(tail.buffer);
  for (let at = tail.length - endRecord.bytes; at >= 0; --at) {
    if (view.getUint32(at, true) !== endRecord.signature) continue;
    if (at + endRecord.bytes + view.getUint16(at + 20, true) !== tail.length) continue;
    return { entries: view.getUint16(at + 10, true), directoryBytes: view.getUint32(at + 12, true), directoryAt: view.getUint32(at + 16, true) };
  }
  throw new ZipDamaged();
}

function parseDirectory(bytes: Uint8Array<ArrayBuffer>, count: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let at = 0;
  for (let n = 0; n < count; ++n) {
    if (at + centralHeader.bytes > bytes.length) throw new ZipDamaged();
    const view = new DataView(bytes.buffer, at);
    const short = (offset: number) => view.getUint16(offset, true);
    const long = (offset: number) => view.getUint32(offset, true);
    if (long(0) !== centralHeader.signature) throw new ZipDamaged();
    const name = bytes.subarray(at + centralHeader.bytes, at + centralHeader.bytes + short(28));
    entries.set(textOfBytes(name), { method: short(10), crc: long(16), packedBytes: long(20), bytes: long(24), at: long(42) });
    at += centralHeader.bytes + short(28) + short(30) + short(32); // name, extra field, comment
    if (at > bytes.length) throw new ZipDamaged();
  }
  return entries;
}

async function unpacked(file: Blob, { method, packedBytes, bytes, at }: Entry): Promise<Uint8Array<ArrayBuffer>> {
  const header = await bytesOf(file.slice(at, at + localHeader.bytes));
  const view = new DataView(header.buffer);
  if (header.length < localHeader.bytes || view.getUint32(0, true) !== localHeader.signature) throw new ZipDamaged();
  const begin = at + localHeader.bytes + view.getUint16(26, true) + view.getUint16(28, true);
  if (begin + packedBytes > file.size) throw new ZipDamaged();
  const data = file.slice(begin, begin + packedBytes);
  if (method === stored) return bytesOf(data.slice(0, bytes));
  if (method !== deflated) throw new ZipDamaged();
  return inflated(data, bytes);
}

/** Never more than was announced, whatever the stream holds. */
async function inflated(data: Blob, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = data.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value);
      length += next.value.length;
      if (length > bytesMax) throw new ZipDamaged();
    }
  } catch (cause) {
    throw cause instanceof ZipDamaged ? cause : new ZipDamaged("not readable", { cause });
  } finally {
    void reader.cancel().catch(() => {});
  }
  return concatBytes(parts);
}
