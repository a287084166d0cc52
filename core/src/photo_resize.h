// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "photo_axis.h"
#include "photo_picture.h"
#include "simd.h"

/// Shrinks one plane while its rows arrive, eight output rows at a time: first down, from bytes to
/// 16 bits with seven below the unit, then across with the eight rows side by side. What comes out
/// then are eight samples of one column, which a picture that lies on its side stores as they are:
/// turning costs nothing. Both passes take two samples at a time, sum in 32 bits and round once.
namespace sfluv::photo {

/// Where the results go.
struct PlaneTarget {
  RowRing* plane = nullptr;
  bool turned = false;    ///< stored rows become columns
  bool reversed = false;  ///< stored rows run against the axis that they become
};

class PlaneResizer {
 public:
  PlaneResizer(const AxisPlan& across, const AxisPlan& down, const PlaneTarget& target);

  /// The source samples that are looked at.
  [[nodiscard]] std::uint32_t first_row() const { return down_.lowest(); }
  [[nodiscard]] std::uint32_t end_row() const { return down_.highest(); }
  [[nodiscard]] std::uint32_t first_column() const { return first_column_; }
  [[nodiscard]] std::uint32_t end_column() const { return end_column_; }
  /// Source rows that must be there at the same time.
  [[nodiscard]] std::uint32_t rows_at_once() const;

  /// Makes what can be made of the rows before `rows_made`.
  void advance(const RowRing& source, std::uint32_t rows_made);

 private:
  static constexpr std::uint32_t strip_rows = 8;

  struct TwoTaps {
    const Sample* first = nullptr;  ///< rows
    const Sample* second = nullptr;
    simd::I16x8 weights{};
  };

  [[nodiscard]] std::uint32_t strip_end(std::uint32_t y) const;
  void prepare_strip(const RowRing& source);
  void shrink_down(std::uint32_t x);
  void shrink_across(std::uint32_t x);

  Axis across_;
  Axis down_;  ///< in the order of the source rows
  PlaneTarget target_;
  std::uint32_t first_column_;
  std::uint32_t end_column_;
  std::uint32_t done_ = 0;           ///< output rows
  std::vector<TwoTaps> taps_;        ///< of the rows of the strip, down
  std::vector<simd::I16x8> middle_;  ///< of each column its eight rows
};

}  // namespace sfluv::photo
