// SPDX-License-Identifier: MIT
// The page without a network: the service worker keeps the build. A new build waits until the person wants it, since
// it reloads the page; answers are kept, but nobody likes a page that jumps.
import { registerSW } from "virtual:pwa-register";

export interface Updates {
  /** A new version waits; calling it brings it in and reloads the page. */
  ready(use: () => void): void;
  offline(): void;
}

export function keepForOffline({ ready, offline }: Updates): void {
  const update = registerSW({ onNeedRefresh: () => ready(() => void update(true)), onOfflineReady: offline });
}
