// SPDX-License-Identifier: MIT
// The page without a network: the service worker keeps the build. A new build waits until the person wants it, since
// it reloads the page; answers are kept, but nobody likes a page that jumps.
import { registerSW } from "virtual:pwa-register";

import { announce, find } from "./dom.js";

export function keepForOffline(): void {
  const notice = find("#update");
  const update = registerSW({
    onNeedRefresh() {
      notice.hidden = false;
    },
    onOfflineReady() {
      announce("This page now works without a network.");
    },
  });
  find("button", notice).addEventListener("click", () => void update(true));
}
