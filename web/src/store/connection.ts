// SPDX-License-Identifier: MIT
// The connection to one database: opened when first needed, opened again when the browser takes it
// away, given up when a newer page wants to upgrade.

import { StoreError, type StoreTable } from "../ports.js";

/** 1: all but `previous`. 2: records of older versions are kept beside those that were written anew. */
const schemaVersion = 2;
const tables: readonly StoreTable[] = ["records", "summaries", "previous", "photos", "chunks", "documents", "meta"];
/** Behind somebody else's blocked upgrade a connection waits without any event of its own. */
const openMsMax = 10_000;

export interface Connection {
  /** Rejects with a `StoreError`. An opening that takes too long goes on, and may be there at the next call. */
  get(): Promise<IDBDatabase>;
  /** Lets go of a connection that does not work any more. */
  drop(): Promise<void>;
  close(): void;
}

export function connectionTo(name: string): Connection {
  let opening: Promise<IDBDatabase> | undefined;
  let isClosed = false;

  function start(): Promise<IDBDatabase> {
    const started = open(name).catch(refused).then((database) => {
      const forget = () => {
        if (opening === started) opening = undefined;
      };
      database.onclose = forget; // the browser took it away
      database.onversionchange = () => {
        forget();
        database.close(); // a newer page upgrades; what is under way here still ends
      };
      return database;
    });
    started.catch(() => {
      if (opening === started) opening = undefined;
    });
    return started;
  }

  async function drop(): Promise<void> {
    const old = opening;
    opening = undefined;
    (await old?.catch(() => undefined))?.close();
  }

  return {
    get() {
      if (isClosed) return Promise.reject(new StoreError("closed"));
      return within(openMsMax, (opening ??= start()));
    },
    drop,
    close() {
      isClosed = true;
      void drop();
    },
  };
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, schemaVersion);
    request.onupgradeneeded = () => {
      for (const table of tables) {
        if (!request.result.objectStoreNames.contains(table)) request.result.createObjectStore(table);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("not opened"));
  });
}

function refused(cause: Error): never {
  throw new StoreError(cause.name === "VersionError" ? "outdated" : "unavailable", { cause });
}

function within(ms: number, opening: Promise<IDBDatabase>): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StoreError("blocked")), ms);
    opening.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
