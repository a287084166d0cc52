// SPDX-License-Identifier: MIT
// The last answer of each read, as it came, for when there is no network. A copy is a convenience: what
// the device does not keep is read again.

import type { Clock, Store } from "../ports.js";
import { bytesOfText, textOfBytes } from "../store/bytes.js";

export interface Copy {
  text: string;
  readAtMs: number;
}

export interface Copies {
  keep(key: string, text: string): Promise<void>;
  get(key: string): Promise<Copy | undefined>;
  /** All whose key starts with one of these, the oldest read first. */
  list(...prefixes: string[]): Promise<Copy[]>;
}

/** Where copies lie. */
export const copyKey = {
  workflow: (id: string) => `workflow/${id}`,
  list: (name: string) => `workflows/${name}`,
  absencePeriods: "absence-periods",
  credentialRequests: "credential-requests",
};

export function copiesOf(store: Store, clock: Clock): Copies {
  return {
    async keep(key, text) {
      const bytes = bytesOfText(`${clock.nowMs()}\n${text}`);
      await store.write([{ table: "documents", key, bytes }]).catch(() => {});
    },
    async get(key) {
      const row = await store.get("documents", key).catch(() => undefined);
      return row && copyOf(row);
    },
    async list(...prefixes) {
      const rows = await Promise.all(prefixes.map((prefix) => store.list("documents", prefix).catch(() => [])));
      return rows.flat().map(({ bytes }) => copyOf(bytes)).sort((a, b) => a.readAtMs - b.readAtMs);
    },
  };
}

/** The time of the read, a line feed, and the answer. */
function copyOf(row: Uint8Array): Copy {
  const text = textOfBytes(row);
  const end = text.indexOf("\n");
  return { text: text.slice(end + 1), readAtMs: Number(text.slice(0, end)) };
}
