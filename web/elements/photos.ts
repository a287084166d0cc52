// SPDX-License-Identifier: MIT
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { FormItem, PhotoNote, PhotoWork, StepForm } from "sfluv-field/controllers";
import type { PhotoAspectRatio, PhotoSource } from "sfluv-field";

import "./camera.js";
import { hasCaptureInput, hasPageCamera } from "./camera.js";
import { define, SfluvElement } from "./element.js";
import { backwardIcon, cameraIcon, forwardIcon, plusIcon, removeIcon, turnIcon } from "./icons.js";
import { placeId } from "./places.js";
import { tokens, base, controls, shapes } from "./theme.js";

/** HEIC is left out on purpose: an iPhone then hands over a JPEG by itself. */
const accepted = "image/jpeg,image/png,image/webp";

/** A slow disk must not cost the tap: browsers open a picker only shortly after one. */
const draftMsMax = 400;

/**
 * `<sfluv-photos>`: the photos of one work item. The camera app first (full sensor, real JPEG); where a browser has
 * none, the camera in the page; files where the item allows them, or where there is no camera at all.
 */
export class PhotosElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    form: { attribute: false },
    item: { attribute: false },
    hasCamera: { state: true },
  };
  static override styles = [tokens, base, controls, shapes, css`
    .photos {
      display: grid;
      gap: 16px;
    }
    .photo {
      display: grid;
      grid-template-columns: 104px minmax(0, 1fr);
      gap: 4px 16px;
      align-items: start;
    }
    .picture {
      display: grid;
      place-items: center;
      width: 104px;
      overflow: hidden;
      border-radius: 12px;
      background: var(--hair);
      color: var(--soft);
    }
    img {
      width: 100%;
      height: 100%;
      object-fit: cover;
    }
    .facts {
      font-size: 1rem;
      line-height: 1.35;
    }
    .facts strong {
      font-size: 1.125rem;
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin-top: 8px;
    }
    .tools button {
      flex: none;
      min-height: 48px;
      width: 48px;
      padding: 0;
    }
    .tools svg {
      width: 1.25em;
      height: 1.25em;
    }
    .add {
      display: flex;
      align-items: center;
      gap: 16px;
      min-height: 84px;
      padding: 14px 18px;
      border: 2px dashed var(--line);
      border-radius: calc(var(--radius) * 0.75);
      background: var(--paper);
      color: var(--ink);
      font-weight: 650;
      text-align: start;
      cursor: pointer;
    }
    button.add {
      width: 100%;
      justify-content: start;
    }
    .first.add {
      min-height: 132px;
    }
    /* What will be left of the picture, at a glance. */
    .frame {
      display: grid;
      place-items: center;
      flex: none;
      width: 56px;
      border: 2px solid currentColor;
      border-radius: 8px;
    }
    .first .frame {
      width: 84px;
    }
    .first .frame.vertical {
      width: 66px;
    }
    .add .quiet {
      display: block;
      font-weight: 400;
    }
    .add[data-invalid] {
      border-color: var(--accent-text);
    }
  `];

  declare form: StepForm | undefined;
  declare item: FormItem | undefined;
  /** Is there a camera that this page could open? Unknown until the browser was asked. */
  declare protected hasCamera: boolean | undefined;
  #pictures = new Map<string, string>();
  #focusAfter: (() => HTMLElement | null | undefined) | undefined;
  #isArmed = false;

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>(".add input, button.add")?.focus(options);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!hasCaptureInput()) void hasPageCamera().then((has) => (this.hasCamera = has));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const address of this.#pictures.values()) URL.revokeObjectURL(address);
    this.#pictures.clear();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const photos = this.item?.answer.photos ?? [];
    for (const photo of photos) if (!this.#pictures.has(photo.key)) void this.#load(photo);
    for (const [key, address] of this.#pictures) {
      if (photos.some((photo) => photo.key === key)) continue;
      URL.revokeObjectURL(address);
      this.#pictures.delete(key);
    }
  }

  protected override updated(): void {
    this.#focusAfter?.()?.focus();
    this.#focusAfter = undefined;
  }

  async #load({ key, content_type }: PhotoNote): Promise<void> {
    this.#pictures.set(key, "");
    const bytes = await this.form?.photoBytes(key);
    if (bytes && this.isConnected && this.#pictures.has(key)) {
      this.#pictures.set(key, URL.createObjectURL(new Blob([bytes], { type: content_type })));
    }
    if (!bytes) this.#pictures.set(key, "missing");
    this.requestUpdate();
  }

  async #add(files: readonly File[], source: PhotoSource): Promise<void> {
    const { form, item } = this;
    if (!form || !item || files.length === 0) return;
    const before = item.answer.photos.map(({ key }) => key);
    await form.addPhotos(item.item.id, files, source);
    const added = form.state.items.find((one) => one.item.id === item.item.id)?.answer.photos.filter(({ key }) => !before.includes(key));
    for (const photo of added ?? []) {
      this.announce(this.say(this.words.photos.added, { item: item.item.title, size: this.figures.size(photo.size_bytes) }));
    }
  }

  #chosen(event: Event, source: PhotoSource): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file may be chosen again after it was refused; a cancelled camera gives no event
    void this.#add(files, source);
  }

  /** The phone may end this page behind its camera: what was typed must be on the disk before it opens. */
  #opening(event: Event): void {
    const { form, item } = this;
    if (!form || !item || this.#isArmed) return void (this.#isArmed = false);
    if (form.state.kept === "kept" && form.state.at === item.item.id) return;
    event.preventDefault();
    const input = event.target as HTMLInputElement;
    const late = new Promise((done) => setTimeout(done, draftMsMax));
    void Promise.race([form.beforeCamera(item.item.id), late]).then(() => {
      this.#isArmed = true;
      input.click();
    });
  }

  #move(photo: PhotoNote, by: -1 | 1): void {
    const { form, item } = this;
    if (!form || !item) return;
    form.movePhoto(item.item.id, photo.key, by);
    const row = () => this.renderRoot.querySelector(`[data-key="${photo.key}"]`);
    this.#focusAfter = () => row()?.querySelector<HTMLElement>(`[data-by="${by}"]:not([disabled])`) ?? row()?.querySelector<HTMLElement>("[data-by]:not([disabled])");
    const n = item.answer.photos.findIndex(({ key }) => key === photo.key) + by + 1;
    this.announce(this.say(this.words.photos.moved, { n }));
  }

  #remove(photo: PhotoNote): void {
    this.form?.removePhoto(this.item!.item.id, photo.key);
    this.#focusAfter = () => this.renderRoot.querySelector<HTMLElement>(".add input, button.add");
    this.announce(this.words.photos.removed);
  }

  protected override render() {
    const { item } = this;
    if (!item) return nothing;
    const { answer, working, trouble } = item;
    const id = placeId({ itemId: item.item.id, part: "photo_uploads" });
    const issue = item.issues.photo_uploads;
    return html`<div class="stack">
      ${answer.photos.length + working.length > 0
        ? html`<ul class="photos" aria-label=${this.say(this.words.photos.list, { item: item.item.title })}>
            ${repeat(answer.photos, ({ key }) => key, (photo, n) => this.#photo(photo, n + 1))}
            ${repeat(working, (work) => work.id, (work) => this.#work(work))}
          </ul>` : nothing}
      <p class="error photo-trouble" role="alert" ?hidden=${!trouble} data-code=${trouble?.issue.code ?? nothing}>
        <span>${trouble ? this.say(this.words.photos.refused, { name: trouble.name, sentence: this.sentence(trouble.issue) }) : ""}</span></p>
      ${this.#adders(item, id)}
      <p class="error" id="${id}-error" ?hidden=${!issue} data-code=${issue?.code ?? nothing}><span>${issue ? this.sentence(issue) : ""}</span></p>
    </div>`;
  }

  #photo(photo: PhotoNote, n: number): TemplateResult {
    const { item, answer } = this.item!;
    const { photos } = this.words;
    const address = this.#pictures.get(photo.key) ?? "";
    const { figures } = this;
    const pixels = photo.width_px && photo.height_px ? figures.pixels(photo.width_px, photo.height_px) : "";
    const was = photo.before ? this.say(photos.was, { size: figures.size(photo.before.size_bytes), pixels: figures.pixels(photo.before.width_px, photo.before.height_px) }) : "";
    const tool = (label: string, icon: TemplateResult, act: () => void, by?: number, isOff = false) => html`
      <button type="button" class="plain" aria-label=${this.say(label, { n, item: item.title })} data-by=${by ?? nothing} ?disabled=${isOff} @click=${act}>${icon}</button>`;
    return html`<li class="photo" part="photo" data-key=${photo.key} data-sha256=${photo.sha256} data-note=${JSON.stringify(photo)}>
      <div class="picture ${item.photo_aspect_ratio}">
        ${address && address !== "missing" ? html`<img src=${address} alt=${this.say(photos.alt, { n, item: item.title })} />` : nothing}
      </div>
      <div>
        <p class="facts"><strong>${figures.size(photo.size_bytes)}</strong>${pixels ? html` · ${pixels}` : nothing}</p>
        <p class="facts quiet">${was}</p>
        ${photo.source ? html`<p class="facts quiet">${photos[`from_${photo.source}`]}</p>` : nothing}
        ${address === "missing" ? html`<p class="error"><span>${photos.missing}</span></p>` : nothing}
        <div class="tools">
          ${answer.photos.length > 1 ? html`${tool(photos.earlier, forwardIcon, () => this.#move(photo, -1), -1, n === 1)}${tool(photos.later, backwardIcon, () => this.#move(photo, 1), 1, n === answer.photos.length)}` : nothing}
          ${tool(photos.remove, removeIcon, () => this.#remove(photo))}
        </div>
      </div>
    </li>`;
  }

  #work({ id, sizeBytes, stage }: PhotoWork): TemplateResult {
    const { photos } = this.words;
    return html`<li class="photo" data-stage=${stage}>
      <div class="picture ${this.item!.item.photo_aspect_ratio}">${turnIcon}</div>
      <div class="stack close">
        <p class="facts">${this.say(photos[stage], { size: this.figures.size(sizeBytes) })}</p>
        <progress aria-label=${this.say(photos[stage], { size: this.figures.size(sizeBytes) })} max="3" .value=${{ waiting: 0, shrinking: 1, saving: 2 }[stage]}></progress>
        <div><button type="button" class="plain small" @click=${() => this.form?.stopPhoto(id)}>${photos.stop}</button></div>
      </div>
    </li>`;
  }

  /** The ways to a photo that this browser has and the item allows, the best first. */
  #adders(form: FormItem, id: string): TemplateResult {
    const { photos } = this.words;
    const usesPageCamera = !hasCaptureInput() && this.hasCamera === true;
    const isStuck = form.cameraOnly && !hasCaptureInput() && this.hasCamera === false;
    const label = this.#addLabel(form);
    const shape = { vertical: photos.shape_vertical, square: photos.shape_square, horizontal: photos.shape_horizontal }[form.item.photo_aspect_ratio as PhotoAspectRatio] ?? "";
    const need = !form.item.requires_photo ? photos.need_any
      : form.item.photo_allow_any_count ? (form.item.optional ? photos.need_free : photos.need_any)
      : this.say(photos.need_exact, { count: Math.max(1, form.item.photo_required_count) });
    const hint = [need, shape, form.cameraOnly && !isStuck ? photos.camera_only : ""].filter(Boolean).join(" ");
    const isFirst = form.answer.photos.length + form.working.length === 0;
    const classes = `add file ${isFirst ? "first" : ""}`;
    const inside = html`<span class="frame ${form.item.photo_aspect_ratio}">${isFirst ? cameraIcon : plusIcon}</span>
      <span><span class="name">${label}</span><span class="quiet" id="${id}-hint">${hint}</span></span>`;
    // Not yet known is known in a moment; until then it is the camera's door, not a file's.
    const isAsked = !hasCaptureInput() && this.hasCamera === undefined;
    if (form.cameraOnly && (usesPageCamera || isAsked)) {
      return html`<button type="button" id=${id} class=${classes} part="photo-add" aria-describedby="${id}-error" aria-disabled=${isAsked}
        @click=${() => void this.#openCamera()}>${inside}</button>
        ${this.#camera()}`;
    }
    const source: PhotoSource = form.cameraOnly && !isStuck ? "camera_app" : "files";
    return html`${isStuck && isFirst ? html`<p class="quiet">${photos.no_camera}</p>` : nothing}
      <label class=${classes} part="photo-add" ?data-invalid=${Boolean(form.issues.photo_uploads)}>${inside}
      <input type="file" id=${id} accept=${accepted} capture=${form.cameraOnly ? "environment" : nothing} ?multiple=${form.wantsMany && !form.cameraOnly}
        aria-label="${label}, ${form.item.title}" aria-invalid=${Boolean(form.issues.photo_uploads)} aria-describedby="${id}-hint ${id}-error"
        @click=${(event: Event) => this.#opening(event)} @change=${(event: Event) => this.#chosen(event, source)} /></label>
      ${usesPageCamera ? html`<button type="button" class="plain" @click=${() => void this.#openCamera()}>${cameraIcon} ${photos.take}</button>${this.#camera()}` : nothing}`;
  }

  #addLabel({ answer, cameraOnly, wantsMany }: FormItem): string {
    const { photos } = this.words;
    if (answer.photos.length > 0) return wantsMany ? photos.another : photos.replace;
    return cameraOnly ? photos.take : photos.choose;
  }

  #camera(): TemplateResult {
    return html`<sfluv-camera .messages=${this.messages} .aspect=${this.item!.item.photo_aspect_ratio}
      @sfluv-photo=${(event: CustomEvent<{ file: File; source: PhotoSource }>) => void this.#add([event.detail.file], event.detail.source)}></sfluv-camera>`;
  }

  async #openCamera(): Promise<void> {
    if (!this.hasCamera) return;
    await this.form?.beforeCamera(this.item!.item.id);
    await this.renderRoot.querySelector("sfluv-camera")?.open();
  }
}

define("sfluv-photos", PhotosElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-photos": PhotosElement;
  }
}
