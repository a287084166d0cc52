// SPDX-License-Identifier: MIT
// The default transport against a real server on loopback. Node has no XMLHttpRequest: here a scripted
// one stands for it, the real ones are tested in web/e2e.
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { test } from "node:test";
import { fromFetch, webTransport, type TransportAnswer } from "sfluv-field";
import { manualClock, memoryTransport, type ManualClock } from "sfluv-field/testing";
import { retryAfterMs, serverOf } from "../dist/transport/server.js";

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

/** XMLHttpRequest as Node does not have it: what was asked of it, and what a test lets happen. */
class ScriptedXhr {
  static last: ScriptedXhr;
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseURL = "";
  responseText = "";
  aborted = false;
  constructor() { ScriptedXhr.last = this; }
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  getAllResponseHeaders(): string { return "x-sfluv-auth-reason: policy\r\nretry-after: 7\r\n"; }
  abort(): void {
    this.aborted = true;
    this.onabort?.();
  }
}

async function sendingByXhr(bodyBytes: number, work: (clock: ManualClock, xhr: ScriptedXhr, answer: Promise<unknown>) => Promise<void>) {
  const scope = globalThis as { XMLHttpRequest?: unknown };
  scope.XMLHttpRequest = ScriptedXhr;
  try {
    const clock = manualClock();
    const body = new Blob([new Uint8Array(bodyBytes)]);
    const answer = webTransport(clock).send({ method: "POST", url: "https://api.example.org/", headers, body }).catch((error: Error) => error);
    await work(clock, ScriptedXhr.last, answer);
  } finally {
    delete scope.XMLHttpRequest;
  }
}

test("a body is given up when no byte moved for 45 s, however long it takes while bytes move", async () => {
  await sendingByXhr(10_000_000, async (clock, xhr, answer) => {
    for (let loaded = 1_000_000; loaded < 10_000_000; loaded += 1_000_000) {
      xhr.upload.onprogress!({ loaded });
      await clock.advance(44_000);
      assert.ok(!xhr.aborted, `${loaded}`);
    }
    await clock.advance(1_100);
    assert.ok(xhr.aborted);
    assert.ok(await answer instanceof TypeError);
  });
});

test("the answer has two minutes and the time that buffered bytes may need, from the last progress on", async () => {
  for (const [bodyBytes, seconds] of [[1_000, 120], [2_000_000, 220], [20_000_000, 329]] as const) {
    await sendingByXhr(bodyBytes, async (clock, xhr) => {
      xhr.upload.onprogress!({ loaded: bodyBytes });
      await clock.advance(seconds * 1_000 - 1);
      assert.ok(!xhr.aborted, `${bodyBytes} bytes: given up too early`);
      await clock.advance(1_000);
      assert.ok(xhr.aborted, `${bodyBytes} bytes: waited too long`);
    });
  }
});

test("a load without a status is no answer; an answer ends the clock", async () => {
  await sendingByXhr(10, async (_clock, xhr, answer) => {
    xhr.onload!();
    assert.ok(await answer instanceof TypeError);
  });
  await sendingByXhr(10, async (clock, xhr, answer) => {
    Object.assign(xhr, { status: 503, responseText: "busy" });
    xhr.onload!();
    const { status, text, headers: seen } = await answer as TransportAnswer;
    assert.deepEqual([status, text, seen.get("retry-after"), seen.get("x-sfluv-auth-reason")], [503, "busy", "7", "policy"]);
    await clock.advance(3_600_000);
    assert.ok(!xhr.aborted);
  });
});

test("a host's own client that never answers is given up, also when it listens to no signal", async () => {
  const clock = manualClock();
  const deaf = fromFetch(() => new Promise(() => {}), clock);
  for (const [method, body, seconds] of [["GET", null, 30], ["POST", null, 60], ["POST", new Blob([new Uint8Array(2_000_000)]), 160]] as const) {
    let isOver = false;
    const answer = deaf.send({ method, url: "https://api.example.org/", headers, body }).catch((error: Error) => error).finally(() => { isOver = true; });
    await clock.advance(seconds * 1_000 - 1);
    assert.ok(!isOver);
    await clock.advance(2);
    assert.ok((await answer) instanceof Error);
  }
});

test("a host that gives no headers holds the queue for half a minute at most", async () => {
  const clock = manualClock();
  const server = serverOf({ apiBase: "https://api.example.org", token: () => new Promise<string>(() => {}) }, memoryTransport(() => ({ status: 200 })), clock);
  const asked = assert.rejects(server.request("GET", "/", null));
  await clock.advance(30_001);
  await asked;
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
