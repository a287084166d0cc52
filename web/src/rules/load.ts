// SPDX-License-Identifier: MIT
// The module `rules` behind typed functions: text in, text out, and only texts of the core are parsed.

import createRules, { type MainModule } from "../wasm/sfluv-rules.js";
import type { Draft, Issue, Outcome, StepDemand, Verdict, Workflow } from "../types.js";
import { instantiate } from "../wasm/instance.js";
import type { WasmSource } from "../wasm/source.js";

/** The rules by themselves, for hosts that want no queue and no photos. */
export interface Rules {
  /** Are these answers complete? Synchronous, pure and cheap. */
  checkCompletion(step: StepDemand, draft: Draft): Verdict;
  /** Reads a workflow document of the API from its exact text; amounts come out as decimal texts. */
  readWorkflow(document: string): Outcome<Workflow>;
  /** All codes of the core with the parameters that they carry. */
  codeCatalogue(): { code: string; params: string[] }[];
  /** The module itself: text in, text out, as `core/include/sfluv/api_*.h` describes. */
  readonly raw: RulesModule;
}

export type RulesModule = Pick<
  MainModule,
  | "abi_version" | "code_catalogue" | "check_completion" | "check_proposal" | "check_rewards_account" | "read_workflow"
  | "outbox_seal" | "outbox_advance" | "outbox_view" | "outbox_next"
>;

/** Loads the module: by default the file beside this script, found in a way that bundlers see. */
export async function loadRules(source?: WasmSource): Promise<Rules> {
  return rulesOf(await loadRulesModule(source));
}

export function loadRulesModule(source?: WasmSource): Promise<RulesModule> {
  return instantiate(createRules, source ?? new URL("../wasm/sfluv-rules.wasm", import.meta.url));
}

export function rulesOf(raw: RulesModule): Rules {
  return {
    raw,
    checkCompletion(step, draft) {
      const { work_items, allow_step_not_possible } = step;
      return JSON.parse(raw.check_completion(JSON.stringify({ work_items, allow_step_not_possible, draft }))) as Verdict;
    },
    readWorkflow(document) {
      const reply = JSON.parse(raw.read_workflow(document)) as { workflow: Workflow } | { issue: Issue };
      return "issue" in reply ? { ok: false, issue: reply.issue } : { ok: true, value: reply.workflow };
    },
    codeCatalogue: () => JSON.parse(raw.code_catalogue()) as { code: string; params: string[] }[],
  };
}
