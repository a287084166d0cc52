// SPDX-License-Identifier: MIT
// The module `photo` behind typed functions. It has plain exports (wasm/photo.cpp): bytes are written to
// a room in its memory, and its answers are read out of it. It runs wherever it is loaded: in the page's
// worker, or directly under Node.

import { LoadFailure } from "../wasm/load_failure.js";
import { addressOf, compile, type WasmSource } from "../wasm/source.js";

export interface PhotoReply {
  /** The core's answer: facts about the picture, or `{"issue":{...}}`. */
  json: string;
  jpeg: Uint8Array<ArrayBuffer>;
}

export interface PhotoModule {
  probe(file: Uint8Array): string;
  /** Begins a photo; one that was not finished is forgotten. */
  begin(planJson: string): void;
  /** Takes the next bytes of its file; `false` when more would change nothing. */
  put(bytes: Uint8Array): boolean;
  finish(): PhotoReply;
  /** 8-bit RGBA; the plan names its size. */
  preparePixels(rgba: Uint8Array, planJson: string): PhotoReply;
  base64(bytes: Uint8Array): string;
  /** What its memory takes; it never gets smaller. */
  memoryBytes(): number;
}

/** Must equal `photo_abi_version` of the core (`api_photo.h`). */
const abiVersion = 2;

/** Bytes that are handed over at once: the module holds no more of a file than it has to. */
const pieceBytes = 1 << 18;

interface Exports extends WebAssembly.Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  abi_version(): number;
  room(bytes: number): number;
  file_room(bytes: number): number;
  release(): void;
  probe(): number;
  begin(): void;
  put(bytes: number): number;
  finish(): number;
  prepare_pixels(planBytes: number): number;
  base64(): number;
}

export async function loadPhotoModule(source?: WasmSource): Promise<PhotoModule> {
  const from = source ?? new URL("../wasm/sfluv-photo.wasm", import.meta.url);
  const module = await compile(from);
  let exports: Exports;
  try {
    const imports = { env: { emscripten_notify_memory_growth() {} } };
    exports = (await WebAssembly.instantiate(module, imports)).exports as Exports;
    exports._initialize();
  } catch (cause) {
    throw new LoadFailure("wrong_version", { ...addressOf(from), cause });
  }
  if (exports.abi_version() !== abiVersion) throw new LoadFailure("wrong_version", addressOf(from));
  return behind(exports);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function behind(exports: Exports): PhotoModule {
  // Looked at anew after every call: memory that grows gets another buffer.
  const view = (at: number, bytes: number) => new Uint8Array(exports.memory.buffer, at, bytes);

  function give(...parts: Uint8Array[]): void {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    let at = exports.room(bytes) >>> 0;
    for (const part of parts) {
      view(at, part.length).set(part);
      at += part.length;
    }
  }

  /** Copied out at once: the next call makes another answer. */
  function answer(at: number): PhotoReply {
    const [text, textBytes, bytes, count] = new Uint32Array(exports.memory.buffer, at >>> 0, 4) as unknown as [number, number, number, number];
    const reply = { json: decoder.decode(view(text, textBytes)), jpeg: view(bytes, count).slice() };
    exports.release();
    return reply;
  }

  return {
    probe(file) {
      give(file);
      return answer(exports.probe()).json;
    },
    begin(planJson) {
      give(encoder.encode(planJson));
      exports.begin();
    },
    put(bytes) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        view(exports.file_room(piece.length) >>> 0, piece.length).set(piece);
        if (exports.put(piece.length) === 0) return false;
      }
      return true;
    },
    finish: () => answer(exports.finish()),
    preparePixels(rgba, planJson) {
      const plan = encoder.encode(planJson);
      give(plan, rgba);
      return answer(exports.prepare_pixels(plan.length));
    },
    base64(bytes) {
      give(bytes);
      return answer(exports.base64()).json;
    },
    memoryBytes: () => exports.memory.buffer.byteLength,
  };
}
