// SPDX-License-Identifier: MIT
// One set of expectations for every store; IndexedDB stands in by fake-indexeddb under Node and is
// tested for real in web/e2e.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "fake-indexeddb/auto";
import { indexedDbStore, StoreError, type Store } from "sfluv-field";
import { fixedEntropy, memoryStore } from "sfluv-field/testing";
import { photoStore } from "../dist/store/photos.js";
import { storageIssue } from "../dist/store/self_test.js";
import { photoOf } from "./fixtures.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
let databases = 0;

const kinds: Record<string, () => { store: Store; again: () => Store }> = {
  memory() {
    const store = memoryStore();
    return { store, again: () => store.again() };
  },
  indexedDB() {
    const name = `test-${++databases}`;
    return { store: indexedDbStore(name), again: () => indexedDbStore(name) };
  },
};

for (const [kind, make] of Object.entries(kinds)) {
  describe(kind, () => {
    test("gives back what was written, also on another connection", async () => {
      const { store, again } = make();
      await store.write([{ table: "records", key: "a", bytes: bytes(1, 2) }, { table: "meta", key: "a", bytes: bytes(3) }]);
      assert.deepEqual(await store.get("records", "a"), bytes(1, 2));
      assert.deepEqual(await again().get("meta", "a"), bytes(3));
      assert.equal(await store.get("records", "b"), undefined);
    });

    test("keeps a copy: later changes of the caller's bytes do not matter", async () => {
      const { store } = make();
      const mine = bytes(1, 2, 3);
      await store.write([{ table: "records", key: "a", bytes: mine }]);
      mine[0] = 9;
      assert.deepEqual(await store.get("records", "a"), bytes(1, 2, 3));
    });

    test("stores the view, not the whole buffer behind it", async () => {
      const { store } = make();
      await store.write([{ table: "records", key: "a", bytes: bytes(0, 1, 2, 3).subarray(1, 3) }]);
      assert.deepEqual([...(await store.get("records", "a"))!], [1, 2]);
    });

    test("lists by prefix in the order of keys", async () => {
      const { store } = make();
      await store.write(["b/2", "b/1", "a/1", "b0"].map((key, n) => ({ table: "chunks" as const, key, bytes: bytes(n) })));
      assert.deepEqual((await store.list("chunks", "b/")).map(({ key }) => key), ["b/1", "b/2"]);
      assert.deepEqual((await store.list("chunks")).map(({ key }) => key), ["a/1", "b/1", "b/2", "b0"]);
      assert.deepEqual(await store.list("photos"), []);
    });

    test("removes", async () => {
      const { store } = make();
      await store.write([{ table: "records", key: "a", bytes: bytes(1) }]);
      await store.write([{ table: "records", key: "a", bytes: null }, { table: "records", key: "none", bytes: null }]);
      assert.equal(await store.get("records", "a"), undefined);
    });

    test("compares and swaps: everything or nothing", async () => {
      const { store } = make();
      const write = (from: Uint8Array | null, to: Uint8Array) => store.write(
        [{ table: "records", key: "a", bytes: to }, { table: "summaries", key: "a", bytes: to }],
        [{ table: "records", key: "a", bytes: from }]);
      await write(null, bytes(1));
      await assert.rejects(write(null, bytes(2)), (error: StoreError) => error.reason === "conflict");
      await assert.rejects(write(bytes(7), bytes(2)), (error: StoreError) => error.reason === "conflict");
      assert.deepEqual(await store.get("summaries", "a"), bytes(1));
      await write(bytes(1), bytes(2));
      assert.deepEqual(await store.get("summaries", "a"), bytes(2));
    });

    test("refuses after close", async () => {
      const { store } = make();
      await store.get("meta", "a");
      store.close();
      await assert.rejects(store.get("meta", "a"), (error: StoreError) => error.reason === "closed");
      await assert.rejects(store.write([{ table: "meta", key: "a", bytes: bytes(1) }]), StoreError);
    });

    test("passes its own test at the start, and leaves nothing behind", async () => {
      const { store } = make();
      assert.equal(await storageIssue(store, fixedEntropy()), null);
      assert.deepEqual(await store.list("meta"), []);
    });

    test("photos: chunks of 786 432 bytes, read back equal, removed whole", async () => {
      const { store } = make();
      const photos = photoStore(store, fixedEntropy());
      for (const length of [1, 786_431, 786_432, 786_433, 2_000_000]) {
        const photo = photoOf(Math.max(4, length));
        const saved = await photos.save(photo);
        assert.ok(saved.ok);
        assert.deepEqual(await photos.get(saved.value.key), photo.bytes);
        const chunks = (await photos.chunks(saved.value.key))!;
        assert.ok(chunks.slice(0, -1).every((chunk) => chunk.length === 786_432));
        assert.ok(await photos.holds(saved.value.key, photo.sha256, photo.size_bytes));
        await photos.remove(saved.value.key);
      }
      assert.deepEqual(await store.list("chunks"), []);
      assert.deepEqual(await store.list("photos"), []);
    });

    test("photos: one that is not whole is none", async () => {
      const { store } = make();
      const photos = photoStore(store, fixedEntropy());
      const saved = await photos.save(photoOf(1_000_000));
      assert.ok(saved.ok);
      const { key } = saved.value;
      const chunk = (await store.get("chunks", `${key}/0001`))!;
      const flipped = chunk.slice();
      flipped[5]! ^= 1;
      await store.write([{ table: "chunks", key: `${key}/0001`, bytes: flipped }]);
      assert.equal(await photos.get(key), undefined);
      await store.write([{ table: "chunks", key: `${key}/0001`, bytes: null }]);
      assert.equal(await photos.get(key), undefined);
      assert.equal(await photos.holds(key, saved.value.sha256, 1_000_000), false);
    });
  });
}

test("a photo that does not come back as it went in is not called saved", async () => {
  const inner = memoryStore();
  const forgetful: Store = {
    ...inner,
    async list(table, prefix) {
      const rows = await inner.list(table, prefix);
      if (table === "chunks") for (const { bytes: row } of rows) row[0] = 0;
      return rows;
    },
  };
  const saved = await photoStore(forgetful, fixedEntropy()).save(photoOf(100));
  assert.ok(!saved.ok);
  assert.equal(saved.issue.code, "storage_failed");
});

test("indexedDB: an aborted transaction is not success, whatever its requests said", async () => {
  const store = indexedDbStore("aborting");
  await store.get("meta", "a");
  const put = IDBObjectStore.prototype.put;
  let puts = 0;
  // Like a full disk: the request succeeds, then the transaction aborts without a reason.
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
    const request = put.apply(this, args);
    puts += 1;
    request.addEventListener("success", () => this.transaction.abort());
    return request;
  };
  try {
    await assert.rejects(
      store.write([{ table: "records", key: "a", bytes: bytes(1) }]), (error: StoreError) => error.reason === "full");
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.equal(puts, 2); // once more on a new connection, then no
  assert.equal(await store.get("records", "a"), undefined);
});

test("indexedDB: a lost connection is opened again", async () => {
  const store = indexedDbStore("lost");
  await store.write([{ table: "records", key: "a", bytes: bytes(1) }]);
  const transaction = IDBDatabase.prototype.transaction;
  let throws = 1;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
    if (throws-- > 0) throw new DOMException("The connection is closing", "InvalidStateError");
    return transaction.apply(this, args);
  };
  try {
    assert.deepEqual(await store.get("records", "a"), bytes(1));
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
});

test("indexedDB: strict durability is asked for, and an upgrade elsewhere is not blocked", async () => {
  const store = indexedDbStore("strict");
  const transaction = IDBDatabase.prototype.transaction;
  const asked: unknown[] = [];
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
    asked.push(args[2]);
    return transaction.apply(this, args);
  };
  try {
    await store.write([{ table: "records", key: "a", bytes: bytes(1) }]);
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
  assert.deepEqual(asked.at(-1), { durability: "strict" });
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open("strict", 2);
    request.onblocked = () => reject(new Error("blocked"));
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
  });
});

test("a browser without a working store says so", async () => {
  const broken = memoryStore();
  broken.failWrites("unavailable", 9);
  assert.deepEqual(await storageIssue(broken, fixedEntropy()), {
    code: "storage_failed", path: "", params: { reason: "unavailable" },
  });
});
