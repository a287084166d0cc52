// SPDX-License-Identifier: MIT
// What the page remembers besides work: settings and the place. In a database of its own under strict durability, since
// phones end browsers without a warning and `localStorage` reaches the disk seconds later. Never the token.
import type { Session } from "./session.js";

interface Kept {
  session: Omit<Session, "token">;
  /** The address of the screen that was shown last. */
  place: string;
  language: string;
  retentionDays: number;
  /** "Later" is an answer: the advice to install does not come back by itself. */
  noInstall: boolean;
  /** When each server was last heard: "last contact yesterday" is worth knowing without a network. */
  heard: Record<string, number>;
  /** Does this account of this server propose or vote? Who does neither is not asked about at every start. */
  proposes: Record<string, boolean>;
  /** What a link told of the server and the documents name no way to ask. */
  told: { supervisors: string[]; credentials: string[] };
}

const table = "kept";
const memory: Partial<Kept> = {};
let database: IDBDatabase | undefined;

/** To be waited for once, before anything is read. */
export async function openKept(): Promise<void> {
  // A private window may refuse: then it is remembered as long as the page lives.
  database = await new Promise<IDBDatabase | undefined>(done => {
    const request = indexedDB.open("sfluv-field page", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    request.onsuccess = () => done(request.result);
    request.onerror = request.onblocked = () => done(undefined);
  }).catch(() => undefined);
  if (!database) return;
  const rows = database.transaction(table).objectStore(table);
  const [keys, values] = [rows.getAllKeys(), rows.getAll()];
  await new Promise(done => (rows.transaction.oncomplete = rows.transaction.onabort = done));
  keys.result.forEach((key, n) => Object.assign(memory, { [String(key)]: values.result[n] as unknown }));
}

export const kept = <Name extends keyof Kept>(name: Name): Kept[Name] | undefined => memory[name];

export function keep<Name extends keyof Kept>(name: Name, value: Kept[Name]): void {
  memory[name] = value;
  try {
    database?.transaction(table, "readwrite", { durability: "strict" }).objectStore(table).put(value, name);
  } catch {
    database = undefined;  // the browser took it away
  }
}
