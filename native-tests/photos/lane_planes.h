// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "photos/judge.h"

/// What our lane decodes at full size, beside libjpeg-turbo. Native only.
namespace sfluv::test {

struct PlaneDifference {
  int largest = 0;         ///< of any sample
  double equal_least = 1;  ///< share of equal samples, of the component that has the fewest
  std::string refusal;     ///< who refused, or whose sizes differ; then nothing was compared
};

/// Is it a JPEG that the lane reads?
[[nodiscard]] bool lane_reads(const ByteVector& file);

/// The components before any resize, against those of libjpeg-turbo's "islow".
[[nodiscard]] PlaneDifference compare_with_judge(const ByteVector& file);

}  // namespace sfluv::test
