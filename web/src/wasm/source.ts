// SPDX-License-Identifier: MIT
// From whatever a host gives to a compiled module. The one place that fetches WebAssembly.

import { LoadFailure } from "./load_failure.js";

/** An address, an answer, bytes or a compiled module. */
export type WasmSource = URL | string | Response | WebAssembly.Module | BufferSource;

export async function compile(source: WasmSource | Promise<WasmSource>): Promise<WebAssembly.Module> {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof URL || typeof given === "string") return compileAddress(new URL(given, baseAddress()));
  if (given instanceof Response) return compileAnswer(given, given.url || "the answer given");
  return compileBytes(given, {});
}

/** The same in a form that a worker can be sent: a `Response` cannot cross, an address may be relative. */
export async function sendable(source: WasmSource): Promise<URL | string | WebAssembly.Module | BufferSource> {
  if (source instanceof Response) return compileAnswer(source, source.url || "the answer given");
  if (source instanceof URL || typeof source === "string") return new URL(source, baseAddress()).href;
  return source;
}

/** Where a module came from, for the error that names it. */
export function addressOf(source: WasmSource): { url?: string } {
  if (source instanceof URL) return { url: source.href };
  return typeof source === "string" ? { url: source } : {};
}

function baseAddress(): string {
  return globalThis.location?.href ?? import.meta.url;
}

async function compileAddress(url: URL): Promise<WebAssembly.Module> {
  // Node reads the shipped file; `getBuiltinModule` needs no import that a bundler would stumble over.
  const fs = url.protocol === "file:" ? nodeFileSystem() : undefined;
  if (fs) {
    try {
      return await compileBytes(await fs.readFile(url), { url: url.href });
    } catch (cause) {
      if (cause instanceof LoadFailure) throw cause;
      throw new LoadFailure("not_reachable", { url: url.href, cause });
    }
  }
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin" });
  } catch (cause) {
    throw new LoadFailure("not_reachable", { url: url.href, cause });
  }
  return compileAnswer(response, url.href);
}

async function compileAnswer(response: Response, url: string): Promise<WebAssembly.Module> {
  const mime = response.headers.get("content-type") ?? "";
  const facts = { url, status: response.status, mime };
  if (!response.ok) throw new LoadFailure("http_status", facts);
  // Streaming wants the exact type; many static servers do not send it, so bytes are the way back.
  if (mime === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
    try {
      return await WebAssembly.compileStreaming(response.clone());
    } catch {
      // Told apart below, with the bytes in hand.
    }
  }
  let bytes;
  try {
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw new LoadFailure("not_reachable", { ...facts, cause });
  }
  return compileBytes(bytes, facts);
}

async function compileBytes(
  source: BufferSource, facts: { url?: string; status?: number; mime?: string },
): Promise<WebAssembly.Module> {
  const head = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, Math.min(4, source.byteLength))
    : new Uint8Array(source, 0, Math.min(4, source.byteLength));
  const magic = [0x00, 0x61, 0x73, 0x6d]; // "\0asm"
  if (head.length < 4 || magic.some((byte, i) => head[i] !== byte)) throw new LoadFailure("not_wasm", facts);
  try {
    return await WebAssembly.compile(source);
  } catch (cause) {
    throw new LoadFailure("not_compiled", { ...facts, cause });
  }
}

interface NodeFileSystem {
  readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
}

function nodeFileSystem(): NodeFileSystem | undefined {
  const host = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return host.process?.getBuiltinModule?.("node:fs/promises") as NodeFileSystem | undefined;
}
