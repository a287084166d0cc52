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

/** The longest time that the main thread does nothing else, from now until `stop` is called. */
function blockMeter() {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    port2.postMessage(0);
  };
  port2.postMessage(0);
  return () => (port1.close(), longest);
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
  /** One photo: milliseconds, the longest block of the main thread where it is asked for, and what came out. */
  async measure(path, name, { withBlock = false, withPicture = false, bytesMax } = {}) {
    const file = await fileNamed(name);
    const stop = withBlock ? blockMeter() : () => undefined;
    const began = performance.now();
    const { prepare } = await paths[path]();
    const base64 = await prepare(file, { edgePx, bytesMax });
    const ms = performance.now() - began;
    return { ms, blockMs: stop(), bytes: base64.length / 4 * 3 - (base64.match(/=*$/)[0].length), ...(withPicture && { base64 }) };
  },
};
document.documentElement.dataset.ready = '';
