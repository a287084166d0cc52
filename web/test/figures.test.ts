// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresOf } from "sfluv-field";

const [en, es, zh] = ["en", "es", "zh-Hant"].map(figuresOf) as [ReturnType<typeof figuresOf>, ReturnType<typeof figuresOf>, ReturnType<typeof figuresOf>];

test("amounts are exact in every language, whatever their size", () => {
  assert.equal(en.decimal("100"), "100");
  assert.equal(en.decimal("0.5"), "0.5");
  assert.equal(es.decimal("12345.5"), "12.345,5");
  assert.equal(en.decimal("0.000000000000000001"), "0.000000000000000001");
  assert.equal(en.decimal(String(2n ** 256n - 1n)).replaceAll(",", ""), String(2n ** 256n - 1n));
  assert.equal(en.decimal("what?"), "what?");
});

test("a day of the API is the same day everywhere", () => {
  assert.match(en.day(Date.parse("2024-03-20T00:00:00Z")), /Mar 20/);
  assert.match(en.day(Date.parse("2024-03-23T00:00:00Z") - 1000), /Mar 22/, "an absence ends before its end");
});

test("sizes take the unit that keeps them short", () => {
  const plain = (text: string) => text.replace(/\s/g, " ");
  assert.deepEqual([999, 1000, 412_345, 999_499, 999_500, 4_700_000, 10_738_132_725].map((bytes) => plain(en.size(bytes))),
    ["999 byte", "1 kB", "412 kB", "999 kB", "1 MB", "4.7 MB", "10.7 GB"]);
  assert.equal(plain(es.size(4_700_000)), "4,7 MB");
});

test("today is told by the hour, other days with their date, a countdown by minutes and seconds", () => {
  const now = new Date(2024, 2, 15, 14, 2).getTime();
  assert.match(en.moment(now - 3_600_000, now), /^1:02\sPM$/);
  assert.match(en.moment(now - 30 * 3_600_000, now), /^Thu, Mar 14, 8:02\sAM$/);
  assert.match(zh.moment(now - 3_600_000, now), /下午1:02/);
  assert.deepEqual([0, 999, 59_001, 61_000, 3_600_000, 86_399_000].map((ms) => en.countdown(ms)),
    ["0:00", "0:01", "1:00", "1:01", "1:00:00", "23:59:59"]);
});
