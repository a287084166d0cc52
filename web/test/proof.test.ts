// SPDX-License-Identifier: MIT
// PROOF.md names tests; a name that no file has any more would be an empty promise.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const text = readFileSync(new URL("web/PROOF.md", root), "utf8");
const named = [...text.matchAll(/`([\w/.-]+\.(?:mjs|ts|cpp)): ([^`]+)`/g)].map(([, file, name]) => ({ file: file!, name: name! }));

test("each test that PROOF.md names is there", () => {
  assert.ok(named.length > 24);
  for (const { file, name } of named) {
    assert.ok(readFileSync(new URL(file, root), "utf8").includes(name), `${file}: ${name}`);
  }
});

test("PROOF.md has all 24 pains, each with a test", () => {
  const rows = text.split("\n").filter((line) => /^\| P\d+ \|/.test(line));
  assert.deepEqual(rows.map((row) => /^\| (P\d+) /.exec(row)![1]), Array.from({ length: 24 }, (_, n) => `P${n + 1}`));
  for (const row of rows) assert.match(row, /`[\w/.-]+: [^`]+` ?(\([^)]*\))?/);
});
