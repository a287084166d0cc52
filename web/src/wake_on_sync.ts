// SPDX-License-Identifier: MIT
// For a host's service worker, which imports it as sfluv-field/wake-on-sync. When the browser says that
// the network is back, the open pages are woken. Nothing is sent from here: tokens live in pages.

import { syncTag, wakeMessage } from "./outbox/wake_words.js";

// `ServiceWorkerGlobalScope` without the library that would take the page's types away.
interface SyncEvent extends Event {
  tag: string;
  waitUntil(work: Promise<unknown>): void;
}
interface WorkerScope extends EventTarget {
  clients: { matchAll(options: object): Promise<{ postMessage(message: unknown): void }[]> };
}
const scope = globalThis as unknown as WorkerScope;

scope.addEventListener("sync", (event) => {
  const { tag, waitUntil } = event as SyncEvent;
  if (tag !== syncTag) return;
  const pages = scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  waitUntil.call(event, pages.then((open) => open.forEach((page) => page.postMessage(wakeMessage))));
});
