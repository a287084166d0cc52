// SPDX-License-Identifier: MIT
// The page's side of the photo worker, against workers that do as they are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SfluvLoadError } from "sfluv-field";
import { manualClock } from "sfluv-field/testing";
import { photoClient } from "../dist/photo/client.js";
import type { PrepareAnswer, PrepareRequest } from "../dist/photo/protocol.js";

type Behaviour = (request: PrepareRequest) => Partial<PrepareAnswer> | "silence" | "error";

function workers(behaviour: Behaviour) {
  const made: { isEnded: boolean; requests: number }[] = [];
  const make = () => {
    const state = { isEnded: false, requests: 0 };
    made.push(state);
    const target = new EventTarget();
    return Object.assign(target, {
      postMessage(request: PrepareRequest) {
        state.requests += 1;
        const answer = behaviour(request);
        if (answer === "silence") return;
        setTimeout(() => {
          if (state.isEnded) return;
          if (answer === "error") target.dispatchEvent(new Event("error"));
          else target.dispatchEvent(Object.assign(new Event("message"), { data: { id: request.id, ...answer } }));
        }, 1);
      },
      terminate() { state.isEnded = true; },
    }) as unknown as Worker;
  };
  return { made, make };
}

const prepared = { kind: "prepared", format: "jpeg", reply: "{}", jpeg: new Uint8Array(1) } as const;
const file = new Blob(["x"]);

test("one worker serves photo after photo, one at a time", async () => {
  let running = 0;
  let most = 0;
  const { made, make } = workers(() => {
    most = Math.max(most, ++running);
    setTimeout(() => { running -= 1; }, 0);
    return prepared;
  });
  const client = photoClient({ photoWorker: make }, manualClock());
  await Promise.all([1, 2, 3].map(() => client.prepare(file, {})));
  assert.deepEqual([made.length, made[0]!.requests, most], [1, 3, 1]);
  client.close();
  assert.ok(made[0]!.isEnded);
});

test("an idle worker is ended after ten seconds, and made again when needed", async () => {
  const { made, make } = workers(() => prepared);
  const clock = manualClock();
  const client = photoClient({ photoWorker: make }, clock);
  await client.prepare(file, {});
  await clock.advance(9_000);
  assert.ok(!made[0]!.isEnded);
  await client.prepare(file, {});
  await clock.advance(9_000);
  assert.ok(!made[0]!.isEnded);
  await clock.advance(2_000);
  assert.ok(made[0]!.isEnded);
  await client.prepare(file, {});
  assert.equal(made.length, 2);
  client.close();
});

test("an abort ends the worker at once; the next photo gets a new one", async () => {
  let isSilent = true;
  const { made, make } = workers(() => (isSilent ? "silence" : prepared));
  const client = photoClient({ photoWorker: make }, manualClock());
  const abort = new AbortController();
  const first = client.prepare(file, {}, { signal: abort.signal });
  const second = client.prepare(file, {});
  setTimeout(() => { isSilent = false; abort.abort(new Error("enough")); }, 5);
  await assert.rejects(first, /enough/);
  assert.equal((await second).kind, "prepared");
  assert.deepEqual(made.map(({ isEnded }) => isEnded), [true, false]);
  await assert.rejects(client.prepare(file, {}, { signal: AbortSignal.abort(new Error("before")) }), /before/);
  client.close();
});

test("a crash drops the worker and is an answer; the next call works", async () => {
  let crashes = true;
  const { made, make } = workers(() => (crashes ? { kind: "crashed" } : prepared));
  const client = photoClient({ photoWorker: make }, manualClock());
  assert.equal((await client.prepare(file, {})).kind, "crashed");
  crashes = false;
  assert.equal((await client.prepare(file, {})).kind, "prepared");
  assert.deepEqual(made.map(({ isEnded }) => isEnded), [true, false]);
  client.close();
});

test("a script or a module that does not load is an error with a name", async () => {
  const client = (behaviour: Behaviour) => photoClient({ photoWorker: workers(behaviour).make }, manualClock());
  await assert.rejects(client(() => "error").prepare(file, {}),
    (error: SfluvLoadError) => error instanceof SfluvLoadError && error.code === "worker_failed");
  await assert.rejects(
    client(() => ({ kind: "not_loaded", code: "http_status", url: "/x.wasm", status: 404 })).prepare(file, {}),
    (error: SfluvLoadError) => error.code === "http_status" && error.status === 404 && error.url === "/x.wasm");
  await assert.rejects(photoClient({}, manualClock()).prepare(file, {}),
    (error: SfluvLoadError) => error.code === "worker_failed"); // no Worker in Node
});

test("the module's address is given to the worker as an absolute one", async () => {
  let seen: unknown;
  const { make } = workers((request) => { seen = request.wasm; return prepared; });
  const client = photoClient({ photoWorker: make, photoWasm: new URL("file:///a/b.wasm") }, manualClock());
  await client.prepare(file, {});
  assert.equal(seen, "file:///a/b.wasm");
  client.close();
});
