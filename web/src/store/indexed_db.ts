// SPDX-License-Identifier: MIT
// The store of browsers. "Durable" means the transaction's `complete` event under strict durability,
// never a request's `success`: on a full disk that one comes first and the rows vanish after it.

import { StoreError, type Store, type StoreChange, type StoreExpectation, type StoreTable } from "../ports.js";
import { equalBytes } from "./bytes.js";

const tables: readonly StoreTable[] = ["records", "summaries", "photos", "chunks", "documents", "meta"];
const schemaVersion = 1;
/** A connection behind somebody else's blocked upgrade gets no event of its own. */
const openMsMax = 10_000;

/** One database for each account and API: no one's work is sent by another, or to another server. */
export function databaseName(apiBase: string, account: string): string {
  return `sfluv-field ${apiBase} ${account}`;
}

export function indexedDbStore(name: string): Store {
  let connection: Promise<IDBDatabase> | undefined;
  let closed = false;

  function connect(): Promise<IDBDatabase> {
    if (closed) return Promise.reject(new StoreError("closed"));
    return (connection ??= open(name).then(
      (database) => {
        const forget = () => { connection = undefined; };
        database.onclose = forget; // the browser took it away; the next call opens a new one
        database.onversionchange = () => {
          forget();
          database.close(); // another tab upgrades; never block it
        };
        return database;
      },
      (cause: unknown) => {
        connection = undefined;
        throw cause instanceof StoreError ? cause : new StoreError("unavailable", { cause });
      }));
  }

  async function reopen(): Promise<void> {
    const old = connection;
    connection = undefined;
    try {
      (await old)?.close();
    } catch {
      // It never was open.
    }
  }

  /** Runs twice at most: browsers refuse the first try after a lost connection or a full disk. */
  async function run<T>(
    mode: IDBTransactionMode, names: readonly StoreTable[], work: (transaction: IDBTransaction) => () => T,
  ): Promise<T> {
    try {
      return await transact(await connect(), mode, names, work);
    } catch (error) {
      if (error instanceof StoreError && error.reason === "conflict") throw error;
      if (closed) throw new StoreError("closed");
    }
    await reopen();
    try {
      return await transact(await connect(), mode, names, work);
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
    close() {
      closed = true;
      void reopen();
    },
  };
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, schemaVersion);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new StoreError("unavailable"));
    }, openMsMax);
    request.onupgradeneeded = () => {
      for (const table of tables) {
        if (!request.result.objectStoreNames.contains(table)) request.result.createObjectStore(table);
      }
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      if (late) request.result.close();
      else resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new StoreError("unavailable"));
    };
  });
}

function transact<T>(
  database: IDBDatabase, mode: IDBTransactionMode, names: readonly StoreTable[],
  work: (transaction: IDBTransaction) => () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" }); // may throw: a lost connection
    const result = work(transaction);
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
