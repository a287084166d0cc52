// SPDX-License-Identifier: MIT
// How long photos of delivered work stay on this device; receipts stay anyway.
const retentionKey = "sfluv-field.retention";

export const retentionDays = [1, 7, 30];

export function keptRetentionDays(): number {
  const kept = Number(localStorage.getItem(retentionKey));
  return retentionDays.includes(kept) ? kept : 7;
}

export const keepRetentionDays = (days: number): void => localStorage.setItem(retentionKey, String(days));
