// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sfluv/outbox.h"

namespace sfluv::outbox {

/// What a reading of the workflow says about our submission.
enum class Seen : std::uint8_t {
  unreadable,  ///< no workflow, or another one: a portal's page, a cut text
  no_step,     ///< our workflow, without our step
  strong,
  medium,    ///< counts as ours only when the step was seen open before the first attempt
  blind,     ///< the same, and at least one attempt is on record
  mismatch,  ///< completed by this account with other content
  others,    ///< assigned to, or completed by, somebody else
  open,      ///< ours and not completed
  locked,    ///< ours, not completed, and not open yet
  closed,    ///< not completed, and the workflow is not active any more
};

struct Reading {
  Seen seen = Seen::unreadable;
  std::string submission_id;
};

/// `body`: the exact text of a GET of the workflow or of the answer to complete.
[[nodiscard]] Reading read_evidence(const Content& content, std::string_view body);

}  // namespace sfluv::outbox
