// SPDX-License-Identifier: MIT
// For drivers that only know "run this in the page": looks also inside of elements with a shadow root.

/** `source` gets, before its values, a function that finds all elements of a selector, however deep. */
export const inside = source => `(...values) => {
  const all = (selector, root = document) => [...root.querySelectorAll('*')].flatMap(one =>
    [...(one.matches(selector) ? [one] : []), ...(one.shadowRoot ? all(selector, one.shadowRoot) : [])]);
  return (${source})(all, ...values);
}`;
