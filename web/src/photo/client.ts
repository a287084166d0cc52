// SPDX-License-Identifier: MIT
// The page's side of the photo worker: one photo at a time, an abort ends the worker, idleness too.

import type { FieldAssets } from "../field_types.js";
import type { Clock } from "../ports.js";
import { SfluvLoadError } from "../wasm/errors.js";
import { sendable } from "../wasm/source.js";
import type { PhotoPlan, PrepareAnswer, PrepareRequest } from "./protocol.js";

/** Long enough for the next of six photos, short enough to give the memory back to the camera. */
const idleMs = 10_000;

export interface PhotoClient {
  /** Rejects with the signal's reason, or with `SfluvLoadError`. */
  prepare(file: Blob, plan: PhotoPlan, signal?: AbortSignal): Promise<PrepareAnswer>;
  close(): void;
}

export function photoClient(assets: FieldAssets, clock: Clock): PhotoClient {
  let worker: Worker | undefined;
  let stopIdle = () => {};
  let turn: Promise<unknown> = Promise.resolve();
  let nextId = 1;
  let closed = false;
  let wasm: Promise<PrepareRequest["wasm"]> | undefined;

  function endWorker(): void {
    stopIdle();
    worker?.terminate();
    worker = undefined;
  }

  async function prepareNow(file: Blob, plan: PhotoPlan, signal?: AbortSignal): Promise<PrepareAnswer> {
    signal?.throwIfAborted();
    if (closed) throw new DOMException("The field is closed", "InvalidStateError");
    stopIdle();
    const source = assets.photoWasm === undefined ? undefined : await (wasm ??= sendable(assets.photoWasm));
    worker ??= makeWorker(assets);
    const request: PrepareRequest = { id: nextId++, file, plan, ...(source !== undefined && { wasm: source }) };
    try {
      const answer = await ask(worker, request, signal);
      if (answer.kind === "crashed" || answer.kind === "not_loaded") endWorker();
      if (answer.kind === "not_loaded") throw new SfluvLoadError(answer.code, answer);
      return answer;
    } catch (error) {
      endWorker();
      throw error;
    } finally {
      if (worker) stopIdle = clock.after(idleMs, endWorker);
    }
  }

  return {
    prepare(file, plan, signal) {
      const mine = turn.then(() => prepareNow(file, plan, signal));
      turn = mine.catch(() => {});
      return mine;
    },
    close() {
      closed = true;
      endWorker();
    },
  };
}

function makeWorker({ photoWorker }: FieldAssets): Worker {
  if (typeof photoWorker === "function") return photoWorker();
  if (photoWorker instanceof URL || typeof photoWorker === "string") return new Worker(photoWorker, { type: "module" });
  if (photoWorker && !ended.has(photoWorker)) {
    ended.add(photoWorker); // a ready worker serves until it is ended; then the package makes its own
    return photoWorker;
  }
  if (typeof Worker === "undefined") throw new SfluvLoadError("worker_failed", { url: "no Worker here" });
  // Written out, so that bundlers see the worker.
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
const ended = new WeakSet<Worker>();

function ask(worker: Worker, request: PrepareRequest, signal?: AbortSignal): Promise<PrepareAnswer> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const once = { signal: settled.signal };
    worker.addEventListener("message", ({ data }: MessageEvent<PrepareAnswer>) => {
      if (data.id !== request.id) return;
      settled.abort();
      resolve(data);
    }, once);
    // The script did not load, or memory ran out below it.
    worker.addEventListener("error", (event) => {
      event.preventDefault?.();
      settled.abort();
      reject(new SfluvLoadError("worker_failed", { cause: event }));
    }, once);
    signal?.addEventListener("abort", () => {
      settled.abort();
      reject(signal.reason as Error);
    }, once);
    worker.postMessage(request);
  });
}
