// SPDX-License-Identifier: MIT
// What waits on this device, in plain words: what happened, what happens next, one button.
import { formatIssue, formatOutbox, type Field, type OutboxRecord } from "sfluv-field";
import { en } from "sfluv-field/messages/en";

import { announce, find, h, setText } from "./dom.js";
import { clockTime, countdown, moment, size } from "./figures.js";

type Mood = "waiting" | "delivered" | "help";

export const isDelivered = (record: OutboxRecord): boolean => record.state === "delivered" || record.state === "pruned";
const needsHelp = (record: OutboxRecord): boolean => ["needs_fix", "needs_user", "quarantined"].includes(record.state);
const isBusy = (record: OutboxRecord): boolean => ["probing", "sending", "reconciling"].includes(record.state);
const moodOf = (record: OutboxRecord): Mood => (isDelivered(record) ? "delivered" : needsHelp(record) ? "help" : "waiting");

/** What needs a person first, then what waits, then what is done; newest first among equals. */
const order: Mood[] = ["help", "waiting", "delivered"];
const byNeed = (a: OutboxRecord, b: OutboxRecord): number =>
  order.indexOf(moodOf(a)) - order.indexOf(moodOf(b)) || b.created_ms - a.created_ms;

interface Row {
  element: HTMLElement;
  update(record: OutboxRecord): void;
  /** Once a second: only the words that count down. */
  tick(): void;
  progress(text: string): void;
}

function makeRow(field: Field, signedIn: () => boolean, first: OutboxRecord): Row {
  let record = first;
  let handingOver = "";
  const state = h("p", { class: "state" });
  const why = h("p", { class: "why" });
  const next = h("p", { class: "quiet" });
  const facts = h("p", { class: "quiet" });
  const answer = h("p", { class: "quiet", role: "status" });
  const actions = h("div", { class: "actions" },
    h("button", { type: "button", class: "plain", onclick: () => void tryNow() }, "Try now"));
  const element = h("li", { "data-record": record.id },
    h("h3", {}, record.step_title || record.step_id), state, why, next, facts, actions, answer);

  // Always an answer that can be seen, also when it cannot work. It stays until the next one is asked for.
  async function tryNow(): Promise<void> {
    if (!signedIn()) return setText(answer, "You are signed out. Give a token under “Connection” first; nothing is lost.");
    setText(answer, "Trying now…");
    const outcome = await field.outbox.retry(record.id);
    if (!outcome.ok) return setText(answer, formatIssue(outcome.issue, en));
    const isSettled = isDelivered(outcome.value) || needsHelp(outcome.value);
    setText(answer, isSettled ? "" : `Tried ${clockTime(Date.now())}; it has to wait a little longer.`);
  }

  function nextWords(): string {
    if (record.receipt) return `${moment(record.receipt.at_ms)}, receipt ${record.receipt.submission_id.slice(-6).toUpperCase()}`;
    if (needsHelp(record)) return "Nothing is lost: answers and photos stay on this device.";
    if (!signedIn()) return "Waits for you to sign in again.";
    if (record.state === "sending" && handingOver) return handingOver;
    if (isBusy(record) || record.due_ms === 0) return "";
    const left = record.due_ms - Date.now();
    return left > 0 ? `Next try in ${countdown(left)}, by itself.` : "Next try any moment now.";
  }

  function tick(): void {
    const text = nextWords();
    setText(next, text);
    next.hidden = text === "";
  }

  return {
    element,
    update(now) {
      if (now.state !== "sending") handingOver = "";
      record = now;
      element.className = `record ${moodOf(record)}`;
      element.dataset.state = record.state;
      element.dataset.why = record.why;
      const words = formatOutbox(record, en);
      setText(state, words.state);
      setText(why, words.why);
      why.hidden = words.why === "";
      const photos = record.photos === 1 ? "1 photo" : `${record.photos} photos`;
      const attempts = record.attempts > 1 ? `, sent ${record.attempts} times` : "";
      setText(facts, `${record.workflow_title}, ${photos}, ${size(record.bytes)}, submitted here ${moment(record.created_ms)}${attempts}`);
      actions.hidden = isDelivered(record) || isBusy(record);
      tick();
    },
    tick,
    progress(text) {
      handingOver = text;
      tick();
    },
  };
}

/** Draws the list now and on every change, until `signal` ends it; `delivered` is told of each delivery once. */
export function showQueue(field: Field, signedIn: () => boolean, delivered: () => void, signal: AbortSignal): void {
  const section = find("#queue");
  const list = find("ol", section);
  list.replaceChildren();
  const rows = new Map<string, Row>();
  const lastState = new Map(field.outbox.records().map(record => [record.id, record.state]));

  function draw(): void {
    const records = [...field.outbox.records()].sort(byNeed);
    section.hidden = records.length === 0;
    for (const [id, row] of rows) if (!records.some(record => record.id === id)) (row.element.remove(), rows.delete(id));
    records.forEach((record, place) => {
      const row = rows.get(record.id) ?? makeRow(field, signedIn, record);
      rows.set(record.id, row);
      row.update(record);
      // Moved only where the order changed, so that focus stays where it is.
      if (list.children[place] !== row.element) list.insertBefore(row.element, list.children[place] ?? null);
    });
    showBadge(records.filter(record => !isDelivered(record)).length);
  }

  field.outbox.addEventListener("change", ({ id, record }) => {
    draw();
    if (!record || lastState.get(id) === record.state) return;
    lastState.set(id, record.state);
    if (isDelivered(record) || needsHelp(record)) announce(`${record.step_title}: ${formatOutbox(record, en).state}`);
    if (isDelivered(record)) delivered();
  }, { signal });
  field.outbox.addEventListener("progress", ({ id, sentBytes, totalBytes }) => {
    // Bytes given to the operating system are not bytes that arrived.
    rows.get(id)?.progress(`Handing over ${size(sentBytes)} of ${size(totalBytes)}.`);
  }, { signal });
  const timer = setInterval(() => rows.forEach(row => row.tick()), 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
  draw();
}

const plainTitle = document.title;

function showBadge(undelivered: number): void {
  document.title = undelivered > 0 ? `(${undelivered}) ${plainTitle}` : plainTitle;
  // Where the system has badges; a refusal changes nothing.
  if ("setAppBadge" in navigator) void navigator.setAppBadge(undelivered).catch(() => {});
}

/** When the server was last heard: the only honest word about being online. */
export function showContact(from: "server" | "device" | "nowhere", readAtMs = 0): void {
  setText(find("#contact"), {
    server: `Server heard ${clockTime(readAtMs)}`,
    device: `Shown as read ${moment(readAtMs)}`,
    nowhere: "Nothing read yet",
  }[from]);
}
