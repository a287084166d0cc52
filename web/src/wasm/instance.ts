// SPDX-License-Identifier: MIT
// From a compiled module to a running one. The glue is Emscripten's; fetching and compiling are ours.

import { explained, SfluvLoadError } from "./load_error.js";
import { addressOf, compile, type WasmSource } from "./source.js";

/** Must equal `abi_version` of the core (`api_rules.h`): the shapes of the answers. */
const abiVersion = 1;

type Factory<M> = (options: { instantiateWasm: InstantiateWasm }) => Promise<M>;
type InstantiateWasm = (
  imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) => object;

export async function instantiate<M extends { abi_version(): number }>(
  factory: Factory<M>, source: WasmSource,
): Promise<M> {
  const module = await explained(compile(source));
  const facts = addressOf(source);
  const instance = await new Promise<M>((resolve, reject) => {
    const failed = (cause: unknown) => reject(new SfluvLoadError("wrong_version", { ...facts, cause }));
    factory({
      instantiateWasm(imports, ready) {
        WebAssembly.instantiate(module, imports).then((made) => ready(made, module)).catch(failed);
        return {};
      },
    }).then(resolve, failed);
  });
  if (instance.abi_version() !== abiVersion) throw new SfluvLoadError("wrong_version", facts);
  return instance;
}
