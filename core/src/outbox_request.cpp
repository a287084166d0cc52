// SPDX-License-Identifier: MIT
// What each kind of record says to the server: seeds 000 and 001.
#include "outbox_request.h"

#include <algorithm>
#include <array>

#include "sfluv/base64.h"
#include "sfluv/json_writer.h"

#include "outbox_times.h"

namespace sfluv::outbox {
namespace {

constexpr std::string_view absences_path = "/improvers/workflows/absence-periods";

std::string escaped(std::string_view segment) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : segment) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

void write_photos(JsonWriter& out, const Content& content, const Answer& answer) {
  if (std::ranges::find(content.photos, answer.item_id, &Photo::item_id) != content.photos.end()) {
    out.key("photo_uploads").begin_array();
    for (const Photo& photo : content.photos) {
      if (photo.item_id != answer.item_id) continue;
      out.begin_object().key("file_name").string(photo.file_name);
      out.key("content_type").string(photo.content_type);
      out.key("data_base64").string("").end_object();
    }
    out.end_array();
  }
  if (answer.photo_ids.empty()) return;
  out.key("photo_ids").begin_array();
  for (const std::string& id : answer.photo_ids) out.string(id);
  out.end_array();
}

void write_completion(JsonWriter& out, const Content& content) {
  out.key("step_not_possible").boolean(content.step_not_possible);
  if (content.step_not_possible) {
    out.key("step_not_possible_details").string(content.step_not_possible_details);
  }
  out.key("items").begin_array();
  for (const Answer& answer : content.answers) {
    out.begin_object().key("item_id").string(answer.item_id);
    write_photos(out, content, answer);
    if (!answer.written_response.empty())
      out.key("written_response").string(answer.written_response);
    if (!answer.dropdown_value.empty()) out.key("dropdown_value").string(answer.dropdown_value);
    out.end_object();
  }
  out.end_array();
}

void write_series(JsonWriter& out, const Content& content) {
  out.key("series_id").string(content.series_id).key("step_order").number(content.step_order);
}

void write_dates(JsonWriter& out, const Content& content) {
  out.key("absent_from").string(content.absent_from);
  out.key("absent_until").string(content.absent_until);
}

// The body with an empty text in the place of each photo; "" for none. Fields stand in the
// documents' order.
std::string body_without_photos(const Content& content) {
  JsonWriter out;
  out.begin_object();
  switch (content.kind) {
    case Kind::complete:
      write_completion(out, content);
      break;
    case Kind::unclaim:
      write_series(out, content);
      break;
    case Kind::absence_create:
      write_series(out, content);
      write_dates(out, content);
      break;
    case Kind::absence_update:
      write_dates(out, content);
      break;
    default:
      return {};
  }
  out.end_object();
  return out.take();
}

// The photos in the order in which the body names them.
std::vector<const Photo*> photos_in_order(const Content& content) {
  std::vector<const Photo*> photos;
  for (const Answer& answer : content.answers) {
    for (const Photo& photo : content.photos) {
      if (photo.item_id == answer.item_id) photos.push_back(&photo);
    }
  }
  return photos;
}

std::string send_path(const Content& content) {
  if (content.kind == Kind::unclaim) return "/improvers/workflow-series/unclaim";
  if (content.kind == Kind::absence_create) return std::string{absences_path};
  if (is_of_series(content.kind))
    return std::string{absences_path} + '/' + escaped(content.absence_id);
  return "/improvers/workflows/" + escaped(content.workflow_id) + "/steps/" +
         escaped(content.step_id) + '/' + std::string{to_string(content.kind)};
}

std::string_view method_of(Kind kind) {
  if (kind == Kind::absence_update) return "PUT";
  return kind == Kind::absence_delete ? "DELETE" : "POST";
}

}  // namespace

bool has_answers(Kind kind) {
  return kind == Kind::complete || kind == Kind::absence_create || kind == Kind::absence_update;
}

bool is_of_series(Kind kind) { return kind >= Kind::unclaim; }

std::string read_path(const Content& content) {
  if (content.kind > Kind::unclaim) return std::string{absences_path};
  return "/workflows/" + escaped(content.workflow_id);
}

std::vector<Segment> body_plan(const Content& content) {
  // Inside a JSON text a quote is always escaped, so no answer can look like this.
  static constexpr std::string_view hole = "\"data_base64\":\"\"";
  const std::string body = body_without_photos(content);
  std::vector<Segment> plan;
  std::size_t from = 0;
  for (const Photo* const photo : photos_in_order(content)) {
    const std::size_t cut = body.find(hole, from) + hole.size() - 1;
    plan.push_back({.text = body.substr(from, cut - from), .photo_key = {}});
    plan.push_back({.text = {}, .photo_key = photo->key, .sha256 = photo->sha256});
    from = cut;
  }
  if (from < body.size()) plan.push_back({.text = body.substr(from), .photo_key = {}});
  return plan;
}

std::uint64_t body_size(const Content& content) {
  std::uint64_t bytes = body_without_photos(content).size();
  for (const Photo* const photo : photos_in_order(content)) {
    bytes += base64::encoded_size(photo->size_bytes);
  }
  return bytes;
}

void write_body(JsonWriter& out, const std::vector<Segment>& body) {
  out.key("body").begin_array();
  for (const Segment& segment : body) {
    out.begin_object();
    if (segment.text.empty()) {
      out.key("photo").string(segment.photo_key).key("sha256").string(hex(segment.sha256));
    } else {
      out.key("text").string(segment.text);
    }
    out.end_object();
  }
  out.end_array();
}

Send send_of(const Content& content, std::uint32_t attempt) {
  // Progress runs ahead of the wire by what a socket buffer holds.
  const auto buffered_bytes =
      static_cast<std::int64_t>(std::min<std::uint64_t>(content.body_bytes, socket_bytes_max));
  return {.method = method_of(content.kind),
          .path = send_path(content),
          .body = body_plan(content),
          .body_bytes = content.body_bytes,
          .attempt = attempt,
          .stall_ms = stall_ms,
          .answer_ms = answer_ms + buffered_bytes / drain_bytes_per_ms};
}

}  // namespace sfluv::outbox
