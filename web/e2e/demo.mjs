#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The main job by itself, in a real browser against the reference server: one line a stage, with its figures.
//   node web/e2e/demo.mjs [--photo FILE] [--profile documents|live]
// Ends with 1 when a stage fails. On a terminal it then serves the page, with a fresh workflow, until Ctrl-C.
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';

import { addPhoto, answerTexts, appAddress, button, claimAndStart, item, savedNote, summary, waitForState } from './lib/app_page.mjs';
import { openChromium } from './lib/chromium.mjs';
import { describeJpeg, photoFile } from './lib/photo.mjs';
import { improver } from './lib/reference_server.mjs';
import { serveApp, startApi } from './lib/world.mjs';

const answers = { notes: 'Two bags of litter and one bicycle.', outcome: 'completed_successfully' };
const { values: { profile } } = parseArgs({ options: { profile: { type: 'string', default: 'documents' } }, strict: false });
/** Where the token travels, which a page is told by its link. */
const header = profile === 'live' ? 'Access-Token' : 'Authorization';
const seconds = since => ((performance.now() - since) / 1000).toFixed(2);
const thousands = number => number.toLocaleString('en').replaceAll(',', ' ');

let stageName = 'start';
const stage = name => (stageName = name);
const say = text => console.log(`${stageName.padEnd(11)} ${text}`);
function must(holds, what) {
  if (!holds) throw new Error(what);
}

async function mainJob(page, api, photo) {
  stage('photo in');
  const { info } = photo;
  const header = info.width ? `${info.width} x ${info.height} stored, EXIF turn ${info.orientation}, GPS ${info.gps ? 'inside' : 'none'}` : 'not a JPEG';
  say(`${photo.name}: ${thousands(info.bytes)} bytes, ${header}`);

  stage('verdict');
  await claimAndStart(page);
  await button(page, 'Submit this step').click();
  const issues = await summary(page);
  must(issues.length > 0, 'an empty answer was accepted');
  say(`incomplete answer refused with ${issues.length} issues, nothing sent:`);
  for (const issue of issues) console.log(`${''.padEnd(11)}   - ${issue}`);

  stage('photo out');
  const queued = [];
  for (const title of ['Before Photo', 'After Photo']) {
    const sha256 = await addPhoto(page, title, photo.path);
    const row = item(page, title).locator(`[data-sha256="${sha256}"]`);
    const note = JSON.parse(await row.getAttribute('data-note'));
    say(`${title}: ${thousands(info.bytes)} -> ${thousands(note.size_bytes)} bytes, ${note.before.width_px} x ${note.before.height_px} -> ${note.width_px} x ${note.height_px}, ${Math.round(note.ms)} ms, sha256 ${sha256.slice(0, 12)}`);
    queued.push({ title, ...note });
  }
  await answerTexts(page, answers);

  stage('saved');
  await api.fault('refuse');
  const submitted = performance.now();
  await button(page, 'Submit this step').click();
  const words = (await savedNote(page).textContent()).split('.')[0];
  const after = seconds(submitted);
  await waitForState(page, 'waiting');
  say(`server unreachable: "${words}" after ${after} s, ${(await api.completions()).posts} completion requests seen by the server`);

  stage('delivered');
  await api.fault('none');
  const back = performance.now();
  await waitForState(page, 'delivered', 120_000);
  const { posts, submissions } = await api.completions();
  must(submissions === 1, `the server has ${submissions} submissions`);
  say(`${seconds(back)} s after the server was back, by itself; ${posts} request, ${submissions} submission`);

  stage('record');
  await compareRecord(api, queued);
}

/** What the server holds against what was queued here: ids, texts, digests of the very bytes. */
async function compareRecord(api, queued) {
  const { workflow, photos } = await api.record(api.workflow);
  const step = workflow.steps.find(({ submission }) => submission);
  must(['completed', 'paid_out'].includes(step?.status), 'the step is not completed'); // live, it is paid at once
  must(step.assigned_improver_id === improver && step.submission.improver_id === improver, 'somebody else submitted it');
  const given = Object.fromEntries(step.submission.item_responses.map(response => [titleOf(step, response.item_id), response]));
  must(given['Notes']?.written_response === answers.notes, 'the text differs');
  must(given['Outcome']?.dropdown_value === answers.outcome, 'the choice differs');
  must(photos.length === queued.length, `${photos.length} photos instead of ${queued.length}`);
  for (const [i, { id, item_id, sha256, size_bytes }] of photos.entries()) {
    const mine = queued.find(({ title }) => title === titleOf(step, item_id));
    must(mine?.sha256 === sha256 && mine.size_bytes === size_bytes, `photo ${i + 1} differs from the one that was queued`);
    must(given[mine.title].photo_ids.includes(id), `photo ${i + 1} is not in its answer`);
    const response = await fetch(`${api.api}/workflow-photos/${id}`, { headers: { [header]: profile === 'live' ? api.token : `Bearer ${api.token}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    must(createHash('sha256').update(bytes).digest('hex') === sha256, `photo ${i + 1} is handed out with other bytes`);
    const made = describeJpeg(bytes);
    must(made && made.orientation === 1 && !made.gps && made.metadata.length === 0, `photo ${i + 1} still has metadata`);
  }
  say(`the server's own record ${step.submission.id.slice(0, 19)}…: ids, 2 texts and ${photos.length} digests equal, no EXIF and no GPS left`);
}

const titleOf = (step, itemId) => step.work_items.find(({ id }) => id === itemId)?.title;

async function serveUntilCtrlC(app, api) {
  const { workflows, tokens } = await api.seed(2);
  console.log(`\nThe page, with a park clean-up ready to be claimed (Ctrl-C ends it):\n\n  ${appAddress(app.origin, { ...api, workflow: workflows[1], token: tokens[improver] })}\n`);
  process.exitCode = 0;  // the stages held; Ctrl-C is how this ends
  await new Promise(() => {});
}

const began = performance.now();
let app, api, browser;
try {
  const photo = photoFile();
  app = await serveApp();
  api = { ...(await startApi(app)), more: { profile, header } };
  await api.profile(profile);
  browser = await openChromium();
  await browser.page.goto(appAddress(app.origin, api));
  say(`profile ${profile}: page, API and Chromium ${browser.version} are up after ${seconds(began)} s`);
  await mainJob(browser.page, api, photo);
  stage('policy');
  must(app.violations.length + browser.notes.csp.length === 0, 'the content security policy was broken');
  say('content security policy never broken');
  stage('done');
  say(`all stages held, ${seconds(began)} s`);
} catch (error) {
  console.log(`${stageName.padEnd(11)} FAILED: ${error.message.split('\n')[0]}`);
  process.exitCode = 1;
} finally {
  await browser?.close();
}
if (process.exitCode !== 1 && process.stdout.isTTY && !process.env.CI) await serveUntilCtrlC(app, api);
await api?.stop();
await app?.stop();
