// SPDX-License-Identifier: MIT
// The default transport against a real server on loopback. Node has no XMLHttpRequest: that half is
// tested in web/e2e.
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { test } from "node:test";
import { webTransport } from "sfluv-field";
import { retryAfterMs } from "../dist/transport/server.js";

async function serving(listener: RequestListener, work: (url: string) => Promise<void>) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  try {
    await work(`http://127.0.0.1:${port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const headers = new Headers({ authorization: "Bearer t" });

test("sends headers and body with a known length, gives status, headers and the exact text", async () => {
  await serving((request, response) => {
    let length = 0;
    request.on("data", (chunk: Buffer) => { length += chunk.length; });
    request.on("end", () => {
      const { authorization, "content-length": told, "transfer-encoding": coding } = request.headers;
      response.writeHead(400, { "x-sfluv-auth-reason": "policy" });
      response.end(JSON.stringify({ length, authorization, told, coding, wei: "@" }).replace('"@"', "100000000000000000000"));
    });
  }, async (url) => {
    const body = new Blob(["{", new Blob(["ä".repeat(1000)]), "}"], { type: "application/json" });
    const answer = await webTransport().send({ method: "POST", url, headers, body });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("x-sfluv-auth-reason"), "policy");
    assert.equal(answer.text, '{"length":2002,"authorization":"Bearer t","told":"2002","wei":100000000000000000000}');
  });
});

test("no answer rejects: refused, aborted, cut, redirected to another origin", async () => {
  const transport = webTransport();
  const plan = (url: string) => ({ method: "GET" as const, url, headers, body: null });
  await assert.rejects(transport.send(plan("http://127.0.0.1:9/")));
  await serving((request, response) => {
    if (request.url === "/cut") {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => response.destroy(), 20);
    } else if (request.url === "/away") {
      response.writeHead(302, { location: `http://localhost:${request.socket.localPort}/here` }).end();
    } else if (request.url === "/here") {
      response.end("here");
    }
  }, async (url) => {
    await assert.rejects(transport.send(plan(`${url}/cut`)));
    await assert.rejects(transport.send(plan(`${url}/away`)));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    await assert.rejects(transport.send(plan(`${url}/silence`), { signal: abort.signal }));
    await assert.rejects(transport.send(plan(`${url}/here`), { signal: AbortSignal.abort() }));
    assert.equal((await transport.send(plan(`${url}/here`))).text, "here");
  });
});

test("Retry-After in seconds, as a date, or not at all", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const read = (value?: string) => retryAfterMs(new Headers(value === undefined ? {} : { "retry-after": value }), now);
  assert.equal(read("120"), 120_000);
  assert.equal(read("Thu, 01 Jan 2026 00:01:00 GMT"), 60_000);
  assert.equal(read("Wed, 31 Dec 2025 00:00:00 GMT"), 0);
  assert.equal(read("soon"), undefined);
  assert.equal(read(), undefined);
});
