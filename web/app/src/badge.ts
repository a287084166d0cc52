// SPDX-License-Identifier: MIT
const plainTitle = document.title;

/** The number not delivered, on the tab and, where the system has badges, on the icon of the app. */
export function showBadge(undelivered: number): void {
  document.title = undelivered > 0 ? `(${undelivered}) ${plainTitle}` : plainTitle;
  if ("setAppBadge" in navigator) void navigator.setAppBadge(undelivered).catch(() => {});  // a refusal changes nothing
}
