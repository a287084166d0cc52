// SPDX-License-Identifier: MIT
// Formats that only the browser knows, decoded by it.

import type { PhotoPlan } from "./protocol.js";

/** The core's own default, needed here to bound what the browser decodes. */
const edgePxDefault = 1600;
/** 64 MiB of RGBA in the worker and again in the module. */
const pixelsMax = 1 << 24;

export type DecodedPixels = ImageData & { before: { width: number; height: number } };

/** The picture, upright, at most twice as large as it will be; nothing when the browser does not know it either. */
export async function decodeByBrowser(file: Blob, format: string, plan: PhotoPlan): Promise<DecodedPixels | undefined> {
  if (typeof createImageBitmap !== "function" || typeof OffscreenCanvas !== "function") return undefined;
  let bitmap;
  try {
    // By its content: what a file calls itself may be wrong.
    bitmap = await createImageBitmap(format === "" ? file : file.slice(0, file.size, `image/${format}`));
    const before = { width: bitmap.width, height: bitmap.height };
    const scale = browserScale(before, plan);
    const width = Math.max(1, Math.round(before.width * scale));
    const height = Math.max(1, Math.round(before.height * scale));
    if (scale < 1) {
      const smaller = await createImageBitmap(bitmap, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
      bitmap.close();
      bitmap = smaller;
    }
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) return undefined;
    context.drawImage(bitmap, 0, 0);
    return Object.assign(context.getImageData(0, 0, width, height), { before });
  } catch {
    return undefined;
  } finally {
    bitmap?.close();
  }
}

/**
 * The browser shrinks to at most twice the target; the last step is the core's, for its quality. The
 * core crops, so the part that will be left is what counts; a long panorama is bounded as a whole.
 */
function browserScale({ width, height }: { width: number; height: number }, plan: PhotoPlan): number {
  const part = { width: width * (plan.crop_width ?? 1e6) / 1e6, height: height * (plan.crop_height ?? 1e6) / 1e6 };
  const ratio = { vertical: 3 / 4, square: 1, horizontal: 4 / 3 }[plan.aspect ?? ""] ?? part.width / part.height;
  const edge = Math.max(Math.min(part.width, part.height * ratio), Math.min(part.height, part.width / ratio));
  return Math.min(1, (2 * (plan.edge_px ?? edgePxDefault)) / edge, Math.sqrt(pixelsMax / (width * height)));
}
