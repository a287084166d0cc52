// SPDX-License-Identifier: MIT
// What page and service worker agree on.

export const syncTag = "sfluv-field";
export const wakeMessage = "sfluv-field: wake";
