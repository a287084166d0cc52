// SPDX-License-Identifier: MIT
// Which answers a work item has room for, and at which of them an issue is to be shown.

import type { Draft, DraftItem, DraftPhoto, Issue, PhotoInfo, WorkflowWorkItem } from "../types.js";

/** What a draft remembers of a photo besides what is sealed: its sizes before and after. */
export interface PhotoNote extends DraftPhoto {
  width_px?: number;
  height_px?: number;
  before?: PhotoInfo;
  ms?: number;
}

/** One place where an answer is given and its error is shown. */
export type FormPart = "dropdown_value" | "photo_uploads" | "written_response";
export interface FormPlace {
  /** `""`: the reason why the step cannot be done. */
  itemId: string;
  part: FormPart | "not_possible";
}

export const notPossiblePlace: FormPlace = { itemId: "", part: "not_possible" };
export const placeKey = ({ itemId, part }: FormPlace): string => `${itemId}/${part}`;

export interface ItemAnswer {
  choice: string;
  text: string;
  photos: PhotoNote[];
}

export const hasChoice = (item: WorkflowWorkItem): boolean => item.requires_dropdown || item.dropdown_options.length > 0;

/** Does choosing this value ask for words? Both ways in which the documents say it count. */
export function optionAsksText(item: WorkflowWorkItem, value: string): boolean {
  return item.dropdown_options.some((option) => option.value === value && option.requires_written_response)
    || (Object.hasOwn(item.dropdown_requires_written_response, value) && item.dropdown_requires_written_response[value] === true);
}

export const optionAsksPhoto = (item: WorkflowWorkItem, value: string): boolean =>
  item.dropdown_options.some((option) => option.value === value && option.requires_photo_attachment === true);

/** What is asked now; what was given before stays in sight, or nobody could take it away. */
export function shownParts(item: WorkflowWorkItem, answer: ItemAnswer): FormPart[] {
  const parts: FormPart[] = [];
  if (hasChoice(item)) parts.push("dropdown_value");
  if (item.requires_photo || optionAsksPhoto(item, answer.choice) || answer.photos.length > 0) parts.push("photo_uploads");
  const isAllThereIs = !hasChoice(item) && !item.requires_photo;
  if (item.requires_written_response || optionAsksText(item, answer.choice) || answer.text !== "" || isAllThereIs) {
    parts.push("written_response");
  }
  return parts;
}

/** May the photo only come from a camera? An option of the live system may ask so too. */
export function isCameraOnly(item: WorkflowWorkItem, choice: string): boolean {
  return item.requires_photo ? item.camera_capture_only
    : item.dropdown_options.some((option) => option.value === choice && option.camera_capture_only === true);
}

export const wantsManyPhotos = (item: WorkflowWorkItem): boolean =>
  !item.requires_photo || item.photo_allow_any_count || item.photo_required_count > 1;

export function answerOf(kept: DraftItem | undefined): ItemAnswer {
  return {
    choice: kept?.dropdown_value ?? "",
    text: kept?.written_response ?? "",
    photos: (kept?.photo_uploads ?? []) as PhotoNote[],
  };
}

/** Everything that was given, as a draft keeps it. */
export function draftItem(item: WorkflowWorkItem, { choice, text, photos }: ItemAnswer): DraftItem {
  return {
    item_id: item.id,
    ...(choice !== "" && { dropdown_value: choice }),
    ...(text !== "" && { written_response: text }),
    ...(photos.length > 0 && { photo_uploads: photos }),
  };
}

/** Where the issue belongs; the first place of its item when it names none. */
export function placeOfIssue(issue: Issue, draft: Draft, items: readonly WorkflowWorkItem[]): FormPlace {
  if (issue.path.startsWith("/step_not_possible")) return notPossiblePlace;
  const [, index, part] = /^\/items\/(\d+)(?:\/(photo_uploads|written_response|dropdown_value))?/.exec(issue.path) ?? [];
  const named = issue.params["item_id"];
  const itemId = typeof named === "string" ? named : index === undefined ? undefined : draft.items[Number(index)]?.item_id;
  const item = items.find(({ id }) => id === itemId) ?? items[0];
  if (!item) return notPossiblePlace;
  const answer = answerOf(draft.items.find(({ item_id }) => item_id === item.id));
  return { itemId: item.id, part: (part as FormPart | undefined) ?? shownParts(item, answer)[0] ?? "written_response" };
}
