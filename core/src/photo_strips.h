// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "photo_blocks.h"
#include "photo_container.h"
#include "photo_geometry.h"
#include "photo_idct.h"
#include "photo_picture.h"

/// A baseline JPEG from top to bottom: each step reads one row of units and leaves the samples that
/// it makes in rings of rows, so that of a picture of any size only a strip is held. Decoding is
/// the proof as well: what is cut or damaged is found at the latest by the end of the scan.
namespace sfluv::photo {

/// Can the scan be read in one go? One scan of all components, baseline, gray or YCbCr.
[[nodiscard]] bool strips_can_read(const JpegFrame& frame, const JpegScan& scan);

/// What is wanted of a component: `points` samples for eight of the file, and the part of them that
/// is looked at. Samples outside of it are left as they are.
struct StripRequest {
  std::size_t points = 8;
  SampleRange columns;
  SampleRange rows;
  std::uint32_t rows_kept = 0;  ///< above those of the newest strip
};

class JpegStrips {
 public:
  using Requests = std::array<StripRequest, 3>;

  /// All but `frame` and `requests` must outlive this.
  JpegStrips(const Input& input, const JpegFrame& frame, const JpegScan& scan,
             const JpegTables& tables, const Requests& requests);

  /// `waiting`: the input has to go on first; `done`: the scan was read to its end.
  enum class Step : std::uint8_t { made_row, waiting, done };
  /// Reads the next row of units.
  [[nodiscard]] Found<Step> next();

  [[nodiscard]] const RowRing& ring(std::size_t component) const {
    return components_[component].ring;
  }
  /// Rows of a component that have been made.
  [[nodiscard]] std::uint32_t rows_made(std::size_t component) const {
    return unit_row_ * components_[component].strip_rows;
  }
  /// The first byte of the file that is still needed; once `done`, the marker after the scan.
  [[nodiscard]] std::size_t at() const { return bytes_.at(); }

 private:
  struct Component {
    StripRequest request;
    std::uint32_t h = 1;
    std::uint32_t v = 1;
    std::uint32_t strip_rows = 0;
    Quantiser quantiser{};
    Places places{};
    RowRing ring;
    std::vector<BlockGroup> groups;  ///< of a run: `h` side by side, `v` rows of them

    [[nodiscard]] std::uint32_t columns_per_unit() const {
      return h * static_cast<std::uint32_t>(request.points);
    }
  };

  void plan_blocks(const JpegScan& scan);
  [[nodiscard]] bool wanted(const Component& component, std::uint32_t unit_x) const;
  [[nodiscard]] Found<Step> read_run(const UnitPlan& plan, std::size_t units);
  void transform_run(Component& component, std::uint32_t unit_x);
  [[nodiscard]] Found<Step> restart();
  [[nodiscard]] Found<Step> finish();

  JpegFrame frame_;
  ScanBytes bytes_;
  std::vector<Component> components_;
  std::vector<DcCodes> dc_;
  std::vector<AcCodes> ac_;
  UnitPlan plan_;       ///< of a run that is looked at
  UnitPlan plan_past_;  ///< of one that is not: the same bits, nothing kept
  Places no_places_;
  Predictions predictions_{};
  std::uint32_t restart_interval_;
  std::uint32_t units_to_restart_;
  std::uint32_t restarts_ = 0;
  std::uint32_t unit_row_ = 0;
  std::uint32_t unit_x_ = 0;    ///< of the run that is being read
  std::size_t units_read_ = 0;  ///< of that run
};

}  // namespace sfluv::photo
