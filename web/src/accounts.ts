// SPDX-License-Identifier: MIT
// Whose work waits on this device. Each account has a database of its own.

import { outboxCore } from "./outbox/core.js";
import { entriesOf } from "./outbox/entries.js";
import { isOver } from "./outbox/record_states.js";
import type { Clock, Entropy } from "./ports.js";
import type { RulesModule } from "./rules/load.js";
import { databaseName, indexedDbStore } from "./store/indexed_db.js";

interface Parts {
  apiBase: string;
  rules: RulesModule;
  clock: Clock;
  entropy: Entropy;
}

/** All but `account`; empty where the browser does not list its databases. */
export async function otherAccounts(parts: Parts, account: string): Promise<{ account: string; undelivered: number }[]> {
  const prefix = databaseName(parts.apiBase, "");
  const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
  const names = databases.map(({ name = "" }) => name).filter((name) => name.startsWith(prefix));
  const others = names.map((name) => name.slice(prefix.length)).filter((other) => other !== account);
  const counted = await Promise.all(others.map(async (other) => ({ account: other, undelivered: await undelivered(parts, other) })));
  return counted.filter((other) => other.undelivered > 0);
}

async function undelivered(parts: Parts, account: string): Promise<number> {
  const store = indexedDbStore(databaseName(parts.apiBase, account));
  try {
    const entries = entriesOf(store, outboxCore({ ...parts, account }));
    await entries.refresh();
    return entries.all().filter(({ view }) => !isOver(view)).length;
  } catch {
    return 0; // it cannot be opened now; nothing of it is lost
  } finally {
    store.close();
  }
}
