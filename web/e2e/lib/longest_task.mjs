// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

/** The longest task of the page's main thread while `work` goes on, in ms of that thread. */
export async function longestTask(browser, page, work) {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const mains = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = traceEvents.filter(({ name, pid, tid, tdur }) => name.endsWith('RunTask') && mains.has(`${pid}/${tid}`) && tdur);
  assert.ok(tasks.length > 0, 'the trace has tasks');
  return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
}
