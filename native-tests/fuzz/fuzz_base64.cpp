// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sfluv/base64.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sfluv;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto strict = base64::decode(text);
  const auto server = base64::decode_as_server(text);
  const auto measured = base64::measure_as_server(text);
  if (strict && (!server || *strict != *server || base64::encode(*strict) != text)) std::abort();
  if (server.has_value() != measured.has_value()) std::abort();
  if (!server) {
    if (server.error() != measured.error()) std::abort();
  } else {
    if (measured->bytes != server->size()) std::abort();
    if (!std::equal(measured->head.begin(), measured->head.end(), server->begin())) std::abort();
  }
  const auto back = base64::decode(base64::encode({data, size}));
  if (!back || !std::equal(back->begin(), back->end(), data, data + size)) std::abort();
  return 0;
}
