// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Photos as bytes in, bytes and text out: what the command line and the wasm module `photo` call.
/// Every text is one line of JSON; what could not be done answers
/// {"issue":{"code","path","params"}}.
namespace sfluv::api {

/// Grows when an answer changes its shape; the package refuses a module of another version.
inline constexpr int photo_abi_version = 2;

/// Out: {"format","bytes","width_px","height_px","orientation","progressive","profile"?,"has_gps"};
/// width and height as a person sees the picture. No pixel is decoded.
[[nodiscard]] std::string probe_photo(std::span<const std::uint8_t> file);

struct PhotoReply {
  std::string json;
  std::vector<std::uint8_t> jpeg;  ///< empty when `json` is an issue
};

/// Plan, every member optional (photo.h `Plan`): {"crop_x","crop_y","crop_width","crop_height",
/// "aspect":"vertical"|"square"|"horizontal","edge_px","bytes_max","quality_max","quality_min",
/// "keep_time":b,"keep_fine":b,"digest":b,"photos_in_request","request_bytes_max"}, numbers where
/// nothing else is said. An aspect of "" or null keeps the whole part. Photos that go into one request
/// share its budget. Without "digest" the caller makes one.
/// Out: {"format":"jpeg","in":{"format","bytes","width_px","height_px","orientation","profile"?},
///       "out":{"bytes","width_px","height_px","quality","sha256"}}, sizes as a person sees them;
/// "profile" is the name of the file's colour profile, if it has one.
[[nodiscard]] PhotoReply prepare_photo(std::span<const std::uint8_t> file, std::string_view plan);

/// The same for a file that is still arriving (photo.h `Arrival`).
class PhotoArrival {
 public:
  explicit PhotoArrival(std::string_view plan);
  PhotoArrival(const PhotoArrival&) = delete;
  PhotoArrival& operator=(const PhotoArrival&) = delete;
  ~PhotoArrival();

  /// Where the next bytes go; asked for anew for each `put`.
  [[nodiscard]] std::span<std::uint8_t> room(std::size_t bytes);
  /// Takes bytes that were written to the room. False: more of them change nothing.
  bool put(std::size_t bytes);
  [[nodiscard]] PhotoReply finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same for 8-bit RGBA that somebody else decoded (photo.h `PixelView`); the plan names its
/// "width_px" and "height_px" as well.
[[nodiscard]] PhotoReply prepare_pixels(std::span<const std::uint8_t> rgba, std::string_view plan);

}  // namespace sfluv::api
