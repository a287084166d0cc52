// SPDX-License-Identifier: MIT
// Can this browser keep work safe? Written for browsers that are too old for everything else here. Asked by what it
// takes, not by name: wasm SIMD, adopted style sheets and Array.findLast are Safari 16.4, Chrome 111, Firefox 115.
(function () {
  var simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  var isEnough = false;
  try {
    isEnough = WebAssembly.validate(new Uint8Array(simd)) && 'adoptedStyleSheets' in document && 'findLast' in Array.prototype;
  } catch (error) {}
  if (isEnough) return;
  document.getElementById('floor').removeAttribute('hidden');
  var app = document.getElementById('app');
  if (app) app.parentNode.removeChild(app);
})();
