// SPDX-License-Identifier: MIT
// Our own ports keep what every port must keep. Browsers' own IndexedDB, locks and XMLHttpRequest are
// held to the same in web/e2e.
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { after, before, describe, test } from "node:test";
import "fake-indexeddb/auto";
import { fromFetch, indexedDbStore, systemClock, webTransport, type Store } from "sfluv-field";
import {
  clockConformance, locksConformance, manualClock, memoryLocks, memoryStore, memoryTransport, storeConformance,
  transportConformance, transportProbe, type ConformanceTest,
} from "sfluv-field/testing";

function suite(name: string, tests: ConformanceTest[]): void {
  describe(name, () => {
    for (const { name: promise, run } of tests) test(promise, run);
  });
}

let databases = 0;

suite("store in memory", storeConformance(async () => {
  const store = memoryStore();
  return { store, again: async () => store.again() };
}));
suite("store in IndexedDB", storeConformance(async () => {
  const name = `conformance-${++databases}`;
  return { store: indexedDbStore(name), again: async () => indexedDbStore(name) };
}));

suite("clock of the system", clockConformance(() => ({
  clock: systemClock, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})));
suite("clock with hands", clockConformance(() => {
  const clock = manualClock();
  return { clock, pass: (ms) => clock.advance(ms) };
}));

suite("locks in memory", locksConformance(async () => {
  const locks = memoryLocks();
  return [locks, locks];
}));

suite("transport in memory", transportConformance(memoryTransport(async ({ method, path, headers, bytes }) => {
  const answer = transportProbe({
    method, path, body: bytes, headers: { ...Object.fromEntries(headers), ...(bytes.length && { "content-length": String(bytes.length) }) },
  });
  if (answer === "drop") throw new TypeError("Failed to fetch");
  return answer === "silence" ? new Promise(() => {}) : answer;
}), "https://api.example.org"));

describe("transports on the wire", () => {
  const server = createServer((request, response) => void probe(request, response));
  before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  async function probe(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url: path = "", headers } = request;
    const answer = transportProbe({ method, path, headers, body: Buffer.concat(chunks) });
    if (answer === "drop") response.destroy();
    else if (answer !== "silence") response.writeHead(answer.status, answer.headers).end(answer.text);
  }
  const transports = { "of browsers, without XMLHttpRequest": webTransport(), "of a host's own fetch": fromFetch((url, init) => fetch(url, init)) };
  for (const [name, transport] of Object.entries(transports)) {
    // The port is known only once the server listens.
    for (const [n, { name: promise }] of transportConformance(transport, "").entries()) {
      test(`${name}: ${promise}`, () => {
        const { port } = server.address() as { port: number };
        return transportConformance(transport, `http://127.0.0.1:${port}`)[n]!.run();
      });
    }
  }
});

test("a store that breaks a promise is found out", async () => {
  const broken = (change: (store: Store) => Partial<Store>) => storeConformance(async () => {
    const store = memoryStore();
    return { store: { ...store, ...change(store) }, again: async () => store.again() };
  });
  const failures = async (tests: ConformanceTest[]) => {
    const runs = await Promise.allSettled(tests.map(({ run }) => run()));
    return runs.filter(({ status }) => status === "rejected").length;
  };
  assert.equal(await failures(broken(() => ({}))), 0);
  for (const change of [
    (store: Store) => ({ write: (changes) => store.write(changes) }), // ignores what was expected
    (store: Store) => ({ write: (changes, onlyIf) => store.write(changes.slice(0, 1), onlyIf) }), // half a batch
    (store: Store) => ({ list: async (table) => store.list(table) }), // ignores the prefix
    () => ({ close: () => {} }),
  ] satisfies ((store: Store) => Partial<Store>)[]) {
    assert.ok(await failures(broken(change)) > 0, String(change));
  }
});
