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
constexpr std::uint64_t piece_bytes = 786'432;  // as photos lie in the package's store

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

using Ids = std::span<const std::string>;

// A person's own staged photos, or those that this record has staged.
std::vector<std::string> ids_of(const Content& content, const Answer& answer, Ids staged) {
  std::vector<std::string> ids = answer.photo_ids;
  for (std::size_t i = 0; i < staged.size(); ++i) {
    if (content.photos[i].item_id == answer.item_id) ids.push_back(staged[i]);
  }
  return ids;
}

void write_photos(JsonWriter& out, const Content& content, const Answer& answer, Ids staged) {
  const bool has_photos =
      std::ranges::find(content.photos, answer.item_id, &Photo::item_id) != content.photos.end();
  if (has_photos && !content.stages_photos) {
    out.key("photo_uploads").begin_array();
    for (const Photo& photo : content.photos) {
      if (photo.item_id != answer.item_id) continue;
      out.begin_object().key("file_name").string(photo.file_name);
      out.key("content_type").string(photo.content_type);
      out.key("data_base64").string("").end_object();
    }
    out.end_array();
  }
  const std::vector<std::string> ids = ids_of(content, answer, staged);
  if (ids.empty()) return;
  out.key("photo_ids").begin_array();
  for (const std::string& id : ids) out.string(id);
  out.end_array();
}

void write_completion(JsonWriter& out, const Content& content, Ids staged) {
  out.key("step_not_possible").boolean(content.step_not_possible);
  if (content.step_not_possible) {
    out.key("step_not_possible_details").string(content.step_not_possible_details);
  }
  out.key("items").begin_array();
  for (const Answer& answer : content.answers) {
    out.begin_object().key("item_id").string(answer.item_id);
    write_photos(out, content, answer, staged);
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
std::string body_without_photos(const Content& content, Ids staged) {
  JsonWriter out;
  out.begin_object();
  switch (content.kind) {
    case Kind::complete: write_completion(out, content, staged); break;
    case Kind::unclaim: write_series(out, content); break;
    case Kind::absence_create:
      write_series(out, content);
      write_dates(out, content);
      break;
    case Kind::absence_update: write_dates(out, content); break;
    default: return {};
  }
  out.end_object();
  return out.take();
}

// The photos that stand in the body, in its order.
std::vector<const Photo*> photos_in_order(const Content& content) {
  std::vector<const Photo*> photos;
  if (content.stages_photos) return photos;
  for (const Answer& answer : content.answers) {
    for (const Photo& photo : content.photos) {
      if (photo.item_id == answer.item_id) photos.push_back(&photo);
    }
  }
  return photos;
}

std::string step_path(const Content& content, std::string_view what) {
  return "/improvers/workflows/" + escaped(content.workflow_id) + "/steps/" +
         escaped(content.step_id) + '/' + std::string{what};
}

std::string stage_path(const Content& content) { return step_path(content, "photos"); }

std::string send_path(const Content& content) {
  if (content.kind == Kind::unclaim) return "/improvers/workflow-series/unclaim";
  if (content.kind == Kind::absence_create) return std::string{absences_path};
  if (is_of_series(content.kind))
    return std::string{absences_path} + '/' + escaped(content.absence_id);
  return step_path(content, to_string(content.kind));
}

std::string_view method_of(Kind kind) {
  if (kind == Kind::absence_update) return "PUT";
  return kind == Kind::absence_delete ? "DELETE" : "POST";
}

// Progress runs ahead of the wire by what a socket buffer holds.
Send timed(Send send, const Content& content) {
  send.body_bytes = size_of(send.body, content);
  const auto buffered_bytes =
      static_cast<std::int64_t>(std::min<std::uint64_t>(send.body_bytes, socket_bytes_max));
  send.stall_ms = stall_ms;
  send.answer_ms = answer_ms + buffered_bytes / drain_bytes_per_ms;
  return send;
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

std::vector<Segment> body_plan(const Content& content, Ids staged) {
  // Inside a JSON text a quote is always escaped, so no answer can look like this.
  static constexpr std::string_view hole = "\"data_base64\":\"\"";
  const std::string body = body_without_photos(content, staged);
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

std::uint64_t size_of(std::span<const Segment> body, const Content& content) {
  std::uint64_t bytes = 0;
  for (const Segment& segment : body) {
    bytes += segment.text.size();
    if (segment.photo_key.empty()) continue;
    const auto photo = std::ranges::find(content.photos, segment.photo_key, &Photo::key);
    bytes += segment.piece ? segment.piece->to - segment.piece->from
                           : base64::encoded_size(photo->size_bytes);
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
    if (segment.piece) {
      out.key("from").number(static_cast<std::int64_t>(segment.piece->from));
      out.key("to").number(static_cast<std::int64_t>(segment.piece->to));
    }
    out.end_object();
  }
  out.end_array();
}

Send send_of(const Record& record) {
  const Content& content = record.content;
  Send send{.method = method_of(content.kind), .path = send_path(content)};
  send.body = body_plan(content, record.staged);
  send.attempt = record.attempts;
  return timed(std::move(send), content);
}

std::uint64_t pieces_of(const Photo& photo) {
  return (photo.size_bytes + piece_bytes - 1) / piece_bytes;
}

bool has_photo_to_stage(const Record& record) {
  return record.content.stages_photos && record.staged.size() < record.content.photos.size();
}

// The upload's id names edition and photo, so that a piece that arrives twice is one piece.
Send stage_of(const Record& record) {
  const Content& content = record.content;
  const Photo& photo = content.photos[record.staged.size()];
  const std::string upload_id = hex(content.id) + '-' + std::to_string(content.edition) + '-' +
                                std::to_string(record.staged.size());
  const std::string boundary = "sfluv-" + upload_id;  // stands in no photo: the id is random
  const std::string begin = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"";
  std::string fields;
  const auto field = [&](std::string_view name, const std::string& value) {
    fields += begin + std::string{name} + "\"\r\n\r\n" + value + "\r\n";
  };
  field("item_id", photo.item_id);
  field("upload_id", upload_id);
  field("chunk_index", std::to_string(record.piece));
  field("total_chunks", std::to_string(pieces_of(photo)));
  field("file_name", photo.file_name);
  field("content_type", photo.content_type);
  fields += begin + "chunk\"; filename=\"chunk\"\r\nContent-Type: application/octet-stream\r\n\r\n";
  const std::uint64_t from = record.piece * piece_bytes;
  Send send{.op = Op::stage, .method = "POST", .path = stage_path(content)};
  send.content_type = "multipart/form-data; boundary=" + boundary;
  send.body = {{.text = fields, .photo_key = {}},
               {.text = {},
                .photo_key = photo.key,
                .sha256 = photo.sha256,
                .piece = {{.from = from, .to = std::min(from + piece_bytes, photo.size_bytes)}}},
               {.text = "\r\n--" + boundary + "--\r\n", .photo_key = {}}};
  return timed(std::move(send), content);
}

}  // namespace sfluv::outbox
