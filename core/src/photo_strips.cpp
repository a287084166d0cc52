// SPDX-License-Identifier: MIT
#include "photo_strips.h"

#include <algorithm>

namespace sfluv::photo {
namespace {

constexpr std::uint8_t marker_rst0 = 0xD0;
constexpr std::uint8_t marker_rst7 = 0xD7;

bool is_restart(std::uint8_t marker) { return marker >= marker_rst0 && marker <= marker_rst7; }

/// Rows are read and written by whole vectors.
std::size_t padded(std::size_t bytes) { return (bytes + 15) / 16 * 16; }

bool overlap(SampleRange a, SampleRange b) { return a.begin < b.end && b.begin < a.end; }

/// T.81 §A.2.2: a scan of one component has units of one block, whatever its sampling.
JpegFrame units_of(JpegFrame frame) {
  if (frame.components > 1) return frame;
  frame.component[0].h = frame.component[0].v = 1;
  frame.h_max = frame.v_max = 1;
  return frame;
}

}  // namespace

bool strips_can_read(const JpegFrame& frame, const JpegScan& scan) {
  return !frame.progressive && !frame.rgb && (frame.components == 1 || frame.components == 3) &&
         scan.components == frame.components;
}

JpegStrips::JpegStrips(const Input& input, const JpegFrame& frame, const JpegScan& scan,
                       const JpegTables& tables, const Requests& requests)
    : frame_(units_of(frame)),
      bytes_(input, scan.data),
      components_(frame.components),
      no_places_(make_places(0)),
      restart_interval_(scan.restart_interval),
      units_to_restart_(scan.restart_interval) {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    Component& component = components_[i];
    component.request = requests[i];
    component.h = frame_.component[i].h;
    component.v = frame_.component[i].v;
    component.strip_rows = component.v * static_cast<std::uint32_t>(component.request.points);
    component.quantiser = tables.quantisers[frame_.component[i].quantiser];
    component.places = make_places(component.request.points);
    component.groups.resize(std::size_t{component.h} * component.v);
    const std::uint32_t strips = component.request.rows_kept / component.strip_rows + 2;
    const std::size_t runs = (frame_.mcus_x() + run_units - 1) / run_units;
    component.ring = RowRing(strips * component.strip_rows,
                             padded(runs * run_units * component.columns_per_unit()));
  }
  plan_blocks(scan);
}

void JpegStrips::plan_blocks(const JpegScan& scan) {
  // Reserved, because plans point into them.
  dc_.reserve(scan.components);
  ac_.reserve(scan.components);
  for (std::size_t i = 0; i < scan.components; ++i) {
    const std::size_t which = scan.component[i];
    Component& component = components_[which];
    // Cb and Cr mostly share their tables, and should in the cache.
    auto dc = std::find_if(dc_.begin(), dc_.end(),
                           [&](const DcCodes& codes) { return codes.codes == scan.dc[i]; });
    if (dc == dc_.end()) (dc = dc_.emplace(dc))->build(*scan.dc[i]);
    auto ac = std::find_if(ac_.begin(), ac_.end(),
                           [&](const AcCodes& codes) { return codes.codes == scan.ac[i]; });
    if (ac == ac_.end()) (ac = ac_.emplace(ac))->build(*scan.ac[i]);
    for (std::uint32_t row = 0; row < component.v; ++row) {
      for (std::uint32_t column = 0; column < component.h; ++column) {
        BlockPlan& block = plan_.block[plan_.blocks++];
        block = {.dc = &*dc,
                 .ac = &*ac,
                 .component = which,
                 .groups = component.groups.data(),
                 .places = &component.places};
        for (std::uint32_t unit = 0; unit < run_units; ++unit) {
          const std::uint32_t across = unit * component.h + column;
          block.group[unit] = static_cast<std::uint8_t>(row * component.h + across / lanes);
          block.lane[unit] = static_cast<std::uint8_t>(across % lanes);
        }
      }
    }
  }
  plan_past_ = plan_;
  for (BlockPlan& block : plan_past_.block) block.places = &no_places_;
}

bool JpegStrips::wanted(const Component& component, std::uint32_t unit_x) const {
  const std::uint32_t width = component.columns_per_unit();
  const std::uint32_t x = unit_x * width;
  const std::uint32_t y = unit_row_ * component.strip_rows;
  return overlap(component.request.columns, {x, x + width * std::uint32_t{run_units}}) &&
         overlap(component.request.rows, {y, y + component.strip_rows});
}

Found<JpegStrips::Step> JpegStrips::next() {
  if (unit_row_ == frame_.mcus_y()) return finish();
  for (; unit_x_ < frame_.mcus_x(); unit_x_ += run_units) {
    bool any_wanted = false;
    for (const Component& component : components_) any_wanted |= wanted(component, unit_x_);
    const std::size_t units = std::min<std::size_t>(run_units, frame_.mcus_x() - unit_x_);
    const Found<Step> step = read_run(any_wanted ? plan_ : plan_past_, units);
    if (!step || *step == Step::waiting) return step;
    units_read_ = 0;
    if (!any_wanted) continue;
    for (Component& component : components_) transform_run(component, unit_x_);
  }
  unit_x_ = 0;
  ++unit_row_;
  return Step::made_row;
}

Found<JpegStrips::Step> JpegStrips::read_run(const UnitPlan& plan, std::size_t units) {
  while (units_read_ < units) {
    if (restart_interval_ > 0 && units_to_restart_ == 0) {
      const Found<Step> step = restart();
      if (!step || *step == Step::waiting) return step;
    }
    if (!bytes_.fill()) return Step::waiting;
    std::size_t end = units;
    if (restart_interval_ > 0) {
      end = std::min<std::size_t>(units, units_read_ + units_to_restart_);
      units_to_restart_ -= static_cast<std::uint32_t>(end - units_read_);
    }
    const bool read = read_units(bytes_.window, plan, units_read_, end, predictions_);
    // What is no code may be the beginning of one.
    if (bytes_.overrun(read ? 0 : 16)) return std::unexpected(truncated_at(bytes_.at()));
    if (!read) return std::unexpected(damaged_at("jpeg_scan", bytes_.byte()));
    units_read_ = end;
  }
  return Step::made_row;
}

void JpegStrips::transform_run(Component& component, std::uint32_t unit_x) {
  const std::size_t points = component.request.points;
  const std::size_t column = std::size_t{unit_x} * component.columns_per_unit();
  for (std::uint32_t row = 0; row < component.v; ++row) {
    const std::uint32_t y =
        unit_row_ * component.strip_rows + row * static_cast<std::uint32_t>(points);
    std::int8_t* out = component.ring.row(y) + column;
    for (std::uint32_t i = 0; i < component.h; ++i) {
      inverse_dct(component.groups[row * component.h + i], component.quantiser, points,
                  out + i * lanes * points, component.ring.stride());
    }
  }
}

Found<JpegStrips::Step> JpegStrips::restart() {
  if (!bytes_.skip_padding()) return std::unexpected(damaged_at("jpeg_scan", bytes_.byte()));
  if (!bytes_.at_marker()) return Step::waiting;
  if (!is_restart(bytes_.marker())) return std::unexpected(truncated_at(bytes_.at()));
  if (bytes_.marker() != marker_rst0 + restarts_ % 8)
    return std::unexpected(damaged_at("jpeg_restart", bytes_.at()));
  ++restarts_;
  units_to_restart_ = restart_interval_;
  predictions_.fill(0);
  bytes_.pass_marker();
  return Step::made_row;
}

Found<JpegStrips::Step> JpegStrips::finish() {
  for (;;) {
    if (!bytes_.skip_padding()) return std::unexpected(damaged_at("jpeg_scan", bytes_.byte()));
    if (!bytes_.at_marker()) return Step::waiting;
    // One more marker after the last interval is drawn by some encoders and harms nobody.
    if (restart_interval_ == 0 || bytes_.marker() != marker_rst0 + restarts_ % 8) return Step::done;
    restart_interval_ = 0;
    bytes_.pass_marker();
  }
}

}  // namespace sfluv::photo
