// SPDX-License-Identifier: MIT
// The script of the photo worker: one file in, one answer out. It keeps the module between photos,
// and is ended by the page when idle, aborted or crashed: only that gives the memory back.

import { LoadFailure } from "../wasm/load_failure.js";
import { loadPhotoModule, type PhotoModule } from "./module.js";
import { preparePhoto, UnreadableFile } from "./prepare.js";
import type { PrepareAnswer, PrepareProgress, PrepareRequest } from "./protocol.js";
import { warmUp } from "./warm_up.js";

// `WorkerGlobalScope` without the library that would take the page's types away.
interface WorkerScope {
  onmessage: ((event: MessageEvent<PrepareRequest>) => void) | null;
  postMessage(message: PrepareAnswer | PrepareProgress, transfer?: Transferable[]): void;
}
const scope = globalThis as unknown as WorkerScope;

/** `limits.h` photo_file_bytes_max: said here too, so that a film of 2 GB is refused before it is read. */
const fileBytesMax = 64 << 20;
/** A photo that takes no longer needs no progress shown. */
const progressMs = 100;

let loading: Promise<PhotoModule> | undefined;

async function answer({ id, file, plan, wasm }: PrepareRequest): Promise<PrepareAnswer> {
  let module;
  try {
    module = await (loading ??= loadPhotoModule(wasm));
  } catch (error) {
    loading = undefined;
    if (!(error instanceof LoadFailure)) return { id, kind: "not_loaded", code: "worker_failed" };
    const { code, facts: { url, status, mime } } = error;
    return { id, kind: "not_loaded", code, ...(url && { url }), ...(status && { status }), ...(mime && { mime }) };
  }
  if (file && file.size > fileBytesMax) {
    const issue = { code: "photo_file_too_large", path: "", params: { bytes: file.size, bytes_max: fileBytesMax } };
    return { id, kind: "prepared", format: "", reply: JSON.stringify({ issue }), jpeg: new Uint8Array() };
  }
  try {
    if (!file) {
      await warmUp(module);
      return { id, kind: "warm" };
    }
    const { json, jpeg, format } = await preparePhoto(module, file, plan, progressOf(id, file.size));
    return { id, kind: "prepared", format, reply: json, jpeg };
  } catch (error) {
    if (error instanceof UnreadableFile) return { id, kind: "unreadable" };
    loading = undefined; // a trap leaves the heap in no known state
    return { id, kind: "crashed" };
  }
}

function progressOf(id: number, totalBytes: number): (readBytes: number) => void {
  let last = performance.now();
  return (readBytes) => {
    if (performance.now() - last < progressMs) return;
    last = performance.now();
    scope.postMessage({ id, kind: "progress", readBytes, totalBytes });
  };
}

scope.onmessage = async ({ data }) => {
  const reply = await answer(data);
  scope.postMessage(reply, reply.kind === "prepared" ? [reply.jpeg.buffer] : []);
};

export type {};
