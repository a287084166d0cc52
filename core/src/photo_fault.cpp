// SPDX-License-Identifier: MIT
#include "photo_fault.h"

#include "sfluv/limits.h"

#include "photo_catalogue.h"

namespace sfluv::photo {
namespace {

Fault fault(Code code, std::string_view text, std::uint64_t a, std::uint64_t b = 0,
            std::uint64_t c = 0) {
  return {
      code,
      text,
      {static_cast<std::int64_t>(a), static_cast<std::int64_t>(b), static_cast<std::int64_t>(c)}};
}

Failure check_pixels(std::uint32_t width_px, std::uint32_t height_px, std::uint32_t pixels_max) {
  const bool fits = width_px <= limits::photo_side_px_max &&
                    height_px <= limits::photo_side_px_max &&
                    std::uint64_t{width_px} * height_px <= pixels_max;
  if (fits) return std::nullopt;
  return fault(Code::photo_too_many_pixels, "", width_px, height_px, pixels_max);
}

}  // namespace

Issue to_issue(const Fault& fault) {
  Issue issue{fault.code, "", {}};
  std::size_t number = 0;
  for (const std::string_view name : info_of(fault.code).params) {
    if (name == "what" || name == "format") {
      issue.params.push_back({name, std::string(fault.text)});
    } else {
      issue.params.push_back({name, fault.numbers[number++]});
    }
  }
  return issue;
}

Fault truncated_at(std::size_t byte) { return fault(Code::photo_truncated, "", byte); }

Fault damaged_at(std::string_view what, std::size_t byte) {
  return fault(Code::photo_damaged, what, byte);
}

Fault unsupported(std::string_view format) {
  return fault(Code::photo_format_unsupported, format, 0);
}

Fault file_too_large(std::uint64_t bytes) {
  return fault(Code::photo_file_too_large, "", bytes, limits::photo_file_bytes_max);
}

Fault too_complex(std::string_view what, std::uint64_t value, std::uint64_t max) {
  return fault(Code::photo_too_complex, what, value, max);
}

Failure check_size(std::uint32_t width_px, std::uint32_t height_px) {
  return check_pixels(width_px, height_px, limits::photo_pixels_max);
}

Failure check_size_whole(std::uint32_t width_px, std::uint32_t height_px) {
  return check_pixels(width_px, height_px, limits::photo_pixels_max_whole);
}

}  // namespace sfluv::photo
