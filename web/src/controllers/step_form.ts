// SPDX-License-Identifier: MIT
// Filling in one step: every input is checked as it is given and kept on this device at once. Nothing is
// judged here: `checkCompletion` is the only judge.

import type { Field, Submission } from "../field_types.js";
import type { Draft, Issue, OutboxRecord, PhotoSource, WorkflowStep, WorkflowWorkItem } from "../types.js";
import {
  answerOf, draftItem, isCameraOnly, notPossiblePlace, optionAsksText, placeKey, placeOfIssue, shownParts, wantsManyPhotos,
  type FormPart, type FormPlace, type ItemAnswer, type PhotoNote,
} from "./form_places.js";
import { photoQueue, type PhotoWork } from "./photo_queue.js";
import { held, type Watched } from "./watched.js";

export interface StepFormOptions {
  field: Pick<Field, "checkCompletion" | "preparePhoto" | "photos" | "drafts" | "outbox">;
  workflow: Submission["workflow"];
  step: WorkflowStep;
}

/** One item as it stands: what it asks now, what was given, what to say about it. */
export interface FormItem {
  item: WorkflowWorkItem;
  answer: ItemAnswer;
  parts: FormPart[];
  cameraOnly: boolean;
  wantsMany: boolean;
  /** The words are wanted because of the chosen option, not of the item. */
  textForOption: boolean;
  /** Photos on their way: chosen, being made small, being written. */
  working: readonly PhotoWork[];
  /** The last file that became no photo. */
  trouble: { name: string; issue: Issue } | null;
  /** What is wrong, as far as it is time to say so. */
  issues: Partial<Record<FormPart, Issue>>;
}

export interface StepFormState {
  phase: "loading" | "filling" | "sealing" | "sealed";
  /** There was something when the form was opened. */
  restored: boolean;
  kept: "untouched" | "keeping" | "kept" | "not_kept";
  keptIssue: Issue | null;
  items: FormItem[];
  /** `null`: the step is answered; else the reason why it cannot be done. */
  notPossible: string | null;
  notPossibleIssue: Issue | null;
  /** Required items that are answered, and all of them. */
  done: number;
  required: number;
  /** All that is wrong, once a submission was tried. */
  summary: { place: FormPlace; issue: Issue }[];
  /** Counts the submissions that were refused: each one calls for the focus. */
  refusals: number;
  /** The item that was worked on last, to open the form at. */
  at: string;
  record: OutboxRecord | null;
}

export interface StepForm extends Watched<StepFormState> {
  readonly step: WorkflowStep;
  setChoice(itemId: string, value: string): void;
  setText(itemId: string, text: string): void;
  /** The field was left: from now on its errors are shown while typing. */
  leave(place: FormPlace): void;
  /** The camera is about to open and may end the page: resolves when the draft is durable. */
  beforeCamera(itemId: string): Promise<void>;
  /** Adds camera files one after the other; each counts once it is on this device for good. */
  addPhotos(itemId: string, files: readonly (Blob & { name?: string })[], source: PhotoSource): Promise<void>;
  stopPhoto(workId: number): void;
  removePhoto(itemId: string, key: string): void;
  /** Moves a photo by one place; nothing happens at an end. */
  movePhoto(itemId: string, key: string, by: -1 | 1): void;
  photoBytes(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** `null` takes it back; the answers were kept all the time. */
  setNotPossible(reason: string | null): void;
  submit(): Promise<boolean>;
}

/** What a draft keeps besides the answers: where the person was, and which refused record it corrects. */
export type KeptDraft = Draft & { at?: string; revises?: string };

/** The object before, where nothing in it changed: a key stroke then draws one item anew and not all. */
const unlessSame = (before: FormItem | undefined, now: FormItem): FormItem =>
  before && JSON.stringify(before) === JSON.stringify(now) ? before : now;

/** Forms with something still on its way to the disk outlive their view: who comes back finds the same one. */
const living = new WeakMap<object, Map<string, StepForm>>();

export function stepForm(options: StepFormOptions): StepForm {
  const forms = living.get(options.field) ?? new Map<string, StepForm>();
  living.set(options.field, forms);
  const key = JSON.stringify([options.workflow.id, options.step.id]);
  const form = forms.get(key) ?? makeForm(options, () => void forms.delete(key));
  forms.set(key, form);
  return form;
}

function makeForm({ field, workflow, step }: StepFormOptions, ended: () => void): StepForm {
  const workItems = [...step.work_items].sort((a, b) => a.item_order - b.item_order);
  const answers = new Map<string, ItemAnswer>(workItems.map(({ id }) => [id, answerOf(undefined)]));
  const troubles = new Map<string, FormItem["trouble"]>();
  const visited = new Set<string>();
  const queue = photoQueue(field, update);
  let notPossible: string | null = null;
  let isTried = false;
  let isSeen = true;
  let at = "";
  let revises: string | undefined;

  const self = held<StepFormState>({
    phase: "loading", restored: false, kept: "untouched", keptIssue: null, items: [], notPossible: null, notPossibleIssue: null,
    done: 0, required: 0, summary: [], refusals: 0, at: "", record: null,
  });
  const answer = (itemId: string): ItemAnswer => answers.get(itemId) ?? answerOf(undefined);

  /** Everything that was given, also what "not possible" makes unneeded: this is what is kept. */
  function draft(): KeptDraft {
    return {
      ...(notPossible !== null && { step_not_possible: true, step_not_possible_details: notPossible }),
      items: workItems.map((item) => draftItem(item, answer(item.id))),
      at,
      ...(revises !== undefined && { revises }),
    };
  }

  /** What would be sent. */
  function submission(): Draft {
    const { items } = draft();
    return notPossible === null ? { step_not_possible: false, items }
      : { step_not_possible: true, step_not_possible_details: notPossible, items: [] };
  }

  function update(): void {
    const given = submission();
    const { issues } = field.checkCompletion(step, given);
    const placed = issues.map((issue) => ({ place: placeOfIssue(issue, given, workItems), issue }));
    const first = new Map<string, Issue>();
    for (const { place, issue } of placed) if (!first.has(placeKey(place))) first.set(placeKey(place), issue);
    const shown = (place: FormPlace) => (isTried || visited.has(placeKey(place)) ? first.get(placeKey(place)) : undefined);
    const isWrong = (itemId: string) => placed.some(({ place }) => place.itemId === itemId);
    const required = workItems.filter(({ optional }) => !optional);
    self.set({
      items: workItems.map((item, n) => unlessSame(self.state.items[n], formItem(item, (part) => shown({ itemId: item.id, part })))),
      notPossible,
      notPossibleIssue: shown(notPossiblePlace) ?? null,
      done: required.filter(({ id }) => !isWrong(id)).length,
      required: required.length,
      summary: isTried ? placed : [],
      at,
    });
  }

  function formItem(item: WorkflowWorkItem, issueAt: (part: FormPart) => Issue | undefined): FormItem {
    const given = answer(item.id);
    const parts = shownParts(item, given);
    const found = parts.map((part) => [part, issueAt(part)] as const).filter(([, issue]) => issue);
    return {
      item, answer: given, parts,
      cameraOnly: isCameraOnly(item, given.choice),
      wantsMany: wantsManyPhotos(item),
      textForOption: !item.requires_written_response && optionAsksText(item, given.choice),
      working: queue.of(item.id),
      trouble: troubles.get(item.id) ?? null,
      issues: Object.fromEntries(found) as FormItem["issues"],
    };
  }

  // One save at a time, and the newest state last: while one is under way, one more is enough for all
  // that came since.
  let saving: Promise<void> | undefined;
  let isSaveDue = false;
  function keep(): Promise<void> {
    isSaveDue = true;
    return (saving ??= keepWhileDue().finally(() => {
      saving = undefined;
      endUnseen();
    }));
  }
  async function keepWhileDue(): Promise<void> {
    while (isSaveDue && self.state.phase !== "sealed") {
      isSaveDue = false;
      if (self.state.kept !== "keeping") self.set({ kept: "keeping" });
      const outcome = await field.drafts.save(workflow.id, step.id, draft());
      self.set(outcome.ok ? { kept: "kept", keptIssue: null } : { kept: "not_kept", keptIssue: outcome.issue });
    }
  }

  function change(itemId: string, part: FormPart, given: Partial<ItemAnswer>): void {
    answers.set(itemId, { ...answer(itemId), ...given });
    at = itemId;
    // A photo or a choice is a finished answer, a letter is not: words are judged once the field was left.
    if (part !== "written_response") visited.add(placeKey({ itemId, part }));
    update();
    void keep();
  }

  async function addPhoto(itemId: string, file: Blob & { name?: string }, source: PhotoSource): Promise<void> {
    const item = workItems.find(({ id }) => id === itemId);
    if (!item) return;
    const made = await queue.make(item, file);
    if (made === "stopped") return update();
    if (!made.ok) {
      troubles.set(itemId, { name: file.name ?? "", issue: made.issue });
      return update();
    }
    const { photos } = answer(itemId);
    const replaced = wantsManyPhotos(item) ? [] : photos;
    const left = photos.filter((photo) => !replaced.includes(photo));
    change(itemId, "photo_uploads", { photos: [...left, { ...made.value, source }] });
    await forget(replaced);
  }

  /** The draft first: bytes without a draft waste room, a draft without its bytes loses work. */
  async function forget(photos: readonly PhotoNote[]): Promise<void> {
    await keep();
    for (const { key } of photos) await field.photos.remove(key).catch(() => {}); // room wasted, nothing lost
  }

  function endUnseen(): void {
    if (!isSeen && !saving && queue.isIdle()) ended();
  }

  async function load(): Promise<void> {
    const kept = (await field.drafts.get(workflow.id, step.id).catch(() => undefined)) as KeptDraft | undefined;
    for (const item of kept?.items ?? []) if (answers.has(item.item_id)) answers.set(item.item_id, answerOf(item));
    notPossible = kept?.step_not_possible ? (kept.step_not_possible_details ?? "") : null;
    at = kept?.at ?? "";
    revises = kept?.revises;
    self.set({ phase: "filling", restored: kept !== undefined });
    update();
  }
  void load();

  return {
    get state() {
      return self.state;
    },
    watch(look) {
      isSeen = true;
      return self.watch(look);
    },
    step,
    setChoice: (itemId, value) => change(itemId, "dropdown_value", { choice: value }),
    setText: (itemId, text) => change(itemId, "written_response", { text }),
    leave(place) {
      visited.add(placeKey(place));
      update();
    },
    beforeCamera(itemId) {
      at = itemId;
      update();
      return keep();
    },
    async addPhotos(itemId, files, source) {
      troubles.delete(itemId);
      await Promise.all(files.map((file) => addPhoto(itemId, file, source)));
      endUnseen();
    },
    stopPhoto: queue.stop,
    removePhoto(itemId, key) {
      const { photos } = answer(itemId);
      change(itemId, "photo_uploads", { photos: photos.filter((photo) => photo.key !== key) });
      void forget(photos.filter((photo) => photo.key === key));
    },
    movePhoto(itemId, key, by) {
      const photos = [...answer(itemId).photos];
      const from = photos.findIndex((photo) => photo.key === key);
      const [moved] = photos.splice(from, from < 0 ? 0 : 1);
      if (!moved || from + by < 0 || from + by > photos.length) return;
      photos.splice(from + by, 0, moved);
      change(itemId, "photo_uploads", { photos });
    },
    photoBytes: (key) => field.photos.get(key),
    setNotPossible(reason) {
      notPossible = reason;
      if (reason === null) visited.delete(placeKey(notPossiblePlace));
      update();
      void keep();
    },
    async submit() {
      if (self.state.phase !== "filling") return false;
      isTried = true;
      update();
      if (self.state.summary.length > 0) {
        self.set({ refusals: self.state.refusals + 1 });
        return false;
      }
      self.set({ phase: "sealing" });
      const given = submission();
      const outcome = await field.outbox.submit({ workflow, step, draft: given }, revises === undefined ? {} : { revises });
      if (!outcome.ok) {
        const summary = outcome.issues.map((issue) => ({ place: placeOfIssue(issue, given, workItems), issue }));
        self.set({ phase: "filling", summary, refusals: self.state.refusals + 1 });
        return false;
      }
      await saving;
      ended();
      self.set({ phase: "sealed", record: outcome.value });
      await field.drafts.remove(workflow.id, step.id).catch(() => {}); // the record is durable; an old draft harms nobody
      return true;
    },
    close() {
      self.close();
      isSeen = false;
      endUnseen();
    },
  };
}
