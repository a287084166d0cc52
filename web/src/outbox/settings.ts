// SPDX-License-Identifier: MIT
// What a person chose for all pages of this account on this device.

import type { Store } from "../ports.js";
import { bytesOfText, textOfBytes } from "../store/bytes.js";
import { settingsRow } from "./rows.js";

export interface Settings {
  wifiOnly: boolean;
  /** Signed out: work stays and waits, nothing is sent. */
  isLocked: boolean;
}

export interface SettingsRow {
  readonly now: Settings;
  load(): Promise<void>;
  /** Rejects with a `StoreError`. */
  change(change: Partial<Settings>): Promise<void>;
}

export function settingsOf(store: Store): SettingsRow {
  let now: Settings = { wifiOnly: false, isLocked: false };
  async function load(): Promise<void> {
    const row = await store.get(settingsRow.table, settingsRow.key);
    const stored = { ...now, ...(row && (JSON.parse(textOfBytes(row)) as Partial<Settings>)) };
    if (stored.wifiOnly !== now.wifiOnly || stored.isLocked !== now.isLocked) now = stored;
  }
  return {
    get now() { return now; },
    load,
    async change(change) {
      await load();
      const changed = { ...now, ...change };
      await store.write([{ ...settingsRow, bytes: bytesOfText(JSON.stringify(changed)) }]);
      now = changed;
    },
  };
}
