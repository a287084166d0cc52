#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The rows of the fault matrix (native-tests/FAULTS.md) that only a real browser can show: its IndexedDB, its
// locks, its network, its death. `node faults.test.mjs chromium|firefox|webkit [part of a name ...]`.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openPage, serveBench, startWorld, until } from './lib/bench.mjs';
import { engines } from './lib/engines.mjs';
import { serveProbe } from './lib/probe.mjs';

const [kind = 'chromium', ...wanted] = process.argv.slice(2);
const isComplete = ({ method, path }) => method === 'POST' && path.endsWith('/complete');
/** WebKit's automation keeps storage while it lasts and not longer; quotas, freezing and the rest are Chromium's. */
const abilities = { chromium: ['kill', 'quota', 'freeze', 'crash', 'offline', 'sync'], firefox: ['kill'], webkit: [] };
const kills = 20; // of each row that kills the browser
const pause = ms => new Promise(done => setTimeout(done, ms));

describe(kind, { concurrency: 1 }, () => {
  let app, engine;
  before(async () => {
    app = await serveBench();
    engine = await engines[kind]();
  });
  after(async () => {
    await engine.close();
    await app.stop();
  });

  /** A row: what it is about, what the engine must be able to do, how many jobs there are, and the test. */
  function row(name, { needs = [], jobs = 1, timeout = 120_000, quota = 0 } = {}, run) {
    const isWanted = wanted.length === 0 || wanted.some(part => name.includes(part));
    if (!isWanted || !needs.every(need => abilities[kind].includes(need))) return;
    test(name, { timeout }, async () => {
      const site = quota ? await serveBench() : app; // a quota is one of an origin, and only before it stores anything
      if (quota) await engine.setQuota(site.origin, quota);
      const world = await startWorld(site.origin, jobs);
      const pages = [];
      const open = async options => {
        const page = await openPage(engine, site, world, options);
        pages.push(page);
        return page;
      };
      try {
        await run({ ...world, open, job: world.workflows[0] });
      } finally {
        for (const page of pages) await page.close().catch(() => {});
        await world.stop();
        if (quota) await site.stop();
      }
    });
  }

  async function delivered({ posts, submission }, page, id, job, { atMost = Infinity } = {}) {
    await page.reaches(id, 'delivered');
    assert.ok(await submission(job), 'the server holds it');
    assert.ok(posts(job) >= 1 && posts(job) <= atMost, `${posts(job)} requests`);
  }

  describe('ports', { concurrency: 1 }, () => {
    for (const port of ['store', 'clock', 'locks', 'transport', 'fetch']) {
      row(`conformance: ${port}`, {}, async ({ open }) => {
        const probe = await serveProbe(app.origin);
        const page = await open({ autoStart: false });
        const results = await page.run((name, url) => bench.conformance(name, url), port, probe.url);
        await probe.stop();
        assert.deepEqual(Object.values(results).filter(Boolean), []);
        assert.ok(Object.keys(results).length >= 4);
      });
    }
  });

  describe('what is on the device', { concurrency: 1 }, () => {
    row('1: closed while typing, the draft is there as it was last kept', {}, async ({ open, job }) => {
      const first = await open({ autoStart: false });
      await first.run(async id => {
        for (const text of ['h', 'ha', 'half a sen']) await bench.field.drafts.save(id, 'step', { items: [{ item_id: 'i', written_response: text }] });
      }, job);
      await first.close();
      const second = await open({ autoStart: false });
      const draft = await second.run(id => bench.field.drafts.get(id, 'step'), job);
      assert.equal(draft.items[0].written_response, 'half a sen');
    });

    row('2: the page dies behind the camera; draft and photos are there', { needs: ['crash'] }, async ({ open, job }) => {
      const first = await open({ autoStart: false });
      const key = await first.run(async id => {
        const photo = await bench.savedPhoto(2_000_000);
        await bench.field.drafts.save(id, 'step', { items: [{ item_id: 'i', photo_uploads: [photo] }] });
        return photo.key;
      }, job);
      const crashed = new Promise(done => first.page.once('crash', done));
      void (await first.cdp()).send('Page.crash').catch(() => {});
      await crashed;
      const second = await open({ autoStart: false });
      const [draft, bytes] = await second.run(async (id, photo) =>
        [await bench.field.drafts.get(id, 'step'), (await bench.field.photos.get(photo))?.length], job, key);
      assert.equal(draft.items[0].photo_uploads[0].key, key);
      assert.equal(bytes, 2_000_000);
    });

    row('3: killed while a photo is written, it is there whole or not at all', { needs: ['kill'], timeout: 600_000 }, async ({ open }) => {
      const seen = { whole: 0, none: 0 };
      for (let n = 0; n < kills; ++n) {
        const page = await open({ autoStart: false });
        const saving = page.run(() => bench.savedPhoto(4_000_000)).catch(() => undefined);
        await pause(n * 15);
        await engine.kill();
        await saving;
        const next = await open({ autoStart: false });
        const lengths = await next.run(async () => {
          const rows = await bench.store.list('photos');
          const lengths = await Promise.all(rows.map(async ({ key }) => (await bench.field.photos.get(key))?.length ?? 0));
          const chunks = (await bench.store.list('chunks')).length;
          for (const { key } of rows) await bench.field.photos.remove(key);
          return { lengths, chunks, left: (await bench.store.list('chunks')).length };
        });
        for (const length of lengths.lengths) assert.equal(length, 4_000_000);
        assert.equal(lengths.chunks, 6 * lengths.lengths.length, 'chunks without a photo');
        assert.equal(lengths.left, 0);
        seen[lengths.lengths.length > 0 ? 'whole' : 'none'] += 1;
        await next.close();
      }
      assert.equal(seen.whole + seen.none, kills);
    });

    row('4: "saved on this device" survives a kill in the same moment', { needs: ['kill'], jobs: kills, timeout: 600_000 }, async ({ open, workflows }) => {
      for (const [n, job] of workflows.entries()) {
        const page = await open({ autoStart: false });
        const id = await page.submit(job);
        await engine.kill();
        const next = await open({ autoStart: false });
        assert.equal((await next.record(id))?.state, 'queued', `${n}`);
        assert.equal((await next.records()).length, n + 1);
        await next.close();
      }
    });

    row('27: a draft that two pages change is kept twice', {}, async ({ open, job }) => {
      const draft = text => ({ items: [{ item_id: 'i', written_response: text }] });
      const [one, two] = [await open({ autoStart: false }), await open({ autoStart: false })];
      const save = (page, text) => page.run((id, d) => bench.field.drafts.save(id, 'step', d), job, draft(text));
      assert.ok((await save(one, 'mine')).ok);
      const refused = await save(two, 'hers');
      assert.equal(refused.issue?.code, 'draft_changed_elsewhere');
      const kept = await one.run(() => bench.field.drafts.list());
      assert.deepEqual(kept.map(({ draft: { items } }) => items[0].written_response).sort(), ['hers', 'mine']);
    });

    row('28: no room for a photo: said, and all else is there', { needs: ['quota'], quota: 12_000_000 }, async ({ open, job }) => {
      const page = await open({ autoStart: false });
      const photo = await page.run(() => bench.savedPhoto(300_000));
      const early = await page.run(async () => {
        const { estimate } = StorageManager.prototype;
        StorageManager.prototype.estimate = async () => ({ usage: 11_500_000, quota: 12_000_000 }); // the override does not show there
        const refused = await bench.field.photos.save(await bench.photoOf(1_000));
        StorageManager.prototype.estimate = estimate;
        return refused.issue?.code;
      });
      assert.equal(early, 'storage_full', 'before the last room is used');
      await page.run(() => bench.fill());
      const late = await page.run(async () => (await bench.field.photos.save(await bench.photoOf(300_000))).issue);
      assert.equal(late?.code, 'storage_full', 'after it');
      assert.equal(await page.run(async key => (await bench.field.photos.get(key))?.length, photo.key), 300_000);
      assert.deepEqual((await page.run(() => bench.store.list('photos').then(rows => rows.length))), 1);
      await page.run(() => bench.empty());
      assert.ok((await page.run(id => bench.field.drafts.save(id, 'step', { items: [] }), job)).ok);
      assert.ok((await page.run(async () => bench.field.photos.save(await bench.photoOf(300_000)))).ok);
    });

    row('30: the connection to the database dies: nothing is sent meanwhile, then all', { jobs: 2 }, async world => {
      const page = await world.open({ autoStart: false });
      const id = await page.submit(world.job);
      await page.run(() => {
        const { transaction } = IDBDatabase.prototype;
        IDBDatabase.prototype.transaction = () => { throw new DOMException('The database connection is closing', 'InvalidStateError'); };
        bench.heal = () => { IDBDatabase.prototype.transaction = transaction; };
        bench.field.outbox.start();
      });
      await pause(1_500);
      assert.equal(world.posts(world.job), 0);
      await page.run(() => bench.heal());
      await delivered(world, page, id, world.job, { atMost: 1 });
    });

    row('31: a flipped bit in a record: kept, exportable, and the others go on', { jobs: 2 }, async world => {
      const page = await world.open({ autoStart: false });
      const [bad, good] = [await page.submit(world.workflows[0]), await page.submit(world.workflows[1])];
      const bytes = await page.run(async id => {
        const record = await bench.store.get('records', id);
        record[record.length >> 1] ^= 1;
        await bench.store.write([{ table: 'records', key: id, bytes: record }]);
        return record.length;
      }, bad);
      await page.close();
      const next = await world.open();
      await delivered(world, next, good, world.workflows[1]);
      const record = await next.record(bad);
      assert.deepEqual([record.state, record.why], ['quarantined', 'record_damaged']);
      const size = await next.run(async id => (await new Response(bench.field.outbox.export([id])).blob()).size, bad);
      assert.ok(size > bytes);
      assert.equal(world.posts(world.workflows[0]), 0);
    });

    for (const [what, why] of [['missing', 'photo_missing'], ['flipped', 'photo_damaged']]) {
      row(`32: a ${what} chunk at the time of sending: quarantined, nothing is sent`, {}, async world => {
        const page = await world.open({ autoStart: false });
        const id = await page.submit(world.job);
        await page.run(async kind => {
          const [{ key, bytes }] = await bench.store.list('chunks');
          bytes[7] ^= 1;
          await bench.store.write([{ table: 'chunks', key, bytes: kind === 'missing' ? null : bytes }]);
          bench.field.outbox.start();
        }, what);
        assert.equal((await page.reaches(id, 'quarantined')).why, why);
        assert.equal(world.posts(world.job), 0);
      });
    }

    row('36: an old page in the way of an upgrade is told of, and all goes on once it is closed', {}, async ({ open, proxy }) => {
      const old = await engine.tab(`${app.origin}/`);
      await until('the bench', () => old.run(() => 'bench' in globalThis));
      await old.run((api, account) => new Promise((resolve, reject) => {
        const request = indexedDB.open(bench.sfluv.databaseName(api, account), 1);
        request.onupgradeneeded = () => ['records', 'summaries', 'photos', 'chunks', 'documents', 'meta'].forEach(name => request.result.createObjectStore(name));
        request.onsuccess = () => { globalThis.kept = request.result; resolve(); };
        request.onerror = () => reject(request.error);
      }), proxy.url, 'did:privy:improver789');
      const page = await open({ autoStart: false });
      assert.equal(page.issue?.code, 'storage_blocked');
      await old.close();
      await until('the store', () => page.run(async () => (await bench.field.drafts.save('w', 's', { items: [] })).ok));
    });
  });

  describe('what the network does', { concurrency: 1 }, () => {
    row('6: cut at swept bytes of the request: at most one effect, then one', { jobs: 60, timeout: 400_000 }, async world => {
      const page = await world.open({ autoStart: false });
      const ids = [];
      for (const job of world.workflows) ids.push(await page.submit(job, { photoBytes: 400 }));
      const cuts = new Map(world.workflows.map((job, n) => [job, n]));
      world.proxy.decide = request => {
        if (!isComplete(request) || request.nth > 1) return undefined;
        const n = cuts.get(request.path.split('/')[3]);
        // The head byte by byte in part, then the body in even steps; RST and FIN by turns.
        const at = n < 20 ? Math.round((n * request.headBytes) / 20) : request.headBytes + Math.round(((n - 20) * (request.bytes - request.headBytes)) / 39);
        return { cutRequest: at, reset: n % 2 === 1 };
      };
      await page.run(() => bench.field.outbox.start());
      for (const [n, id] of ids.entries()) {
        await page.reaches(id, 'delivered', 240_000);
        assert.ok(await world.submission(world.workflows[n]), `${n}`);
      }
      const { submissions } = await world.server.completions();
      assert.equal(submissions, world.workflows.length);
    });

    row('10: cut at swept bytes of the answer: delivered, done once', { jobs: 60, timeout: 400_000 }, async world => {
      const page = await world.open({ autoStart: false });
      const ids = [];
      for (const job of world.workflows) ids.push(await page.submit(job, { photoBytes: 400 }));
      const cuts = new Map(world.workflows.map((job, n) => [job, n]));
      world.proxy.decide = request => {
        if (!isComplete(request)) return undefined;
        const n = cuts.get(request.path.split('/')[3]);
        return { commit: true, cutAnswer: n < 40 ? n * 7 : 280 + (n - 40) * 60, reset: n % 2 === 1 };
      };
      await page.run(() => bench.field.outbox.start());
      for (const id of ids) assert.ok((await page.reaches(id, ['delivered'], 240_000)).attempts === 1);
      assert.equal((await world.server.completions()).submissions, world.workflows.length);
    });

    for (const [what, raw] of [
      ['half a status', 'HTTP/1.1 20'],
      ['a bare head', 'HTTP/1.1 200 OK\r\n'],
      ['an interim head', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
      ['chunks without the last', 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nAccess-Control-Allow-Origin: *\r\n\r\n2\r\n{}\r\n'],
      ['an empty 200', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\n\r\n'],
      ['no HTTP at all', 'good day\r\n'],
    ]) {
      for (const commit of [true, false]) {
        row(`10: ${what} instead of the answer, ${commit ? 'done' : 'not done'}: delivered, done once`, {}, async world => {
          world.proxy.decide = request => (isComplete(request) && (commit || request.nth <= 8) ? { commit, raw } : undefined);
          const page = await world.open();
          const id = await page.submit(world.job);
          if (!commit) {
            await page.reaches(id, 'unknown');
            world.proxy.decide = () => undefined;
          }
          await delivered(world, page, id, world.job);
          assert.equal((await world.server.completions()).submissions, 1);
        });
      }
    }

    for (const copies of [1, 3, 12]) {
      row(`7, 8: done, and the answer is lost ${copies} times on warm connections: delivered, done once, never refused`, {}, async world => {
        world.proxy.decide = request => (isComplete(request) && request.nth <= copies ? { commit: true, cutAnswer: 0 } : undefined);
        const page = await world.open();
        await page.run(() => Promise.all([1, 2, 3, 4].map(() => bench.field.workflows.get('workflow_abc123')))); // warm
        const states = [];
        const id = await page.submit(world.job);
        await until('delivered', async () => {
          states.push((await page.record(id)).state);
          return states.at(-1) === 'delivered';
        }, 60_000);
        assert.ok(!states.includes('needs_fix') && !states.includes('needs_user'), states.join(' '));
        assert.equal((await page.record(id)).attempts, 1, 'sent once by us');
        assert.equal((await world.server.completions()).submissions, 1);
      });
    }

    row('9: the same on the last step of a workflow, where a copy hears "not active"', {}, async world => {
      const page = await world.open();
      await delivered(world, page, await page.submit(world.job), world.job);
      world.proxy.decide = request => (isComplete(request) && request.nth <= 1 ? { commit: true, cutAnswer: 0 } : undefined);
      const id = await page.run(async job => {
        const before = await bench.field.workflows.get(job); // the connection is warm
        const started = await bench.field.workflows.start(job, before.value.steps[1].id);
        const step = started.value.steps[1];
        const sealed = await bench.field.outbox.submit({ workflow: started.value, step, draft: await bench.answers(step) });
        return sealed.value.id;
      }, world.job);
      assert.equal((await page.reaches(id, ['delivered', 'needs_fix', 'needs_user'])).state, 'delivered');
      assert.equal((await world.server.completions()).submissions, 2);
    });

    row('11: a portal answers with a page: nothing is lost, nothing is believed', {}, async world => {
      const portal = { answer: { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>Sign in to the Wi-Fi</html>' } };
      const page = await world.open({ autoStart: false });
      const id = await page.submit(world.job);
      world.proxy.decide = () => portal;
      await page.run(() => bench.field.outbox.start());
      assert.equal((await page.reaches(id, 'waiting')).why, 'unreadable');
      assert.equal(world.posts(world.job), 0);
      world.proxy.decide = request => (isComplete(request) && request.nth === 1 ? portal : undefined);
      await delivered(world, page, id, world.job);
      assert.equal((await world.server.completions()).submissions, 1);
    });

    row('12, 17: refused with words, or too large: corrected, it is delivered under the same id', { jobs: 2 }, async world => {
      const page = await world.open();
      for (const [n, status, state, why] of [[0, 400, 'needs_fix', 'rejected'], [1, 413, 'needs_user', 'too_large']]) {
        const job = world.workflows[n];
        world.proxy.decide = request => (isComplete(request) && request.nth === 1 ? { answer: { status, body: 'too dark' } } : undefined);
        const id = await page.submit(job, { photoBytes: 5_000 });
        const refused = await page.reaches(id, state);
        assert.deepEqual([refused.why, refused.server.text], [why, 'too dark']);
        const revised = await page.run(async (workflow, revises) => {
          const read = await bench.field.workflows.get(workflow);
          const step = read.value.steps[0];
          return bench.field.outbox.submit({ workflow: read.value, step, draft: await bench.answers(step, { photoBytes: 1_000 }) }, { revises });
        }, job, id);
        assert.equal(revised.value?.id, id, JSON.stringify(revised));
        await delivered(world, page, id, job);
        const photos = (await world.server.record(job)).photos;
        assert.ok(photos.every(({ size_bytes }) => size_bytes === 1_000));
      }
    });

    row('live: photos go ahead in pieces over a line that cuts them; delivered once, with their ids', { timeout: 300_000 }, async world => {
      await world.server.profile('live');
      const isPiece = ({ method, path }) => method === 'POST' && path.endsWith('/photos');
      world.proxy.decide = request => (isPiece(request) && request.nth <= 2 ? { cutRequest: 300_000 } : undefined);
      const page = await world.open({ profile: 'live' });
      const id = await page.submit(world.job, { photoBytes: 800_000 });
      await delivered(world, page, id, world.job, { atMost: 1 });
      assert.equal((await page.record(id)).receipt.evidence, 'strong');
      assert.ok(world.proxy.seen.filter(isPiece).length > 2);
      const { photos } = await world.server.record(world.job);
      assert.ok(photos.length > 0 && photos.every(({ size_bytes }) => size_bytes === 800_000), JSON.stringify(photos));
    });

    row('13: a session that ran out pauses the queue; signed in again, it goes on', { jobs: 3 }, async world => {
      const page = await world.open({ autoStart: false });
      const ids = [];
      for (const job of world.workflows) ids.push(await page.submit(job));
      world.proxy.decide = ({ headers }) => (headers.authorization === `Bearer ${world.token}` ? undefined : { answer: { status: 403 } });
      await page.run(() => {
        bench.token = 'expired';
        bench.field.outbox.start();
      });
      await until('paused', async () => (await page.run(() => bench.field.outbox.status())).why === 'auth');
      assert.ok((await page.records()).every(({ state }) => state !== 'needs_user' && state !== 'needs_fix'));
      await page.run(token => {
        bench.token = token;
        bench.field.outbox.signedIn();
      }, world.token);
      for (const [n, id] of ids.entries()) await delivered(world, page, id, world.workflows[n], { atMost: 1 });
    });

    row('14: another account sends nothing of it, and is told whose work waits', {}, async world => {
      const page = await world.open({ autoStart: false });
      const id = await page.submit(world.job);
      await page.close();
      const other = await world.open({ account: 'did:privy:improver790' });
      await pause(1_000);
      assert.deepEqual([await other.records(), world.posts(world.job)], [[], 0]);
      if (kind !== 'webkit') {
        const waiting = await other.run(() => bench.field.otherAccounts());
        assert.deepEqual(waiting, [{ account: 'did:privy:improver789', undelivered: 1 }]);
      }
      await other.close();
      const again = await world.open();
      await delivered(world, again, id, world.job, { atMost: 1 });
    });

    for (const [what, headers] of [['with', { 'Retry-After': '60' }], ['without', {}]]) {
      row(`18: busy ${what} Retry-After: no storm, then delivered`, { jobs: 5 }, async world => {
        const page = await world.open({ autoStart: false });
        const ids = [];
        for (const job of world.workflows) ids.push(await page.submit(job));
        world.proxy.seen.length = 0;
        world.proxy.decide = () => ({ answer: { status: 503, headers } });
        await page.run(() => bench.field.outbox.start());
        await pause(2_000); // 40 s of the page's
        const asked = world.proxy.seen.filter(({ method }) => method !== 'OPTIONS').length;
        assert.ok(asked >= 1 && asked <= (what === 'with' ? 1 : 10), `${asked} requests in 40 s`);
        assert.equal((await page.run(() => bench.field.outbox.status())).why, 'server_busy');
        world.proxy.decide = () => undefined;
        for (const [n, id] of ids.entries()) await delivered(world, page, id, world.workflows[n], { atMost: 1 });
      });
    }

    row('19: done, but the answer says 500: delivered by reading, sent once', {}, async world => {
      world.proxy.decide = request => (isComplete(request) ? { commit: true, answer: { status: 500, body: 'sorry' } } : undefined);
      const page = await world.open();
      await delivered(world, page, await page.submit(world.job), world.job, { atMost: 1 });
    });

    row('21: done, and silent until we give up: delivered by reading', {}, async world => {
      world.proxy.decide = request => (isComplete(request) && request.nth === 1 ? { commit: true, silence: true } : undefined);
      const page = await world.open({ speed: 60 });
      const id = await page.submit(world.job);
      await delivered(world, page, id, world.job);
      assert.equal((await world.server.completions()).submissions, 1);
    });

    row('48: given up while it goes out, the server takes it all the same: delivered, not sent again', {}, async world => {
      const page = await world.open({ autoStart: false });
      const id = await page.submit(world.job, { photoBytes: 1_000_000 });
      world.proxy.decide = request => (isComplete(request) ? { commit: true, delayMs: 1_500 } : undefined);
      await page.run(() => bench.field.outbox.start());
      await until('on its way', () => world.posts(world.job) > 0);
      await pause(200);
      await page.run(() => bench.field.outbox.stop());
      assert.equal((await page.record(id)).state, 'unknown');
      await until('done', () => world.submission(world.job));
      await page.run(() => bench.field.outbox.start());
      const record = await page.reaches(id, 'delivered');
      assert.equal(record.attempts, 1);
      assert.equal((await world.server.completions()).submissions, 1);
    });

    row('44: a header that the server does not allow: nothing is sent, nothing is lost', {}, async world => {
      const page = await world.open({ autoStart: false });
      const id = await page.submit(world.job);
      await page.run(() => {
        const { open } = XMLHttpRequest.prototype;
        const plain = globalThis.fetch;
        globalThis.fetch = (url, init) => plain(url, { ...init, headers: { ...Object.fromEntries(init.headers), 'X-Of-The-Host': '1' } });
        bench.heal = () => { globalThis.fetch = plain; };
        bench.field.outbox.start();
      });
      assert.equal((await page.reaches(id, 'waiting')).why, 'unreachable');
      assert.equal(world.posts(world.job), 0);
      await page.run(() => bench.heal());
      await delivered(world, page, id, world.job, { atMost: 1 });
    });

    row('Background Sync wakes an open page; nothing is sent from the worker', { needs: ['sync'] }, async world => {
      const page = await world.open({ autoStart: false });
      const id = await page.submit(world.job);
      await page.run(async () => {
        await navigator.serviceWorker.register('/worker.js', { type: 'module' });
        await navigator.serviceWorker.ready;
      });
      const cdp = await page.cdp();
      const registered = new Promise(done => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && done(registrations[0])));
      await cdp.send('ServiceWorker.enable');
      const { registrationId } = await registered;
      world.proxy.decide = () => ({ cutRequest: 0 });
      await page.run(() => bench.field.outbox.start());
      await until('a long wait', async () => (await page.run(record => bench.leftMs(record), id)) > 100_000, 60_000);
      world.proxy.decide = () => undefined;
      await cdp.send('ServiceWorker.dispatchSyncEvent', { origin: new URL(await page.run(() => location.href)).origin, registrationId, tag: 'sfluv-field', lastChance: false });
      await page.reaches(id, 'delivered', 3_000);
    });

    row('offline and online again: waits, and the event wakes it', { needs: ['offline'] }, async world => {
      const page = await world.open({ autoStart: false, speed: 1 });
      const id = await page.submit(world.job);
      await page.page.context().setOffline(true);
      await page.run(() => bench.field.outbox.start());
      await page.reaches(id, 'waiting');
      await page.page.context().setOffline(false);
      await delivered(world, page, id, world.job, { atMost: 1 });
    });
  });

  describe('pages', { concurrency: 1 }, () => {
    row('25: two pages start at once: each record is sent once', { jobs: 8 }, async world => {
      const [one, two] = [await world.open({ autoStart: false }), await world.open({ autoStart: false })];
      const ids = [];
      for (const [n, job] of world.workflows.entries()) ids.push(await (n % 2 ? one : two).submit(job));
      await Promise.all([one, two].map(page => page.run(() => bench.field.outbox.start())));
      for (const [n, id] of ids.entries()) {
        await delivered(world, one, id, world.workflows[n], { atMost: 1 });
        await two.reaches(id, 'delivered');
      }
    });

    row('26: a frozen page is robbed, and sends nothing when it wakes', { needs: ['freeze'], jobs: 2 }, async world => {
      const frozen = await world.open();
      world.proxy.decide = request => (isComplete(request) && request.nth === 1 ? { commit: true, silence: true } : undefined);
      const id = await frozen.submit(world.job);
      await until('on its way', () => world.posts(world.job) === 1);
      const cdp = await frozen.cdp();
      await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
      const other = await world.open();
      await other.reaches(id, 'delivered');
      const second = await other.submit(world.workflows[1]);
      await delivered(world, other, second, world.workflows[1], { atMost: 1 });
      await cdp.send('Page.setWebLifecycleState', { state: 'active' });
      await pause(2_000);
      assert.equal(world.posts(world.job), 1);
      assert.equal((await frozen.record(id)).state, 'delivered');
      assert.equal((await world.server.completions()).submissions, 2);
    });

    row('5: killed with the attempt on record and not a byte sent: read twice, sent once', { needs: ['kill'], jobs: kills, timeout: 600_000 }, async world => {
      for (const job of world.workflows) {
        const page = await world.open({ autoStart: false });
        const id = await page.submit(job);
        await page.run(() => {
          // Once the attempt is on record the host is asked for a token, and asks for a sign-in that nobody answers.
          const { token } = bench;
          let isSending = false;
          Object.defineProperty(bench, 'token', { get: () => (isSending ? ((bench.isAsked = true), new Promise(() => {})) : token) });
          bench.field.outbox.addEventListener('change', ({ record }) => { isSending = record.state === 'sending'; });
          bench.field.outbox.start();
        });
        await until('on record', () => page.run(() => bench.isAsked));
        assert.equal((await page.record(id)).state, 'sending');
        await engine.kill();
        assert.equal(world.posts(job), 0);
        const next = await world.open({ speed: 100 });
        const record = await next.reaches(id, 'delivered');
        // At this speed a connection that a busy machine makes late is given up, with nothing sent, and made again.
        assert.ok(record.attempts >= 2, `${record.attempts} attempts`);
        assert.equal(world.posts(job), 1);
        await next.close();
      }
    });

    row('killed 24 times in the middle of everything: each job is done once, none is lost', { needs: ['kill'], jobs: 24, timeout: 600_000 }, async world => {
      const ids = [];
      let page = await world.open({ autoStart: false, speed: 40 });
      for (const job of world.workflows) ids.push(await page.submit(job, { photoBytes: 60_000 }));
      world.proxy.decide = request => (isComplete(request) && request.nth % 3 === 1 ? { commit: request.nth % 2 === 0, silence: true } : { delayMs: 30 });
      for (let n = 0; n < world.workflows.length; ++n) {
        await page.run(() => bench.field.outbox.start()).catch(() => {});
        await pause(50 + ((n * 137) % 700));
        await engine.kill();
        page = await world.open({ autoStart: false, speed: 40 });
        assert.equal((await page.records()).length, ids.length, `after kill ${n}`);
      }
      world.proxy.decide = () => undefined;
      await page.run(() => bench.field.outbox.start());
      for (const id of ids) await page.reaches(id, 'delivered', 240_000);
      assert.equal((await world.server.completions()).submissions, ids.length);
    });

    row('45: reloaded in the middle, as for a new version: it goes on, each once', { jobs: 6 }, async world => {
      const first = await world.open({ autoStart: false });
      const ids = [];
      for (const job of world.workflows) ids.push(await first.submit(job));
      world.proxy.decide = request => (isComplete(request) ? { delayMs: 150 } : undefined);
      await first.run(() => bench.field.outbox.start());
      await until('half of it', async () => (await first.records()).filter(({ state }) => state === 'delivered').length >= 2);
      await first.close();
      const second = await world.open();
      let attempts = 0;
      for (const id of ids) {
        await second.reaches(id, 'delivered');
        attempts += (await second.record(id)).attempts;
      }
      // Only the one that was on its way may have been cut before the server had it.
      assert.ok(attempts <= ids.length + 1, `${attempts} attempts`);
      assert.equal((await world.server.completions()).submissions, ids.length);
    });

    row('29: no room to note the attempt: nothing is sent; no room to note the answer: nothing is sent again', { needs: ['quota'], quota: 12_000_000, jobs: 2 }, async world => {
      const page = await world.open({ autoStart: false });
      const [first, second] = [await page.submit(world.workflows[0]), await page.submit(world.workflows[1])];
      await page.run(() => bench.fill());
      await page.run(() => bench.field.outbox.start());
      await pause(1_500);
      assert.equal(world.proxy.seen.filter(isComplete).length, 0);
      assert.equal((await page.run(() => bench.field.outbox.status())).why, 'store');
      world.proxy.decide = request => (isComplete(request) && request.nth === 1 ? { commit: true, delayMs: 1_500 } : undefined);
      await page.run(() => bench.empty());
      await until('on its way', () => world.proxy.seen.some(isComplete));
      await page.run(() => bench.fill());
      await pause(3_500);
      assert.equal(world.proxy.seen.filter(isComplete).length, 1, 'nothing more is sent while nothing can be noted');
      await page.run(() => bench.empty());
      for (const [n, id] of [first, second].entries()) await delivered(world, page, id, world.workflows[n], { atMost: 1 });
    });

    row('41: given up, and wanted back: delivered', {}, async world => {
      const page = await world.open({ autoStart: false });
      const id = await page.submit(world.job);
      await page.run(async record => {
        await bench.field.outbox.discard(record);
        bench.field.outbox.start();
      }, id);
      await pause(500);
      assert.equal(world.posts(world.job), 0);
      await page.run(record => bench.field.outbox.undo(record), id);
      await delivered(world, page, id, world.job, { atMost: 1 });
    });

    row('42: exported, the site wiped, imported: delivered once; what was delivered already gets its receipt', { jobs: 2 }, async world => {
      const page = await world.open({ autoStart: false });
      const [open, done] = [await page.submit(world.workflows[0]), await page.submit(world.workflows[1])];
      const file = await page.run(async () => Array.from(new Uint8Array(await new Response(bench.field.outbox.export()).arrayBuffer())));
      await page.run(record => bench.field.outbox.discard(record), open);
      await page.run(() => bench.field.outbox.start());
      await page.reaches(done, 'delivered');
      await page.run(async (api, account) => {
        await bench.field.close();
        await new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase(bench.sfluv.databaseName(api, account));
          request.onsuccess = resolve;
          request.onerror = () => reject(request.error);
        });
      }, world.proxy.url, 'did:privy:improver789');
      await page.close();
      const next = await world.open({ speed: 200 });
      assert.deepEqual(await next.records(), []);
      const report = await next.run(bytes => bench.field.outbox.import(new Blob([new Uint8Array(bytes)])), file);
      assert.equal(report.value?.imported.length, 2, JSON.stringify(report));
      for (const id of [open, done]) await next.reaches(id, 'delivered');
      assert.equal(world.posts(world.workflows[1]), 1);
      assert.equal((await world.server.completions()).submissions, 2);
    });
  });
});
