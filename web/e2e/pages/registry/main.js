// SPDX-License-Identifier: MIT
// Shows one state of one view, or all of a view below each other: #view=step&state=fill&language=pseudo
import { entriesOf } from '../../../dist/elements/registry.js';
import { en } from 'sfluv-field/messages/en';
import { es } from 'sfluv-field/messages/es';
import { fil } from 'sfluv-field/messages/fil';
import { zhHant } from 'sfluv-field/messages/zh-Hant';

import { pseudo } from './pseudo.js';

const languages = { en, es, fil, 'zh-Hant': zhHant, pseudo: pseudo(en) };
const main = document.querySelector('main');

async function show(view, state, language) {
  for (const old of main.querySelectorAll('section')) old.remove();
  document.documentElement.lang = languages[language].locale;
  const wanted = entriesOf(languages[language]).filter(entry => entry.view === view && (!state || entry.state === state));
  for (const { make, state } of wanted) {
    const section = document.createElement('section');
    section.append(Object.assign(document.createElement('h2'), { textContent: `${view} ${state}` }), make());
    main.append(section);
  }
  const settle = async root => {
    for (const element of root.querySelectorAll('*')) if (element.updateComplete) (await element.updateComplete, await settle(element.renderRoot));
  };
  await settle(main);
  await new Promise(done => setTimeout(done, 50));  // photos are drawn and decoded
  await Promise.all([...inside(main)].filter(one => one.tagName === 'IMG').map(image => image.decode().catch(() => {})));
  return wanted.length;
}

function* inside(root) {
  for (const one of root.querySelectorAll('*')) {
    yield one;
    if (one.shadowRoot) yield* inside(one.shadowRoot);
  }
}

window.registry = { show, entries: entriesOf(en).map(({ view, state }) => ({ view, state })) };
