// SPDX-License-Identifier: MIT
// The PWA as a person uses it, in Chromium.

/** The address that opens a workflow as somebody: what a host page would link to. */
export function appAddress(origin, { api, workflow, token, more }) {
  return `${origin}/#${new URLSearchParams({ api, workflow, ...(token && { token }), ...more })}`;
}

export const button = (page, name) => page.getByRole('button', { name, exact: true });

export const item = (page, title) => page.locator('fieldset.item', { has: page.locator('legend', { hasText: title }) });

/** Claims and starts the step that is shown; the form is there afterwards. */
export async function claimAndStart(page) {
  await button(page, 'Claim this step').click();
  await button(page, 'Start now').click();
  await button(page, 'Submit this step').waitFor();
}

/** Gives a camera file to an item and waits until it is kept on the device; answers its digest. */
export async function addPhoto(page, title, path) {
  const rows = item(page, title).locator('[data-sha256]');
  const refused = item(page, title).locator('.photo-trouble:visible');
  const before = await rows.count();
  await item(page, title).locator('input[type=file]').setInputFiles(path);
  await rows.nth(before).or(refused).first().waitFor();
  if (await refused.count()) throw new Error(`the page says: ${await refused.textContent()}`);
  return rows.nth(before).getAttribute('data-sha256');
}

/** The outcome by its row's value; words only where they are asked for. */
export async function answerTexts(page, { notes, outcome, remark = '' }) {
  await item(page, 'Notes').locator('textarea').fill(notes);
  await item(page, 'Outcome').locator(`input[value="${outcome}"]`).check();
  if (remark) await item(page, 'Outcome').locator('textarea').fill(remark);
}

/** The sentences of the summary above the form. */
export const summary = page => page.locator('.summary li').allTextContents();

/** The draft of the step was written since the last input. */
export const keptDraft = page => page.locator('[data-kept=kept]').waitFor();

/** What stands in place of the form once the work is durable. */
export const savedNote = page => page.locator('.task').getByText('Saved on this device, not sent yet');

/** The record, on its step's screen or in the outbox. */
export const queueRow = page => page.locator('[data-record]').first();

export async function waitForState(page, state, timeoutMs = 60_000) {
  await page.locator(`[data-record][data-state="${state}"]`).first().waitFor({ timeout: timeoutMs });
}

/** The service worker has the whole page: it may be opened without a server from now on. */
export const readyForOffline = page =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });

/** What has the focus, also inside of elements. */
export const focused = page =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return { id: active?.id ?? '', className: active?.className ?? '' };
  });
