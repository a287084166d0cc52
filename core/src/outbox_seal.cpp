// SPDX-License-Identifier: MIT
// From a finished draft to frozen content, and from content to the body: the same at every call.
#include <algorithm>
#include <utility>

#include "sfluv/base64.h"
#include "sfluv/json_writer.h"
#include "sfluv/outbox.h"

#include "text.h"

namespace sfluv::outbox {
namespace {

constexpr std::size_t label_bytes_max = 40;
constexpr std::size_t digest_hex_digits = 12;
constexpr std::size_t tag_hex_digits = 6;

// Readable, since the names appear in mails; ASCII, since servers cut and escape names; never a
// place, a time or a person.
std::string label_of(std::string_view item_title) {
  std::string label;
  for (const char c : text::to_ascii_lower(item_title)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      label += c;
    } else if (!label.empty() && label.back() != '-') {
      label += '-';
    }
    if (label.size() == label_bytes_max) break;
  }
  while (label.ends_with('-')) label.pop_back();
  return label.empty() ? "photo" : label;
}

std::string_view suffix_of(std::string_view content_type) {
  if (content_type == "image/png") return ".png";
  if (content_type == "image/webp") return ".webp";
  return ".jpg";
}

// Names the content and the submission: the server's echo of it is the evidence that it holds this
// very submission. The same photo twice in one item gets an ordinal.
std::string marked_name(const Content& content, std::string_view item_title, const Photo& photo) {
  const std::string stem = label_of(item_title) + '-' +
                           hex(photo.sha256).substr(0, digest_hex_digits) + '-' +
                           hex(content.id).substr(0, tag_hex_digits);
  const auto twins = std::ranges::count_if(content.photos, [&](const Photo& other) {
    return other.item_id == photo.item_id && other.sha256 == photo.sha256;
  });
  const std::string ordinal = twins == 0 ? "" : '-' + std::to_string(twins + 1);
  return stem + ordinal + std::string{suffix_of(photo.content_type)};
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

// The body with an empty text in the place of each photo. Fields stand in the documents' order.
std::string body_without_photos(const Content& content) {
  JsonWriter out;
  out.begin_object().key("step_not_possible").boolean(content.step_not_possible);
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
  out.end_array().end_object();
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

void fill_in(Content& content, Draft& draft, const Verdict& verdict) {
  content.step_not_possible = verdict.step_not_possible;
  content.step_not_possible_details = verdict.step_not_possible_details;
  for (const StoredResponse& response : verdict.item_responses) {
    content.answers.push_back({.item_id = response.item_id,
                               .photo_ids = response.photo_ids,
                               .written_response = response.written_response,
                               .dropdown_value = response.dropdown_value});
  }
  for (const StoredPhoto& stored : verdict.photos) {
    Draft::Upload& upload = draft.uploads[stored.item_index][stored.upload_index];
    Photo photo{.item_id = stored.item_id,
                .key = std::move(upload.key),
                .file_name = {},
                .content_type = stored.content_type,
                .size_bytes = stored.size_bytes,
                .sha256 = upload.sha256};
    const auto item = std::ranges::find(draft.work_items, photo.item_id, &WorkItem::id);
    photo.file_name = marked_name(content, item->title, photo);
    content.photos.push_back(std::move(photo));
  }
  content.body_bytes = body_size(content);
}

}  // namespace

std::vector<Segment> body_plan(const Content& content) {
  // Inside a JSON text a quote is always escaped, so no answer can look like this.
  static constexpr std::string_view hole = "\"data_base64\":\"\"";
  const std::string body = body_without_photos(content);
  std::vector<Segment> plan;
  std::size_t from = 0;
  for (const Photo* const photo : photos_in_order(content)) {
    const std::size_t cut = body.find(hole, from) + hole.size() - 1;
    plan.push_back({.text = body.substr(from, cut - from), .photo_key = {}});
    plan.push_back({.text = {}, .photo_key = photo->key});
    from = cut;
  }
  plan.push_back({.text = body.substr(from), .photo_key = {}});
  return plan;
}

std::uint64_t body_size(const Content& content) {
  std::uint64_t bytes = body_without_photos(content).size();
  for (const Photo* const photo : photos_in_order(content)) {
    bytes += base64::encoded_size(photo->size_bytes);
  }
  return bytes;
}

std::expected<Transition, std::vector<Issue>> seal(Draft draft, const Inputs& inputs) {
  const Verdict verdict = check_completion(
      {.work_items = draft.work_items, .allow_step_not_possible = draft.allow_step_not_possible},
      draft.request);
  if (!verdict.accepted()) return std::unexpected(verdict.issues);
  Record record{.content = draft.content, .created_ms = inputs.now_ms};
  fill_in(record.content, draft, verdict);
  record.due_ms = std::max<std::int64_t>(1, inputs.now_ms);
  record.pending = Pending::store;
  record.revision = 1;
  record.entries.push_back(
      {.at_ms = inputs.now_ms, .state = State::queued, .why = {}, .status = 0});
  return Transition{.record = std::move(record), .effects = {Persist{.token = 1}}, .refused = {}};
}

}  // namespace sfluv::outbox
