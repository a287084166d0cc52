// SPDX-License-Identifier: MIT
// Files that are no photo to send, made from nothing or from a real one. `code` is what the core must call them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

import { scratchDirectory } from './processes.mjs';

function pngChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Claims 30000 x 30000 pixels in less than 1 KB. */
function hugePng() {
  const header = Buffer.from([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(600))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The camera's own file with another size written into its frame header, cut after the start of its first scan. */
function hugeJpeg(photo) {
  const parts = [Buffer.from([0xff, 0xd8])];
  // Tables and headers only: everything but APPn.
  for (let at = 2; at + 4 <= photo.length; ) {
    const marker = photo[at + 1];
    const segment = Buffer.from(photo.subarray(at, at + 2 + photo.readUInt16BE(at + 2)));
    if (marker === 0xc0) segment.fill(Buffer.from([0x75, 0x30]), 5, 9);  // height and width: 30 000
    if (marker < 0xe0) parts.push(segment);
    if (marker === 0xda) break;
    at += segment.length;
  }
  return Buffer.concat([...parts, Buffer.alloc(64, 0x55), Buffer.from([0xff, 0xd9])]);
}

const heic = Buffer.concat([
  Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic', 'latin1'), Buffer.from([0, 0, 0, 0]), Buffer.from('mif1heic', 'latin1'),
  Buffer.from([0, 0, 0, 16]), Buffer.from('mdat', 'latin1'), Buffer.alloc(8),
]);

export function hostileFiles(photo) {
  const directory = scratchDirectory('hostile');
  const file = (name, bytes, code) => {
    const path = join(directory, name);
    writeFileSync(path, bytes);
    return { name, path, code };
  };
  return [
    file('cut.jpg', photo.subarray(0, Math.floor(photo.length / 3)), 'photo_truncated'),
    file('empty.jpg', Buffer.alloc(0), 'photo_file_empty'),
    file('iphone.heic', heic, 'photo_format_unsupported'),
    file('huge.png', hugePng(), 'photo_too_many_pixels'),
    file('huge.jpg', hugeJpeg(photo), 'photo_too_many_pixels'),
    // Whole and fine, but no camera writes it.
    file('moving.gif', Buffer.from('47494638396101000100800000000000ffffff2c00000000010001000002024401003b', 'hex'), 'photo_format_unsupported'),
    file('letter.jpg', Buffer.from('Dear park, this is no picture.\n'.repeat(40)), 'photo_format_unknown'),
    file('zero.jpg', Buffer.alloc(4096), 'photo_format_unknown'),
  ];
}
