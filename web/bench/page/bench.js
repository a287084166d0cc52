// SPDX-License-Identifier: MIT
// Both paths from the camera file to the base64 text of the request, each with its pixels in a worker.
import { createField } from '/package/index.js';

const edgePx = 1600;
const file = new File([await (await fetch('/photo.jpg')).arrayBuffer()], 'photo.jpg', { type: 'image/jpeg' });
const nowhere = { send: () => Promise.reject(new Error('nothing is sent here')) };
const field = await createField({ apiBase: location.origin, account: 'bench', autoStart: false, transport: nowhere });

let canvasWorker;
function canvas() {
  canvasWorker ??= new Worker('/canvas_worker.js');
  return new Promise((resolve, reject) => {
    canvasWorker.onmessage = ({ data }) => resolve(data);
    canvasWorker.onerror = reject;
    canvasWorker.postMessage({ file, edgePx });
  });
}

async function ours() {
  const outcome = await field.preparePhoto(file, { photo_aspect_ratio: '' }, { edgePx });
  if (!outcome.ok) throw new Error(outcome.issue.code);
  const { size_bytes, width_px, height_px } = outcome.value;
  return { base64: outcome.value.toUpload().data_base64, bytes: size_bytes, width: width_px, height: height_px };
}

const paths = { canvas, ours };

/** One run of one path: milliseconds, and what came out. */
window.measure = async name => {
  const began = performance.now();
  const { base64, ...picture } = await paths[name]();
  return { ms: performance.now() - began, base64Bytes: base64.length, ...picture };
};
document.documentElement.dataset.ready = '';
