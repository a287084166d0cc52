#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A JPEG as phones with wide colours write it: the same pixels, and the profile that says what they mean.
//   node display_p3.mjs IN OUT
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const primaries = { rXYZ: [0.51512, 0.2412, -0.00105], gXYZ: [0.29198, 0.69225, 0.04189], bXYZ: [0.1571, 0.06657, 0.78407] };
const curve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

const be32 = (...values) => Buffer.concat(values.map(value => (bytes => (bytes.writeInt32BE(value), bytes))(Buffer.alloc(4))));
const fixed = values => be32(...values.map(value => Math.round(value * 65536)));
const typed = (type, ...parts) => Buffer.concat([Buffer.from(type, 'latin1'), be32(0), ...parts]);

/** ICC version 4, as small as it may be. */
function displayP3() {
  const name = Buffer.from('Display P3', 'utf16le').swap16();
  const tags = Object.entries(primaries).map(([tag, xyz]) => [tag, typed('XYZ ', fixed(xyz))]);
  for (const tag of ['rTRC', 'gTRC', 'bTRC']) tags.push([tag, typed('para', be32(3 << 16), fixed(curve))]);
  tags.push(['desc', typed('mluc', be32(1, 12), Buffer.from('enUS'), be32(name.length, 28), name)]);
  const header = Buffer.alloc(128);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  header.writeUInt32BE(0x04000000, 8);
  let at = header.length + 4 + 12 * tags.length;
  const table = tags.map(([tag, data]) => {
    const entry = Buffer.concat([Buffer.from(tag), be32(at, data.length)]);
    at += data.length;
    return entry;
  });
  header.writeUInt32BE(at, 0);
  return Buffer.concat([header, be32(tags.length), ...table, ...tags.map(([, data]) => data)]);
}

export function withDisplayP3(jpeg) {
  const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), displayP3()]);
  const head = Buffer.from([0xff, 0xe2, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(process.argv[3], withDisplayP3(readFileSync(process.argv[2])));
