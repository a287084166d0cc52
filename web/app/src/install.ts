// SPDX-License-Identifier: MIT
// "Later" is an answer: the advice stays under "More" and does not come back by itself.
const laterKey = "sfluv-field.install-later";

export const wantsNoInstall = (): boolean => localStorage.getItem(laterKey) !== null;
export const wantNoInstall = (): void => localStorage.setItem(laterKey, "1");
