// SPDX-License-Identifier: MIT
// What every `Store` promises.

import { StoreError, type Store, type StoreErrorReason } from "../../ports.js";
import { expect, expectEqual, expectRejection, type ConformanceTest } from "./expect.js";

/** Makes a store without rows; `again` opens another connection to the same rows. */
export type StoreMaker = () => Promise<{ store: Store; again: () => Promise<Store> }>;

const bytes = (...values: number[]) => Uint8Array.from(values);

async function expectRefusal(work: Promise<unknown>, reason: StoreErrorReason): Promise<void> {
  const error = await expectRejection(work, `a refusal as ${reason}`);
  expect(error instanceof StoreError, `a StoreError instead of ${String(error)}`);
  expectEqual(error.reason, reason, "reason");
}

type Made = Awaited<ReturnType<StoreMaker>>;

const promises: Record<string, (made: Made) => Promise<void>> = {
  async "gives back what was written, also on another connection"({ store, again }) {
    await store.write([{ table: "records", key: "a", bytes: bytes(1, 2) }, { table: "meta", key: "a", bytes: bytes(3) }]);
    expectEqual(await store.get("records", "a"), bytes(1, 2), "the row");
    const other = await again();
    expectEqual(await other.get("meta", "a"), bytes(3), "the row on another connection");
    expectEqual(await other.get("records", "b"), undefined, "a row that is not there");
    other.close();
  },

  async "keeps an empty row apart from none"({ store }) {
    await store.write([{ table: "meta", key: "empty", bytes: bytes() }]);
    expectEqual(await store.get("meta", "empty"), bytes(), "the empty row");
    await expectRefusal(store.write([], [{ table: "meta", key: "empty", bytes: null }]), "conflict");
  },

  async "keeps copies: the caller's bytes and the store's never share memory"({ store }) {
    const mine = bytes(1, 2, 3);
    const written = store.write([{ table: "records", key: "a", bytes: mine }]);
    await written;
    mine[0] = 9;
    const back = await store.get("records", "a");
    expectEqual(back, bytes(1, 2, 3), "the row");
    back![1] = 9;
    expectEqual(await store.get("records", "a"), bytes(1, 2, 3), "the row, read again");
  },

  async "stores the view, not the whole buffer behind it"({ store }) {
    await store.write([{ table: "records", key: "a", bytes: bytes(0, 1, 2, 3).subarray(1, 3) }]);
    expectEqual(await store.get("records", "a"), bytes(1, 2), "the row");
    await store.write([{ table: "records", key: "a", bytes: bytes(7) }], [{ table: "records", key: "a", bytes: bytes(9, 1, 2, 9).subarray(1, 3) }]);
  },

  async "lists by prefix in the order of keys"({ store }) {
    await store.write(["b/2", "b/1", "a/1", "b0", "b/ü"].map((key, n) => ({ table: "chunks" as const, key, bytes: bytes(n) })));
    expectEqual((await store.list("chunks", "b/")).map(({ key }) => key), ["b/1", "b/2", "b/ü"], "keys below b/");
    expectEqual((await store.list("chunks")).map(({ key }) => key), ["a/1", "b/1", "b/2", "b/ü", "b0"], "all keys");
    expectEqual(await store.list("photos"), [], "another table");
  },

  async "removes, and does not mind removing what is not there"({ store }) {
    await store.write([{ table: "records", key: "a", bytes: bytes(1) }]);
    await store.write([{ table: "records", key: "a", bytes: null }, { table: "records", key: "none", bytes: null }]);
    expectEqual(await store.get("records", "a"), undefined, "the removed row");
  },

  async "writes everything or nothing, and only over what was expected"({ store }) {
    const write = (from: Uint8Array | null, to: Uint8Array) => store.write(
      [{ table: "records", key: "a", bytes: to }, { table: "summaries", key: "a", bytes: to }],
      [{ table: "records", key: "a", bytes: from }]);
    await write(null, bytes(1));
    await expectRefusal(write(null, bytes(2)), "conflict");
    await expectRefusal(write(bytes(7), bytes(2)), "conflict");
    await expectRefusal(write(bytes(1, 1), bytes(2)), "conflict");
    expectEqual(await store.get("summaries", "a"), bytes(1), "the other row of a refused batch");
    await write(bytes(1), bytes(2));
    expectEqual(await store.get("summaries", "a"), bytes(2), "the other row of the batch");
  },

  async "holds every expectation against the rows before the batch"({ store }) {
    await store.write([{ table: "meta", key: "epoch", bytes: bytes(4) }]);
    const batch = (epoch: number) => store.write(
      [{ table: "records", key: "a", bytes: bytes(1) }, { table: "meta", key: "epoch", bytes: bytes(5) }],
      [{ table: "records", key: "a", bytes: null }, { table: "meta", key: "epoch", bytes: bytes(epoch) }]);
    await expectRefusal(batch(3), "conflict");
    await batch(4);
    await expectRefusal(batch(4), "conflict");
    expectEqual(await store.get("meta", "epoch"), bytes(5), "the row that was expected and changed");
  },

  async "lets one of two win"({ store, again }) {
    const other = await again();
    const wins = await Promise.allSettled([store, other].map((one, n) =>
      one.write([{ table: "meta", key: "lease", bytes: bytes(n) }], [{ table: "meta", key: "lease", bytes: null }])));
    expectEqual(wins.filter(({ status }) => status === "fulfilled").length, 1, "winners");
    const winner = wins.findIndex(({ status }) => status === "fulfilled");
    expectEqual(await store.get("meta", "lease"), bytes(winner), "the winner's row");
    other.close();
  },

  async "keeps large rows and large batches whole"({ store }) {
    const row = new Uint8Array(786_432).map((_, i) => (i * 31) >> 3);
    await store.write(Array.from({ length: 8 }, (_, n) => ({ table: "chunks" as const, key: `p/${n}`, bytes: row })));
    const back = await store.list("chunks", "p/");
    expectEqual(back.length, 8, "rows");
    expect(back.every(({ bytes: seen }) => seen.length === row.length && seen.every((byte, i) => byte === row[i])), "a row differs");
  },

  async "answers nothing after it was closed, and closes nobody else"({ store, again }) {
    const other = await again();
    await store.write([{ table: "meta", key: "a", bytes: bytes(1) }]);
    store.close();
    await expectRefusal(store.get("meta", "a"), "closed");
    await expectRefusal(store.write([{ table: "meta", key: "a", bytes: bytes(2) }]), "closed");
    expectEqual(await other.get("meta", "a"), bytes(1), "the row on another connection");
    other.close();
  },
};

/** The promises of a store, each on one that `make` has just made. Durability shows only in a crash. */
export function storeConformance(make: StoreMaker): ConformanceTest[] {
  return Object.entries(promises).map(([name, check]) => ({
    name,
    async run() {
      const made = await make();
      try {
        await check(made);
      } finally {
        made.store.close();
      }
    },
  }));
}
