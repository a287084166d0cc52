// SPDX-License-Identifier: MIT
// Things that may mean "the network is back". Hints only: they wake the queue and prove nothing.

import { syncTag, wakeMessage } from "./wake_words.js";

export function listenForHints(hint: () => void): () => void {
  const page = globalThis.document as Document | undefined;
  // Workers and Node have no page; where there are no events there are no hints.
  const scope = typeof globalThis.addEventListener === "function" ? globalThis : undefined;
  const workers = globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined;
  const network = networkOf();
  const listening: (() => void)[] = [];
  const listen = (target: EventTarget | undefined, type: string, listener: (event: Event) => void) => {
    target?.addEventListener(type, listener);
    listening.push(() => target?.removeEventListener(type, listener));
  };
  listen(scope, "online", hint);
  listen(scope, "pageshow", hint);
  listen(page, "resume", hint);
  listen(network, "change", hint);
  listen(page, "visibilitychange", () => {
    if (page?.visibilityState === "visible") hint();
  });
  listen(workers, "message", (event) => {
    if ((event as MessageEvent<unknown>).data === wakeMessage) hint();
  });
  return () => listening.forEach((stop) => stop());
}

/** Where the browser has Background Sync, and the site a worker that listens (`sfluv-field/wake-on-sync`). */
export function askForSync(): void {
  const workers = globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined;
  type Syncing = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };
  void workers?.getRegistration().then((found) => (found as Syncing | undefined)?.sync?.register(syncTag)).catch(() => {});
}

interface Network extends EventTarget {
  type?: string;
}

/** Chromium only. */
function networkOf(): Network | undefined {
  return (globalThis.navigator as { connection?: Network } | undefined)?.connection;
}

/** Does sending cost the person? `undefined` where the browser does not tell. */
export function isMetered(): boolean | undefined {
  const type = networkOf()?.type;
  return type === undefined || type === "unknown" ? undefined : type === "cellular" || type === "wimax" || type === "bluetooth";
}
