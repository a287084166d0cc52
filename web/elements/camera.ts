// SPDX-License-Identifier: MIT
import { css, html, nothing } from "lit";
import type { PhotoSource } from "sfluv-field";

import { define, SfluvElement } from "./element.js";
import { cameraIcon, turnIcon } from "./icons.js";
import { tokens, base, controls, shapes } from "./theme.js";

/** Does `<input capture>` open the camera app? Browsers have the property where they honour it: on phones. */
export const hasCaptureInput = (): boolean => "capture" in HTMLInputElement.prototype;

export async function hasPageCamera(): Promise<boolean> {
  const devices = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []);
  return devices?.some(({ kind }) => kind === "videoinput") ?? false;
}

/** Chromium's way to a photo of the whole sensor; unknown to TypeScript's DOM. */
declare const ImageCapture: undefined | (new (track: MediaStreamTrack) => { takePhoto(): Promise<Blob> });

export type CameraState = "closed" | "opening" | "ready" | "taking" | "denied" | "none" | "failed";

/**
 * `<sfluv-camera>`: the camera in the page, for browsers without a camera app behind `<input capture>`. A photo by
 * `ImageCapture.takePhoto()` where there is one, a frame of the video as the last resort. Emits `sfluv-photo`
 * (`detail.file`, `detail.source`).
 */
export class CameraElement extends SfluvElement {
  static override properties = {
    ...SfluvElement.properties,
    aspect: {},
    state: { state: true },
  };
  static override styles = [tokens, base, controls, shapes, css`
    dialog {
      width: min(40rem, 100vw);
      padding: 16px;
    }
    .view {
      position: relative;
      display: grid;
      place-items: center;
      overflow: hidden;
      border-radius: var(--radius);
      background: hsl(223 17% 8%);
      color: hsl(22 36% 97%);
    }
    video {
      display: block;
      max-width: 100%;
      max-height: 62dvh;
    }
    .opening {
      min-height: 220px;
    }
    /* As much of the picture as has the item's shape. */
    .guide {
      position: absolute;
      inset: 0;
      margin: auto;
      border: 3px solid hsl(22 36% 97%);
      border-radius: 6px;
      box-shadow: 0 0 0 100vmax hsl(223 30% 8% / 0.55);
      pointer-events: none;
    }
    .guide.high {
      height: 100%;
      width: auto;
    }
    .guide.wide {
      width: 100%;
      height: auto;
    }
  `];

  declare aspect: string;
  declare protected state: CameraState;
  #stream: MediaStream | undefined;

  constructor() {
    super();
    this.aspect = "";
    this.state = "closed";
  }

  async open(): Promise<void> {
    this.state = "opening";
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { facingMode: "environment", width: { ideal: 4032 }, height: { ideal: 3024 } },
      });
      if (!dialog.open) return this.#stop(); // closed while the person was asked
      const video = this.renderRoot.querySelector("video")!;
      video.srcObject = this.#stream;
      await video.play();
      this.state = "ready";
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>(".shutter")?.focus();
    } catch (error) {
      const { name } = error as DOMException;
      this.state = name === "NotAllowedError" ? "denied" : name === "NotFoundError" ? "none" : "failed";
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  /** Shows a state without a camera behind it, for the registry. */
  show(state: CameraState): void {
    this.state = state;
    void this.updateComplete.then(() => {
      if (state !== "closed") this.renderRoot.querySelector("dialog")?.showModal();
    });
  }

  #stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.state = "closed";
  }

  #isVideoWider(): boolean {
    const { videoWidth = 0, videoHeight = 1 } = this.renderRoot.querySelector("video") ?? {};
    return videoWidth / videoHeight > ({ vertical: 3 / 4, horizontal: 4 / 3 }[this.aspect] ?? 1);
  }

  async #take(): Promise<void> {
    if (this.state !== "ready") return;
    this.state = "taking";
    const taken = (await this.#takePhoto()) ?? (await this.#takeFrame());
    if (!taken) return void (this.state = "failed");
    this.renderRoot.querySelector("dialog")?.close();
    const file = new File([taken.blob], "camera.jpg", { type: taken.blob.type });
    this.emit("photo", { file, source: taken.source });
  }

  async #takePhoto(): Promise<{ blob: Blob; source: PhotoSource } | undefined> {
    const track = this.#stream?.getVideoTracks()[0];
    if (!track || typeof ImageCapture === "undefined") return undefined;
    try {
      return { blob: await new ImageCapture(track).takePhoto(), source: "page_camera" };
    } catch {
      return undefined; // some cameras refuse; the video still runs
    }
  }

  async #takeFrame(): Promise<{ blob: Blob; source: PhotoSource } | undefined> {
    const video = this.renderRoot.querySelector("video")!;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.95));
    return blob ? { blob, source: "page_frame" } : undefined;
  }

  protected override render() {
    const { camera, common } = this.words;
    const trouble = { denied: camera.denied, none: camera.none, failed: camera.failed }[this.state as "denied" | "none" | "failed"];
    const isLive = this.state === "ready" || this.state === "taking";
    return html`<dialog aria-label=${camera.title} @close=${() => this.#stop()}>
      <div class="stack">
        <div class="view ${isLive ? "" : "opening"}" ?hidden=${Boolean(trouble)}>
          <video playsinline .muted=${true}></video>
          ${isLive && this.aspect ? html`<div class="guide ${this.aspect} ${this.#isVideoWider() ? "high" : "wide"}"></div>` : nothing}
        </div>
        ${trouble ? html`<p class="error" role="alert"><span>${trouble}</span></p>` : html`<p class="quiet" role="status">${isLive ? camera.guide : camera.opening}</p>`}
        ${isLive ? html`<button type="button" class="shutter wide" aria-disabled=${this.state === "taking"} @click=${() => void this.#take()}>
          ${this.state === "taking" ? turnIcon : cameraIcon} ${camera.shutter}</button>` : nothing}
        <button type="button" class="plain" @click=${() => this.renderRoot.querySelector("dialog")?.close()}>${common.close}</button>
      </div>
    </dialog>`;
  }
}

define("sfluv-camera", CameraElement);

declare global {
  interface HTMLElementTagNameMap {
    "sfluv-camera": CameraElement;
  }
}
