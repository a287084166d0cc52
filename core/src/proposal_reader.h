// SPDX-License-Identifier: MIT
#pragma once

#include "sfluv/proposal.h"

#include "request_reader.h"

namespace sfluv {

/// A proposal that is a tree already. In a draft bounties are decimal texts: no JavaScript number
/// holds them.
[[nodiscard]] Outcome<ProposalRequest> proposal_request_from(const json::Value& root,
                                                             RequestSource source);

}  // namespace sfluv
