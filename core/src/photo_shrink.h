// SPDX-License-Identifier: MIT
#pragma once

#include <utility>
#include <vector>

#include "photo_channel.h"
#include "photo_container.h"
#include "photo_picture.h"
#include "photo_strips.h"

/// From whichever source to the planes of the finished picture.
namespace sfluv::photo {

/// A JPEG that `JpegStrips` reads, decoded and shrunk while it arrives.
class StripsShrinker {
 public:
  /// Follows `input`, which may lose what stands before `at`. `head` is its `Proof::head`.
  StripsShrinker(const Input& input, Walked head, const Placement& placement);
  StripsShrinker(const StripsShrinker&) = delete;
  StripsShrinker& operator=(const StripsShrinker&) = delete;

  /// Reads on as far as the input goes. True when the picture is whole, and proven to be.
  [[nodiscard]] Found<bool> advance();

  /// The first byte of the file that is still needed.
  [[nodiscard]] std::size_t at() const { return strips_.at(); }
  /// The picture; nothing else is of use afterwards.
  [[nodiscard]] Yuv420 take() { return std::move(out_); }
  [[nodiscard]] const Info& source() const { return head_.info; }

 private:
  JpegStrips::Requests plan_channels(const Placement& placement);

  const Input& input_;
  Walked head_;
  Yuv420 out_;
  std::vector<Channel> channels_;
  JpegStrips strips_;
  bool scan_done_ = false;
};

/// Shrinks what somebody else has decoded.
[[nodiscard]] Yuv420 shrink_picture(const Picture& picture, const Placement& placement);

/// Shrinks a finished picture once more.
[[nodiscard]] Yuv420 shrink_again(const Yuv420& picture, Size size);

}  // namespace sfluv::photo
