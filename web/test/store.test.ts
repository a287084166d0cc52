// SPDX-License-Identifier: MIT
// What is kept on the device. IndexedDB stands in by fake-indexeddb under Node and is tested for real in
// web/e2e; what every store must do is in conformance.test.ts.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "fake-indexeddb/auto";
import { indexedDbStore, StoreError, type Store, type StoreChange } from "sfluv-field";
import { fixedEntropy, memoryStore } from "sfluv-field/testing";
import { storageMeter } from "../dist/store/meter.js";
import { photoStore } from "../dist/store/photos.js";
import { storageIssue } from "../dist/store/self_test.js";
import { photoOf } from "./fixtures.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
let databases = 0;

const kinds: Record<string, () => Store> = {
  memory: () => memoryStore(),
  indexedDB: () => indexedDbStore(`test-${++databases}`),
};

for (const [kind, make] of Object.entries(kinds)) {
  describe(kind, () => {
    test("passes its own test at the start, and leaves nothing behind", async () => {
      const store = make();
      assert.equal(await storageIssue(store, fixedEntropy()), null);
      assert.deepEqual(await store.list("meta"), []);
    });

    test("photos: chunks of 786 432 bytes, read back equal, removed whole", async () => {
      const store = make();
      const photos = photoStore(store, fixedEntropy());
      for (const length of [1, 786_431, 786_432, 786_433, 2_000_000]) {
        const photo = photoOf(Math.max(4, length));
        const saved = await photos.save(photo);
        assert.ok(saved.ok);
        assert.deepEqual(await photos.get(saved.value.key), photo.bytes);
        const chunks = await photos.chunks(saved.value.key);
        assert.ok(typeof chunks !== "string" && chunks.slice(0, -1).every((chunk) => chunk.length === 786_432));
        assert.ok(await photos.holds(saved.value.key, photo.sha256, photo.size_bytes));
        await photos.remove(saved.value.key);
      }
      assert.deepEqual(await store.list("chunks"), []);
      assert.deepEqual(await store.list("photos"), []);
    });

    test("photos: one that is not whole is none", async () => {
      const store = make();
      const photos = photoStore(store, fixedEntropy());
      const saved = await photos.save(photoOf(1_000_000));
      assert.ok(saved.ok);
      const { key } = saved.value;
      const chunk = (await store.get("chunks", `${key}/0001`))!;
      const flipped = chunk.slice();
      flipped[5]! ^= 1;
      await store.write([{ table: "chunks", key: `${key}/0001`, bytes: flipped }]);
      assert.deepEqual([await photos.get(key), await photos.chunks(key)], [undefined, "damaged"]);
      await store.write([{ table: "chunks", key: `${key}/0001`, bytes: null }]);
      assert.deepEqual([await photos.get(key), await photos.chunks(key)], [undefined, "missing"]);
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

/** Runs `work` while a method of the browser does something else. */
async function instead<P extends object, K extends keyof P>(prototype: P, name: K, replaced: P[K], work: () => Promise<void>) {
  const original = prototype[name];
  prototype[name] = replaced;
  try {
    await work();
  } finally {
    prototype[name] = original;
  }
}

const reasonIs = (reason: string) => (error: StoreError) => error.reason === reason;
const one: StoreChange[] = [{ table: "records", key: "a", bytes: bytes(1) }];
const two: StoreChange[] = [...one, { table: "records", key: "b", bytes: bytes(2) }];

test("indexedDB: an aborted transaction is not success, whatever its requests said", async () => {
  const store = indexedDbStore("aborting");
  await store.get("meta", "a");
  const { put } = IDBObjectStore.prototype;
  let puts = 0;
  // Like a full disk: the request succeeds, then the transaction aborts without a reason.
  await instead(IDBObjectStore.prototype, "put", function (this: IDBObjectStore, ...args) {
    const request = put.apply(this, args);
    puts += 1;
    request.addEventListener("success", () => this.transaction.abort());
    return request;
  }, () => assert.rejects(store.write(one), reasonIs("full")));
  assert.equal(puts, 2); // once more on a new connection, then no
  assert.equal(await store.get("records", "a"), undefined);
});

test("indexedDB: a put that throws in the middle of a batch leaves nothing of it", async () => {
  const store = indexedDbStore("throwing");
  const { put } = IDBObjectStore.prototype;
  await instead(IDBObjectStore.prototype, "put", function (this: IDBObjectStore, ...args) {
    if (args[1] === "b") throw new DOMException("The disk was full before", "InvalidStateError");
    return put.apply(this, args);
  }, () => assert.rejects(store.write(two), reasonIs("full")));
  assert.deepEqual(await store.list("records"), []);
});

test("indexedDB: the one put that Firefox refuses after a full disk does no harm", async () => {
  const store = indexedDbStore("once");
  const { put } = IDBObjectStore.prototype;
  let throws = 1;
  await instead(IDBObjectStore.prototype, "put", function (this: IDBObjectStore, ...args) {
    if (throws-- > 0) throw new DOMException("The disk was full before", "InvalidStateError");
    return put.apply(this, args);
  }, () => store.write(two));
  assert.equal((await store.list("records")).length, 2);
});

test("indexedDB: a lost connection is opened again", async () => {
  const store = indexedDbStore("lost");
  await store.write(one);
  const { transaction } = IDBDatabase.prototype;
  let throws = 1;
  await instead(IDBDatabase.prototype, "transaction", function (this: IDBDatabase, ...args) {
    if (throws-- > 0) throw new DOMException("The connection is closing", "InvalidStateError");
    return transaction.apply(this, args);
  }, async () => assert.deepEqual(await store.get("records", "a"), bytes(1)));
});

test("indexedDB: a database that does not open is opened again; one that never does is unavailable", async () => {
  const { open } = IDBFactory.prototype;
  let fails = 1;
  let opens = 0;
  await instead(IDBFactory.prototype, "open", function (this: IDBFactory, ...args) {
    opens += 1;
    if (fails-- > 0) throw new DOMException("Attempt to open a database failed", "UnknownError");
    return open.apply(this, args);
  }, async () => {
    await indexedDbStore("reluctant").write(one);
    assert.equal(opens, 2);
    fails = 9;
    await assert.rejects(indexedDbStore("never").write(one), reasonIs("unavailable"));
  });
});

test("indexedDB: strict durability is asked for, for every write", async () => {
  const store = indexedDbStore("strict");
  const { transaction } = IDBDatabase.prototype;
  const asked: unknown[] = [];
  await instead(IDBDatabase.prototype, "transaction", function (this: IDBDatabase, ...args) {
    asked.push(args[2]);
    return transaction.apply(this, args);
  }, () => store.write(one));
  assert.deepEqual(asked.at(-1), { durability: "strict" });
});

/** A page of the first version of this package, which had one table less and may or may not make way. */
function oldPage(name: string, makesWay: boolean): Promise<IDBDatabase> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const table of ["records", "summaries", "photos", "chunks", "documents", "meta"]) request.result.createObjectStore(table);
      request.transaction!.objectStore("records").put(bytes(7), "old");
    };
    request.onsuccess = () => {
      if (makesWay) request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

test("indexedDB: the rows of the first version are there after the upgrade, and the page that wrote them made way", async () => {
  await oldPage("upgraded", true);
  const store = indexedDbStore("upgraded");
  assert.deepEqual(await store.get("records", "old"), bytes(7));
  await store.write([{ table: "previous", key: "old", bytes: bytes(7) }]);
});

test("indexedDB: our page makes way for a newer one, and is told that it is old", async () => {
  const store = indexedDbStore("outgrown");
  await store.write(one);
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open("outgrown", 99);
    request.onblocked = () => reject(new Error("blocked"));
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
  });
  await assert.rejects(store.write(one), reasonIs("outdated"));
  assert.equal((await storageIssue(store, fixedEntropy()))?.code, "storage_outdated");
});

test("indexedDB: behind a page that does not make way it says so in time, and works once that page is closed", async () => {
  const old = await oldPage("in-the-way", false);
  const [store, queued] = [indexedDbStore("in-the-way"), indexedDbStore("in-the-way")]; // the second gets no event at all
  const { setTimeout: soon } = globalThis;
  await instead(globalThis, "setTimeout", ((run: () => void, ms: number) => soon(run, ms / 100)) as typeof setTimeout, async () => {
    for (const page of [store, queued]) await assert.rejects(page.get("records", "old"), reasonIs("blocked"));
  });
  assert.equal((await storageIssue({ ...store, write: () => Promise.reject(new StoreError("blocked")) }, fixedEntropy()))?.code, "storage_blocked");
  old.close();
  await store.write(one);
  assert.deepEqual(await store.get("records", "a"), bytes(1));
  assert.deepEqual(await queued.get("records", "a"), bytes(1));
});

test("a browser without a working store says so", async () => {
  const broken = memoryStore();
  broken.failWrites("unavailable", 9);
  assert.deepEqual(await storageIssue(broken, fixedEntropy()), {
    code: "storage_failed", path: "", params: { reason: "unavailable" },
  });
});

/** What the browser says of its storage. */
async function withEstimate(estimate: StorageEstimate | undefined, work: () => Promise<void>) {
  const manager = estimate && { estimate: async () => estimate, persisted: async () => true };
  Object.defineProperty(globalThis.navigator, "storage", { value: manager, configurable: true });
  try {
    await work();
  } finally {
    Object.defineProperty(globalThis.navigator, "storage", { value: undefined, configurable: true });
  }
}
const MiB = 1 << 20;

test("photos are refused while there is still room for answers, and what fits is told", async () => {
  const store = memoryStore();
  const photos = photoStore(store, fixedEntropy());
  for (const [usage, quota, level] of [
    [0, 10_000 * MiB, "ok"], [8_100 * MiB, 10_000 * MiB, "low"], [9_600 * MiB, 10_000 * MiB, "full"], // 5 % left
    [500 * MiB, 1024 * MiB, "ok"], [650 * MiB, 1024 * MiB, "low"], [850 * MiB, 1024 * MiB, "full"], // 200 MiB left
    [10 * MiB, 200 * MiB, "ok"], [120 * MiB, 200 * MiB, "low"], [160 * MiB, 200 * MiB, "full"],
  ] as const) {
    await withEstimate({ usage, quota }, async () => {
      const report = await storageMeter(store).report();
      assert.deepEqual([report.level, report.usedBytes, report.freeBytes, report.isPersistent], [level, usage, quota - usage, true]);
      assert.equal(report.photosLeft > 0, level !== "full");
      const saved = await photos.save(photoOf(100));
      assert.deepEqual(saved.ok ? "" : saved.issue.code, level === "full" ? "storage_full" : "");
    });
  }
  await store.write([{ table: "documents", key: "draft", bytes: bytes(1) }]);
});

test("a disk that is full whatever the browser says of it: the meter has seen it, and room that is made counts", async () => {
  const store = memoryStore();
  const estimate = { usage: 100 * MiB, quota: 10_000 * MiB };
  await withEstimate(estimate, async () => {
    const meter = storageMeter(store);
    const photos = photoStore(store, fixedEntropy(), meter);
    store.failWrites("full", 1);
    const codeOf = (saved: Awaited<ReturnType<typeof photos.save>>) => (saved.ok ? "" : saved.issue.code);
    assert.equal(codeOf(await photos.save(photoOf(100))), "storage_full");
    assert.equal((await meter.report()).level, "full");
    assert.equal(codeOf(await photos.save(photoOf(100))), "storage_full", "nobody is made to try the disk again at once");
    estimate.usage = 60 * MiB;
    assert.equal(codeOf(await photos.save(photoOf(100))), "");
  });
});

test("a browser that says nothing of its storage is measured by our own count", async () => {
  const store = memoryStore();
  await withEstimate(undefined, async () => {
    const photos = photoStore(store, fixedEntropy());
    assert.ok((await photos.save(photoOf(1000))).ok);
    const { level, usedBytes, ownBytes, isPersistent } = await storageMeter(store).report();
    assert.deepEqual([level, usedBytes, ownBytes, isPersistent], ["ok", 1000, 1000, null]);
    const facts = JSON.stringify({ size_bytes: 900 * MiB, sha256: "", content_type: "image/jpeg", chunks: 0 });
    await store.write([{ table: "photos", key: "large", bytes: new TextEncoder().encode(facts) }]);
    const saved = await photos.save(photoOf(1000));
    assert.equal(saved.ok ? "" : saved.issue.code, "storage_full");
  });
});
