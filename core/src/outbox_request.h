// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "sfluv/json_writer.h"
#include "sfluv/outbox.h"

namespace sfluv::outbox {

/// Does it carry something that a person wrote and can correct?
[[nodiscard]] bool has_answers(Kind kind);

/// Does it concern all occurrences of its series?
[[nodiscard]] bool is_of_series(Kind kind);

/// What is read to learn whether it is done.
[[nodiscard]] std::string read_path(const Content& content);

/// "body":[{"text"} or {"photo"},...]
void write_body(JsonWriter& out, const std::vector<Segment>& body);

[[nodiscard]] Send send_of(const Content& content, std::uint32_t attempt);

}  // namespace sfluv::outbox
