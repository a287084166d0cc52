// SPDX-License-Identifier: MIT
/** A path whose work is done by one worker. */
export function inWorker(make) {
  let worker;
  return (file, options) => {
    worker ??= make();
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.base64));
      worker.onerror = event => reject(new Error(event.message));
      worker.postMessage({ file, ...options });
    });
  };
}
