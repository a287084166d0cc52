// SPDX-License-Identifier: MIT
// The module `photo` behind typed functions. It runs wherever it is loaded: in the page's worker, or
// directly under Node.

import createPhoto, { type MainModule } from "../wasm/sfluv-photo.js";
import { instantiate } from "../wasm/instance.js";
import type { WasmSource } from "../wasm/source.js";

export type PhotoModule = Pick<
  MainModule, "abi_version" | "probe_photo" | "prepare_photo" | "prepare_pixels" | "base64_encode"
>;

export function loadPhotoModule(source?: WasmSource): Promise<PhotoModule> {
  return instantiate(createPhoto, source ?? new URL("../wasm/sfluv-photo.wasm", import.meta.url));
}
