// SPDX-License-Identifier: MIT
// What a page does without us, done well: the browser's own decoder, smoothing "high", JPEG q 0.85, base64, in a worker.
onmessage = async ({ data: { file, edgePx } }) => {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, edgePx / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  const reader = new FileReader();
  reader.onload = () =>
    postMessage({ base64: reader.result.slice(reader.result.indexOf(',') + 1), bytes: jpeg.size, width: canvas.width, height: canvas.height });
  reader.readAsDataURL(jpeg);
};
