// SPDX-License-Identifier: MIT
// The first photo counts as much as the thousandth. A browser runs new code slowly until it has seen
// enough of it; so small pictures go through the module while the camera opens.

import type { PhotoModule } from "./module.js";

const rounds = 6;
const [width, height] = [416, 312];

export function warmUp(module: PhotoModule): void {
  const size = { width_px: width, height_px: height };
  const small = { edge_px: 160, bytes_max: 6000, digest: false };
  const { jpeg } = module.preparePixels(noise(), JSON.stringify({ ...size, digest: false, quality_max: 92, bytes_max: 1 << 20 }));
  for (let i = 0; i < rounds; ++i) {
    module.begin(JSON.stringify(small));
    module.put(jpeg);
    module.finish();
  }
}

/** A picture as full of detail as photos are: what is smooth runs little code. */
function noise(): Uint8Array {
  const rgba = new Uint8Array(4 * width * height);
  let random = 1;
  for (let i = 0; i < rgba.length; ++i) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    rgba[i] = i % 4 === 3 ? 255 : ((i >> 6) & 127) + (random >>> 27);
  }
  return rgba;
}
