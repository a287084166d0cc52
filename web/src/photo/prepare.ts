// SPDX-License-Identifier: MIT
// One photo through the core, and through the browser where only the browser knows the format.

import type { PhotoModule } from "./module.js";
import type { PhotoPlan } from "./protocol.js";

export interface PhotoReply {
  /** The core's answer: facts about the picture, or `{"issue":{...}}`. */
  json: string;
  jpeg: Uint8Array<ArrayBuffer>;
  /** What the file was. */
  format: string;
}

type CoreReply = Omit<PhotoReply, "format">;

/** What phones write besides JPEG, decoded by some browsers only; anything else is refused by its name. */
const browserFormats = ["webp", "heic", "avif"];

/** The core's own default, needed here to bound what the browser decodes. */
const edgePxDefault = 1600;
/** 64 MiB of RGBA in the worker and again in the module. */
const browserPixelsMax = 1 << 24;

export async function preparePhoto(
  module: PhotoModule, file: Uint8Array<ArrayBuffer>, plan: PhotoPlan,
): Promise<PhotoReply> {
  const planJson = JSON.stringify(plan);
  const reply = module.prepare_photo(file, planJson) as CoreReply;
  const format = unsupportedFormat(reply.json);
  // The core itself reads two formats, and its answer does not say which of them it was.
  if (format === undefined) return { ...reply, format: file[0] === 0x89 ? "png" : "jpeg" };
  if (!browserFormats.includes(format)) return { ...reply, format };
  const pixels = await decodeByBrowser(file, format, plan);
  if (!pixels) return { ...reply, format };
  const { data, width, height } = pixels;
  const pixelPlan = JSON.stringify({ ...plan, width_px: width, height_px: height });
  const made = module.prepare_pixels(new Uint8Array(data.buffer), pixelPlan) as CoreReply;
  return { json: withOrigin(made.json, file.byteLength, pixels.before), jpeg: made.jpeg, format };
}

/** The core's words about a finished picture (`api_photo.h` prepare_photo). */
export interface PreparedReply {
  in: { bytes: number; width_px: number; height_px: number; orientation: number };
  out: { bytes: number; width_px: number; height_px: number; quality: number; sha256: string };
}

function unsupportedFormat(json: string): string | undefined {
  const { issue } = JSON.parse(json) as { issue?: { code: string; params: { format?: string } } };
  return issue?.code === "photo_format_unsupported" ? issue.params.format : undefined;
}

// The core saw pixels only; what the file was is known here.
function withOrigin(json: string, bytes: number, size: { width: number; height: number }): string {
  const reply = JSON.parse(json) as PreparedReply | { issue: unknown };
  if ("issue" in reply) return json;
  const origin = { bytes, width_px: size.width, height_px: size.height, orientation: 1 };
  return JSON.stringify({ ...reply, in: origin } satisfies PreparedReply);
}

/**
 * The browser shrinks to at most twice the target; the last step is the core's, for its quality. The
 * core crops, so the part that will be left is what counts; a long panorama is bounded as a whole.
 */
function browserScale({ width, height }: { width: number; height: number }, plan: PhotoPlan): number {
  const ratio = plan.aspect === "vertical" ? 3 / 4 : plan.aspect === "square" ? 1 : plan.aspect === "horizontal" ? 4 / 3 : width / height;
  const left = { width: Math.min(width, height * ratio), height: Math.min(height, width / ratio) };
  const edgePx = plan.edge_px ?? edgePxDefault;
  return Math.min(1, (2 * edgePx) / Math.max(left.width, left.height), Math.sqrt(browserPixelsMax / (width * height)));
}

type DecodedPixels = ImageData & { before: { width: number; height: number } };

async function decodeByBrowser(
  file: Uint8Array<ArrayBuffer>, format: string, plan: PhotoPlan,
): Promise<DecodedPixels | undefined> {
  if (typeof createImageBitmap !== "function" || typeof OffscreenCanvas !== "function") return undefined;
  let bitmap;
  try {
    // One part: Firefox refuses a Blob of several. The picture comes upright in every engine.
    bitmap = await createImageBitmap(new Blob([file], { type: `image/${format}` }));
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
    return undefined; // this browser does not know the format either
  } finally {
    bitmap?.close();
  }
}
