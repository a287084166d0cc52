// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sfluv/api_rules.h"
#include "sfluv/completion.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  (void)sfluv::api::check_completion(std::string{text});
  (void)sfluv::read_completion_request(text);
  (void)sfluv::stored_file_name(text);
  return 0;
}
