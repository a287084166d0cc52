// SPDX-License-Identifier: MIT
// Sizes of what the package ships: raw, gzip, brotli.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const files = readdirSync(dist, { recursive: true }).filter((name) => /\.(js|wasm)$/.test(name)).sort();
const groups = { "rules (wasm)": [], "photo (wasm)": [], "glue (js)": [], "package (js)": [], "messages (js, each)": [], "testing (js)": [] };
for (const name of files) {
  const key = name === "wasm/sfluv-rules.wasm" ? "rules (wasm)"
    : name === "wasm/sfluv-photo.wasm" ? "photo (wasm)"
    : name.startsWith("wasm/") ? "glue (js)"
    : name.startsWith("testing/") ? "testing (js)"
    : /^messages\/(en|es|fil|zh)/.test(name) ? "messages (js, each)" : "package (js)";
  groups[key].push(readFileSync(dist + name));
}
console.log("what".padEnd(22), "raw".padStart(8), "gzip".padStart(8), "brotli".padStart(8));
for (const [what, parts] of Object.entries(groups)) {
  const per = what.includes("each") ? parts.length : 1;
  const bytes = Buffer.concat(parts);
  const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)].map(({ length }) => Math.round(length / per));
  console.log(what.padEnd(22), ...sizes.map((size) => String(size).padStart(8)));
}
