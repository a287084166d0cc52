// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sfluv/workflow.h"

// What can be read can be written, and reading that gives the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto first = sfluv::read_workflow({reinterpret_cast<const char*>(data), size});
  if (!first) return 0;
  const std::string written = sfluv::write_workflow(*first, sfluv::AmountStyle::decimal_text);
  const auto second = sfluv::read_workflow(written);
  if (!second || sfluv::write_workflow(*second, sfluv::AmountStyle::decimal_text) != written)
    std::abort();
  return 0;
}
