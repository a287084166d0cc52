// SPDX-License-Identifier: MIT
#include "completion_reader.h"

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
    upload.size_bytes = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, fields.integer(value, path, "size_bytes")));
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

bool is_blank(std::string_view body) {
  return body.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Outcome<CompletionRequest> completion_request_from(const json::Value& root, RequestSource source) {
  json::Fields fields{Code::body_not_decodable, json::Fields::Names::any_case};
  fields.expect(root, json::Kind::object, "");
  CompletionRequest request{
      .step_not_possible = fields.boolean(root, "", "step_not_possible"),
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
  const auto root = parse_body(body, json::Rest::ignored);
  if (!root) return std::unexpected(root.error());
  return completion_request_from(*root, RequestSource::body);
}

Outcome<std::vector<std::vector<std::uint8_t>>> completion_photo_bytes(
    std::string_view body, std::span<const StoredPhoto> photos) {
  std::vector<std::vector<std::uint8_t>> out;
  if (photos.empty()) return out;
  const auto root = parse_body(body, json::Rest::ignored);
  if (!root) return std::unexpected(root.error());
  for (const StoredPhoto& photo : photos) {
    json::Fields fields{Code::body_not_decodable, json::Fields::Names::any_case};
    const std::vector<json::Value>& items = fields.array(*root, "", "items");
    if (photo.item_index >= items.size())
      return std::unexpected(fault_at(Code::body_not_decodable, "/items"));
    const std::vector<json::Value>& uploads =
        fields.array(items[photo.item_index], "/items", "photo_uploads");
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
