// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sfluv/outbox.h"

namespace sfluv::outbox {

/// What a text of the server says about our record.
enum class Sight : std::uint8_t {
  unreadable,  ///< not what was asked for: a portal's page, a cut text
  absent,      ///< our workflow without our step, or our absences without this one
  done,        ///< as far as the evidence goes
  mismatch,    ///< done with other content, or it cannot be told by whom
  others,      ///< assigned to, or done by, somebody else
  open,        ///< ours to do and not done
  locked,      ///< the same, and not open yet
  closed,      ///< not done, and the workflow is not active any more
  missed,      ///< the same, because the next occurrence has begun
};

struct Reading {
  Sight seen = Sight::unreadable;
  Evidence evidence{};  ///< of `done`
  std::string submission_id;
};

/// `body`: the exact text of what `read_path` names, or of the answer to the send.
[[nodiscard]] Reading read_evidence(const Content& content, Op op, std::string_view body);

}  // namespace sfluv::outbox
