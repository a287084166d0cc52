// SPDX-License-Identifier: MIT
// The main job once, in an engine that is driven by nothing but "open", "run this in the page" and "choose a file".
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { appAddress } from './app_page.mjs';
import { inside } from './inside.mjs';
import { photoFile, prepareNatively } from './photo.mjs';
import { serveApp, startApi } from './world.mjs';

const nativeDigest = (path, aspect) => createHash('sha256').update(readFileSync(prepareNatively(path, '--aspect', aspect))).digest('hex');

// Run in the page; `all` finds elements also inside of elements.
const clickButton = (all, name) => {
  const found = all('button').find(button => button.textContent.trim() === name && button.checkVisibility());
  found?.click();
  return Boolean(found);
};
const countOf = (all, selector) => all(selector).length;
const digestAt = (all, itemId) => all('[data-sha256]').find(row => row.getRootNode().host?.closest(`[data-item="${itemId}"]`))?.dataset.sha256 ?? '';
const give = (all, selector, value) => {
  const [input] = all(selector);
  if (input.type === 'radio') return input.click();
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
};
const isAnew = all => !('before' in document.documentElement.dataset) && all('main').length === 1;
const textOf = (all, selector) => all(selector).map(one => one.textContent).join(' ');

export function smoke(name, openEngine) {
  test(`${name}: verdict, photo, queue without a server, reload, delivery and receipt under the strict policy`, { timeout: 180_000 }, async context => {
    const photo = photoFile();
    const app = await serveApp();
    const api = await startApi(app);
    const engine = await openEngine();
    context.after(async () => {
      await engine.close();
      await api.stop();
      await app.stop();
    });
    context.diagnostic(`${engine.name} ${engine.version}`);

    async function until(what, source, values, accept = Boolean, timeoutMs = 60_000) {
      for (const end = Date.now() + timeoutMs; ; ) {
        const value = await engine.run(inside(source), ...values).catch(error => {
          if (Date.now() > end) throw error; // while a page goes, nothing can be asked of it
        });
        if (value !== undefined && accept(value)) return value;
        if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(value)}; the page says: ${await engine.run(inside(textOf), 'main')}`);
        await new Promise(done => setTimeout(done, 100));
      }
    }
    const click = label => until(`button "${label}"`, clickButton, [label]);

    await engine.open(appAddress(app.origin, api));
    await click('Claim this step');
    await click('Start now');
    await click('Submit this step');
    await until('the verdict', countOf, ['.summary li'], count => count === 4);

    const digests = [];
    for (const [itemId, aspect] of [['item_jkl012', 'square'], ['item_jkl013', 'horizontal']]) {
      await engine.choose(`#photo-${itemId}`, photo.path);
      digests.push(await until('the photo', digestAt, [itemId]));
      assert.equal(digests.at(-1), nativeDigest(photo.path, aspect), 'the same bytes as native');
    }
    await engine.run(inside(give), '#text-item_jkl014', 'From another engine ✓');
    await engine.run(inside(give), 'input[value=completed_successfully]');
    await until('the draft', countOf, ['[data-kept=kept]']);

    /** The page before the reload shows the same, and a tap on it would be lost: it is marked. */
    async function reload() {
      await engine.run(() => {
        document.documentElement.dataset.before = '';
        location.reload();
      });
      await until('the page anew', isAnew, []);
    }
    await reload();
    await until('the stored photos', countOf, ['[data-sha256] img[src^="blob:"]'], count => count === 2);

    await api.fault('refuse');
    await click('Submit this step');
    await until('the record', countOf, ['[data-record]'], count => count === 1);
    await reload();
    await until('the record after a reload', countOf, ['[data-record]:is([data-state=queued], [data-state=waiting])'], count => count === 1);
    await api.fault('none');
    await click('Try now');
    await until('the delivery', countOf, ['[data-record][data-state=delivered]'], count => count === 1);
    await click('Receipt');
    const receipt = await until('the receipt', textOf, ['.number']);

    const { workflow, photos } = await api.record(api.workflow);
    assert.deepEqual(photos.map(({ sha256 }) => sha256), digests);
    assert.equal(workflow.steps[0].submission.item_responses[2].written_response, 'From another engine ✓');
    assert.equal(receipt.trim(), workflow.steps[0].submission.id.slice(-6).toUpperCase());
    assert.equal((await api.completions()).submissions, 1);
    // WebKit reports its own request for a favicon as a breach; the page names its icon.
    assert.deepEqual(app.violations.filter(report => !report.includes('favicon')), []);
  });
}
