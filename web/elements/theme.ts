// SPDX-License-Identifier: MIT
// Paper, ink and one red. Read in sunlight with one gloved hand: big targets, strong contrast, no hover needed.
// A host changes it by the custom properties `--sfluv-*` and by parts; nothing here touches the page around.
import { css } from "lit";

export const tokens = css`
  :host {
    color-scheme: light dark;
    --paper: var(--sfluv-paper, hsl(22 36% 97%));
    --card: var(--sfluv-card, hsl(0 0% 100%));
    --ink: var(--sfluv-ink, hsl(223 17% 17%));
    --soft: var(--sfluv-soft, hsl(223 12% 34%));
    --line: var(--sfluv-line, hsl(223 8% 50%)); /* edges of controls need 3:1 */
    --hair: var(--sfluv-hair, hsl(22 18% 88%));
    --accent: var(--sfluv-accent, hsl(4 76% 63%));
    --accent-text: var(--sfluv-accent-text, hsl(4 68% 38%)); /* the red is too light for words */
    --accent-wash: var(--sfluv-accent-wash, hsl(4 76% 96%));
    --good: var(--sfluv-good, hsl(152 62% 23%));
    --wait: var(--sfluv-wait, hsl(30 90% 26%));
    --radius: var(--sfluv-radius, 16px);
    --target: var(--sfluv-target, 56px);
    --gap: var(--sfluv-gap, 16px);
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --paper: var(--sfluv-paper, hsl(223 17% 12%));
      --card: var(--sfluv-card, hsl(223 16% 17%));
      --ink: var(--sfluv-ink, hsl(22 36% 96%));
      --soft: var(--sfluv-soft, hsl(22 12% 78%));
      --line: var(--sfluv-line, hsl(223 8% 60%));
      --hair: var(--sfluv-hair, hsl(223 12% 27%));
      --accent-text: var(--sfluv-accent-text, hsl(4 90% 80%));
      --accent-wash: var(--sfluv-accent-wash, hsl(4 30% 19%));
      --good: var(--sfluv-good, hsl(150 50% 70%));
      --wait: var(--sfluv-wait, hsl(38 85% 72%));
    }
  }
`;

/** What every element starts from. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
    color: var(--ink);
    font: 1.125rem/1.45 var(--sfluv-font, system-ui, sans-serif);
    overflow-wrap: anywhere; /* also where a flex or grid asks how narrow a word can be */
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  fieldset,
  legend {
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 1.75rem;
    line-height: 1.15;
    letter-spacing: -0.015em;
    text-wrap: balance;
  }
  h3 {
    font-size: 1.25rem;
    line-height: 1.25;
    letter-spacing: -0.005em;
  }
  .quiet {
    color: var(--soft);
    font-size: 1rem;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr); /* long words must not widen the page */
    gap: var(--gap);
  }
  .close {
    gap: 6px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .card {
    padding: 20px;
    border: 1px solid var(--hair);
    border-radius: var(--radius);
    background: var(--card);
  }
  .notice {
    padding: 16px 18px;
    border: 2px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
  }
  .notice.bad {
    border-color: var(--accent-text);
    background: var(--accent-wash);
  }
  .notice.good {
    border-color: var(--good);
  }
  .notice.wait {
    border-color: var(--wait);
  }
  .close > .row,
  .close > div {
    margin-top: 6px;
  }
  .error {
    display: flex;
    gap: 8px;
    color: var(--accent-text);
    font-weight: 550;
    line-height: 1.35;
  }
  .error::before {
    content: '!';
    content: '!' / ''; /* not to be read out, where that can be said */
    flex: none;
    width: 1.35em;
    height: 1.35em;
    border-radius: 50%;
    background: var(--accent-text);
    color: var(--card);
    font-size: 0.85em;
    font-weight: 800;
    line-height: 1.35em;
    text-align: center;
    margin-top: 0.15em;
  }
  .list {
    display: grid;
    gap: 12px;
  }
  .empty {
    padding-block: 40px;
    text-align: center;
  }
  h3 .quiet {
    font-weight: 500;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg {
    display: block;
    flex: none;
    width: 1.5em;
    height: 1.5em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 3px;
  }
  [tabindex='-1']:focus {
    outline: none;
  }
  @media (prefers-reduced-motion: no-preference) {
    .turning {
      animation: turn 1.2s linear infinite;
    }
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
`;

/** Buttons, links that look like them, and fields. */
export const controls = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    min-height: var(--target);
    margin: 0;
    padding: 10px 22px;
    border: 2px solid var(--ink);
    border-radius: calc(var(--radius) * 0.75);
    background: var(--ink);
    color: var(--paper);
    font: inherit;
    font-weight: 650;
    line-height: 1.2;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:active,
  .button:active {
    transform: translateY(1px);
  }
  .plain {
    border-color: var(--line);
    background: var(--card);
    color: var(--ink);
  }
  .quiet-button {
    border-color: transparent;
    background: none;
    color: var(--ink);
    padding-inline: 12px;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.25em;
    font-weight: 500;
  }
  .danger {
    border-color: var(--accent-text);
    background: var(--card);
    color: var(--accent-text);
  }
  .wide {
    width: 100%;
  }
  .small {
    min-height: 48px;
    padding: 6px 14px;
    font-size: 1rem;
  }
  button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: progress;
  }
  label,
  .label {
    font-weight: 600;
  }
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  input:not([type='checkbox'], [type='radio'], [type='file']),
  select,
  textarea {
    width: 100%;
    min-height: var(--target);
    padding: 12px 14px;
    border: 2px solid var(--line);
    border-radius: calc(var(--radius) * 0.75);
    background: var(--card);
    color: var(--ink);
    font: inherit;
  }
  textarea {
    min-height: 116px;
    resize: vertical;
  }
  [aria-invalid='true'] {
    border-color: var(--accent-text) !important;
  }
  /* A file input is there for keyboards and screen readers; what is around it is the target. */
  .file {
    position: relative;
  }
  .file input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .file:focus-within {
    outline: 3px solid var(--accent);
    outline-offset: 3px;
  }
  .choice {
    display: flex;
    align-items: center;
    gap: 14px;
    min-height: var(--target);
    padding: 10px 16px;
    border: 2px solid var(--hair);
    border-radius: calc(var(--radius) * 0.75);
    background: var(--card);
    font-weight: 500;
    cursor: pointer;
  }
  .choice.chosen {
    border-color: var(--ink);
    font-weight: 650;
  }
  .choice input {
    flex: none;
    width: 24px;
    height: 24px;
    margin: 0;
    accent-color: var(--accent-text);
  }
  dialog {
    width: min(34rem, calc(100vw - 24px));
    max-height: calc(100dvh - 24px);
    padding: 24px;
    border: 0;
    border-radius: calc(var(--radius) * 1.25);
    background: var(--card);
    color: var(--ink);
    overflow: auto;
  }
  dialog::backdrop {
    background: hsl(223 30% 8% / 0.6);
  }
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 8px;
    border: 0;
    border-radius: 4px;
    background: var(--hair);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--hair);
  }
  progress::-webkit-progress-value {
    background: var(--accent);
  }
  progress::-moz-progress-bar {
    background: var(--accent);
  }
`;

/** Lists of what one can go to, and what stands above them. */
export const rows = css`
  .door {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    width: 100%;
    padding: 18px 20px;
    border: 1px solid var(--hair);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    font-weight: 400;
    text-align: start;
  }
  .begun .door {
    border: 2px solid var(--ink);
  }
  .door strong {
    display: block;
    font-size: 1.25rem;
    line-height: 1.25;
  }
  .pays {
    font-weight: 650;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }
`;

/** The shapes that a photo may be asked for in. */
export const shapes = css`
  .vertical {
    aspect-ratio: 3 / 4;
  }
  .square {
    aspect-ratio: 1;
  }
  .horizontal {
    aspect-ratio: 4 / 3;
  }
`;

/** Of whole forms: what is wrong in all, and whether it is kept. */
export const forms = css`
  .summary {
    border: 2px solid var(--accent-text);
    background: var(--accent-wash);
  }
  .summary a {
    display: flex;
    align-items: center;
    min-height: 48px;
    padding-block: 8px;
    border-top: 1px solid var(--line);
    color: var(--ink);
  }
  .kept {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 1.6em;
  }
  .kept svg {
    width: 1.2em;
    height: 1.2em;
  }
`;
