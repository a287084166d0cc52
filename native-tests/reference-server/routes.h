// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sfluv::server {

enum class Endpoint : std::uint8_t { none, workflow, claim, start, complete, photo };

struct Route {
  Endpoint endpoint = Endpoint::none;
  std::string id;  ///< of the workflow or the photo
  std::string step_id;

  /// The one method that the documents know for it.
  [[nodiscard]] std::string_view method() const;
};

/// `path`: decoded, without the query.
[[nodiscard]] Route route_of(std::string_view path);

}  // namespace sfluv::server
