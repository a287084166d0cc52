// SPDX-License-Identifier: MIT

import { StoreError, type Store, type StoreErrorReason, type StoreTable } from "../ports.js";
import { equalBytes } from "../store/bytes.js";

export interface MemoryStore extends Store {
  /** The next writes fail so, before anything is changed. */
  failWrites(reason: StoreErrorReason, count?: number): void;
  /** Another connection to the same rows: a second page, or the same page after a restart. */
  again(): MemoryStore;
}

type Rows = Map<string, Uint8Array<ArrayBuffer>>;

export function memoryStore(tables = new Map<StoreTable, Rows>()): MemoryStore {
  let failures: { reason: StoreErrorReason; count: number } | undefined;
  let isClosed = false;
  const rowsOf = (table: StoreTable): Rows => {
    const rows = tables.get(table) ?? new Map<string, Uint8Array<ArrayBuffer>>();
    tables.set(table, rows);
    return rows;
  };
  const check = () => {
    if (isClosed) throw new StoreError("closed");
  };
  return {
    async get(table, key) {
      check();
      return rowsOf(table).get(key)?.slice();
    },
    async list(table, prefix = "") {
      check();
      return [...rowsOf(table)].filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, bytes]) => ({ key, bytes: bytes.slice() }));
    },
    async write(changes, onlyIf = []) {
      check();
      if (failures && failures.count-- > 0) throw new StoreError(failures.reason);
      for (const { table, key, bytes } of onlyIf) {
        const row = rowsOf(table).get(key) ?? null;
        if (bytes === null || row === null ? bytes !== row : !equalBytes(bytes, row)) throw new StoreError("conflict");
      }
      for (const { table, key, bytes } of changes) {
        if (bytes === null) rowsOf(table).delete(key);
        else rowsOf(table).set(key, new Uint8Array(bytes));
      }
    },
    close() {
      isClosed = true;
    },
    failWrites(reason, count = 1) {
      failures = { reason, count };
    },
    again: () => memoryStore(tables),
  };
}
