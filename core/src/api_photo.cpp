// SPDX-License-Identifier: MIT
#include "sfluv/api_photo.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "sfluv/digest.h"
#include "sfluv/json_writer.h"
#include "sfluv/photo.h"

#include "flat_object.h"
#include "photo_catalogue.h"

namespace sfluv::api {
namespace {

Issue plan_invalid(std::string_view name, std::string_view value) {
  return Issue{
      Code::photo_plan_invalid, "", {{"name", std::string(name)}, {"value", std::string(value)}}};
}

/// How a wrong value is shown: its text, or what kind of thing it is.
std::string_view shown(const json::Value& value) {
  const bool scalar = value.kind == json::Kind::number || value.kind == json::Kind::string;
  return scalar ? std::string_view(value.text).substr(0, 64) : json::to_string(value.kind);
}

/// Reads the members of a plan and keeps the first that is wrong.
class PlanReader {
 public:
  explicit PlanReader(const json::Value& plan) : plan_(plan) {}

  template <class Integer>
  void integer(std::string_view name, Integer& out) {
    const json::Value* value = find(name);
    if (value == nullptr) return;
    const std::string& text = value->text;
    Integer number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (value->kind == json::Kind::number && whole) {
      out = number;
    } else {
      fail(name, *value);
    }
  }

  void aspect(std::string_view name, photo::Aspect& out) {
    const json::Value* value = find(name);
    if (value == nullptr) return;
    out = photo::aspect_from_string(value->text);
    const bool known = value->text.empty() || out != photo::Aspect::as_taken;
    if (value->kind != json::Kind::string || !known) fail(name, *value);
  }

  void boolean(std::string_view name, bool& out) {
    const json::Value* value = find(name);
    if (value == nullptr) return;
    out = value->truth;
    if (value->kind != json::Kind::boolean) fail(name, *value);
  }

  void fail(std::string_view name, std::string_view value) {
    if (!failure_) failure_ = plan_invalid(name, value);
  }

  [[nodiscard]] const std::optional<Issue>& failure() const { return failure_; }

 private:
  [[nodiscard]] const json::Value* find(std::string_view name) const {
    const json::Value* value = plan_.find(name);
    return value == nullptr || value->kind == json::Kind::null ? nullptr : value;
  }
  void fail(std::string_view name, const json::Value& value) { fail(name, shown(value)); }

  const json::Value& plan_;
  std::optional<Issue> failure_;
};

struct Request {
  photo::Plan plan;
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  bool digest = true;
};

/// The photos of a request share its budget; one alone has its own.
void share(PlanReader& reader, photo::Plan& plan) {
  std::uint32_t photos = 1;
  reader.integer("photos_in_request", photos);
  if (photos == 0) return reader.fail("photos_in_request", "0");
  std::uint32_t bytes_max = photos > 1 ? limits::request_photo_bytes_default : plan.bytes_max;
  reader.integer("request_bytes_max", bytes_max);
  plan.bytes_max = std::min(plan.bytes_max, bytes_max / photos);
}

Outcome<Request> read_request(std::string_view text) {
  const std::optional<json::Value> tree = json::read_flat_object(text);
  if (!tree) return std::unexpected(plan_invalid("plan", "not JSON"));
  if (tree->kind != json::Kind::object) return std::unexpected(plan_invalid("plan", shown(*tree)));
  Request request;
  PlanReader reader(*tree);
  reader.integer("crop_x", request.plan.crop.x);
  reader.integer("crop_y", request.plan.crop.y);
  // A corner alone means all from there on.
  request.plan.crop.width -= std::min(request.plan.crop.x, request.plan.crop.width);
  request.plan.crop.height -= std::min(request.plan.crop.y, request.plan.crop.height);
  reader.integer("crop_width", request.plan.crop.width);
  reader.integer("crop_height", request.plan.crop.height);
  reader.aspect("aspect", request.plan.aspect);
  reader.integer("edge_px", request.plan.edge_px);
  reader.integer("bytes_max", request.plan.bytes_max);
  reader.integer("quality_max", request.plan.quality_max);
  // Whoever lowers the best quality alone does not mean to ask for the impossible.
  request.plan.quality_min = std::min(request.plan.quality_min, request.plan.quality_max);
  reader.integer("quality_min", request.plan.quality_min);
  reader.integer("width_px", request.width_px);
  reader.integer("height_px", request.height_px);
  reader.boolean("keep_time", request.plan.keep_time);
  reader.boolean("keep_fine", request.plan.keep_fine);
  reader.boolean("digest", request.digest);
  share(reader, request.plan);
  if (reader.failure()) return std::unexpected(*reader.failure());
  return request;
}

std::string refused(const Issue& issue) {
  return issue_reply(issue, photo::info_of(issue.code).id);
}

PhotoReply reply(Outcome<photo::Prepared> outcome, const Request& request) {
  if (!outcome) return {.json = refused(outcome.error()), .jpeg = {}};
  const photo::Info& source = outcome->source;
  JsonWriter json;
  json.begin_object().key("format").string("jpeg").key("in").begin_object();
  json.key("format").string(photo::to_string(source.format));
  json.key("bytes").number(static_cast<std::int64_t>(source.bytes));
  json.key("width_px").number(source.upright_width_px());
  json.key("height_px").number(source.upright_height_px());
  json.key("orientation").number(source.orientation);
  if (!source.profile.empty()) json.key("profile").string(source.profile);
  json.end_object();
  json.key("out").begin_object();
  json.key("bytes").number(static_cast<std::int64_t>(outcome->jpeg.size()));
  json.key("width_px").number(outcome->width_px);
  json.key("height_px").number(outcome->height_px);
  json.key("quality").number(outcome->quality);
  if (request.digest) json.key("sha256").string(hex(sha256(outcome->jpeg)));
  json.end_object().end_object();
  return {.json = json.take(), .jpeg = std::move(outcome->jpeg)};
}

PhotoReply refusal(const Issue& issue) { return {.json = refused(issue), .jpeg = {}}; }

}  // namespace

std::string probe_photo(std::span<const std::uint8_t> file) {
  const Outcome<photo::Info> info = photo::probe(file);
  if (!info) return refused(info.error());
  JsonWriter json;
  json.begin_object().key("format").string(photo::to_string(info->format));
  json.key("bytes").number(static_cast<std::int64_t>(info->bytes));
  json.key("width_px").number(info->upright_width_px());
  json.key("height_px").number(info->upright_height_px());
  json.key("orientation").number(info->orientation);
  json.key("progressive").boolean(info->progressive);
  if (!info->profile.empty()) json.key("profile").string(info->profile);
  json.key("has_gps").boolean(info->has_gps).end_object();
  return json.take();
}

PhotoReply prepare_photo(std::span<const std::uint8_t> file, std::string_view plan) {
  const Outcome<Request> request = read_request(plan);
  if (!request) return refusal(request.error());
  return reply(photo::prepare(file, request->plan), *request);
}

PhotoReply prepare_pixels(std::span<const std::uint8_t> rgba, std::string_view plan) {
  const Outcome<Request> request = read_request(plan);
  if (!request) return refusal(request.error());
  const photo::PixelView pixels{
      .rgba = rgba, .width_px = request->width_px, .height_px = request->height_px};
  return reply(photo::prepare(pixels, request->plan), *request);
}

struct PhotoArrival::State {
  Outcome<Request> request;
  photo::Arrival arrival;
};

PhotoArrival::PhotoArrival(std::string_view plan) {
  Outcome<Request> request = read_request(plan);
  photo::Arrival arrival(request ? request->plan : photo::Plan{});
  state_ = std::make_unique<State>(std::move(request), std::move(arrival));
}
PhotoArrival::~PhotoArrival() = default;

std::span<std::uint8_t> PhotoArrival::room(std::size_t bytes) {
  return state_->arrival.room(bytes);
}

bool PhotoArrival::put(std::size_t bytes) { return state_->request && !state_->arrival.put(bytes); }

PhotoReply PhotoArrival::finish() {
  const Outcome<Request>& request = state_->request;
  return request ? reply(state_->arrival.finish(), *request) : refusal(request.error());
}

}  // namespace sfluv::api
