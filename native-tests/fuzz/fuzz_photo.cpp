// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sfluv/api_photo.h"
#include "sfluv/photo.h"

// The first bytes choose a plan, the rest is the file. What comes out is a picture that keeps every
// promise of the plan, or an issue.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  using namespace sfluv;
  photo::Plan plan;
  plan.aspect = static_cast<photo::Aspect>(data[0] % 4);
  plan.edge_px = 1u + data[1] * 3u;
  plan.bytes_max = limits::photo_budget_bytes_min + data[2] * 256u;
  plan.quality_max = static_cast<std::uint8_t>(40 + data[3] % 61);
  const photo::Bytes file{data + 4, size - 4};
  const auto info = photo::probe(file);
  const auto prepared = photo::prepare(file, plan);
  if (prepared) {
    if (!info) std::abort();
    if (prepared->jpeg.size() > plan.bytes_max) std::abort();
    if (prepared->width_px > plan.edge_px || prepared->height_px > plan.edge_px) std::abort();
    const auto again = photo::probe(prepared->jpeg);
    if (!again || again->width_px != prepared->width_px || again->height_px != prepared->height_px)
      std::abort();
  }
  (void)photo::sniff_image_type(file);
  (void)api::prepare_pixels(file, {reinterpret_cast<const char*>(data), size});
  return 0;
}
