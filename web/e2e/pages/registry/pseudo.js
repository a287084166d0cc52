// SPDX-License-Identifier: MIT
// English as no language is: every sentence twice as long and with marks above the letters, so that what is not
// translated and what has no room shows at once. Parameters stay as they are.
const marks = { a: 'ä', e: 'ë', i: 'ï', o: 'ö', u: 'ü', n: 'ñ', s: 'š', c: 'ç', A: 'Å', E: 'Ê', I: 'Î', O: 'Ø', U: 'Û', S: 'Š' };

function sentence(text) {
  const marked = text.split(/(\{\w+\})/).map(part => (part.startsWith('{') ? part : part.replace(/[aeiounscAEIOUS]/g, letter => marks[letter])));
  const words = text.replace(/\{\w+\}/g, '').trim().split(/\s+/);
  return `[${marked.join('')} ${words.map(word => word.replace(/./g, 'ø')).join(' ')}]`;
}

export function pseudo(messages) {
  const of = value => (typeof value === 'string' ? sentence(value) : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, of(one)])));
  const { locale, reviewed, outbox, ...rest } = messages;
  const { none, ...whys } = outbox.whys;
  return { locale, reviewed, ...of(rest), outbox: { states: of(outbox.states), evidence: of(outbox.evidence), whys: { none, ...of(whys) } } };
}
