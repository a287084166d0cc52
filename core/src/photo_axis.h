// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// One axis of shrinking: which source samples make an output sample, and by how much. Lanczos with
/// three lobes, stretched by the ratio; crop and mirroring are in where samples are read.
namespace sfluv::photo {

/// One axis of a plane as it is stored. Output samples are counted as a person sees them; where the
/// picture is stored mirrored they are read from the far end of the box.
struct AxisPlan {
  std::uint32_t in = 0;            ///< samples of the plane
  std::uint32_t sampling = 1;      ///< the plane has `sampling` samples for
  std::uint32_t sampling_max = 1;  ///< `sampling_max` pixels of the picture
  std::uint32_t box_at = 0;        ///< crop box, in pixels of the picture
  std::uint32_t box = 0;
  std::uint32_t out_full = 0;  ///< pixels that the box becomes
  std::uint32_t spacing = 1;   ///< output pixels per output sample: 2 for chroma
  std::uint32_t out = 0;       ///< output samples
  std::uint32_t padded = 0;    ///< the same with those that repeat the last one
  bool mirrored = false;
};

/// The source is at most this many times finer than the output; what is finer is averaged first.
inline constexpr std::uint32_t shrink_max = 4;
/// Samples that an output sample is made of: three lobes on both sides.
inline constexpr std::size_t taps_max = 2 * 3 * shrink_max + 1;
inline constexpr int weight_bits = 14;

/// Every output sample has the same number of source samples, of which some may count nothing.
struct Axis {
  std::uint32_t taps = 0;
  std::vector<std::uint32_t> first;  ///< first source sample of each output sample
  /// `stride` of each, of which the last may stand for no sample; they sum to 2^`weight_bits`.
  std::vector<std::int16_t> weights;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(first.size()); }
  [[nodiscard]] const std::int16_t* weights_of(std::uint32_t i) const {
    return &weights[i * stride()];
  }
  /// An even number: samples are taken two at a time.
  [[nodiscard]] std::size_t stride() const { return (std::size_t{taps} + 1) / 2 * 2; }
  /// Source samples of all together.
  [[nodiscard]] std::uint32_t lowest() const;
  [[nodiscard]] std::uint32_t highest() const;
};

[[nodiscard]] Axis make_axis(const AxisPlan& plan);

/// The same samples from last to first.
[[nodiscard]] Axis reversed(const Axis& axis);

}  // namespace sfluv::photo
