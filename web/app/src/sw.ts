// SPDX-License-Identifier: MIT
// The whole build for days without a network. Answers of the API are never cached: what the server says now is the
// only truth about a delivery. Nothing is sent from here: tokens live in pages.
import "sfluv-field/wake-on-sync";
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: typeof globalThis & { __WB_MANIFEST: (string | PrecacheEntry)[]; skipWaiting(): void };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("index.html")));

// A new build waits for a person's word.
self.addEventListener("message", event => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") self.skipWaiting();
});
