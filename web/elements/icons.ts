// SPDX-License-Identifier: MIT
// The few signs, drawn as lines. All of them stand beside words or carry a label of their button.
import { svg, html, type TemplateResult } from "lit";

const icon = (paths: TemplateResult): TemplateResult => html`<svg viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;

export const cameraIcon = icon(svg`<path d="M3 8.5A1.5 1.5 0 0 1 4.5 7H7l1.6-2.4h6.8L17 7h2.5A1.5 1.5 0 0 1 21 8.5v9A1.5 1.5 0 0 1 19.5 19h-15A1.5 1.5 0 0 1 3 17.5z"/><circle cx="12" cy="12.8" r="3.6"/>`);
export const plusIcon = icon(svg`<path d="M12 5v14M5 12h14"/>`);
export const forwardIcon = icon(svg`<path d="M12 19V5M6 11l6-6 6 6"/>`);
export const backwardIcon = icon(svg`<path d="M12 5v14M6 13l6 6 6-6"/>`);
export const removeIcon = icon(svg`<path d="M6 6l12 12M18 6 6 18"/>`);
export const tickIcon = icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`);
export const waitIcon = icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`);
export const helpIcon = icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5M12 16.2v.1"/>`);
export const turnIcon = html`<svg class="turning" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d="M20 12a8 8 0 1 1-2.4-5.7"/>`}</svg>`;
export const nextIcon = icon(svg`<path d="M9 5l7 7-7 7"/>`);
export const backIcon = icon(svg`<path d="M15 5l-7 7 7 7"/>`);
export const workIcon = icon(svg`<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>`);
export const outboxIcon = icon(svg`<path d="M4 13v5.5h16V13M12 15V4M7.5 8.5 12 4l4.5 4.5"/>`);
export const payIcon = icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M14.8 9.2c-.6-1-1.6-1.4-2.8-1.4-1.6 0-2.8.8-2.8 2.1 0 2.9 5.7 1.3 5.7 4.3 0 1.3-1.3 2.1-2.9 2.1-1.3 0-2.5-.6-3-1.7M12 6.2v11.6"/>`);
export const moreIcon = icon(svg`<path d="M4 7h16M4 12h16M4 17h16"/>`);
export const shareIcon = icon(svg`<path d="M12 15V3.5M8 7l4-4 4 4M8 10.5H6v9.5h12v-9.5h-2"/>`);
