// SPDX-License-Identifier: MIT
// A page with nothing on it but the package: what the fault tests drive through `bench`.
import * as sfluv from '/dist/index.js';
import * as testing from '/dist/testing/index.js';

/** Time that runs `speed` times as fast from `sinceMs` on, the same in every page and after every restart. */
function fastClock(speed, sinceMs) {
  return {
    nowMs: () => Math.round(sinceMs + (Date.now() - sinceMs) * speed),
    after(ms, run) {
      const timer = setTimeout(run, ms / speed);
      return () => clearTimeout(timer);
    },
  };
}

/** Bytes that stand for a JPEG; the server looks at the declared type only. */
async function photoOf(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
  return { bytes, sha256, content_type: 'image/jpeg', size_bytes: length, width_px: 4, height_px: 3 };
}

/** The store, with `bench.storeFault` in front of every write: a reason, or nothing. */
function watched(store) {
  return {
    ...store,
    write(changes, onlyIf) {
      const reason = bench.storeFault?.(changes);
      return reason ? Promise.reject(new sfluv.StoreError(reason)) : store.write(changes, onlyIf);
    },
  };
}

const bench = {
  sfluv, testing, field: undefined, token: '', storeFault: undefined, photoOf,

  async open({ api, account, token, speed = 1, sinceMs = 0, autoStart = true, transport }) {
    bench.token = token;
    const clock = (bench.clock = speed === 1 ? sfluv.systemClock : fastClock(speed, sinceMs));
    bench.store = watched(sfluv.indexedDbStore(sfluv.databaseName(api, account)));
    const began = performance.now();
    bench.field = await sfluv.createField({
      apiBase: api, account, clock, autoStart, store: bench.store, token: () => bench.token,
      ...(transport === 'fetch' && { transport: sfluv.fromFetch((url, init) => fetch(url, init), clock) }),
    });
    bench.startMs = performance.now() - began;
    return bench.field.storageIssue;
  },

  async savedPhoto(length) {
    const saved = await bench.field.photos.save(await photoOf(length));
    if (!saved.ok) throw new Error(saved.issue.code);
    const { key, content_type, size_bytes, sha256 } = saved.value;
    return { key, content_type, size_bytes, sha256 };
  },

  /** Whole answers to the first step of a demo workflow: its two photos, and more where wanted. */
  async answers(step, { photoBytes = 1000, morePhotos = 0 } = {}) {
    const items = [];
    for (const item of step.work_items) {
      const photos = item.photo_allow_any_count ? morePhotos : item.requires_photo ? 1 : 0;
      const photo_uploads = [];
      for (let n = 0; n < photos; ++n) photo_uploads.push(await bench.savedPhoto(photoBytes));
      items.push({
        item_id: item.id, photo_uploads,
        ...(item.requires_written_response && { written_response: 'Done' }),
        ...(item.requires_dropdown && { dropdown_value: 'completed_successfully' }),
      });
    }
    return { items };
  },

  async submit(workflowId, options) {
    const read = await bench.field.workflows.get(workflowId);
    if (!read.ok) throw new Error(read.issue.code);
    const step = read.value.steps[0];
    const draft = await bench.answers(step, options);
    const submitted = await bench.field.outbox.submit({ workflow: read.value, step, draft });
    if (!submitted.ok) throw new Error(JSON.stringify(submitted.issues));
    return submitted.value.id;
  },

  records: () => bench.field.outbox.records(),
  /** How long a record still waits, in the page's own time. */
  leftMs: id => bench.records().find(record => record.id === id).due_ms - bench.clock.nowMs(),

  /** Takes all the room that is left, down to rows of 100 bytes; `empty` gives it back. */
  async fill() {
    const filler = (bench.filler ??= sfluv.indexedDbStore('filler'));
    for (let size = 1 << 20, n = 0; size >= 100; n += 1) {
      const bytes = (await photoOf(Math.max(4, size))).bytes;
      await filler.write([{ table: 'chunks', key: `${Date.now()}-${n}`, bytes }]).catch(() => { size >>= 1; });
    }
  },
  async empty() {
    const rows = await bench.filler.list('chunks');
    await bench.filler.write(rows.map(({ key }) => ({ table: 'chunks', key, bytes: null })));
  },

  /** All promises of a port, by name: what was broken, or an empty text. */
  async conformance(port, url) {
    let databases = 0;
    const make = {
      store: () => testing.storeConformance(async () => {
        const name = `conformance-${Date.now()}-${++databases}`;
        return { store: sfluv.indexedDbStore(name), again: async () => sfluv.indexedDbStore(name) };
      }),
      clock: () => testing.clockConformance(() => ({ clock: sfluv.systemClock, pass: ms => new Promise(done => setTimeout(done, ms)) })),
      locks: () => testing.locksConformance(async () => [sfluv.webLocks(), sfluv.webLocks()]),
      transport: () => testing.transportConformance(sfluv.webTransport(), url),
      fetch: () => testing.transportConformance(sfluv.fromFetch((address, init) => fetch(address, init)), url),
    }[port];
    const results = {};
    for (const { name, run } of make()) results[name] = await run().then(() => '', error => String(error));
    return results;
  },
};

globalThis.bench = bench;
