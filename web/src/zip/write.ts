// SPDX-License-Identifier: MIT
// Writes a ZIP while it is read: one entry in memory at a time, however large the whole is. Nothing is
// compressed: JPEG does not get smaller.

import { bytesOfText } from "../store/bytes.js";
import { crc32 } from "./crc32.js";
import { bytesMax, centralHeader, endRecord, entriesMax, localHeader, stored, utf8Flag } from "./format.js";

export interface ZipEntry {
  /** With `/` between folders. */
  name: string;
  parts: readonly Uint8Array<ArrayBuffer>[];
}

/** The whole would not fit into a ZIP without extensions that phones do not read. */
export class ZipTooLarge extends Error {}

export function zipStream(entries: AsyncIterable<ZipEntry>, madeMs: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = zipChunks(entries, madeMs);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void chunks.return(undefined),
  });
}

async function* zipChunks(entries: AsyncIterable<ZipEntry>, madeMs: number): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for await (const { name, parts } of entries) {
    const facts = { name: bytesOfText(name), crc: crc32(parts), size: parts.reduce((sum, { length }) => sum + length, 0), madeMs, at };
    const header = local(facts);
    directory.push(central(facts));
    at += header.length + facts.size;
    if (at > bytesMax || directory.length > entriesMax) throw new ZipTooLarge();
    yield header;
    yield* parts;
  }
  const directoryBytes = directory.reduce((sum, { length }) => sum + length, 0);
  if (at + directoryBytes > bytesMax) throw new ZipTooLarge();
  yield* directory;
  yield end(directory.length, directoryBytes, at);
}

interface Facts {
  name: Uint8Array;
  crc: number;
  size: number;
  madeMs: number;
  at: number;
}

type Field = readonly [bytes: 2 | 4, value: number];

function packed(fields: readonly Field[], tail: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const head = fields.reduce((sum, [bytes]) => sum + bytes, 0);
  const out = new Uint8Array(head + tail.length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  out.set(tail, head);
  return out;
}

/** What both headers of an entry say. */
function common({ name, crc, size, madeMs }: Facts): Field[] {
  const made = new Date(madeMs);
  const time = (made.getUTCHours() << 11) | (made.getUTCMinutes() << 5) | (made.getUTCSeconds() >> 1);
  const day = ((made.getUTCFullYear() - 1980) << 9) | ((made.getUTCMonth() + 1) << 5) | made.getUTCDate();
  return [[2, 20], [2, utf8Flag], [2, stored], [2, time], [2, day], [4, crc], [4, size], [4, size], [2, name.length], [2, 0]];
}

function local(facts: Facts): Uint8Array<ArrayBuffer> {
  return packed([[4, localHeader.signature], ...common(facts)], facts.name);
}

function central(facts: Facts): Uint8Array<ArrayBuffer> {
  const noComment: Field[] = [[2, 0], [2, 0], [2, 0], [4, 0]];
  return packed([[4, centralHeader.signature], [2, 20], ...common(facts), ...noComment, [4, facts.at]], facts.name);
}

function end(entries: number, directoryBytes: number, directoryAt: number): Uint8Array<ArrayBuffer> {
  return packed([
    [4, endRecord.signature], [2, 0], [2, 0], [2, entries], [2, entries], [4, directoryBytes], [4, directoryAt], [2, 0],
  ]);
}
