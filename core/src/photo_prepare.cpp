// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "photo_colour.h"
#include "photo_container.h"
#include "photo_encode.h"
#include "photo_geometry.h"
#include "photo_shrink.h"
#include "photo_stb.h"

namespace sfluv::photo {
namespace {

Issue budget_too_small(std::uint32_t bytes_max) {
  return to_issue({.code = Code::photo_budget_too_small, .numbers = {bytes_max}});
}

/// The edge that takes about as much less as the file is too large: bytes go with its square.
std::uint32_t smaller_edge(std::uint32_t edge_px, std::uint64_t bytes, std::uint32_t bytes_max) {
  std::uint32_t edge = edge_px - 1;
  while (edge > 1 &&
         std::uint64_t{edge} * edge * bytes > std::uint64_t{edge_px} * edge_px * bytes_max)
    --edge;
  return edge;
}

/// Encodes the picture, or a smaller one if its best is still too large at the least quality.
Outcome<Prepared> finish_picture(Yuv420 picture, const Info& source, const Plan& plan) {
  if (source.colours == ColourSpace::display_p3) display_p3_to_srgb(picture);
  EncodePlan encode{.bytes_max = plan.bytes_max,
                    .quality_max = plan.quality_max,
                    .quality_min = plan.quality_min};
  if (plan.keep_time && !source.taken.empty())
    encode.exif = make_exif(source.taken, source.taken_offset);
  const Size whole{picture.width_px, picture.height_px};
  Size size = whole;
  std::uint64_t units_coded = 0;
  auto encoded = encode_jpeg(picture, encode);
  while (!encoded) {
    units_coded += encoded.error().units_coded;
    encode.is_tight = true;
    const std::uint32_t edge_px = std::max(size.width, size.height);
    if (edge_px == 1) return std::unexpected(budget_too_small(plan.bytes_max));
    size = fit(whole, smaller_edge(edge_px, encoded.error().bytes, plan.bytes_max));
    encoded = encode_jpeg(shrink_again(picture, size), encode);
  }
  return Prepared{.jpeg = std::move(encoded->jpeg),
                  .width_px = size.width,
                  .height_px = size.height,
                  .quality = encoded->quality,
                  .encodes_64ths = static_cast<std::uint32_t>(
                      (units_coded + encoded->units_coded) * 64 /
                      (std::uint64_t{picture.units_across()} * picture.units_down())),
                  .source = source};
}

/// The part of the upright picture that is kept.
Box kept_box(Size upright, const Plan& plan) {
  const Box part = part_of(upright, plan.crop);
  Box box = crop_box({part.width, part.height}, plan.aspect);
  box.x += part.x;
  box.y += part.y;
  return box;
}

Placement place(const Info& source, const Plan& plan) {
  const Box box = kept_box({source.upright_width_px(), source.upright_height_px()}, plan);
  const std::uint32_t edge_px = std::min(plan.edge_px, std::max(box.width, box.height));
  return make_placement({source.width_px, source.height_px}, source.orientation, box,
                        fit({box.width, box.height}, edge_px));
}

/// Would the file become what it is already, and does it hold nothing but its picture?
bool is_fine(const Walked& walked, const Plan& plan) {
  const Info& info = walked.info;
  const Box box = kept_box({info.width_px, info.height_px}, plan);
  return walked.is_bare && walked.strips && info.bytes <= plan.bytes_max &&
         box.width == info.width_px && box.height == info.height_px &&
         std::max(box.width, box.height) <= plan.edge_px;
}

std::optional<Issue> check_plan(const Plan& plan) {
  const auto invalid = [](std::string_view name, std::uint64_t value) {
    return Issue{Code::photo_plan_invalid,
                 "",
                 {{"name", std::string(name)}, {"value", std::to_string(value)}}};
  };
  constexpr std::uint32_t whole = 1'000'000;
  const Crop& crop = plan.crop;
  if (crop.x >= whole) return invalid("crop_x", crop.x);
  if (crop.y >= whole) return invalid("crop_y", crop.y);
  if (crop.width < 1 || crop.width > whole - crop.x) return invalid("crop_width", crop.width);
  if (crop.height < 1 || crop.height > whole - crop.y) return invalid("crop_height", crop.height);
  if (plan.edge_px < 1 || plan.edge_px > limits::photo_side_px_max)
    return invalid("edge_px", plan.edge_px);
  if (plan.quality_max < 1 || plan.quality_max > 100)
    return invalid("quality_max", plan.quality_max);
  if (plan.quality_min < 1 || plan.quality_min > plan.quality_max)
    return invalid("quality_min", plan.quality_min);
  if (plan.bytes_max > limits::upload_bytes_max) return invalid("bytes_max", plan.bytes_max);
  if (plan.bytes_max < limits::photo_budget_bytes_min) return budget_too_small(plan.bytes_max);
  return std::nullopt;
}

}  // namespace

Aspect aspect_from_string(std::string_view name) {
  if (name == "vertical") return Aspect::vertical;
  if (name == "square") return Aspect::square;
  if (name == "horizontal") return Aspect::horizontal;
  return Aspect::as_taken;
}

namespace {

/// The file as it is, if that is wished and it is fine; it is proven whole.
std::optional<Prepared> keep(Bytes file, const Plan& plan) {
  if (!plan.keep_fine || file.size() > plan.bytes_max) return std::nullopt;
  const Found<Walked> walked = walk(file, Proof::whole);
  if (!walked || !is_fine(*walked, plan)) return std::nullopt;
  return Prepared{.jpeg = {file.begin(), file.end()},
                  .width_px = walked->info.width_px,
                  .height_px = walked->info.height_px,
                  .source = walked->info};
}

/// What `JpegStrips` does not read: the whole file is proven first, then decoded behind a fence.
Outcome<Prepared> prepare_by_stb(Bytes file, const Plan& plan) {
  const Found<Walked> walked = walk(file, Proof::whole);
  if (!walked) return std::unexpected(to_issue(walked.error()));
  Arena arena(walked->decoder_bytes);
  const Found<Picture> picture = decode(file, *walked, arena);
  if (!picture) return std::unexpected(to_issue(picture.error()));
  return finish_picture(shrink_picture(*picture, place(walked->info, plan)), walked->info, plan);
}

}  // namespace

Outcome<Prepared> prepare(Bytes file, const Plan& plan) {
  if (auto issue = check_plan(plan)) return std::unexpected(std::move(*issue));
  if (auto kept = keep(file, plan)) return std::move(*kept);
  Found<Walked> head = walk(file, Proof::head);
  if (!head) return std::unexpected(to_issue(head.error()));
  if (!head->strips) return prepare_by_stb(file, plan);
  const Input input{.bytes = file};
  const Placement placement = place(head->info, plan);
  StripsShrinker shrinker(input, std::move(*head), placement);
  const Found<bool> done = shrinker.advance();
  if (!done) return std::unexpected(to_issue(done.error()));
  return finish_picture(shrinker.take(), shrinker.source(), plan);
}

/// Until its head is there a file is kept; then, if it can be read in strips, only what has not
/// been read of it.
struct Arrival::State {
  explicit State(const Plan& wished) : plan(wished), failure(check_plan(wished)) {}

  void advance();
  void read_head();
  void read_strips();
  void forget(std::size_t end);

  Plan plan;
  std::optional<Issue> failure;
  std::vector<std::uint8_t> held;  ///< begins with `input.bytes`; it grows only, to be filled once
  Input input{.whole = false};
  std::optional<StripsShrinker> shrinker;
  bool is_other = false;  ///< not to be read in strips: it is kept until it is whole
  bool is_done = false;   ///< the picture is whole; what follows it is not looked at
};

void Arrival::State::advance() {
  if (!failure && input.end() > limits::photo_file_bytes_max)
    failure = to_issue(file_too_large(input.end()));
  if (!failure && !shrinker && !is_other) read_head();
  if (!failure && shrinker && !is_done) read_strips();
  if (failure || is_done) forget(input.end());
}

void Arrival::State::read_head() {
  constexpr std::size_t magic_bytes = 512;  // of the format that is told by the most of them
  if (input.bytes.size() < magic_bytes && !input.whole) return;
  is_other = detect(input.bytes) == Format::png;
  if (is_other) return;
  // What may stay as it is has to be there as a whole.
  if (plan.keep_fine && input.bytes.size() <= plan.bytes_max && !input.whole) return;
  Found<Walked> head = walk(input.bytes, Proof::head);
  if (head) {
    is_other = !head->strips;
    const Placement placement = place(head->info, plan);
    if (head->strips) shrinker.emplace(input, std::move(*head), placement);
  } else if (head.error().code != Code::photo_truncated || input.whole) {
    failure = to_issue(head.error());
  }
}

void Arrival::State::read_strips() {
  const Found<bool> done = shrinker->advance();
  if (!done) {
    failure = to_issue(done.error());
    return;
  }
  is_done = *done;
  forget(shrinker->at());
}

/// Drops the bytes before `end`.
void Arrival::State::forget(std::size_t end) {
  const std::span<const std::uint8_t> left = input.bytes.subspan(end - input.offset);
  std::copy(left.begin(), left.end(), held.begin());
  input = {.bytes = std::span(held).first(left.size()), .offset = end, .whole = input.whole};
}

Arrival::Arrival(const Plan& plan) : state_(std::make_unique<State>(plan)) {}
Arrival::Arrival(Arrival&&) noexcept = default;
Arrival& Arrival::operator=(Arrival&&) noexcept = default;
Arrival::~Arrival() = default;

std::span<std::uint8_t> Arrival::room(std::size_t bytes) {
  std::vector<std::uint8_t>& held = state_->held;
  const std::size_t before = state_->input.bytes.size();
  if (held.size() < before + bytes) held.resize(before + bytes);
  state_->input.bytes = std::span(held).first(before);
  return std::span(held).subspan(before, bytes);
}

std::optional<Issue> Arrival::put(std::size_t bytes) {
  state_->input.bytes = std::span(state_->held).first(state_->input.bytes.size() + bytes);
  state_->advance();
  return state_->failure;
}

Outcome<Prepared> Arrival::finish() {
  state_->input.whole = true;
  if (!state_->failure && !state_->shrinker) {
    if (auto kept = keep(state_->input.bytes, state_->plan)) return std::move(*kept);
  }
  state_->advance();
  if (state_->failure) return std::unexpected(*state_->failure);
  if (!state_->shrinker) return prepare_by_stb(state_->input.bytes, state_->plan);
  Info source = state_->shrinker->source();
  source.bytes = state_->input.end();  // its head did not know
  Yuv420 picture = state_->shrinker->take();
  state_->shrinker.reset();
  return finish_picture(std::move(picture), source, state_->plan);
}

Outcome<Prepared> prepare(const PixelView& pixels, const Plan& plan) {
  if (auto issue = check_plan(plan)) return std::unexpected(std::move(*issue));
  if (pixels.width_px == 0 || pixels.height_px == 0)
    return std::unexpected(to_issue({Code::photo_file_empty}));
  if (const Failure failure = check_size_whole(pixels.width_px, pixels.height_px))
    return std::unexpected(to_issue(*failure));
  const std::uint64_t bytes = std::uint64_t{4} * pixels.width_px * pixels.height_px;
  if (pixels.rgba.size() < bytes)
    return std::unexpected(to_issue(truncated_at(pixels.rgba.size())));
  if (pixels.rgba.size() > bytes)
    return std::unexpected(to_issue(damaged_at("pixels", static_cast<std::size_t>(bytes))));
  Picture picture{.width_px = pixels.width_px, .height_px = pixels.height_px, .channels = 4};
  picture.plane[0] = {.samples = pixels.rgba.data(),
                      .stride = std::size_t{4} * pixels.width_px,
                      .width = pixels.width_px,
                      .height = pixels.height_px};
  const Info source{.bytes = bytes, .width_px = pixels.width_px, .height_px = pixels.height_px};
  return finish_picture(shrink_picture(picture, place(source, plan)), source, plan);
}

}  // namespace sfluv::photo
