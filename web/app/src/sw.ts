// SPDX-License-Identifier: MIT
// The whole build for days without a network. Answers of the API are never cached: what the server says now is the
// only truth about a delivery. Nothing is sent from here: tokens live in pages.
import "sfluv-field/wake-on-sync";
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: typeof globalThis & {
  __WB_MANIFEST: (string | PrecacheEntry)[];
  skipWaiting(): void;
  clients: { claim(): Promise<void> };
  addEventListener(type: "activate", listen: (event: { waitUntil(work: Promise<void>): void }) => void): void;
};

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("index.html")));

// The first visit may lose its signal too, before it has opened a camera or a proposal.
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));

// A new build waits for a person's word.
self.addEventListener("message", event => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") self.skipWaiting();
});
