// SPDX-License-Identifier: MIT
import { createField, formatIssue, SfluvLoadError, type WorkflowOutcome } from "sfluv-field";
import { en } from "sfluv-field/messages/en";

import { find, h, setText } from "./dom.js";
import { showContact, showQueue } from "./queue_view.js";
import { isComplete, keepSession, readSession, withAccount, type Session } from "./session.js";
import { stepView } from "./step_view.js";
import { keepForOffline } from "./updates.js";

const trouble = find("#trouble");
const connection = find<HTMLDetailsElement>("#connection");

function showTrouble(sentence: string, retry?: () => void): void {
  trouble.replaceChildren(
    h("span", {}, sentence), ...(retry ? [h("button", { type: "button", class: "plain", onclick: retry }, "Try again")] : []));
  trouble.hidden = sentence === "";
}

/** Opens the workflow of this session; the answer closes it again. */
async function open(session: Session): Promise<() => Promise<void>> {
  const closing = new AbortController();
  const signedIn = () => session.token !== "";
  const field = await createField({
    apiBase: session.apiBase,
    account: session.account,
    token: () => session.token,
    // Nobody to send as: the queue is shown and waits.
    autoStart: signedIn(),
  });
  const cannotKeep = field.storageIssue ? `This browser cannot keep your work: ${formatIssue(field.storageIssue, en)}` : "";
  showTrouble(cannotKeep);

  const view = stepView(field, arrived);
  async function arrived(outcome: WorkflowOutcome): Promise<void> {
    if (closing.signal.aborted) return;
    if (!outcome.ok) return showTrouble(formatIssue(outcome.issue, en), () => void load());
    showContact(outcome.from, outcome.readAtMs);
    showTrouble(cannotKeep);
    await view.show(outcome.value);
  }
  async function load(): Promise<void> {
    // The copy on this device first: it is there at once, and may be all there is.
    const saved = await field.workflows.saved(session.workflowId);
    if (saved?.ok) await arrived(saved);
    const { signal } = closing;
    const read = await field.workflows.get(session.workflowId, { signal }).catch(error => {
      if (!signal.aborted) throw error;
    });
    if (read) await arrived(read);
  }

  showContact("nowhere");
  showQueue(field, signedIn, () => void load(), closing.signal);
  field.outbox.addEventListener("change", () => void view.refresh(), { signal: closing.signal });
  const backInView = () => document.visibilityState === "visible" && void load();
  document.addEventListener("visibilitychange", backInView, { signal: closing.signal });
  addEventListener("online", () => void load(), { signal: closing.signal });
  void load();
  return () => {
    closing.abort();
    return field.close();
  };
}

function showConnection(session: Session): void {
  const form = find<HTMLFormElement>("form", connection);
  const fields = { api: session.apiBase, workflow: session.workflowId, token: session.token };
  for (const [name, value] of Object.entries(fields)) find<HTMLInputElement>(`[name=${name}]`, form).value = value;
  const state = !isComplete(session) ? "not set up" : session.token ? `signed in as ${session.account}` : "signed out";
  setText(find("#connection-now"), state);
  connection.open = !isComplete(session) || !session.token;
}

let close: (() => Promise<void>) | undefined;

async function use(session: Session): Promise<void> {
  keepSession(session);
  showConnection(session);
  await close?.();
  close = undefined;
  if (!isComplete(session)) return;
  try {
    close = await open(session);
  } catch (error) {
    const old = error instanceof SfluvLoadError;
    showTrouble(old ? "This page could not load its checking program. Reload it, or use a newer browser." : "Something went wrong on this page.", () => location.reload());
    throw error;
  }
}

find("form", connection).addEventListener("submit", event => {
  event.preventDefault();
  const given = new FormData(event.target as HTMLFormElement);
  const text = (name: string) => String(given.get(name) ?? "");
  const session = withAccount({ apiBase: text("api"), workflowId: text("workflow"), token: text("token").trim(), account: readSession().account });
  if (!isComplete(session)) return showTrouble("Please give the address, the workflow and a sign-in token.");
  showTrouble("");
  void use(session);
});

keepForOffline();
await use(readSession());
