// SPDX-License-Identifier: MIT
import { css } from "lit";

export const shellStyles = css`
  :host {
    display: grid;
    grid-template: auto 1fr auto / minmax(0, 44rem);
    justify-content: center;
    min-height: 100dvh;
    background: var(--paper);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 12px;
    padding: max(8px, env(safe-area-inset-top)) max(16px, env(safe-area-inset-right)) 8px max(16px, env(safe-area-inset-left));
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 48px;
    font-size: 1.125rem;
    font-weight: 700;
    white-space: nowrap;
  }
  .brand::before {
    content: '';
    width: 14px;
    height: 14px;
    border-radius: 50%;
    background: var(--accent);
  }
  header .quiet-button {
    margin-inline-start: -12px;
    padding-inline-end: 0;
    text-decoration: none;
    font-weight: 650;
  }
  main {
    display: grid;
    align-content: start;
    gap: 20px;
    min-width: 0;
    padding: 8px max(16px, env(safe-area-inset-right)) 40px max(16px, env(safe-area-inset-left));
  }
  main:focus {
    outline: none;
  }
  nav.tabs {
    position: sticky;
    bottom: 0;
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    padding: 6px max(8px, env(safe-area-inset-right)) max(6px, env(safe-area-inset-bottom)) max(8px, env(safe-area-inset-left));
    border-top: 1px solid var(--hair);
    background: var(--card);
  }
  nav.tabs a {
    position: relative;
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 2px;
    min-height: 60px;
    border-radius: 12px;
    color: var(--soft);
    font-size: 0.9375rem;
    font-weight: 600;
    line-height: 1.15;
    text-align: center;
    text-decoration: none;
  }
  nav.tabs a[aria-current] {
    color: var(--ink);
  }
  nav.tabs a[aria-current] svg {
    stroke-width: 2.6;
  }
  nav.tabs a[aria-current]::before {
    content: '';
    position: absolute;
    top: 0;
    width: 28px;
    height: 4px;
    border-radius: 2px;
    background: var(--accent);
  }
  .badge {
    position: absolute;
    top: 4px;
    inset-inline-start: calc(50% + 6px);
    min-width: 22px;
    padding: 0 6px;
    border-radius: 11px;
    background: var(--accent-text);
    color: var(--card);
    font-size: 0.875rem;
    font-weight: 700;
    line-height: 22px;
  }
  @media print {
    header,
    nav.tabs,
    main > :not(h2, sfluv-receipt) {
      display: none;
    }
  }
  .skip {
    position: absolute;
    left: -999rem;
  }
  .skip:focus {
    left: 16px;
    top: 8px;
    z-index: 1;
  }
`;
