// SPDX-License-Identifier: MIT
// The first photo counts as much as the thousandth. A browser runs new code slowly until it has seen
// enough of it, and compiles it better beside that; so small pictures go through the module while the
// camera opens, with rests in which what was compiled can be put in place.

import type { PhotoModule } from "./module.js";

const rounds = 8;
const restMs = 10;
/** Large enough that the encoder, too, has run enough. */
const [width, height] = [832, 624];
const smaller = { edge_px: 400, bytes_max: 40_000, digest: false };

export async function warmUp(module: PhotoModule): Promise<void> {
  const size = { width_px: width, height_px: height };
  const { jpeg } = module.preparePixels(noise(), JSON.stringify({ ...size, digest: false, quality_max: 92, bytes_max: 1 << 20 }));
  for (let i = 0; i < rounds; ++i) {
    module.begin(JSON.stringify(smaller));
    module.put(jpeg);
    module.finish();
    await new Promise((rested) => setTimeout(rested, restMs));
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
