// SPDX-License-Identifier: MIT
// What page and photo worker say to each other.

import type { PreparePhotoOptions } from "../types.js";
import type { LoadErrorCode } from "../wasm/load_failure.js";

/** The core's plan of a picture (`api_photo.h`); members that are left out take its defaults. */
export interface PhotoPlan {
  aspect?: string;
  edge_px?: number;
  bytes_max?: number;
  photos_in_request?: number;
  request_bytes_max?: number;
  /** In millionths of the upright picture's sides. */
  crop_x?: number;
  crop_y?: number;
  crop_width?: number;
  crop_height?: number;
  keep_time?: boolean;
  keep_fine?: boolean;
}

/** What a caller asks for, in the core's words. */
export function photoPlan(aspect: string, options: PreparePhotoOptions): PhotoPlan {
  const { edgePx, bytesMax, photosInRequest, requestBytesMax, crop, keepTime, keepFine } = options;
  const asked = {
    aspect, edge_px: edgePx, bytes_max: bytesMax, photos_in_request: photosInRequest, request_bytes_max: requestBytesMax,
    keep_time: keepTime, keep_fine: keepFine, ...(crop && inMillionths(crop)),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}

/** By its edges, so that rounding never leads out of the picture. */
function inMillionths({ x, y, width, height }: NonNullable<PreparePhotoOptions["crop"]>): PhotoPlan {
  const [left, top, right, bottom] = [x, y, x + width, y + height].map((part) => Math.round(part * 1e6)) as [number, number, number, number];
  return { crop_x: left, crop_y: top, crop_width: right - left, crop_height: bottom - top };
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
