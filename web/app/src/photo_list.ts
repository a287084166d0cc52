// SPDX-License-Identifier: MIT
// The photos of one work item: camera files in, each made small and kept on this device before it counts.
import { formatIssue, type DraftPhoto, type Field, type Issue, type PhotoInfo, type WorkflowWorkItem } from "sfluv-field";
import { en } from "sfluv-field/messages/en";

import { announce, h, setText } from "./dom.js";
import { pixels, size } from "./figures.js";

/** What the draft remembers of a photo besides what the package asks for: its sizes before and after. */
export interface PhotoNote extends DraftPhoto {
  width_px?: number;
  height_px?: number;
  before?: PhotoInfo;
  ms?: number;
}

export interface PhotoList {
  element: HTMLElement;
  input: HTMLInputElement;
  photos(): PhotoNote[];
}

/** HEIC is left out on purpose: an iPhone then hands over a JPEG by itself. */
const accepted = "image/jpeg,image/png,image/webp";

export function photoList(
  field: Field, item: WorkflowWorkItem, kept: PhotoNote[], describedBy: string, changed: () => void,
): PhotoList {
  const photos = [...kept];
  const wantsMany = item.photo_allow_any_count || item.photo_required_count > 1;
  const input = h("input", {
    type: "file", id: `photo-${item.id}`, accept: accepted, "aria-describedby": describedBy,
    // A camera photo only, where the item asks for it; else the phone offers its gallery as well.
    capture: item.camera_capture_only && "environment", multiple: wantsMany && !item.camera_capture_only,
  });
  const words = h("span", {}, wording());
  const picker = h("label", { class: "button plain file" }, words, input);
  const trouble = h("p", { class: "error photo-trouble", role: "alert", hidden: true });
  const list = h("ul", { class: "photos" });
  const element = h("div", { class: "field" }, list, trouble, picker);

  function wording(): string {
    if (photos.length === 0) return item.camera_capture_only ? "Take a photo" : "Take or choose a photo";
    return wantsMany ? "Add another photo" : "Use another photo";
  }

  async function row(photo: PhotoNote): Promise<HTMLElement> {
    const picture = h("img", { alt: `Photo for ${item.title}`, width: 72, height: 72 });
    const bytes = await field.photos.get(photo.key);
    if (bytes) {
      picture.src = URL.createObjectURL(new Blob([bytes], { type: photo.content_type }));
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    }
    const now = [size(photo.size_bytes), photo.width_px && photo.height_px ? pixels(photo.width_px, photo.height_px) : ""];
    const was = photo.before;
    const self = h("li", { "data-sha256": photo.sha256, "data-note": JSON.stringify(photo) }, picture,
      h("div", {},
        h("p", {}, h("strong", {}, now.filter(Boolean).join(", "))),
        h("p", { class: "quiet" }, was ? `was ${size(was.size_bytes)}, ${pixels(was.width_px, was.height_px)}` : "kept on this device")),
      h("button", { type: "button", class: "plain", "aria-label": `Remove this photo of ${item.title}`, onclick: () => remove(photo, self) }, "Remove"));
    return self;
  }

  function remove(photo: PhotoNote, itsRow: HTMLElement): void {
    photos.splice(photos.indexOf(photo), 1);
    itsRow.remove();
    dropped(photo);
    input.focus();
  }

  function dropped(photo?: PhotoNote): void {
    setText(words, wording());
    // The draft first: bytes without a draft waste room, a draft without its bytes loses work.
    changed();
    if (photo && !photos.some(other => other.key === photo.key)) void field.photos.remove(photo.key);
  }

  async function add(file: File): Promise<void> {
    const waiting = h("li", {}, h("span", { class: "blank" }), h("p", {}, `Making it small… (${size(file.size)})`));
    list.append(waiting);
    const outcome = await prepareAndSave(field, file, item);
    if (!outcome.ok) {
      waiting.remove();
      trouble.hidden = false;
      trouble.dataset.code = outcome.issue.code;
      setText(trouble, `${file.name}: ${formatIssue(outcome.issue, en)}`);
      return;
    }
    const [replaced] = wantsMany ? [] : photos.splice(0, 1);
    if (replaced) list.firstElementChild?.remove();
    photos.push(outcome.value);
    waiting.replaceWith(await row(outcome.value));
    dropped(replaced);
    announce(`Photo for ${item.title} kept on this device, ${size(outcome.value.size_bytes)}.`);
  }

  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // Emptied, so that the same file can be chosen again after it was refused. A cancelled camera gives no event.
    input.value = "";
    trouble.hidden = true;
    picker.classList.add("busy");
    void (async () => {
      for (const file of files) await add(file);
      picker.classList.remove("busy");
    })();
  });
  void Promise.all(photos.map(row)).then(rows => list.prepend(...rows));
  return { element, input, photos: () => [...photos] };
}

/** The photo module could not be fetched: offline before the page was kept for it. */
const notLoaded = (): { ok: false; issue: Issue } => ({ ok: false, issue: { code: "photo_worker_crashed", path: "", params: {} } });

async function prepareAndSave(
  field: Field, file: File, item: WorkflowWorkItem,
): Promise<{ ok: true; value: PhotoNote } | { ok: false; issue: Issue }> {
  const prepared = await field.preparePhoto(file, item).catch(notLoaded);
  if (!prepared.ok) return prepared;
  const saved = await field.photos.save(prepared.value);
  if (!saved.ok) return saved;
  return { ok: true, value: { ...saved.value, before: prepared.value.before, ms: prepared.value.ms } };
}
