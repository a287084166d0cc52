// SPDX-License-Identifier: MIT
// What a wrong deployment looks like from the page, and each way in which a module may be given.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { loadRules, SfluvLoadError, type LoadErrorCode } from "sfluv-field";

const address = new URL("../dist/wasm/sfluv-rules.wasm", import.meta.url);
const bytes = readFileSync(address);

async function failsWith(code: LoadErrorCode, source: Parameters<typeof loadRules>[0]): Promise<SfluvLoadError> {
  try {
    await loadRules(source);
  } catch (error) {
    assert.ok(error instanceof SfluvLoadError, String(error));
    assert.equal(error.code, code);
    return error;
  }
  throw new Error("it loaded");
}

async function serving(answer: { status: number; type: string; body: Uint8Array | string }, test: (url: string) => Promise<void>) {
  const server = createServer((_, response) => {
    response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  try {
    await test(`http://127.0.0.1:${port}/sfluv-rules.wasm`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("bytes, a buffer, a module, an address and an answer are all taken", async () => {
  const module = await WebAssembly.compile(bytes);
  for (const source of [bytes, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), module, address, address.href]) {
    assert.equal((await loadRules(source)).raw.abi_version(), 1);
  }
  const response = new Response(bytes, { headers: { "content-type": "application/wasm" } });
  assert.equal((await loadRules(response)).raw.abi_version(), 1);
});

test("served with the right type it is streamed, with the wrong one it still loads", async () => {
  for (const type of ["application/wasm", "application/octet-stream"]) {
    await serving({ status: 200, type, body: bytes }, async (url) => {
      assert.equal((await loadRules(url)).raw.abi_version(), 1);
    });
  }
});

test("a page in place of the file is named as such", async () => {
  await serving({ status: 200, type: "text/html", body: "<!doctype html>" }, async (url) => {
    const error = await failsWith("not_wasm", url);
    assert.deepEqual([error.url, error.status, error.mime], [url, 200, "text/html"]);
  });
});

test("a missing file is named with its status", async () => {
  await serving({ status: 404, type: "text/plain", body: "" }, async (url) => {
    assert.equal((await failsWith("http_status", url)).status, 404);
  });
});

test("no answer, no file", async () => {
  await failsWith("not_reachable", "http://127.0.0.1:9/sfluv-rules.wasm");
  await failsWith("not_reachable", new URL("../dist/wasm/none.wasm", import.meta.url));
});

test("a cut file and another module are told apart", async () => {
  await failsWith("not_compiled", bytes.subarray(0, bytes.length >> 1));
  await failsWith("wrong_version", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
});
