// SPDX-License-Identifier: MIT
// How much room there is. A reserve inside the database was seen not to help on a full disk, so new
// photos are refused while there is still room for everything else.

import type { StorageMeter, StorageReport } from "../field_types.js";
import type { Store } from "../ports.js";
import { textOfBytes } from "./bytes.js";

/** What WebKit gives to a site where it tells nothing. */
const silentQuotaBytes = 1 << 30;
/** A photo of the camera after it was made small, at most. */
const photoBytes = 600_000;
const reserveBytes = 200 << 20;
/** People make room elsewhere on their phone: what was found full is tried again after so long. */
const fullForMs = 60_000;

interface Estimate {
  usedBytes: number;
  quotaBytes: number;
}

export interface OwnedMeter extends StorageMeter {
  /** New photos are refused before answers are. */
  hasRoomForPhotos(): Promise<boolean>;
  /** A write was refused for want of room, whatever the browser says: Chromium tells every site of the same 10 GB. */
  sawFull(): Promise<void>;
}

export function storageMeter(store: Store): OwnedMeter {
  async function ownBytes(): Promise<number> {
    const rows = await store.list("photos").catch(() => []);
    return rows.reduce((sum, { bytes }) => sum + (JSON.parse(textOfBytes(bytes)) as { size_bytes: number }).size_bytes, 0);
  }
  let full = { bytes: Infinity, atMs: 0 };
  /** The browser's own figures, else our count against what a silent browser was seen to give; less where it gave less. */
  async function estimate(): Promise<Estimate> {
    const { usedBytes, quotaBytes } = (await browserEstimate()) ?? { usedBytes: await ownBytes(), quotaBytes: silentQuotaBytes };
    const seenBytes = Date.now() - full.atMs < fullForMs ? full.bytes : Infinity;
    return { usedBytes, quotaBytes: Math.min(quotaBytes, seenBytes) };
  }
  return {
    async report() {
      const [estimated, own, isPersistent] = await Promise.all([estimate(), ownBytes(), isPersisted()]);
      return { ...roomOf(estimated), usedBytes: estimated.usedBytes, ownBytes: own, isPersistent };
    },
    hasRoomForPhotos: async () => roomOf(await estimate()).level !== "full",
    async sawFull() {
      full = { bytes: (await estimate()).usedBytes, atMs: Date.now() };
    },
    // Firefox asks the person and may never answer, so nobody waits for it.
    askToPersist: () => void manager()?.persist?.().catch(() => {}),
  };
}

function roomOf({ usedBytes, quotaBytes }: Estimate): Pick<StorageReport, "level" | "freeBytes" | "photosLeft"> {
  const freeBytes = Math.max(0, quotaBytes - usedBytes);
  const keptBytes = Math.max(quotaBytes / 20, Math.min(reserveBytes, quotaBytes / 4));
  const level = freeBytes <= keptBytes ? "full" : freeBytes <= Math.max(quotaBytes / 5, 2 * keptBytes) ? "low" : "ok";
  return { level, freeBytes, photosLeft: Math.floor(Math.max(0, freeBytes - keptBytes) / photoBytes) };
}

// Absent in WebKit's default build and on insecure pages.
const manager = () => globalThis.navigator?.storage as StorageManager | undefined;

async function browserEstimate(): Promise<Estimate | undefined> {
  const { usage, quota } = (await manager()?.estimate?.().catch(() => undefined)) ?? {};
  return usage === undefined || !quota ? undefined : { usedBytes: usage, quotaBytes: quota };
}

async function isPersisted(): Promise<boolean | null> {
  return (await manager()?.persisted?.().catch(() => null)) ?? null;
}
