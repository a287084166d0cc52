// SPDX-License-Identifier: MIT
// The module `photo` itself, directly under Node; the worker around it runs in web/e2e.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loadPhotoModule } from "../dist/photo/module.js";
import { preparePhoto } from "../dist/photo/prepare.js";
import { preparedPhoto } from "../dist/photo/prepared.js";
import { photoPlan } from "../dist/photo/protocol.js";
import { pngOf } from "./png.ts";

const module = await loadPhotoModule();

async function prepare(file: Uint8Array<ArrayBuffer>, plan = {}) {
  const { json, jpeg, format } = await preparePhoto(module, new Blob([file]), plan);
  return preparedPhoto({ id: 1, kind: "prepared", format, reply: json, jpeg }, 1);
}

test("a picture becomes a small JPEG with facts about before and after", async () => {
  const file = pngOf(900, 600);
  const photo = await prepare(file, { aspect: "square", edge_px: 320, bytes_max: 40_000 });
  assert.ok(photo.ok, JSON.stringify(photo));
  const { bytes, width_px, height_px, size_bytes, sha256, before, content_type, file_name } = photo.value;
  assert.deepEqual([width_px, height_px, content_type], [320, 320, "image/jpeg"]);
  assert.deepEqual([...bytes.subarray(0, 2), ...bytes.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9]);
  assert.ok(size_bytes === bytes.length && size_bytes <= 40_000);
  assert.equal(sha256, createHash("sha256").update(bytes).digest("hex"));
  assert.deepEqual(before, { format: "png", size_bytes: file.length, width_px: 900, height_px: 600 });
  assert.equal(file_name, `photo-${sha256.slice(0, 12)}.jpg`);
  assert.deepEqual(photo.value.toUpload(), { file_name, content_type, data_base64: Buffer.from(bytes).toString("base64") });
});

test("the same file gives the same bytes, also from its own output", async () => {
  const first = await prepare(pngOf(500, 700), { edge_px: 400 });
  const second = await prepare(pngOf(500, 700), { edge_px: 400 });
  assert.ok(first.ok && second.ok);
  assert.deepEqual(first.value.bytes, second.value.bytes);
  const again = await prepare(first.value.bytes, { edge_px: 200 });
  assert.ok(again.ok);
  assert.deepEqual([again.value.before.format, Math.max(again.value.width_px, again.value.height_px)], ["jpeg", 200]);
});

test("what is no whole picture is an issue, and the module goes on", async () => {
  const png = pngOf(64, 64);
  const jpeg = await prepare(png);
  assert.ok(jpeg.ok);
  const cases: [string, Uint8Array<ArrayBuffer>][] = [
    ["photo_file_empty", new Uint8Array()],
    ["photo_format_unknown", new TextEncoder().encode("not a picture at all")],
    ["photo_truncated", jpeg.value.bytes.slice(0, jpeg.value.bytes.length >> 1)],
    ["photo_format_unsupported", new Uint8Array(Buffer.from("RIFF\u0020\0\0\0WEBPVP8 ", "latin1"))],
  ];
  for (const [code, file] of cases) {
    const made = await prepare(file);
    assert.equal(made.ok ? "" : made.issue.code, code);
  }
  assert.ok((await prepare(png)).ok);
});

test("settings are judged by the core", async () => {
  const made = await prepare(pngOf(8, 8), { edge_px: 0 });
  assert.equal(made.ok ? "" : made.issue.code, "photo_plan_invalid");
});

test("base64 of the module is base64", () => {
  assert.equal(module.base64(Uint8Array.of(1, 2, 3, 4)), "AQIDBA==");
});

test("pixels that a browser decoded take the same way", () => {
  const rgba = new Uint8Array(16 * 8 * 4).fill(255);
  const { json, jpeg } = module.preparePixels(rgba, '{"width_px":16,"height_px":8,"edge_px":8}');
  const reply = JSON.parse(json) as { out: { width_px: number; height_px: number; bytes: number } };
  assert.deepEqual([reply.out.width_px, reply.out.height_px, reply.out.bytes], [8, 4, jpeg.length]);
});

test("what a caller asks for reaches the core: part, budget of the request, what is fine", async () => {
  const crop = { x: 0.1, y: 1 / 3, width: 0.9, height: 2 / 3 };
  const plan = photoPlan("", { crop, photosInRequest: 40, keepTime: true, keepFine: true });
  assert.deepEqual(plan, {
    aspect: "", photos_in_request: 40, keep_time: true, keep_fine: true,
    crop_x: 100_000, crop_y: 333_333, crop_width: 900_000, crop_height: 666_667,
  });
  const photo = await prepare(pngOf(900, 600), plan);
  assert.ok(photo.ok, JSON.stringify(photo));
  assert.deepEqual([photo.value.width_px, photo.value.height_px], [810, 400]);
  assert.ok(photo.value.size_bytes <= 60_000);
  const again = await prepare(photo.value.bytes, photoPlan("", { keepFine: true }));
  assert.ok(again.ok && again.value.sha256 === photo.value.sha256);
});
