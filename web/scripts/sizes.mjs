// SPDX-License-Identifier: MIT
// Sizes of what the package ships: raw, gzip, brotli; each file packed by itself, as it travels.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const groups = [
  ["rules (wasm, glue)", /^wasm\/sfluv-rules\./],
  ["proposals (wasm, glue)", /^wasm\/sfluv-proposals\./],
  ["photo (wasm, glue)", /^wasm\/sfluv-photo\./],
  ["messages (js, each)", /^messages\/(en|es|fil|zh)/],
  ["testing (js)", /^testing\//],
  ["package (js)", /(?:)/],
];
const files = readdirSync(dist, { recursive: true }).filter((name) => /\.(js|wasm)$/.test(name)).sort();
console.log("what".padEnd(22), "raw".padStart(8), "gzip".padStart(8), "brotli".padStart(8));
for (const [what, pattern] of groups) {
  const ours = files.filter((name) => groups.find(([, first]) => first.test(name))[1] === pattern).map((name) => readFileSync(dist + name));
  const per = what.includes("each") ? ours.length : 1;
  const sizes = [(bytes) => bytes, (bytes) => gzipSync(bytes, { level: 9 }), (bytes) => brotliCompressSync(bytes)]
    .map((pack) => Math.round(ours.reduce((sum, bytes) => sum + pack(bytes).length, 0) / per));
  console.log(what.padEnd(22), ...sizes.map((size) => String(size).padStart(8)));
}
