// SPDX-License-Identifier: MIT
// The store of browsers. "Durable" means the transaction's `complete` event under strict durability,
// never a request's `success`: on a full disk that one comes first and the rows vanish after it.

import { StoreError, type Store, type StoreChange, type StoreErrorReason, type StoreExpectation, type StoreTable } from "../ports.js";
import { equalBytes } from "./bytes.js";
import { connectionTo } from "./connection.js";

/** One database for each account and API: no one's work is sent by another, or to another server. */
export function databaseName(apiBase: string, account: string): string {
  return `sfluv-field ${apiBase} ${account}`;
}

const worthAnotherTry: readonly StoreErrorReason[] = ["full", "unavailable"];

export function indexedDbStore(name: string): Store {
  const connection = connectionTo(name);

  /** Runs twice at most: browsers refuse the first try after a lost connection or a full disk. */
  async function run<T>(
    mode: IDBTransactionMode, names: readonly StoreTable[], work: (transaction: IDBTransaction) => () => T,
  ): Promise<T> {
    try {
      return await transact(await connection.get(), mode, names, work);
    } catch (error) {
      if (error instanceof StoreError && !worthAnotherTry.includes(error.reason)) throw error;
    }
    await connection.drop();
    try {
      return await transact(await connection.get(), mode, names, work);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError(mode === "readwrite" ? "full" : "unavailable", { cause });
    }
  }

  return {
    get(table, key) {
      return run("readonly", [table], (transaction) => {
        const request = transaction.objectStore(table).get(key) as IDBRequest<unknown>;
        return () => (request.result === undefined ? undefined : bytesOf(request.result));
      });
    },
    list(table, prefix = "") {
      return run("readonly", [table], (transaction) => {
        const range = prefix ? IDBKeyRange.bound(prefix, `${prefix}\uffff`) : null;
        const keys = transaction.objectStore(table).getAllKeys(range);
        const values = transaction.objectStore(table).getAll(range) as IDBRequest<unknown[]>;
        return () => keys.result.map((key, i) => ({ key: String(key), bytes: bytesOf(values.result[i]) }));
      });
    },
    write(changes, onlyIf = []) {
      const names = [...new Set([...changes, ...onlyIf].map(({ table }) => table))];
      if (names.length === 0) return Promise.resolve();
      return run("readwrite", names, (transaction) => {
        writeIf(transaction, changes, onlyIf);
        return () => undefined;
      });
    },
    close: () => connection.close(),
  };
}

function transact<T>(
  database: IDBDatabase, mode: IDBTransactionMode, names: readonly StoreTable[],
  work: (transaction: IDBTransaction) => () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" }); // may throw: a lost connection
    let result: () => T;
    transaction.oncomplete = () => {
      try {
        resolve(result());
      } catch (error) {
        reject(error as Error);
      }
    };
    // WebKit gives no reason when the disk is full.
    transaction.onabort = () => {
      reject(conflicts.has(transaction) ? new StoreError("conflict") : transaction.error ?? new StoreError("full"));
    };
    try {
      result = work(transaction);
    } catch (error) {
      // Firefox refuses a `put` after a full disk: what was put before it in this transaction must not stay.
      transaction.abort();
      reject(error as Error);
    }
  });
}

/** Transactions that we ended ourselves, because a row was not as expected. */
const conflicts = new WeakSet<IDBTransaction>();

function writeIf(transaction: IDBTransaction, changes: StoreChange[], onlyIf: StoreExpectation[]): void {
  let open = onlyIf.length;
  const writeAll = () => {
    for (const { table, key, bytes } of changes) {
      const rows = transaction.objectStore(table);
      if (bytes === null) rows.delete(key);
      else rows.put(bytes, key);
    }
  };
  if (open === 0) writeAll();
  for (const { table, key, bytes } of onlyIf) {
    const request = transaction.objectStore(table).get(key) as IDBRequest<unknown>;
    request.onsuccess = () => {
      if (!sameBytes(bytes, request.result)) {
        conflicts.add(transaction);
        transaction.abort();
      } else if (--open === 0) {
        writeAll();
      }
    };
  }
}

function sameBytes(expected: Uint8Array | null, row: unknown): boolean {
  if (expected === null || row === undefined) return expected === null && row === undefined;
  return equalBytes(expected, bytesOf(row));
}

function bytesOf(row: unknown): Uint8Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(row)) throw new StoreError("damaged");
  return new Uint8Array(row.buffer as ArrayBuffer, row.byteOffset, row.byteLength);
}
