// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedEntropy, memoryStore } from "sfluv-field/testing";
import { base64, chunkBytes, encode } from "../dist/base64.js";
import { bodyFromParts } from "../dist/outbox/body.js";
import { photoStore } from "../dist/store/photos.js";
import { photoOf } from "./fixtures.ts";

test("the table and the browser's own give the same text", () => {
  const random = fixedEntropy(3);
  for (const length of [0, 1, 2, 3, 4, 5, 57, 255, 256, 1000]) {
    const bytes = random(length);
    assert.equal(encode(bytes), Buffer.from(bytes).toString("base64"));
    assert.equal(base64(bytes), encode(bytes));
  }
});

test("texts of whole chunks may be joined", () => {
  assert.equal(chunkBytes % 3, 0);
  assert.equal((chunkBytes / 3) * 4, 1 << 20);
});

test("a body of parts has the length that its plan tells, and the right text", async () => {
  const photos = photoStore(memoryStore(), fixedEntropy());
  for (const length of [4, 786_432, 786_434, 1_700_000]) {
    const photo = photoOf(length);
    const saved = await photos.save(photo);
    assert.ok(saved.ok);
    const { key, sha256 } = saved.value;
    const parts = [{ text: '{"ü":"' }, { photo: key, sha256 }, { text: '"}' }];
    const size = 7 + 4 * Math.ceil(length / 3) + 2;
    const body = await bodyFromParts(parts, size, photos);
    assert.equal(body.size, size);
    assert.equal(await body.text(), `{"ü":"${Buffer.from(photo.bytes).toString("base64")}"}`);
    assert.equal(body.type, "application/json");
    await assert.rejects(bodyFromParts(parts, size - 1, photos), { loss: "damaged" });
  }
  await assert.rejects(bodyFromParts([{ photo: "none", sha256: "00" }], 0, photos), { loss: "missing" });
});

test("a photo that is whole and is another one than was sealed is damaged", async () => {
  const photos = photoStore(memoryStore(), fixedEntropy());
  const [sealed, other] = [photoOf(900, 1), photoOf(900, 2)];
  await photos.keep("key", other);
  const parts = [{ photo: "key", sha256: sealed.sha256 }];
  await assert.rejects(bodyFromParts(parts, 1200, photos), { loss: "damaged" });
  assert.equal(await photos.holds("key", sealed.sha256, 900), false);
});
