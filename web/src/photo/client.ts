// SPDX-License-Identifier: MIT
// The page's side of the photo worker: one photo at a time, an abort ends the worker, idleness too.

import type { FieldAssets } from "../field_types.js";
import type { Clock } from "../ports.js";
import { explained, SfluvLoadError } from "../wasm/load_error.js";
import { sendable } from "../wasm/source.js";
import type { PhotoPlan, PrepareAnswer, PrepareProgress, PrepareRequest } from "./protocol.js";

/** Long enough for the next of six photos, short enough to give the memory back to the camera. */
const idleMs = 10_000;
/** A warm worker waits for the photo that it was warmed up for. */
const warmIdleMs = 120_000;

export interface PhotoOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((readBytes: number, totalBytes: number) => void) | undefined;
}

export interface PhotoClient {
  /** Rejects with the signal's reason, or with `SfluvLoadError`. */
  prepare(file: Blob, plan: PhotoPlan, options?: PhotoOptions): Promise<PrepareAnswer>;
  /** Starts the worker and makes it quick. Rejects with `SfluvLoadError`. */
  warmUp(): Promise<void>;
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

  async function askNow(
    asked: Omit<PrepareRequest, "id">, waitMs: number, { signal, onProgress }: PhotoOptions,
  ): Promise<PrepareAnswer> {
    signal?.throwIfAborted();
    if (closed) throw new DOMException("The field is closed", "InvalidStateError");
    stopIdle();
    const source = assets.photoWasm === undefined ? undefined : await (wasm ??= explained(sendable(assets.photoWasm)));
    worker ??= makeWorker(assets);
    const request: PrepareRequest = { id: nextId++, ...asked, ...(source !== undefined && { wasm: source }) };
    try {
      const answer = await ask(worker, request, { signal, onProgress });
      if (answer.kind === "crashed" || answer.kind === "not_loaded") endWorker();
      if (answer.kind === "not_loaded") throw new SfluvLoadError(answer.code, answer);
      return answer;
    } catch (error) {
      endWorker();
      throw error;
    } finally {
      if (worker) stopIdle = clock.after(waitMs, endWorker);
    }
  }

  function inTurn(asked: Omit<PrepareRequest, "id">, waitMs: number, options: PhotoOptions): Promise<PrepareAnswer> {
    const mine = turn.then(() => askNow(asked, waitMs, options));
    turn = mine.catch(() => {});
    return mine;
  }

  return {
    prepare: (file, plan, options = {}) => inTurn({ file, plan }, idleMs, options),
    warmUp: () => inTurn({ plan: {} }, warmIdleMs, {}).then(() => {}),
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

function ask(worker: Worker, request: PrepareRequest, { signal, onProgress }: PhotoOptions): Promise<PrepareAnswer> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const once = { signal: settled.signal };
    worker.addEventListener("message", ({ data }: MessageEvent<PrepareAnswer | PrepareProgress>) => {
      if (data.id !== request.id) return;
      if (data.kind === "progress") return onProgress?.(data.readBytes, data.totalBytes);
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
