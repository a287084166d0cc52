// SPDX-License-Identifier: MIT
// Camera files: the one to use, and what stands in a JPEG's headers. Our own few lines on purpose: a test that asked
// the code under test would believe it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { scratchDirectory } from './processes.mjs';

/** The photo named by --photo or PHOTO, else the demo's own, made on first use. */
export function photoFile() {
  const { values } = parseArgs({ options: { photo: { type: 'string' } }, strict: false });
  const named = values.photo || process.env.PHOTO;
  const path = named ? resolve(named) : execFileSync(fileURLToPath(new URL('../make-photo.sh', import.meta.url)), { encoding: 'utf8' }).trim();
  const bytes = readFileSync(path);
  return { path, name: basename(path), bytes, info: describeJpeg(bytes) ?? { bytes: bytes.length } };
}

/** The command line of the core, native: what the browsers' photos are compared with. */
export function prepareNatively(path, ...options) {
  const out = join(scratchDirectory('native'), 'out.jpg');
  execFileSync(fileURLToPath(new URL('../../../build/bin/sfluv', import.meta.url)), ['photo', path, out, ...options]);
  return out;
}

export const smallPhoto = path => prepareNatively(path, '--edge-px', '320');

/** Size, orientation, GPS and the list of metadata segments; undefined when it is no JPEG. */
export function describeJpeg(bytes) {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  const info = { bytes: bytes.length, width: 0, height: 0, orientation: 1, gps: false, metadata: [] };
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1];
    const length = bytes.readUInt16BE(at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) [info.height, info.width] = [body.readUInt16BE(1), body.readUInt16BE(3)];
    // APP0 "JFIF" holds no more than a version and a density; all other APPn and comments can tell about people.
    const isPlainJfif = marker === 0xe0 && body.toString('latin1', 0, 5) === 'JFIF\0' && body.length === 14;
    if (((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) && !isPlainJfif) info.metadata.push(`0x${marker.toString(16)}`);
    if (marker === 0xe1 && body.toString('latin1', 0, 6) === 'Exif\0\0') Object.assign(info, exif(body.subarray(6)));
    if (marker === 0xda) break;
    at += 2 + length;
  }
  return info;
}

function exif(tiff) {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = at => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const found = { orientation: 1, gps: false };
  for (let i = 0, at = first + 2; i < u16(first); i++, at += 12) {
    if (u16(at) === 0x0112) found.orientation = u16(at + 8);
    if (u16(at) === 0x8825) found.gps = true;
  }
  return found;
}
