// SPDX-License-Identifier: MIT
// The paths from a camera file to the base64 text of a request. Each is loaded when it is asked for, inside the time
// that a first photo takes.
const edgePx = 1600;

const paths = {
  ours: () => import('./paths/ours.js'),
  'canvas-high': () => import('./paths/canvas.js'),
  'image-decoder': () => import('./paths/image_decoder.js'),
  pica: () => import('./paths/pica.js'),
  'browser-image-compression': () => import('./paths/browser_image_compression.js'),
  jsquash: () => import('./paths/jsquash.js'),
};

const files = new Map();
async function fileNamed(name) {
  if (!files.has(name)) files.set(name, new File([await (await fetch(`/files/${name}`)).arrayBuffer()], name, { type: 'image/jpeg' }));
  return files.get(name);
}

window.bench = {
  /** What does not belong to a photo: the field with its rules, as the page has it anyway. */
  async ready(files) {
    const { makeField } = await import('./paths/field.js');
    await makeField();
    await Promise.all(files.map(fileNamed));
  },
  /** What a path can do before the first photo. */
  async warmUp(path) {
    const { warmUp, prepare } = await paths[path]();
    if (warmUp) return warmUp();
    const small = await fileNamed('small.jpg');
    for (let i = 0; i < 6; i++) await prepare(small, { edgePx });
  },
  /** One photo: milliseconds, and what came out. */
  async measure(path, name, { withPicture = false, ...options } = {}) {
    const file = await fileNamed(name);
    const began = performance.now();
    const { prepare } = await paths[path]();
    const base64 = await prepare(file, { edgePx, ...options });
    const ms = performance.now() - began;
    return { ms, ...(withPicture && { base64 }) };
  },
};
document.documentElement.dataset.ready = '';
