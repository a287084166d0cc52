// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "sfluv/photo.h"

#include "photo_picture.h"

/// Colours: what a file's profile is, and the one that is not sRGB but that phones write.
namespace sfluv::photo {

/// What an ICC profile says of itself.
struct Profile {
  ColourSpace space = ColourSpace::other;
  std::string name;  ///< its description, ASCII, at most 64 letters
};

/// `icc` may be cut; what is not there is as if absent.
[[nodiscard]] Profile read_profile(Bytes icc);

/// Display P3 to sRGB, in place, at the size of the finished picture. Both have the same white and
/// the same curve, so grey stays; what sRGB cannot show becomes the nearest on each axis. Cb and Cr
/// of four pixels are mapped at their mean brightness, and the four get the same change of it.
void display_p3_to_srgb(Yuv420& picture);

}  // namespace sfluv::photo
