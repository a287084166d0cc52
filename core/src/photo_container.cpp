// SPDX-License-Identifier: MIT
#include "photo_container.h"

namespace sfluv::photo {

Issue truncated_at(std::size_t byte) {
  return Issue{Code::photo_truncated, "", {{"byte", static_cast<std::int64_t>(byte)}}};
}

Issue damaged_at(std::string_view what, std::size_t byte) {
  return Issue{Code::photo_damaged,
               "",
               {{"what", std::string(what)}, {"byte", static_cast<std::int64_t>(byte)}}};
}

Issue unsupported(std::string_view format) {
  return Issue{Code::photo_format_unsupported, "", {{"format", std::string(format)}}};
}

Issue file_too_large(std::uint64_t bytes) {
  return Issue{Code::photo_file_too_large,
               "",
               {{"bytes", static_cast<std::int64_t>(bytes)},
                {"bytes_max", static_cast<std::int64_t>(limits::photo_file_bytes_max)}}};
}

Issue too_complex(std::string_view what, std::uint64_t value, std::uint64_t max) {
  return Issue{Code::photo_too_complex,
               "",
               {{"what", std::string(what)},
                {"value", static_cast<std::int64_t>(value)},
                {"max", static_cast<std::int64_t>(max)}}};
}

namespace {

std::optional<Issue> check_pixels(std::uint32_t width_px, std::uint32_t height_px,
                                  std::uint32_t pixels_max) {
  const std::uint64_t pixels = static_cast<std::uint64_t>(width_px) * height_px;
  const bool fits = width_px <= limits::photo_side_px_max &&
                    height_px <= limits::photo_side_px_max && pixels <= pixels_max;
  if (fits) return std::nullopt;
  return Issue{Code::photo_too_many_pixels,
               "",
               {{"width_px", static_cast<std::int64_t>(width_px)},
                {"height_px", static_cast<std::int64_t>(height_px)},
                {"pixels_max", static_cast<std::int64_t>(pixels_max)}}};
}

}  // namespace

std::optional<Issue> check_size(std::uint32_t width_px, std::uint32_t height_px) {
  return check_pixels(width_px, height_px, limits::photo_pixels_max);
}

std::optional<Issue> check_size_whole(std::uint32_t width_px, std::uint32_t height_px) {
  return check_pixels(width_px, height_px, limits::photo_pixels_max_whole);
}

Outcome<Walked> walk(Bytes file, Proof proof) {
  if (file.empty()) return std::unexpected(Issue{Code::photo_file_empty, "", {}});
  if (file.size() > limits::photo_file_bytes_max)
    return std::unexpected(file_too_large(file.size()));
  const Format format = detect(file);
  if (format == Format::unknown) return std::unexpected(Issue{Code::photo_format_unknown, "", {}});
  if (format != Format::jpeg && format != Format::png)
    return std::unexpected(unsupported(to_string(format)));
  Outcome<Walked> walked = format == Format::jpeg ? walk_jpeg(file, proof) : walk_png(file, proof);
  if (!walked) return walked;
  walked->info.format = format;
  walked->info.bytes = file.size();
  const bool is_held_whole = proof != Proof::head && !walked->strips;
  if (is_held_whole && walked->decoder_bytes > decoder_bytes_max) {
    return std::unexpected(too_complex("decoder_bytes", walked->decoder_bytes, decoder_bytes_max));
  }
  return walked;
}

Outcome<Info> probe(Bytes file) {
  const Outcome<Walked> walked = walk(file, Proof::structure);
  if (!walked) return std::unexpected(walked.error());
  return walked->info;
}

}  // namespace sfluv::photo
