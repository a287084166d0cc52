// SPDX-License-Identifier: MIT
// Elements without a framework: one function, and texts that are never parsed as HTML.

type Child = Node | string | null | undefined | false;
type Properties = Record<string, string | number | boolean | ((event: Event) => void) | null | undefined>;

/** `onclick` and the like become listeners; other properties attributes, `false` and `null` none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, properties: Properties = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function find<E extends Element = HTMLElement>(selector: string, root: ParentNode = document): E {
  const element = root.querySelector<E>(selector);
  if (!element) throw new Error(`index.html has no ${selector}`);
  return element;
}

/** Changes a text only when it differs, so that readers of the screen are not told the same twice. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const live = () => find("#live");

/** Says a change of state to those who do not see it. */
export function announce(text: string): void {
  // The same words again must be a change, or they are not spoken.
  live().textContent = live().textContent === text ? `${text}\u00a0` : text;
}
