// SPDX-License-Identifier: MIT
// The script of the photo worker: one file in, one answer out. It keeps the module between photos,
// and is ended by the page when idle, aborted or crashed: only that gives the memory back.

import { SfluvLoadError } from "../wasm/errors.js";
import { loadPhotoModule, type PhotoModule } from "./module.js";
import { preparePhoto } from "./prepare.js";
import type { PrepareAnswer, PrepareRequest } from "./protocol.js";

// `WorkerGlobalScope` without the library that would take the page's types away.
interface WorkerScope {
  onmessage: ((event: MessageEvent<PrepareRequest>) => void) | null;
  postMessage(message: PrepareAnswer, transfer: Transferable[]): void;
}
const scope = globalThis as unknown as WorkerScope;

/** `limits.h` photo_file_bytes_max: said here too, so that a film of 2 GB is refused before it is read. */
const fileBytesMax = 64 << 20;

let loading: Promise<PhotoModule> | undefined;

async function answer({ id, file, plan, wasm }: PrepareRequest): Promise<PrepareAnswer> {
  let module;
  try {
    module = await (loading ??= loadPhotoModule(wasm));
  } catch (error) {
    loading = undefined;
    if (!(error instanceof SfluvLoadError)) return { id, kind: "not_loaded", code: "worker_failed" };
    const { code, url, status, mime } = error;
    return { id, kind: "not_loaded", code, ...(url && { url }), ...(status && { status }), ...(mime && { mime }) };
  }
  if (file.size > fileBytesMax) {
    const issue = { code: "photo_file_too_large", path: "", params: { bytes: file.size, bytes_max: fileBytesMax } };
    return { id, kind: "prepared", format: "", reply: JSON.stringify({ issue }), jpeg: new Uint8Array() };
  }
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { id, kind: "unreadable" }; // gone from the device, or in a cloud that does not answer
  }
  try {
    const { json, jpeg, format } = await preparePhoto(module, bytes, plan);
    return { id, kind: "prepared", format, reply: json, jpeg };
  } catch {
    loading = undefined; // a trap leaves the heap in no known state
    return { id, kind: "crashed" };
  }
}

scope.onmessage = async ({ data }) => {
  const reply = await answer(data);
  scope.postMessage(reply, reply.kind === "prepared" ? [reply.jpeg.buffer] : []);
};

export type {};
