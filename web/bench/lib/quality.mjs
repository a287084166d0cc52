// SPDX-License-Identifier: MIT
// How near a picture is to what it was made of: PSNR over R, G and B, SSIM over luma. The reference is ImageMagick's
// Lanczos of the whole, upright picture.
import { execFileSync } from 'node:child_process';

/** A picture file as `{width, height, rgb}`; `how` are ImageMagick's operators. */
export function pixelsOf(file, how = []) {
  const ppm = execFileSync('convert', [file, ...how, '-depth', '8', 'ppm:-'], { maxBuffer: 1 << 28 });
  const [head, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.toString('latin1', 0, 64));
  return { width: Number(width), height: Number(height), rgb: ppm.subarray(head.length) };
}

export const reference = (photo, edgePx) => pixelsOf(photo, ['-auto-orient', '-filter', 'Lanczos', '-resize', `${edgePx}x${edgePx}`]);

/** `{psnr, ssim}`, or nothing for pictures of two sizes. */
export function compare(a, b) {
  if (a.width !== b.width || a.height !== b.height) return undefined;
  let squares = 0;
  for (let i = 0; i < a.rgb.length; i++) squares += (a.rgb[i] - b.rgb[i]) ** 2;
  return { psnr: 10 * Math.log10((255 ** 2 * a.rgb.length) / squares), ssim: ssim(luma(a), luma(b), a.width, a.height) };
}

function luma({ rgb }) {
  const y = new Float64Array(rgb.length / 3);
  for (let i = 0; i < y.length; i++) y[i] = 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
  return y;
}

/** The mean over windows of 8 x 8 pixels, four apart. */
function ssim(a, b, width, height) {
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + 8 <= height; top += 4)
    for (let left = 0; left + 8 <= width; left += 4) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + 8; y++)
        for (let i = y * width + left, end = i + 8; i < end; i++) {
          const [p, q] = [a[i], b[i]];
          sa += p, sb += q, saa += p * p, sbb += q * q, sab += p * q;
        }
      const [ma, mb] = [sa / 64, sb / 64];
      const [va, vb, covariance] = [saa / 64 - ma * ma, sbb / 64 - mb * mb, sab / 64 - ma * mb];
      sum += ((2 * ma * mb + c1) * (2 * covariance + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
      windows++;
    }
  return sum / windows;
}
