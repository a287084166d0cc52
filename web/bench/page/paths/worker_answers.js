// SPDX-License-Identifier: MIT
/** The worker's side: `toJpeg` gives the blob for a file. */
export function answerWith(toJpeg) {
  onmessage = async ({ data: { file, edgePx, quality } }) => {
    try {
      postMessage({ base64: await base64Of(await toJpeg(file, edgePx, quality)) });
    } catch (error) {
      postMessage({ error: String(error) });
    }
  };
}

export function base64Of(blob) {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = reject;
    reader.readAsDataURL(blob);
  });
}

/** The picture drawn by the browser's best smoothing, as a JPEG. */
export function drawn(source, width, height, edgePx, quality = 0.85) {
  const scale = Math.min(1, edgePx / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  source.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality });
}
