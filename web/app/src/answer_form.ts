// SPDX-License-Identifier: MIT
// The form of one step. Every input is checked as it is given and kept on this device at once; nothing is judged here:
// the package's `checkCompletion` is the only judge.
import { formatIssue, type Draft, type Field, type Issue, type Workflow, type WorkflowStep, type WorkflowWorkItem } from "sfluv-field";
import { en } from "sfluv-field/messages/en";

import { announce, h, setText } from "./dom.js";
import { photoList, type PhotoList, type PhotoNote } from "./photo_list.js";

/** One place where an answer is given and where its error is shown. */
interface Place {
  input: HTMLElement;
  error: HTMLElement;
  label: string;
}

interface ItemInputs {
  item: WorkflowWorkItem;
  photos?: PhotoList;
  text?: HTMLTextAreaElement;
  choice?: HTMLSelectElement;
}

const notPossibleKey = "/step_not_possible_details";

export function answerForm(
  field: Field, workflow: Workflow, step: WorkflowStep, kept: Draft | undefined, submitted: () => void,
): HTMLFormElement {
  const places = new Map<string, Place>();
  const visited = new Set<string>();
  let showAll = false;
  let listed = "";

  const summary = h("div", { class: "summary", tabindex: -1, hidden: true });
  const saved = h("p", { class: "quiet" }, kept ? "Restored what you had." : "Answers are kept on this device as you give them.");
  const items = [...step.work_items].sort((a, b) => a.item_order - b.item_order).map(itemInputs);
  const notPossible = step.allow_step_not_possible ? notPossibleInputs() : undefined;
  const submit = h("button", { type: "submit" }, "Submit this step");
  const photoWords = items.some(({ photos }) => photos) &&
    h("p", { class: "quiet" }, "Photos are made small on this device. Place and camera data are taken out.");
  const element = h("form", { novalidate: true, autocomplete: "off" },
    summary, photoWords, ...items.map(({ box }) => box), notPossible?.box, submit, saved);

  function errorPlace(key: string, input: HTMLElement, label: string): HTMLElement {
    const error = h("p", { class: "error", id: `error-${key}`, hidden: true });
    places.set(key, { input, error, label });
    input.addEventListener("blur", () => {
      visited.add(key);
      check();
    });
    return error;
  }

  function itemInputs(item: WorkflowWorkItem): ItemInputs & { box: HTMLElement } {
    const inputs: ItemInputs = { item };
    const before = kept?.items.find(answer => answer.item_id === item.id);
    const box = h("fieldset", { "data-item": item.id },
      h("legend", {}, item.title, item.optional && h("span", { class: "quiet" }, " (optional)")),
      item.description !== "" && h("p", { class: "quiet" }, item.description));
    const add = (key: string, input: HTMLElement, body: HTMLElement, label: string) => {
      const error = errorPlace(key, input, label);
      body.append(error);
      box.append(body);
    };

    const mayNeedText = item.requires_written_response || item.dropdown_options.some(option => option.requires_written_response) ||
      Object.values(item.dropdown_requires_written_response).some(Boolean);
    const mayNeedPhoto = item.requires_photo || item.dropdown_options.some(option => option.requires_photo_attachment);

    if (item.requires_dropdown || item.dropdown_options.length > 0) {
      const key = `${item.id}/dropdown_value`;
      inputs.choice = h("select", { id: `choice-${item.id}`, "aria-describedby": `error-${key}`, oninput: () => changed(key) },
        h("option", { value: "" }, "Choose one…"),
        ...item.dropdown_options.map(option => h("option", { value: option.value }, option.label)));
      inputs.choice.value = before?.dropdown_value ?? "";
      add(key, inputs.choice, h("div", { class: "field" }, h("label", {}, "Answer", inputs.choice)), item.title);
    }
    if (mayNeedPhoto) {
      const key = `${item.id}/photo_uploads`;
      inputs.photos = photoList(field, item, (before?.photo_uploads ?? []) as PhotoNote[], `hint-${item.id} error-${key}`, () => changed(key));
      inputs.photos.element.prepend(h("p", { class: "quiet", id: `hint-${item.id}` }, photoHint(item)));
      add(key, inputs.photos.input, inputs.photos.element, item.title);
    }
    if (mayNeedText || (!inputs.choice && !inputs.photos)) {
      const key = `${item.id}/written_response`;
      const asked = item.requires_written_response ? "In your words" : remarksLabel(item);
      inputs.text = h("textarea", { id: `text-${item.id}`, rows: 3, dir: "auto", "aria-describedby": `error-${key}`, oninput: () => changed(key) });
      inputs.text.value = before?.written_response ?? "";
      add(key, inputs.text, h("div", { class: "field" }, h("label", {}, asked, inputs.text)), item.title);
    }
    return { ...inputs, box };
  }

  function notPossibleInputs() {
    const check_ = h("input", { type: "checkbox", id: "not-possible", oninput: () => changed() });
    const details = h("textarea", { id: "not-possible-details", rows: 3, dir: "auto", "aria-describedby": `error-${notPossibleKey}`, oninput: () => changed(notPossibleKey) });
    check_.checked = kept?.step_not_possible ?? false;
    details.value = kept?.step_not_possible_details ?? "";
    const why = h("div", { class: "field" }, h("label", {}, "What made it impossible?", details),
      errorPlace(notPossibleKey, details, "What made it impossible"),
      h("p", { class: "quiet" }, "Nobody is paid for this workflow then. Your other answers stay here, but are not sent."));
    const box = h("fieldset", {}, h("legend", { class: "visually-hidden" }, "If it cannot be done"),
      h("label", { class: "check" }, check_, "This step could not be done"), why);
    return { box, check: check_, details, why };
  }

  /** Everything that was given, also what a tick makes unneeded: this is what is kept. */
  function draft(): Draft {
    return {
      ...(notPossible && { step_not_possible: notPossible.check.checked, step_not_possible_details: notPossible.details.value }),
      items: items.map(({ item, photos, text, choice }) => ({
        item_id: item.id,
        ...(photos && { photo_uploads: photos.photos() }),
        ...(text && { written_response: text.value }),
        ...(choice && { dropdown_value: choice.value }),
      })),
    };
  }

  /** What would be sent. */
  function answers(): Draft {
    const given = draft();
    return given.step_not_possible ? { ...given, items: [] } : { step_not_possible: false, items: given.items };
  }

  function check(): Issue[] {
    const { issues } = field.checkCompletion(step, answers());
    const wrong = new Map<string, string>();
    for (const issue of issues) {
      const key = placeOf(issue);
      if (!wrong.has(key)) wrong.set(key, formatIssue(issue, en));
    }
    for (const [key, { input, error }] of places) {
      const sentence = showAll || visited.has(key) ? (wrong.get(key) ?? "") : "";
      setText(error, sentence);
      error.hidden = sentence === "";
      if (sentence) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    if (showAll) listIssues(issues);
    return issues;
  }

  function placeOf(issue: Issue): string {
    if (issue.path.startsWith("/step_not_possible")) return notPossibleKey;
    const itemId = issue.params.item_id;
    const member = /^\/items\/\d+\/(photo_uploads|written_response|dropdown_value)/.exec(issue.path)?.[1];
    if (itemId !== undefined && member && places.has(`${itemId}/${member}`)) return `${itemId}/${member}`;
    return [...places.keys()].find(key => key.startsWith(`${itemId}/`)) ?? "";
  }

  function showNotPossible(): void {
    if (!notPossible) return;
    notPossible.why.hidden = !notPossible.check.checked;
    for (const { box } of items) box.hidden = notPossible.check.checked;
  }

  // One save at a time, and the newest state last: while one is under way, one more is enough for all that came since.
  let saving: Promise<void> | undefined;
  let again = false;
  async function keep(): Promise<void> {
    do {
      again = false;
      const outcome = await field.drafts.save(workflow.id, step.id, draft());
      setText(saved, outcome.ok ? "Kept on this device as you type." : `Not kept: ${formatIssue(outcome.issue, en)} Keep this page open.`);
      saved.classList.toggle("error", !outcome.ok);
    } while (again);
    saving = undefined;
  }

  function changed(key?: string): void {
    if (saving) again = true;
    else saving = keep();
    showNotPossible();
    // A photo is a finished answer, a letter is not: text is judged when the field is left, or once it was judged.
    if (key?.endsWith("/photo_uploads") || key?.endsWith("/dropdown_value")) visited.add(key);
    check();
  }

  /** What is still wrong, kept true while typing; empty, it goes away. */
  function listIssues(issues: Issue[]): void {
    // Made anew only when it differs: a click that begins on a line must end on the same line.
    const now = JSON.stringify(issues);
    if (now === listed) return;
    listed = now;
    const lines = issues.map(issue => {
      const key = placeOf(issue);
      const place = places.get(key);
      const sentence = formatIssue(issue, en);
      if (!place) return h("li", {}, sentence);
      const jump = (event: Event) => {
        event.preventDefault();
        place.input.focus();
        place.input.closest("fieldset")?.scrollIntoView({ block: "start" });
      };
      return h("li", {}, h("a", { href: `#${place.input.id}`, onclick: jump }, `${place.label}: ${sentence}`));
    });
    const title = issues.length === 1 ? "One thing is missing or wrong" : `${issues.length} things are missing or wrong`;
    summary.replaceChildren(h("h3", {}, title), h("ul", {}, ...lines));
    summary.hidden = issues.length === 0;
  }

  /** Said to everybody: by its place, and by the focus to who reads by ear. */
  function showSummary(issues: Issue[]): void {
    listIssues(issues);
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  }

  element.addEventListener("submit", event => {
    event.preventDefault();
    if (submit.ariaDisabled === "true") return;
    showAll = true;
    const issues = check();
    if (issues.length > 0) return showSummary(issues);
    submit.ariaDisabled = "true";
    setText(submit, "Saving on this device…");
    void field.outbox.submit({ workflow, step, draft: answers() }).then(async outcome => {
      if (outcome.ok) {
        await saving;
        await field.drafts.remove(workflow.id, step.id);
        announce("Saved on this device, not sent yet.");
        return submitted();
      }
      submit.ariaDisabled = "false";
      setText(submit, "Submit this step");
      showSummary(outcome.issues);
    });
  });

  showNotPossible();
  return element;
}

function remarksLabel({ dropdown_options: options, dropdown_requires_written_response: map }: WorkflowWorkItem): string {
  const asking = options.filter(option => option.requires_written_response || map[option.value]).map(({ label }) => `“${label}”`);
  return asking.length > 0 ? `Remarks (needed for ${new Intl.ListFormat(undefined, { type: "disjunction" }).format(asking)})` : "Remarks";
}

function photoHint(item: WorkflowWorkItem): string {
  const shape = { vertical: "upright (3:4)", square: "square (1:1)", horizontal: "wide (4:3)" }[item.photo_aspect_ratio] ?? "";
  const count = !item.requires_photo ? "A photo for some answers"
    : item.photo_allow_any_count ? (item.optional ? "Any number of photos" : "At least one photo")
    : item.photo_required_count > 1 ? `${item.photo_required_count} photos` : "One photo";
  return `${count}${shape && `, cut to ${shape}`}.`;
}
