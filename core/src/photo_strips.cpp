// SPDX-License-Identifier: MIT
#include "photo_strips.h"

#include <algorithm>

namespace sfluv::photo {
namespace {

constexpr std::uint8_t marker_rst0 = 0xD0;
constexpr std::uint8_t marker_rst7 = 0xD7;

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

JpegStrips::JpegStrips(Bytes file, const JpegFrame& frame, const JpegScan& scan,
                       const JpegTables& tables, const Requests& requests)
    : file_(file),
      frame_(units_of(frame)),
      bytes_(file, scan.data),
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

std::optional<Issue> JpegStrips::next() {
  for (std::uint32_t x = 0; x < frame_.mcus_x(); x += run_units) {
    bool any_wanted = false;
    for (const Component& component : components_) any_wanted |= wanted(component, x);
    const std::size_t units = std::min<std::size_t>(run_units, frame_.mcus_x() - x);
    if (auto issue = read_run(any_wanted ? plan_ : plan_past_, units)) return issue;
    if (!any_wanted) continue;
    for (Component& component : components_) transform_run(component, x);
  }
  ++unit_row_;
  return done() ? finish() : std::nullopt;
}

std::optional<Issue> JpegStrips::read_run(const UnitPlan& plan, std::size_t units) {
  for (std::size_t unit = 0; unit < units;) {
    std::size_t last = units;
    if (restart_interval_ > 0) {
      if (units_to_restart_ == 0) {
        if (auto issue = restart()) return issue;
      }
      last = std::min<std::size_t>(units, unit + units_to_restart_);
      units_to_restart_ -= static_cast<std::uint32_t>(last - unit);
    }
    bytes_.fill();
    const bool read = read_units(bytes_.window, plan, unit, last, predictions_);
    // What is no code may be the beginning of one.
    if (bytes_.overrun(read ? 0 : 16)) return truncated_at(bytes_.end());
    if (!read) return damaged_at("jpeg_scan", bytes_.byte());
    unit = last;
  }
  return std::nullopt;
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

std::optional<Issue> JpegStrips::restart() {
  if (!bytes_.only_padding_left()) return damaged_at("jpeg_scan", bytes_.byte());
  std::size_t at = bytes_.end();
  while (at < file_.size() && file_[at] == 0xFF) ++at;
  if (at >= file_.size()) return truncated_at(file_.size());
  const std::uint8_t marker = file_[at];
  if (marker < marker_rst0 || marker > marker_rst7) return truncated_at(bytes_.end());
  if (marker != marker_rst0 + restarts_ % 8) return damaged_at("jpeg_restart", bytes_.end());
  ++restarts_;
  units_to_restart_ = restart_interval_;
  predictions_.fill(0);
  bytes_.restart(at + 1);
  return std::nullopt;
}

std::optional<Issue> JpegStrips::finish() {
  if (!bytes_.only_padding_left()) return damaged_at("jpeg_scan", bytes_.byte());
  end_ = bytes_.end();
  // One more marker after the last interval is drawn by some encoders and harms nobody.
  const bool one_more = restart_interval_ > 0 && file_.size() - end_ >= 2 &&
                        file_[end_ + 1] == marker_rst0 + restarts_ % 8;
  if (one_more) end_ += 2;
  return std::nullopt;
}

}  // namespace sfluv::photo
