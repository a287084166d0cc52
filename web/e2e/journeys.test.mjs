#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What people expect of a field app, point by point, as they would meet it: a phone-sized Chromium, the built page, the
// reference server, and a network as bad as the point needs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { addPhoto, answerTexts, appAddress, button, claimAndStart, focused, item, keptDraft, queueRow, readyForOffline, savedNote, summary, waitForState } from './lib/app_page.mjs';
import { profileDirectory } from './lib/chromium.mjs';
import { startFaultProxy } from './lib/fault_proxy.mjs';
import { photoFile, smallPhoto } from './lib/photo.mjs';
import { makeWorld } from './lib/world.mjs';

const big = photoFile().path;
const small = smallPhoto(big);
const answers = { notes: 'Two bags of litter', outcome: 'completed_successfully' };
const isComplete = ({ path, method }) => method === 'POST' && path.endsWith('/complete');
const outboxTab = page => page.getByRole('link', { name: 'Outbox' });
const moreTab = page => page.getByRole('link', { name: 'More' });

/** A person on the step's form, or just before it. The network between page and server does as `decide` says. */
async function person({ claims = true, decide, profile, live = false, roomBytes, ...options } = {}) {
  const world = await makeWorld(profile, undefined, options);
  // Of an origin's room a browser only hears before anything is stored there.
  if (roomBytes) await (await world.browser.context.newCDPSession(world.browser.page)).send('Storage.overrideQuotaForOrigin', { origin: world.app.origin, quotaSize: roomBytes });
  if (live) await world.api.profile('live');
  const proxy = await startFaultProxy(world.api.api, decide);
  const api = { ...world.api, api: proxy.url, ...(live && { more: { profile: 'live', header: 'Access-Token' } }) };
  const self = {
    ...world,
    proxy,
    get page() {
      return world.browser.page;
    },
    get context() {
      return world.browser.context;
    },
    kill: world.kill,
    cdp: () => world.browser.context.newCDPSession(world.browser.page),
    open: (token = api.token) => world.browser.page.goto(appAddress(world.app.origin, { ...api, token })),
    async fill(path = small) {
      for (const title of ['Before Photo', 'After Photo']) await addPhoto(self.page, title, path);
      await answerTexts(self.page, answers);
    },
    async submit() {
      await button(self.page, 'Submit this step').click();
      await savedNote(self.page).waitFor();
    },
    async end() {
      await proxy.stop();
      await world.end();
    },
  };
  await self.open();
  if (claims) await claimAndStart(self.page);
  return self;
}

function journey(name, run, options = {}) {
  test(name, { timeout: 180_000 }, async () => {
    const someone = await person(options);
    try {
      await run(someone);
      assert.deepEqual(someone.browser.notes, { csp: [], errors: [] });
    } finally {
      await someone.end();
    }
  });
}

const silent = { answer: { status: 503 } };

describe('the eighteen points', { concurrency: 2 }, () => {
  journey('1 words: saved is not sent, sent is not delivered', async ({ page, fill, submit, proxy }) => {
    proxy.decide = head => (isComplete(head) ? { silence: true } : undefined);
    await fill();
    await submit();
    await queueRow(page).getByText('Handing over to the network').waitFor();
    assert.doesNotMatch(await page.locator('main').textContent(), /submitted\b(?! here)|\bdelivered\b/i);
    proxy.decide = () => undefined;
  });

  journey('1 words: delivered comes with its time and a receipt', async ({ page, fill, submit }) => {
    await fill();
    await submit();
    await waitForState(page, 'delivered');
    assert.match(await queueRow(page).textContent(), /Delivered\..*\d+:\d\d.*receipt [0-9A-F]{6}/s);
  });

  journey('2 badge: on the tab, on every screen, on the icon; zero only by evidence', async ({ page, fill, submit, proxy }) => {
    await page.evaluate(() => {
      window.badges = [];
      navigator.setAppBadge = async count => void window.badges.push(count);
    });
    proxy.decide = () => silent;
    await fill();
    await submit();
    assert.match(await page.title(), /^\(1\) /);
    await outboxTabFromTask(page);
    for (const screen of ['Work', 'Pay', 'More', 'Outbox']) {
      await page.getByRole('link', { name: screen }).click();
      assert.match(await outboxTab(page).textContent(), /1\s*not sent/);
    }
    proxy.decide = () => undefined;
    await button(page, 'Try now').click();
    await waitForState(page, 'delivered');
    assert.doesNotMatch(await outboxTab(page).textContent(), /1/);
    assert.equal(await page.title(), 'SFLUV field');
    const badges = await page.evaluate(() => window.badges);
    assert.deepEqual([badges.includes(1), badges.at(-1)], [true, 0]);
  });

  journey('3 list: title, pictures, size, age and next try; ids only among the details', async ({ page, fill, submit, proxy }) => {
    proxy.decide = () => silent;
    await fill();
    await submit();
    await outboxTabFromTask(page);
    await queueRow(page).locator('.pictures img').nth(1).waitFor();
    await queueRow(page).getByText(/Next try/).waitFor();
    const text = await queueRow(page).evaluate(row => [...row.children].filter(one => one.tagName !== 'DETAILS').map(one => one.textContent).join(' '));
    assert.match(text, /Litter Collection.*Weekly Park Cleanup.*2 photos.*kB.*submitted here/s);
    assert.doesNotMatch(text, /step_|workflow_|[0-9a-f]{32}/);
    await queueRow(page).locator('summary').click();
    await queueRow(page).getByText('step_ghi789').waitFor();
  });

  journey('4 progress: per photo and per byte; a second try says that it is one', async ({ page, fill, submit, proxy, cdp }) => {
    await fill(big);
    const network = await cdp();
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: 1e6, uploadThroughput: 250_000 });
    await submit();
    await queueRow(page).getByText(/Photo [12] of 2\./).waitFor();
    await queueRow(page).locator('progress').waitFor();
    const values = [];
    for (let turn = 0; turn < 8; turn += 1) {
      values.push(await queueRow(page).locator('progress').evaluate(bar => bar.value / bar.max).catch(() => 1));
      await page.waitForTimeout(250);
    }
    assert.deepEqual(values, values.toSorted((a, b) => a - b), 'it never goes back');
    assert.ok(values.at(-1) > values[0]);
    assert.ok(proxy.seen.length > 0);
  });

  journey('5 retry: one and all, answered also without a network', async ({ page, fill, submit, proxy }) => {
    proxy.decide = () => silent;
    await fill();
    await submit();
    await button(page, 'Try now').click();
    await queueRow(page).getByText('it has to wait a little longer').waitFor();
    await page.context().setOffline(true);
    await button(page, 'Try now').click();
    await queueRow(page).getByText(/Trying now|it has to wait a little longer/).first().waitFor();
  });

  journey('6 edit: taken back while nothing has left; after a send it says why not yet', async ({ page, fill, submit, proxy }) => {
    proxy.decide = () => silent;
    await fill();
    await submit();
    await button(page, 'Take back and edit').click();
    await button(page, 'Submit this step').waitFor();
    assert.equal(await item(page, 'Notes').locator('textarea').inputValue(), answers.notes);
    assert.equal(await page.locator('[data-sha256]').count(), 2);
    await item(page, 'Notes').locator('textarea').fill('Three bags');
    proxy.decide = head => (isComplete(head) ? { cutAnswer: 0, commit: true } : undefined);
    await submit();
    await button(page, 'Try now').click({ timeout: 2000 }).catch(() => {}); // it may have gone by itself
    await waitForState(page, 'unknown');
    await queueRow(page).getByText('You can edit once that is known').waitFor();
    assert.equal(await button(page, 'Take back and edit').count(), 0);
  });

  journey('7 stuck: plain advice, and a file with everything', async ({ page, fill, submit, proxy }) => {
    proxy.decide = head => (head.method === 'GET' ? { answer: { status: 500, body: 'the database is on fire' } } : undefined);
    await fill();
    await submit();
    for (let turn = 0; turn < 6; turn += 1) {
      await button(page, 'Try now').click();
      await queueRow(page).getByText('it has to wait a little longer').waitFor();
    }
    await queueRow(page).getByText('This has failed several times').waitFor();
    await queueRow(page).locator('summary').click();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as a file').click()]);
    const bytes = readFileSync(await download.path());
    const names = bytes.toString('latin1');
    for (const name of ['manifest.json', 'request.json', 'journal.txt', '.jpg']) assert.ok(names.includes(name), name);
  });

  journey('8 storage: the meter warns, and refuses photos before answers', async ({ page }) => {
    // A disk that is nearly full, as the browser would tell of it.
    await page.evaluate(() => (navigator.storage.estimate = async () => ({ usage: 980e6, quota: 1e9 })));
    await item(page, 'Before Photo').locator('input[type=file]').setInputFiles(big);
    await item(page, 'Before Photo').locator('.photo-trouble[data-code=storage_full]').waitFor();
    await item(page, 'Notes').locator('textarea').fill(answers.notes);
    await keptDraft(page);
    await button(page, 'Work').click();
    await moreTab(page).click();
    await page.locator('sfluv-storage [data-level=full]').waitFor();
    assert.match(await page.locator('sfluv-storage section').textContent(), /used.*free.*Too little room for new photos.*(browser may clear|promised|does not say)/s);
  });

  journey('8 storage: really used up, whatever the browser says of it: photos are refused, what is kept and what is not is said, and room that is made is used', async ({ page }) => {
    await readyForOffline(page);
    const more = item(page, 'More Photos');
    const refused = more.locator('.photo-trouble[data-code=storage_full]:visible');
    let kept = 0;
    for (; kept < 9 && !(await refused.count()); kept += 1) {
      await more.locator('input[type=file]').setInputFiles(big);
      await more.locator('[data-sha256]').nth(kept).or(refused).first().waitFor();
    }
    assert.ok(kept > 1 && kept < 9, `${kept - 1} photos were kept`);
    assert.equal(await more.locator('[data-sha256]').count(), kept - 1, 'what was kept stays');
    await item(page, 'Notes').locator('textarea').fill(answers.notes);
    await page.locator('[data-kept=kept], [data-kept=not_kept]').waitFor();
    for (let n = kept - 1; n > 0; n -= 1) await page.getByRole('button', { name: 'Remove photo 1 of More Photos' }).click();
    await keptDraft(page);
    await addPhoto(page, 'Before Photo', small);
    await page.reload();
    assert.equal(await item(page, 'Notes').locator('textarea').inputValue(), answers.notes);
    assert.equal(await page.locator('[data-sha256]').count(), 1);
  }, { roomBytes: 2_600_000 });

  journey('9 install: before the first photo, in the way of an iPhone; never while something waits', async ({ page, cdp, open, fill, submit, proxy }) => {
    const emulation = await cdp();
    await emulation.send('Emulation.setUserAgentOverride', { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1' });
    await open();
    await page.getByText('Choose “Add to Home Screen”').waitFor();
    await claimAndStart(page);
    await fill();
    proxy.decide = () => silent;
    await submit();
    await outboxTabFromTask(page);
    await moreTab(page).click();
    await page.getByText('Open this page at least once a week').waitFor();
    assert.equal(await page.getByText('Choose “Add to Home Screen”').count(), 0);
  }, { claims: false });

  journey('10 sign-in: an expired one stops no work; after the next one is asked; others’ work waits for them', async ({ page, fill, submit, proxy, open, api }) => {
    proxy.decide = () => ({ answer: { status: 403 } });
    await fill();
    await submit();
    await page.locator('[data-last=signed_out]').waitFor();
    await waitForState(page, 'waiting');
    proxy.decide = () => undefined;
    await page.evaluate(() => sessionStorage.clear());
    await open();
    await page.getByText('Send 1 saved report now?').waitFor();
    await button(page, 'Not yet').click();
    await page.waitForTimeout(500);
    assert.equal((await api.completions()).posts, 0);
    // Somebody else signs in on this device.
    const other = `x.${Buffer.from(JSON.stringify({ sub: 'did:privy:other' })).toString('base64url')}.x`;
    await open(other);
    await page.getByRole('button', { name: 'Work' }).click();
    await moreTab(page).click();
    await page.locator('[data-other]').getByText('1 report by did:privy:improver789 waits here').waitFor();
  });

  journey('11 truth: the time of the last contact, not a cable; a captive portal is named', async ({ page, proxy }) => {
    const contact = page.locator('sfluv-contact p');
    await contact.getByText(/Last contact \d/).waitFor();
    proxy.decide = () => ({ answer: { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Café Wi-Fi</title>' } });
    await page.reload();
    await page.locator('[data-last=portal]').waitFor();
    assert.match(await contact.textContent(), /Last contact \d/);
    assert.equal(await contact.locator('.heard').count(), 0);
  });

  journey('12 receipt: a page to print, and a choice how long photos stay', async ({ page, fill, submit, api }) => {
    await fill();
    await submit();
    await waitForState(page, 'delivered');
    await button(page, 'Receipt').click();
    const receipt = page.locator('sfluv-receipt section');
    await receipt.getByText('Litter Collection').waitFor();
    const { workflow } = await api.record(api.workflow);
    assert.match(await receipt.textContent(), new RegExp(`Delivered.*${workflow.steps[0].submission.id}`, 's'));
    await page.evaluate(() => (window.print = () => (window.printed = true)));
    await button(page, 'Print').click();
    assert.equal(await page.evaluate(() => window.printed), true);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('header, nav').evaluateAll(all => all.filter(one => one.checkVisibility()).length), 0);
    await page.emulateMedia({ media: null });
    await button(page, 'Outbox').click();
    await moreTab(page).click();
    await page.locator('#retention').selectOption('30');
    await page.waitForTimeout(500); // nobody chooses and reloads in the same breath
    await page.reload();
    assert.equal(await page.locator('#retention').inputValue(), '30');
  });

  journey('13 switches: paused sends nothing, from any trigger; Wi-Fi only says when it cannot be known', async ({ page, fill, submit, api }) => {
    await button(page, 'Work').click();
    await moreTab(page).click();
    await page.getByLabel('Pause sending').check();
    await page.goBack();
    await page.goBack();
    await fill();
    await submit();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await outboxTabFromTask(page);
    await page.locator('[data-paused=user]').waitFor();
    await page.waitForTimeout(800);
    assert.equal((await api.completions()).posts, 0);
    await button(page, 'Go on sending').click();
    await waitForState(page, 'delivered');
    await moreTab(page).click();
    await page.getByLabel('Only over Wi-Fi').click();
    await page.locator('sfluv-sending').getByText(/does not tell|cannot|Wi-Fi/).first().waitFor();
  });

  journey('14 no trap: while a send hangs everything else works', async ({ page, fill, submit, proxy }) => {
    proxy.decide = head => (isComplete(head) ? { silence: true } : undefined);
    await fill();
    await submit();
    await waitForState(page, 'sending');
    await outboxTabFromTask(page);
    await moreTab(page).click();
    await page.locator('#language').selectOption('es');
    await page.getByRole('link', { name: 'Envíos' }).click();
    await page.locator('[data-record][data-state=sending]').getByText('Pasando a la red').waitFor();
    assert.equal(await page.locator('dialog[open]').count(), 0);
  });

  journey('15 deletion: by hand only, with the truth about the server, and undone', async ({ page, fill, submit, proxy }) => {
    proxy.decide = () => silent;
    await fill();
    await submit();
    await button(page, 'Give up …').click();
    await page.getByText('This was never received by the server.').waitFor();
    await button(page, 'Go back').click();
    await waitForState(page, 'waiting');
    await button(page, 'Give up …').click();
    await button(page, 'Give it up').click();
    await button(page, 'Work').click();
    await outboxTab(page).click();
    await waitForState(page, 'discarded');
    await button(page, 'Undo').click();
    await waitForState(page, 'waiting');
    proxy.decide = () => undefined;
    await button(page, 'Try now').click();
    await waitForState(page, 'delivered');
  });

  journey('16 access: the whole job by keyboard alone, changes said aloud, nothing moves', async ({ page, api }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const press = async (accept, key = 'Enter') => {
      for (let turn = 0; turn < 60; turn += 1) {
        await page.keyboard.press('Tab');
        if (accept(await focusedText(page))) return key && page.keyboard.press(key);
      }
      throw new Error(`no way by keyboard: ${accept}`);
    };
    await button(page, 'Claim this step').waitFor();
    await press(text => text.includes('Claim this step'));
    await page.locator('#live').getByText('The step is yours.').waitFor();
    await press(text => text.includes('Start now'));
    await button(page, 'Submit this step').waitFor();
    // A file chooser cannot be worked by keys here; that its door is reached by them can be shown.
    for (const title of ['Before Photo', 'After Photo']) {
      await press(text => text.includes(title) && text.includes('Take a photo'), '');
      await addPhoto(page, title, small);
      await page.locator('#live').getByText(`Photo for ${title} kept on this device`).waitFor();
    }
    await press(text => text.includes('In your words'), '');
    await page.keyboard.type(answers.notes);
    await press(text => text.includes('Completed successfully'), 'Space');
    assert.equal(await page.locator('.turning').evaluateAll(all => all.filter(one => getComputedStyle(one).animationName !== 'none').length), 0);
    await press(text => text.includes('Submit this step'));
    await waitForState(page, 'delivered');
    await page.locator('#live').getByText('Litter Collection: Delivered.').waitFor();
    assert.equal((await api.completions()).submissions, 1);
  }, { claims: false });

  journey('17 crash: the icon opens the same step at the same item, with what was there', async someone => {
    await addPhoto(someone.page, 'Before Photo', small);
    await item(someone.page, 'Outcome').locator('input[value=partially_completed]').check();
    await item(someone.page, 'Outcome').locator('textarea').fill('The pond is left');
    await keptDraft(someone.page);
    await readyForOffline(someone.page);
    await someone.app.stop();
    await someone.kill();
    await someone.page.goto(`${someone.app.origin}/`); // as from the home screen: no place in the address
    await someone.page.getByText('Restored what you had.').waitFor();
    assert.equal(await item(someone.page, 'Outcome').locator('textarea').inputValue(), 'The pond is left');
    assert.equal(await someone.page.locator('[data-sha256]').count(), 1);
    const top = await item(someone.page, 'Outcome').evaluate(one => one.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 400, `the item is in sight: ${top}`);
    await someone.app.start();
  }, { profile: profileDirectory() });

  journey('18 support: one text with versions, room and states; no answers, no photos', async ({ page, fill, submit, proxy }) => {
    proxy.decide = () => silent;
    await fill();
    await submit();
    await outboxTabFromTask(page);
    await moreTab(page).click();
    await button(page, 'Text for support').click();
    const text = await page.locator('sfluv-sending pre').textContent();
    assert.match(text, /waiting|queued/);
    assert.ok(text.length > 200);
    assert.ok(!text.includes(answers.notes));
  });
});

describe('more that a person meets', { concurrency: 2 }, () => {
  journey('not possible: behind a question that names everybody’s pay', async ({ page, fill, submit, api }) => {
    assert.equal(await button(page, 'This step cannot be done …').count(), 0, 'the first step does not allow it');
    await fill();
    await submit();
    await waitForState(page, 'delivered');
    await page.getByRole('button', { name: /Inspection/ }).click();
    await button(page, 'Start now').click();
    await button(page, 'This step cannot be done …').click();
    await page.getByText('This touches everybody’s pay.').waitFor();
    await button(page, 'Go back').click();
    assert.equal(await page.getByText('You report that this step cannot be done').count(), 0);
    await button(page, 'This step cannot be done …').click();
    await button(page, 'Yes, it cannot be done').click();
    await button(page, 'Submit the report').click();
    await page.locator('.summary li').waitFor();
    assert.equal((await summary(page)).length, 1);
    await page.getByLabel('What made it impossible?').fill('The gate is locked');
    await button(page, 'Submit the report').click();
    await waitForState(page, 'delivered');
    const { workflow } = await api.record(api.workflow);
    assert.equal(workflow.steps[1].submission.step_not_possible_details, 'The gate is locked');
  });

  journey('a cancelled camera changes nothing, and photos are put in order without dragging', async ({ page }) => {
    await addPhoto(page, 'More Photos', small);
    await addPhoto(page, 'More Photos', big);
    const digests = () => item(page, 'More Photos').locator('[data-sha256]').evaluateAll(all => all.map(one => one.dataset.sha256));
    const before = await digests();
    await item(page, 'More Photos').locator('input[type=file]').evaluate(input => input.dispatchEvent(new Event('cancel')));
    assert.deepEqual(await digests(), before);
    await page.getByRole('button', { name: 'Move photo 2 of More Photos forward' }).click();
    assert.deepEqual(await digests(), before.toReversed());
    await page.locator('#live').getByText('Photo moved to place 1.').waitFor();
    assert.match((await focusedText(page)), /Move photo 1 of More Photos/);
    await page.getByRole('button', { name: 'Remove photo 1 of More Photos' }).click();
    assert.deepEqual(await digests(), [before[0]]);
  });

  journey('the draft is on the disk before the camera opens', async ({ page }) => {
    await item(page, 'Notes').locator('textarea').fill(answers.notes);
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), item(page, 'After Photo').locator('label.add').click()]);
    const kept = await page.evaluate(async () => {
      const [{ name }] = await indexedDB.databases();
      const database = await new Promise(done => (indexedDB.open(name).onsuccess = event => done(event.target.result)));
      const rows = await new Promise(done => (database.transaction('documents').objectStore('documents').getAll().onsuccess = event => done(event.target.result)));
      database.close();
      return rows.map(row => new TextDecoder().decode(row)).find(text => text.includes('item_jkl013'));
    });
    assert.ok(kept.includes(answers.notes) && kept.includes('"at":"item_jkl013"'), kept);
    await chooser.setFiles([]);
    assert.equal(await page.locator('[data-sha256]').count(), 0);
  });

  journey('the camera in the page: a real photo, noted as such', async ({ page }) => {
    await item(page, 'Before Photo').getByRole('button', { name: /Take a photo/ }).click();
    await button(page, 'Take the photo').click();
    await item(page, 'Before Photo').locator('[data-sha256]').waitFor();
    const note = JSON.parse(await item(page, 'Before Photo').locator('[data-sha256]').getAttribute('data-note'));
    assert.ok(['page_camera', 'page_frame'].includes(note.source), note.source);
    assert.equal(note.width_px, note.height_px);
    assert.equal(await item(page, 'Before Photo').locator('input[type=file]').count(), 0, 'camera-only: no files where there is a camera');
  }, { args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });

  journey('the camera app first, where the browser has one', async ({ page }) => {
    const before = item(page, 'Before Photo').locator('input[type=file]');
    assert.equal(await before.getAttribute('capture'), 'environment');
    assert.doesNotMatch(await before.getAttribute('accept'), /heic/i);
    await addPhoto(page, 'Before Photo', small);
    await item(page, 'Before Photo').getByText('taken with the camera').waitFor();
    await addPhoto(page, 'More Photos', small);
    await item(page, 'More Photos').getByText('chosen from this device').waitFor();
  }, { args: ['--enable-blink-features=MediaCapture'] });

  journey('the server’s own words; refused answers are corrected and sent as the same record', async ({ page, fill, submit, proxy, api }) => {
    proxy.decide = head => (isComplete(head) ? { answer: { status: 400, body: 'written response is too short' } } : undefined);
    await fill();
    await submit();
    await waitForState(page, 'needs_fix', 150_000);
    await queueRow(page).getByText('The server said: written response is too short').waitFor();
    await button(page, 'Correct the answers').click();
    await item(page, 'Notes').locator('textarea').fill('Two bags of litter and a bicycle');
    proxy.decide = () => undefined;
    await button(page, 'Submit this step').click();
    await waitForState(page, 'delivered', 150_000);
    const { workflow } = await api.record(api.workflow);
    assert.equal(workflow.steps[0].submission.item_responses[2].written_response, 'Two bags of litter and a bicycle');
  });

  journey('work: what I may claim, what is mine, and why not the rest', async ({ page, open, api }) => {
    await button(page, 'Claim this step').waitFor();
    await button(page, 'Work').click();
    await page.locator('.work').getByText('Litter Collection').waitFor();
    await page.getByRole('heading', { name: /Free to claim/ }).waitFor();
    await page.locator('.work').first().click();
    await claimAndStart(page);
    await item(page, 'Notes').locator('textarea').fill('begun');
    await keptDraft(page);
    await button(page, 'Work').click();
    await page.getByRole('heading', { name: /Go on with/ }).waitFor();
    await page.getByText('answers begun on this device').waitFor();
    // Somebody without the credential sees the same work, and why it is not theirs.
    const { tokens } = await api.seed(1);
    await page.evaluate(() => sessionStorage.clear());
    await open(tokens['did:privy:improver791']);
    await button(page, 'Work').click();
    await page.locator('summary', { hasText: 'Not for you now' }).click();
    await page.locator('[data-code]').first().waitFor();
    // And all of it without a network.
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Pay' }).click();
    await page.getByRole('link', { name: 'Work' }).click();
    await page.getByText(/As read/).waitFor();
  }, { claims: false });

  journey('pay: what failed is said in the server’s words and asked for again', async ({ page, fill, submit, api }) => {
    await api.faucet('insufficient');
    await fill();
    await submit();
    await waitForState(page, 'delivered');
    await page.getByRole('button', { name: /Inspection/ }).click();
    await button(page, 'Start now').click();
    await addOrSkipInspection(page);
    await waitForState(page, 'delivered');
    await button(page, 'Work').click();
    await page.getByRole('link', { name: 'Pay' }).click();
    await page.locator('[data-kind=payout_failed]').getByText('The pay did not go out').waitFor();
    await page.getByText('Still to come').waitFor();
    await api.faucet('ok');
    await button(page, 'Ask for the pay again').first().click();
    await page.getByRole('heading', { name: 'Nothing is due' }).waitFor();
  });

  journey('absence: entered, changed, removed; without a connection it waits in the outbox', async ({ page }) => {
    await button(page, 'Work').click();
    await moreTab(page).click();
    await button(page, 'Absences').click();
    const day = days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('First day away').fill(day(9));
    await page.getByLabel('Last day away').fill(day(8));
    await page.getByRole('button', { name: 'Enter the absence' }).click();
    await page.getByText('the last one not before the first').waitFor();
    await page.getByLabel('Last day away').fill(day(12));
    await page.getByRole('button', { name: 'Enter the absence' }).click();
    await page.getByRole('status').getByText('The absence is entered.').first().waitFor();
    await button(page, 'Change').click();
    await page.getByLabel('Last day away').fill(day(11));
    await button(page, 'Save the change').click();
    await page.getByRole('status').getByText('The absence is changed.').first().waitFor();
    await page.context().setOffline(true);
    await button(page, 'Remove').click();
    await page.locator('.notice').getByText('It waits in the outbox').waitFor();
    await page.context().setOffline(false);
  });

  journey('a recurring step is given back after a question, and is free again', async ({ page, api }) => {
    await button(page, 'Claim this step').click();
    await button(page, 'Give this recurring step back …').click();
    await page.getByText('Give this step back for good?').waitFor();
    await button(page, 'Give it back').click();
    await page.getByText(/given free/).waitFor();
    await page.reload();
    await button(page, 'Claim this step').waitFor();
    const { workflow } = await api.record(api.workflow);
    assert.ok(!workflow.steps[0].assigned_improver_id);
  }, { claims: false });

  journey('installable: the browser finds nothing against it, and the icon may be cut to any shape', async ({ page, cdp }) => {
    await readyForOffline(page);
    const browser = await cdp();
    await browser.send('Page.enable');
    const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
    // A browser that is driven has no profile that one could install into.
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
    const { data, errors } = await browser.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    assert.deepEqual(JSON.parse(data).icons.map(({ sizes, purpose }) => [sizes, purpose]), [['192x192', 'any maskable'], ['512x512', 'any maskable']]);
  }, { claims: false });

  journey('below the floor: a plain notice in four languages, and what was saved is still there afterwards', async ({ page, context, app }) => {
    await item(page, 'Notes').locator('textarea').fill(answers.notes);
    await keptDraft(page);
    const old = await context.newPage();
    await old.addInitScript(() => delete Array.prototype.findLast);
    await old.goto(`${app.origin}/`);
    await old.locator('#floor').getByText('Nothing that was saved is lost.').waitFor();
    assert.deepEqual(await old.locator('#floor p').evaluateAll(all => all.map(one => one.lang)), ['', 'es', 'zh-Hant', 'fil']);
    assert.equal(await old.evaluate(() => customElements.get('field-app') === undefined), true, 'nothing of the app runs');
    await old.close();
    await page.reload();
    assert.equal(await item(page, 'Notes').locator('textarea').inputValue(), answers.notes);
  });

  for (const live of [false, true]) {
    journey(`queued without a network, reloaded, delivered, receipt: ${live ? 'live, photos in pieces ahead of it' : 'as documented, photos inside of it'}`, async ({ page, context, fill, submit, api, proxy }) => {
      await fill();
      const [sha256] = await page.locator('[data-sha256]').evaluateAll(all => all.map(one => one.dataset.sha256));
      await readyForOffline(page);
      await context.setOffline(true);
      await submit();
      await page.reload();
      await waitForState(page, 'waiting');
      assert.equal((await api.completions()).posts, 0);
      await context.setOffline(false);
      await waitForState(page, 'delivered', 90_000);
      await button(page, 'Receipt').click();
      const { workflow, photos } = await api.record(api.workflow);
      await page.locator('sfluv-receipt').getByText(workflow.steps[0].submission.id).waitFor();
      assert.ok(photos.some(photo => photo.sha256 === sha256), 'the server holds the very bytes');
      assert.equal((await api.completions()).submissions, 1);
      const posts = end => proxy.seen.filter(({ method, path }) => method === 'POST' && path.split('?')[0].endsWith(end));
      assert.equal(posts('/photos').length >= 2, live, JSON.stringify(proxy.seen));
      const inside = posts('/complete')[0].bytes > photos.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
      assert.equal(inside, !live, 'the completion carries the photos, or only their ids');
    }, { live });
  }

  journey('proposals: written without a network, sent by a tap, voted on, and then it is work for others', async ({ page, context, open, api }) => {
    const { tokens } = await api.seed(1);
    const asSomebody = async user => {
      await page.evaluate(() => sessionStorage.clear());
      await open(tokens[user]);
      await button(page, 'Work').click(); // the link leads to the park
    };
    const toProposals = () => page.getByRole('button', { name: 'Proposals and votes' }).click();
    await asSomebody('did:privy:proposer456');
    await toProposals();
    assert.equal(await page.locator('[data-last]').count(), 0, 'a role that is missing is no sign-in that has run out');
    await button(page, 'Propose work').click();
    await page.locator('sfluv-proposal-form').getByLabel('Title', { exact: true }).waitFor();
    await readyForOffline(page);
    await context.setOffline(true);
    await writeProposal(page, 'Bench care');
    await page.getByText(/^30 .* in all/).waitFor();
    await button(page, 'Propose it').click();
    await page.locator('[data-code=server_unreachable]').waitFor();
    await button(page, 'Proposals').click();
    await page.locator('.begun .door', { hasText: 'Bench care' }).waitFor();
    await page.reload();
    await page.locator('.begun .door', { hasText: 'Bench care' }).click();
    await context.setOffline(false);
    await button(page, 'Propose it').click();
    await page.locator('.notice').getByText('Your proposal is with the voters.').waitFor();
    await page.getByText('0 for it, 0 against it').waitFor();
    await button(page, 'Proposals').click();
    await page.locator('.mine .door', { hasText: 'Bench care' }).waitFor();
    assert.equal(await page.locator('.begun').count(), 0, 'the draft is gone');
    for (const voter of ['did:privy:voter001', 'did:privy:admin001']) {
      await asSomebody(voter);
      await page.getByText('1 proposal waits for your vote').waitFor();
      await toProposals();
      await page.locator('.open .door', { hasText: 'Bench care' }).click();
      await button(page, 'Approve').click();
      await page.locator('[data-mine=approve], [data-decision=approve]').first().waitFor();
    }
    await asSomebody('did:privy:improver789');
    await page.locator('.open .work', { hasText: 'Oil the benches' }).click();
    await button(page, 'Claim this step').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Proposals and votes' }).count(), 0);
  }, { claims: false });

  journey('proposals: withdrawn after a question; who has no part in them is told so', async ({ page, open, api }) => {
    const { tokens } = await api.seed(1);
    await page.evaluate(() => sessionStorage.clear());
    await open(tokens['did:privy:proposer456']);
    await button(page, 'Work').click();
    await page.getByRole('button', { name: 'Proposals and votes' }).click();
    await button(page, 'Propose work').click();
    await writeProposal(page, 'Golden fountain');
    await button(page, 'Propose it').click();
    await button(page, 'Withdraw it …').click();
    await button(page, 'Keep it').click();
    await button(page, 'Withdraw it …').click();
    await button(page, 'Yes, withdraw it').click();
    await page.locator('[data-decision=withdrawn]').waitFor();
    await page.evaluate(() => sessionStorage.clear());
    await open();
    await button(page, 'Work').click();
    await moreTab(page).click();
    await page.getByRole('button', { name: 'Proposals and votes' }).click();
    await page.locator('[data-role=none]').waitFor();
  }, { claims: false });

  journey('what pay goes to, and what one may be trusted with: each a screen of its own', async ({ page }) => {
    await button(page, 'Work').click();
    await moreTab(page).click();
    await button(page, 'Where pay goes').click();
    await page.getByLabel('Address').fill('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed');
    await button(page, 'Save the address').click();
    await page.getByText('Saved. From now on pay goes there.').first().waitFor();
    await button(page, 'More').click();
    await button(page, 'Credentials').click();
    await page.getByText('You have asked for none yet.').waitFor();
    const types = page.locator('sfluv-credentials select option');
    await types.first().waitFor({ state: 'attached' });
    await page.reload();
    await types.first().waitFor({ state: 'attached' });
  });

  journey('without a connection a claim is a wish, and a start holds nobody up', async ({ page, proxy }) => {
    await button(page, 'Claim this step').waitFor();
    proxy.decide = ({ method }) => (method === 'POST' ? silent : { cutAnswer: 0 });
    await page.context().setOffline(true);
    await button(page, 'Claim this step').click();
    await button(page, 'Claim it when there is a connection').click();
    await page.getByText('do not begin the work yet').waitFor();
    proxy.decide = () => undefined;
    await page.context().setOffline(false); // the browser says so, and the queue goes on by itself
    await button(page, 'Start now').waitFor({ timeout: 90_000 });
    await page.context().setOffline(true);
    await button(page, 'Start now').click();
    await button(page, 'Start now, tell the server later').click();
    await button(page, 'Submit this step').waitFor();
  }, { claims: false });
});

/** Types a whole proposal: one role, one step, one item. */
async function writeProposal(page, title) {
  const form = page.locator('sfluv-proposal-form');
  const inside = place => form.locator(`[data-place="${place}"]`);
  await form.getByLabel('Title', { exact: true }).fill(title);
  await form.getByLabel('What is to be done?').first().fill('Oil the six benches on the east lawn');
  await form.getByLabel('First start').fill(new Date(Date.now() - 3_600_000).toISOString().slice(0, 16));
  await form.getByLabel('Supervisor', { exact: true }).selectOption('did:privy:supervisor123');
  await inside('/roles/0').getByLabel('Name of the role').fill('Bench keeper');
  await inside('/roles/0').getByLabel('dpw_certified').check();
  await inside('/steps/0').getByLabel('Name of the step').fill('Oil the benches');
  await inside('/steps/0').getByLabel(/^Pay/).fill('30');
  await inside('/steps/0/work_items/0').getByLabel('Name of the item').fill('Benches afterwards');
  await form.locator('[data-kept=kept]').waitFor();
}

/** The second step asks for less. */
async function addOrSkipInspection(page) {
  await button(page, 'Submit this step').waitFor();
  for (const input of await page.locator('input[type=file]').all()) await input.setInputFiles(small);
  for (const field of await page.locator('form textarea').all()) await field.fill('All is clean');
  for (const group of await page.locator('[role=radiogroup]').all()) await group.locator('input').first().check();
  await keptDraft(page);
  await button(page, 'Submit this step').click();
}

/** From a task to the outbox: tasks have no tabs. */
async function outboxTabFromTask(page) {
  await button(page, 'Look in the outbox').click();
  await page.getByRole('heading', { name: 'Outbox', exact: true }).waitFor();
}

/** What a screen reader would find under the focus. */
const focusedText = page =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    const labels = [...(active?.labels ?? [])].map(label => label.textContent).join(' ');
    const group = active?.closest('fieldset, [role=radiogroup]')?.querySelector('legend')?.textContent ?? '';
    return `${active?.ariaLabel ?? ''} ${active?.textContent ?? ''} ${labels} ${group}`;
  });
