// SPDX-License-Identifier: MIT
#include "sfluv/completion.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sfluv/base64.h"
#include "sfluv/photo.h"

#include "text.h"

namespace sfluv {
namespace {

constexpr std::size_t no_answer = static_cast<std::size_t>(-1);

// What an item was answered, as the live server sees it: trimmed, blanks and repeats gone.
struct Given {
  std::vector<std::string> photo_ids;
  std::size_t uploads = 0;
  std::string written_response;
  std::string dropdown_value;

  [[nodiscard]] std::size_t photos() const { return photo_ids.size() + uploads; }
  [[nodiscard]] bool any_input() const {
    return photos() > 0 || !written_response.empty() || !dropdown_value.empty();
  }
};

Given given_by(const ItemAnswer& answer) {
  Given given{.uploads = answer.photo_uploads.size(),
              .written_response = std::string{text::trim(answer.written_response)},
              .dropdown_value = std::string{text::trim(answer.dropdown_value)}};
  std::set<std::string_view> seen;
  for (const std::string& id : answer.photo_ids) {
    const std::string_view trimmed = text::trim(id);
    if (!trimmed.empty() && seen.insert(trimmed).second) given.photo_ids.emplace_back(trimmed);
  }
  return given;
}

// Collects issues; each carries the id of the item that it is about.
class Check {
 public:
  Check(const StepDemand& demand, const CompletionRequest& request, const UploadLimits& limits)
      : demand_(demand), request_(request), limits_(limits) {}

  Verdict run() {
    verdict_.step_not_possible = request_.step_not_possible;
    verdict_.step_not_possible_details = text::trim(request_.step_not_possible_details);
    if (request_.step_not_possible) {
      check_not_possible();
    } else {
      if (!verdict_.step_not_possible_details.empty()) {
        add(Code::details_without_not_possible, "/step_not_possible_details");
      }
      check_answers();
      check_size();
      check_items();
    }
    check_storable();
    return std::move(verdict_);
  }

 private:
  Issue& add(Code code, std::string path) {
    return verdict_.issues.emplace_back(code, std::move(path));
  }

  void check_not_possible();
  void check_answers();
  void check_size();
  void check_upload(const PhotoUpload& upload, const std::string& item_id, const std::string& path);
  void check_items();
  void check_item(const WorkItem& item, const Given& given, const std::string& path);
  void check_option(const WorkItem& item, const Given& given, const std::string& path);
  void store(const WorkItem& item, std::size_t answer, const Given& given);
  void check_storable();

  const StepDemand& demand_;
  const CompletionRequest& request_;
  const UploadLimits& limits_;
  Verdict verdict_;
  std::vector<std::size_t> answer_of_ =
      std::vector<std::size_t>(demand_.work_items.size(), no_answer);
};

// Checks 10 to 12.
void Check::check_not_possible() {
  if (!demand_.allow_step_not_possible) add(Code::not_possible_not_allowed, "/step_not_possible");
  if (verdict_.step_not_possible_details.empty()) {
    add(Code::not_possible_details_required, "/step_not_possible_details");
  }
  if (!request_.items.empty()) {
    add(Code::not_possible_with_items, "/items").with("count", std::ssize(request_.items));
  }
}

// Checks 14 to 18, in the order of the request.
void Check::check_answers() {
  std::map<std::string_view, std::size_t> index_of;
  for (std::size_t i = 0; i < demand_.work_items.size(); ++i)
    index_of.emplace(demand_.work_items[i].id, i);
  for (std::size_t i = 0; i < request_.items.size(); ++i) {
    const ItemAnswer& answer = request_.items[i];
    const std::string path = pointer("/items", i);
    const std::string item_id{text::trim(answer.item_id)};
    if (item_id.empty()) {
      add(Code::item_id_blank, pointer(path, "item_id"));
      continue;
    }
    const auto item = index_of.find(item_id);
    if (item == index_of.end()) {
      add(Code::item_unknown, pointer(path, "item_id")).with("item_id", item_id);
      continue;
    }
    std::size_t& answered = answer_of_[item->second];
    if (answered != no_answer) {
      add(Code::item_duplicate, pointer(path, "item_id")).with("item_id", item_id);
      continue;
    }
    answered = i;
    for (std::size_t k = 0; k < answer.photo_uploads.size(); ++k) {
      check_upload(answer.photo_uploads[k], item_id, pointer(pointer(path, "photo_uploads"), k));
    }
    if (!answer.photo_uploads.empty() && !given_by(answer).photo_ids.empty()) {
      add(Code::photo_uploads_and_ids_mixed, pointer(path, "photo_uploads"))
          .with("item_id", item_id);
    }
  }
}

// What no proxy lets through never reaches the server that could judge it.
void Check::check_size() {
  if (!limits_.request_bytes_max) return;
  std::uint64_t bytes = 0;
  for (const ItemAnswer& answer : request_.items) {
    for (const PhotoUpload& upload : answer.photo_uploads) {
      bytes += base64::encoded_size(upload.size_bytes);
    }
  }
  if (bytes > *limits_.request_bytes_max) {
    add(Code::request_too_large, "/items")
        .with("bytes", static_cast<std::int64_t>(bytes))
        .with("bytes_max", static_cast<std::int64_t>(*limits_.request_bytes_max));
  }
}

std::string stored_content_type(const PhotoUpload& upload) {
  std::string declared = text::to_ascii_lower(text::trim(upload.content_type));
  return declared.empty() ? upload.sniffed_type : declared;
}

// The data, then its size, then its type (rulebook A4); `data` is the name of the field of the data.
std::optional<Issue> fault_of(const PhotoUpload& upload, std::string_view item_id,
                              std::string_view data, const UploadLimits& limits) {
  if (upload.fault) {
    Issue issue{upload.fault->code, upload.fault->path};
    issue.with("item_id", item_id);
    std::ranges::copy(upload.fault->params, std::back_inserter(issue.params));
    return issue;
  }
  if (upload.size_bytes > limits.photo_bytes_max) {
    return Issue{Code::photo_too_large, pointer("", data)}
        .with("item_id", item_id)
        .with("bytes", static_cast<std::int64_t>(upload.size_bytes))
        .with("bytes_max", static_cast<std::int64_t>(limits.photo_bytes_max));
  }
  if (!stored_content_type(upload).starts_with("image/")) {
    return Issue{Code::photo_not_image, "/content_type"}
        .with("item_id", item_id)
        .with("content_type", text::trim(upload.content_type));
  }
  return std::nullopt;
}

// Check 17.
void Check::check_upload(const PhotoUpload& upload, const std::string& item_id,
                         const std::string& path) {
  const auto fault = fault_of(upload, item_id, "data_base64", limits_);
  if (fault) add(fault->code, path + fault->path).params = fault->params;
}

// Checks 19 to 25, in the order of the items.
void Check::check_items() {
  for (std::size_t i = 0; i < demand_.work_items.size(); ++i) {
    const WorkItem& item = demand_.work_items[i];
    const std::size_t answer = answer_of_[i];
    if (answer == no_answer) {
      if (!item.optional) add(Code::item_missing, "/items").with("item_id", item.id);
      continue;
    }
    const Given given = given_by(request_.items[answer]);
    if (item.optional && !given.any_input()) continue;  // rulebook A3.2: skipped and not stored
    check_item(item, given, pointer("/items", answer));
    store(item, answer, given);
  }
}

void Check::check_item(const WorkItem& item, const Given& given, const std::string& path) {
  const auto photos = static_cast<std::int64_t>(given.photos());
  if (item.requires_photo && item.photo_allow_any_count) {
    if (photos == 0) add(Code::photo_none, pointer(path, "photo_uploads")).with("item_id", item.id);
  } else if (item.requires_photo && photos != item.photos_required()) {
    add(Code::photo_wrong_count, pointer(path, "photo_uploads"))
        .with("item_id", item.id)
        .with("required", item.photos_required())
        .with("given", photos);
  }
  if (item.requires_written_response && given.written_response.empty()) {
    add(Code::written_missing, pointer(path, "written_response")).with("item_id", item.id);
  }
  if (!item.requires_dropdown)
    return;  // rulebook A3.11: a value sent all the same is kept unchecked
  if (given.dropdown_value.empty()) {
    add(Code::dropdown_missing, pointer(path, "dropdown_value")).with("item_id", item.id);
  } else {
    check_option(item, given, path);
  }
}

// The rules of the chosen option. Text is required when the option or the item's map says so: they
// agree in real data, and the stricter reading is safe (rulebook A3.12, table D).
void Check::check_option(const WorkItem& item, const Given& given, const std::string& path) {
  const std::string& value = given.dropdown_value;
  const DropdownOption* const option = item.find_option(value);
  if (option == nullptr) {
    add(Code::dropdown_unknown_value, pointer(path, "dropdown_value"))
        .with("item_id", item.id)
        .with("value", value);
    return;
  }
  const bool in_map =
      std::ranges::find(item.values_requiring_text, value) != item.values_requiring_text.end();
  if ((option->requires_written_response || in_map) && given.written_response.empty()) {
    add(Code::option_written_missing, pointer(path, "written_response"))
        .with("item_id", item.id)
        .with("value", value);
  }
  if (option->requires_photo_attachment && given.photos() == 0) {
    add(Code::option_photo_missing, pointer(path, "photo_uploads"))
        .with("item_id", item.id)
        .with("value", value);
  }
}

void Check::store(const WorkItem& item, std::size_t answer, const Given& given) {
  verdict_.item_responses.push_back({.item_id = item.id,
                                     .photo_ids = given.photo_ids,
                                     .uploads = given.uploads,
                                     .written_response = given.written_response,
                                     .dropdown_value = given.dropdown_value,
                                     .item_index = answer});
  const ItemAnswer& from = request_.items[answer];
  for (std::size_t k = 0; k < from.photo_uploads.size(); ++k) {
    const PhotoUpload& upload = from.photo_uploads[k];
    verdict_.photos.push_back({.item_id = item.id,
                               .file_name = stored_file_name(upload.file_name),
                               .content_type = stored_content_type(upload),
                               .size_bytes = upload.size_bytes,
                               .item_index = answer,
                               .upload_index = k});
  }
}

// Check 26: U+0000 cannot be stored (rulebook A5.4). File names lose theirs before.
void Check::check_storable() {
  const auto refuse_nul = [&](std::string_view text, std::string path, std::string_view item_id) {
    const std::size_t at = text.find('\0');
    if (at == std::string_view::npos) return;
    add(Code::text_not_storable, std::move(path))
        .with("item_id", item_id)
        .with("byte", static_cast<std::int64_t>(at));
  };
  refuse_nul(verdict_.step_not_possible_details, "/step_not_possible_details", "");
  if (request_.step_not_possible) return;
  for (std::size_t i = 0; i < demand_.work_items.size(); ++i) {
    if (answer_of_[i] == no_answer) continue;
    const ItemAnswer& answer = request_.items[answer_of_[i]];
    const std::string path = pointer("/items", answer_of_[i]);
    const std::string& item_id = demand_.work_items[i].id;
    refuse_nul(answer.written_response, pointer(path, "written_response"), item_id);
    refuse_nul(answer.dropdown_value, pointer(path, "dropdown_value"), item_id);
    for (std::size_t k = 0; k < answer.photo_uploads.size(); ++k) {
      refuse_nul(answer.photo_uploads[k].content_type,
                 pointer(pointer(pointer(path, "photo_uploads"), k), "content_type"), item_id);
    }
  }
}

}  // namespace

Verdict check_completion(const StepDemand& demand, const CompletionRequest& request,
                         const UploadLimits& limits) {
  return Check{demand, request, limits}.run();
}

Outcome<StoredPhoto> check_photo_file(const PhotoFile& file, const UploadLimits& limits) {
  PhotoUpload upload{.file_name = file.file_name, .content_type = file.content_type};
  upload.size_bytes = file.bytes.size();
  upload.sniffed_type = photo::sniff_image_type(file.bytes);
  if (file.bytes.empty()) upload.fault = Issue{Code::photo_zero_bytes, "/photo", {}};
  if (auto fault = fault_of(upload, file.item_id, "photo", limits))
    return std::unexpected(*std::move(fault));
  return StoredPhoto{.item_id = file.item_id,
                     .file_name = stored_file_name(file.file_name),
                     .content_type = stored_content_type(upload),
                     .size_bytes = upload.size_bytes};
}

std::string stored_file_name(std::string_view file_name) {
  std::string_view name = text::trim(file_name);
  while (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
  const std::size_t slash = name.rfind('/');
  if (slash != std::string_view::npos && name.size() > 1) name.remove_prefix(slash + 1);
  if (name.empty() || name == "." || name == "/") return "photo";
  std::string kept{name};
  std::erase(kept, '\0');
  return std::string{text::cut_at_character(kept, limits::file_name_bytes_max)};
}

}  // namespace sfluv
