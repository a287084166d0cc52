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

[[nodiscard]] Send send_of(const Record& record);

/// Is there a photo that has to go up before the record does?
[[nodiscard]] bool has_photo_to_stage(const Record& record);
[[nodiscard]] std::uint64_t pieces_of(const Photo& photo);
/// The next piece of it (rulebook A7).
[[nodiscard]] Send stage_of(const Record& record);

}  // namespace sfluv::outbox
