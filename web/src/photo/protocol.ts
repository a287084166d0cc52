// SPDX-License-Identifier: MIT
// What page and photo worker say to each other.

import type { LoadErrorCode } from "../wasm/errors.js";

/** The core's plan of a picture (`photo.h` Plan); members that are left out take its defaults. */
export interface PhotoPlan {
  aspect?: string;
  edge_px?: number;
  bytes_max?: number;
}

export interface PrepareRequest {
  id: number;
  /** Without a file the worker loads the module and runs its loops, so that the first photo is quick. */
  file?: Blob;
  plan: PhotoPlan;
  /** Address, module or bytes of the wasm file; without it the worker takes the file beside itself. */
  wasm?: string | URL | WebAssembly.Module | BufferSource;
}

/** How far a long photo is; its answer follows. */
export interface PrepareProgress {
  id: number;
  kind: "progress";
  readBytes: number;
  totalBytes: number;
}

export type PrepareAnswer =
  | { id: number; kind: "prepared"; format: string; reply: string; jpeg: Uint8Array<ArrayBuffer> }
  | { id: number; kind: "warm" }
  | { id: number; kind: "unreadable" }
  | { id: number; kind: "crashed" }
  | { id: number; kind: "not_loaded"; code: LoadErrorCode; url?: string; status?: number; mime?: string };
