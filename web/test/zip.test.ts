// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { crc32 } from "../dist/zip/crc32.js";
import { readZip, ZipDamaged } from "../dist/zip/read.js";
import { zipStream, type ZipEntry } from "../dist/zip/write.js";
import { fixedEntropy } from "sfluv-field/testing";

const madeMs = Date.UTC(2026, 10, 22, 14, 32, 8);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const photo = new Uint8Array(fixedEntropy(3)(100_000));
const files: ZipEntry[] = [
  { name: "manifest.json", parts: [bytesOf("{}")] },
  { name: "abc/photos/before-ä.jpg", parts: [photo.subarray(0, 60_000), photo.subarray(60_000)] },
  { name: "abc/empty.txt", parts: [] },
];

async function zipped(entries: ZipEntry[] = files): Promise<Uint8Array<ArrayBuffer>> {
  async function* all() { yield* entries; }
  return new Uint8Array(await new Response(zipStream(all(), madeMs)).arrayBuffer());
}

test("what was written is read again, by name", async () => {
  const reader = await readZip(new Blob([await zipped()]));
  assert.deepEqual(reader.names, files.map(({ name }) => name));
  assert.deepEqual(await reader.bytes("abc/photos/before-ä.jpg", 1e6), photo);
  assert.deepEqual(await reader.bytes("abc/empty.txt", 1e6), new Uint8Array());
  assert.equal(await reader.bytes("abc/none.txt", 1e6), undefined);
  assert.equal(await reader.bytes("abc/photos/before-ä.jpg", 99_999), undefined);
});

test("the bytes are those of the format: headers, names in UTF-8, time, CRC and places", async () => {
  const file = await zipped([{ name: "ä", parts: [bytesOf("123456789")] }]);
  assert.equal(crc32([bytesOf("1234"), bytesOf("56789")]), 0xcbf43926); // the check value of CRC-32
  assert.equal(Buffer.from(file).toString("hex"), [
    "504b0304", "1400", "0008", "0000", "0474", "765d", "2639f4cb", "09000000", "09000000", "0200", "0000", "c3a4", "313233343536373839",
    "504b0102", "1400", "1400", "0008", "0000", "0474", "765d", "2639f4cb", "09000000", "09000000", "0200", "0000", "0000", "0000", "0000",
    "00000000", "00000000", "c3a4",
    "504b0506", "0000", "0000", "0100", "0100", "30000000", "29000000", "0000",
  ].join(""));
});

test("entries come one by one: nothing is asked for before it is wanted", async () => {
  let made = 0;
  async function* endless() {
    for (;;) yield { name: `${++made}`, parts: [bytesOf("x")] };
  }
  const reader = zipStream(endless(), madeMs).getReader();
  await reader.read();
  await reader.read();
  assert.ok(made <= 2, `${made}`);
  await reader.cancel();
});

/** One entry as other programs write it: compressed, with an extra field and a comment at the end. */
function foreign(packed: Uint8Array, bytes: number, crc: number): Uint8Array<ArrayBuffer> {
  const name = Buffer.from("a.txt");
  const common = Buffer.alloc(26);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc, 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes, 18);
  common.writeUInt16LE(name.length, 22);
  const extra = Buffer.from("feca02006f6b", "hex");
  const withExtra = Buffer.from(common);
  withExtra.writeUInt16LE(extra.length, 24);
  const local = Buffer.concat([Buffer.from("504b0304", "hex"), withExtra, name, extra, packed]);
  const central = Buffer.concat([Buffer.from("504b01021400", "hex"), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  end.writeUInt16LE(7, 20);
  return new Uint8Array(Buffer.concat([local, central, end, Buffer.from("comment")]));
}

test("a file that was unpacked and packed again by another program is read", async () => {
  const text = bytesOf("park ".repeat(1000));
  const file = foreign(deflateRawSync(text), text.length, crc32([text]));
  assert.deepEqual(await (await readZip(new Blob([file]))).bytes("a.txt", 1e6), text);
});

test("a bomb is given up at its announced length", async () => {
  const zeros = new Uint8Array(50_000_000);
  const reader = await readZip(new Blob([foreign(deflateRawSync(zeros), 1000, 0)]));
  await assert.rejects(reader.bytes("a.txt", 1e6), ZipDamaged);
});

test("damage is found wherever it is", async () => {
  const file = await zipped();
  for (const bad of [new Uint8Array(), bytesOf("no zip at all, only words"), file.subarray(0, -1), file.subarray(0, 50_000)]) {
    await assert.rejects(readZip(new Blob([bad.slice()])), ZipDamaged);
  }
  const readAll = async (bytes: Uint8Array<ArrayBuffer>) => {
    const reader = await readZip(new Blob([bytes]));
    return Promise.all(files.map(({ name }) => reader.bytes(name, 1e6)));
  };
  const whole = await readAll(file);
  const head = file.length - 300;
  for (const at of [...Array(80).keys(), 5000, ...Array.from({ length: 300 }, (_, i) => head + i)]) {
    const bad = file.slice();
    bad[at]! ^= 0x41;
    const seen = await readAll(bad).catch((error: Error) => error);
    // Times, versions and attributes are nobody's business; what is given is either right or missing.
    if (seen instanceof Error) assert.ok(seen instanceof ZipDamaged, `${at}: ${seen}`);
    else for (const [i, bytes] of seen.entries()) assert.ok(bytes === undefined || Buffer.compare(bytes, whole[i]!) === 0, `${at}`);
  }
});
