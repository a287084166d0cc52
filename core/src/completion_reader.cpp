// SPDX-License-Identifier: MIT
#include "completion_reader.h"

#include <cctype>

#include "sfluv/base64.h"
#include "sfluv/photo.h"
#include "text.h"

namespace sfluv {
namespace {

Issue fault_at(Code code, std::string_view path, std::vector<Param> params = {}) {
  return {.code = code, .path = std::string{path}, .params = std::move(params)};
}

// "data:image/jpeg;base64,": dropped once, whatever stands before the word (rulebook A4.2).
std::string_view without_data_url_prefix(std::string_view data) {
  const std::size_t comma = data.find(',');
  if (comma == std::string_view::npos) return data;
  const std::string prefix = text::to_ascii_lower(data.substr(0, comma));
  return prefix.find("base64") == std::string::npos ? data : text::trim(data.substr(comma + 1));
}

// Rulebook A4.1 to A4.4. Size and type are judged later, when the limits are known.
void measure(PhotoUpload& upload, std::string_view data_base64) {
  const std::string_view data = text::trim(data_base64);
  if (data.empty()) {
    upload.fault = fault_at(Code::photo_data_blank, "/data_base64");
    return;
  }
  const auto measured = base64::measure_as_server(without_data_url_prefix(data));
  if (!measured) {
    upload.fault = fault_at(Code::photo_bad_base64, "/data_base64", measured.error().params);
    return;
  }
  if (measured->bytes == 0) {
    upload.fault = fault_at(Code::photo_zero_bytes, "/data_base64");
    return;
  }
  upload.size_bytes = measured->bytes;
  upload.sniffed_type = photo::sniff_image_type(measured->head);
}

PhotoUpload upload_from(json::Fields& fields, const json::Value& value, std::string_view path,
                        RequestSource source) {
  PhotoUpload upload{.file_name = fields.string(value, path, "file_name"),
                     .content_type = fields.string(value, path, "content_type")};
  if (source == RequestSource::draft) {
    upload.size_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, fields.integer(value, path, "size_bytes")));
    if (upload.size_bytes == 0) upload.fault = fault_at(Code::photo_zero_bytes, "/size_bytes");
  } else {
    measure(upload, fields.string(value, path, "data_base64"));
  }
  return upload;
}

ItemAnswer answer_from(json::Fields& fields, const json::Value& value, const std::string& path,
                       RequestSource source) {
  ItemAnswer answer{.item_id = fields.string(value, path, "item_id"),
                    .photo_ids = fields.strings(value, path, "photo_ids"),
                    .written_response = fields.string(value, path, "written_response"),
                    .dropdown_value = fields.string(value, path, "dropdown_value")};
  const std::string uploads = pointer(path, "photo_uploads");
  for (const json::Value& upload : fields.array(value, path, "photo_uploads")) {
    const std::string here = pointer(uploads, answer.photo_uploads.size());
    fields.expect(upload, json::Kind::object, here);
    answer.photo_uploads.push_back(upload_from(fields, upload, here, source));
  }
  // Legacy and output-only fields: their types are looked at, their content is not (rulebook A3.7).
  (void)fields.strings(value, path, "photo_urls");
  std::size_t index = 0;
  for (const json::Value& photo : fields.array(value, path, "photos")) {
    fields.expect(photo, json::Kind::object, pointer(pointer(path, "photos"), index++));
  }
  return answer;
}

// A lone surrogate is written as an escape, so the text is UTF-8 and yet cannot be decoded. Go's
// decoder, and every TextEncoder, makes it U+FFFD (rulebook A1.2); so do we, before parsing.
std::string without_lone_surrogates(std::string_view body) {
  const auto unit_at = [&](std::size_t at) -> int {
    if (at + 6 > body.size() || body[at] != '\\' || body[at + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      const auto c = static_cast<unsigned char>(body[i]);
      if (!std::isxdigit(c)) return -1;
      unit = unit * 16 + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return unit;
  };
  std::string out;
  out.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const int unit = unit_at(at);
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    const bool low = unit >= 0xDC00 && unit < 0xE000;
    const int next = high ? unit_at(at + 6) : -1;
    std::size_t length = unit >= 0 ? 6 : body[at] == '\\' && at + 1 < body.size() ? 2 : 1;
    if (low || (high && (next < 0xDC00 || next >= 0xE000))) {
      out += "\\uFFFD";
    } else {
      if (high) length = 12;
      out += body.substr(at, length);
    }
    at += length;
  }
  return out;
}

bool is_blank(std::string_view body) { return body.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// The live decoder's leniencies that concern the text as a whole (rulebook A1.2).
Outcome<json::Value> parse_body(std::string_view body) {
  std::string repaired;
  if (!text::is_utf8(body)) body = repaired = text::repair_utf8(body);
  if (body.find("\\ud") != std::string_view::npos || body.find("\\uD") != std::string_view::npos) {
    repaired = without_lone_surrogates(body);
    body = repaired;
  }
  return json::parse(body, Code::body_not_decodable, json::Rest::ignored);
}

}  // namespace

Outcome<CompletionRequest> completion_request_from(const json::Value& root, RequestSource source) {
  json::Fields fields{Code::body_not_decodable, json::Fields::Names::any_case};
  fields.expect(root, json::Kind::object, "");
  CompletionRequest request{.step_not_possible = fields.boolean(root, "", "step_not_possible"),
                            .step_not_possible_details = fields.string(root, "", "step_not_possible_details")};
  for (const json::Value& item : fields.array(root, "", "items")) {
    const std::string path = pointer("/items", request.items.size());
    fields.expect(item, json::Kind::object, path);
    request.items.push_back(answer_from(fields, item, path, source));
  }
  if (fields.failure()) return std::unexpected(*fields.failure());
  return request;
}

Outcome<CompletionRequest> completion_request_in(json::Fields& fields, const json::Value& owner,
                                                 std::string_view path) {
  const json::Value* const raw = owner.find("request_raw");
  if (raw != nullptr && raw->kind != json::Kind::null) {
    fields.expect(*raw, json::Kind::string, pointer(path, "request_raw"));
    return read_completion_request(raw->text);
  }
  if (const json::Value* const draft = owner.find("draft")) {
    return completion_request_from(*draft, RequestSource::draft);
  }
  const json::Value* const request = owner.find("request");
  return request ? completion_request_from(*request, RequestSource::body) : CompletionRequest{};
}

UploadLimits upload_limits_from(json::Fields& fields, const json::Value& root) {
  const auto limit = [&](const char* name) -> std::optional<std::uint64_t> {
    const auto given = fields.optional_integer(root, "", name);
    if (!given) return std::nullopt;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, *given));
  };
  return {.photo_bytes_max = limit("photo_bytes_max").value_or(UploadLimits{}.photo_bytes_max),
          .request_bytes_max = limit("request_bytes_max")};
}

Outcome<CompletionRequest> read_completion_request(std::string_view body) {
  if (is_blank(body)) return CompletionRequest{};
  const auto root = parse_body(body);
  if (!root) return std::unexpected(root.error());
  return completion_request_from(*root, RequestSource::body);
}

Outcome<std::vector<std::vector<std::uint8_t>>> completion_photo_bytes(std::string_view body,
                                                                       std::span<const StoredPhoto> photos) {
  std::vector<std::vector<std::uint8_t>> out;
  if (photos.empty()) return out;
  const auto root = parse_body(body);
  if (!root) return std::unexpected(root.error());
  for (const StoredPhoto& photo : photos) {
    json::Fields fields{Code::body_not_decodable, json::Fields::Names::any_case};
    const std::vector<json::Value>& items = fields.array(*root, "", "items");
    if (photo.item_index >= items.size()) return std::unexpected(fault_at(Code::body_not_decodable, "/items"));
    const std::vector<json::Value>& uploads = fields.array(items[photo.item_index], "/items", "photo_uploads");
    if (photo.upload_index >= uploads.size()) {
      return std::unexpected(fault_at(Code::body_not_decodable, "/items"));
    }
    const std::string data = fields.string(uploads[photo.upload_index], "/items", "data_base64");
    auto bytes = base64::decode_as_server(without_data_url_prefix(text::trim(data)));
    if (!bytes) return std::unexpected(bytes.error());
    out.push_back(*std::move(bytes));
  }
  return out;
}

}  // namespace sfluv
