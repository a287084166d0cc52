// SPDX-License-Identifier: MIT
// The module `proposals` behind a typed function. It is loaded when somebody begins to propose, and only then.

import type { MainModule } from "../wasm/sfluv-proposals.js";
import type { ProfileName, ProposalContext, ProposalDraft, ProposalVerdict } from "../types.js";
import { instantiate } from "../wasm/instance.js";
import type { WasmSource } from "../wasm/source.js";

/** Who proposes, when, and to which server. */
export interface Proposer {
  profile: ProfileName;
  nowMs: number;
  account: string;
}

export interface ProposalRules {
  /** May this become work? Totals and generated values included; synchronous, pure and cheap. */
  check(draft: ProposalDraft, context: ProposalContext & Proposer): ProposalVerdict;
  /** All codes of the core with the parameters that they carry. */
  codeCatalogue(): { code: string; params: string[] }[];
  /** The module itself: text in, text out, as `core/include/sfluv/api_proposal.h` describes. */
  readonly raw: ProposalsModule;
}

export type ProposalsModule = Pick<MainModule, "abi_version" | "check_proposal" | "code_catalogue">;

/** Rejects with `SfluvLoadError`. By default the file beside this script, found in a way that bundlers see. */
export async function loadProposalRules(source?: WasmSource): Promise<ProposalRules> {
  const { default: create } = await import("../wasm/sfluv-proposals.js");
  const raw = await instantiate(create, source ?? new URL("../wasm/sfluv-proposals.wasm", import.meta.url));
  return {
    raw,
    check(draft, { profile, nowMs, account, ...known }) {
      const context = { ...known, profile, now: Math.floor(nowMs / 1000), proposer_id: account };
      return JSON.parse(raw.check_proposal(JSON.stringify({ context, draft }))) as ProposalVerdict;
    },
    codeCatalogue: () => JSON.parse(raw.code_catalogue()) as { code: string; params: string[] }[],
  };
}
