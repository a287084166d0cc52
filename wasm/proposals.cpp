// SPDX-License-Identifier: MIT
// The wasm module `proposals`: text in, text out. Apart from `rules`, because only those who propose work need it; so
// does the catalogue, which pages never ask for. No rule lives here.
#include <emscripten/bind.h>

#include "sfluv/api_proposal.h"
#include "sfluv/api_rules.h"

namespace {

int abi_version() { return sfluv::api::abi_version; }

std::string check_proposal(std::string input) {
  return sfluv::api::check_proposal(std::move(input));
}

}  // namespace

EMSCRIPTEN_BINDINGS(sfluv_proposals) {
  emscripten::function("abi_version", &abi_version);
  emscripten::function("code_catalogue", &sfluv::api::code_catalogue);
  emscripten::function("check_proposal", &check_proposal);
}
