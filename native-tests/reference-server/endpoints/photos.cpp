// SPDX-License-Identifier: MIT
// Photos of submissions, and the live system's upload ahead of a submission (rulebook A7, C14).
#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "sfluv/json_writer.h"

#include "acting.h"
#include "answer.h"
#include "entropy.h"
#include "families.h"
#include "keeping_up.h"

namespace sfluv::server {
namespace {

constexpr std::int64_t chunks_max = 4096;
constexpr std::size_t upload_id_bytes_max = 200;

// A client's words go into a header: nothing but printable ASCII may (RFC 9110 §5.5).
std::string safe_content_type(const std::string& declared) {
  const bool printable = std::ranges::all_of(declared, [](char c) { return c >= ' ' && c <= '~'; });
  return printable && !declared.empty() ? declared : "application/octet-stream";
}

void get_photo(Visit& visit) {
  auto database = visit.services.databases.lease();
  const Transaction transaction{*database, Transaction::Kind::read};
  const auto photo = find_photo(*database, visit.ids.at(0));
  const auto workflow = photo ? find_workflow(*database, photo->photo.workflow_id) : std::nullopt;
  const Step* const step = workflow ? workflow->find_step(photo->photo.step_id) : nullptr;
  if (step == nullptr) return answer_error(visit.response(), 404, "photo_not_found");
  if (!may_see_submission(caller_from(visit.user), *workflow, *step,
                          visit.services.settings.profile()))
    return forbid(visit.response());
  // The type is what a client said; a browser must neither guess another nor run what it finds.
  visit.response().set_header("X-Content-Type-Options", "nosniff");
  visit.response().set_header("Content-Security-Policy", "default-src 'none'; sandbox");
  visit.response().status = 200;
  visit.response().set_content(photo->bytes, safe_content_type(photo->photo.content_type));
}

const FormPart* find_part(const std::vector<FormPart>& form, std::string_view name) {
  const auto part = std::ranges::find(form, name, &FormPart::name);
  return part == form.end() ? nullptr : &*part;
}

std::string text_of(const std::vector<FormPart>& form, std::string_view name) {
  const FormPart* const part = find_part(form, name);
  return part == nullptr ? "" : part->content;
}

std::optional<std::int64_t> number_of(const std::vector<FormPart>& form, std::string_view name) {
  const std::string text = text_of(form, name);
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  return whole ? std::optional{value} : std::nullopt;
}

// What arrived: a whole photo, or a piece of one.
struct Upload {
  std::string item_id;
  std::string upload_id;  ///< of a piece
  std::int64_t index = 0;
  std::int64_t total = 0;
  std::string file_name;
  std::string content_type;
  std::string bytes;
};

std::optional<Upload> upload_of(const std::vector<FormPart>& form) {
  Upload upload{.item_id = text_of(form, "item_id")};
  if (const FormPart* const photo = find_part(form, "photo")) {
    upload.file_name = photo->file_name;
    upload.content_type = photo->content_type;
    upload.bytes = photo->content;
    return upload;
  }
  const FormPart* const chunk = find_part(form, "chunk");
  const auto index = number_of(form, "chunk_index");
  const auto total = number_of(form, "total_chunks");
  upload.upload_id = text_of(form, "upload_id");
  if (chunk == nullptr || !index || !total) return std::nullopt;
  if (upload.upload_id.empty() || upload.upload_id.size() > upload_id_bytes_max)
    return std::nullopt;
  if (*total < 1 || *total > chunks_max || *index < 0 || *index >= *total) return std::nullopt;
  upload.index = *index;
  upload.total = *total;
  upload.file_name = text_of(form, "file_name");
  upload.content_type = text_of(form, "content_type");
  upload.bytes = chunk->content;
  return upload;
}

void answer_staged(Visit& visit, const SubmissionPhoto& photo) {
  JsonWriter out;
  out.begin_object().key("complete").boolean(true).key("photo").begin_object();
  out.key("id").string(photo.id).key("workflow_id").string(photo.workflow_id);
  out.key("step_id").string(photo.step_id).key("item_id").string(photo.item_id);
  out.key("submission_id").string("").key("file_name").string(photo.file_name);
  out.key("content_type").string(photo.content_type).key("size_bytes").number(photo.size_bytes);
  out.key("created_at").number(photo.created_at).end_object().end_object();
  answer_json(visit.response(), out.take(), 201);
}

// Judges a photo that is whole and keeps it for the submission to come.
void stage(Visit& visit, Database& database, const StepRef& step, const Upload& upload,
           std::string_view bytes) {
  const std::span data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  const auto stored = check_photo_file({.item_id = upload.item_id,
                                        .file_name = upload.file_name,
                                        .content_type = upload.content_type,
                                        .bytes = data},
                                       visit.services.limits);
  if (!stored) return refuse(visit, Operation::photo_upload, {&stored.error(), 1});
  const StagedPhoto staged{.photo = {.id = "photo_" + random_text(),
                                     .workflow_id = step.workflow_id,
                                     .step_id = step.step_id,
                                     .item_id = upload.item_id,
                                     .submission_id = "",
                                     .file_name = stored->file_name,
                                     .content_type = stored->content_type,
                                     .size_bytes = static_cast<std::int64_t>(stored->size_bytes),
                                     .created_at = visit.services.settings.now_s()},
                           .improver_id = visit.user.id,
                           .upload_id = upload.upload_id};
  add_staged_photo(database, staged, data);
  answer_staged(visit, staged.photo);
}

// An upload's id belongs to one item of one step of one person; the live server's answer to another
// use of it is an empty 500 (rulebook A7).
void refuse_upload_id(Visit& visit) { answer_error(visit.response(), 500, "upload_id_taken"); }

void add_piece(Visit& visit, Database& database, const StepRef& step, const Upload& upload) {
  // The answer to the last piece may have been lost: it is given again.
  if (const auto whole = find_upload(database, upload.upload_id)) {
    const bool is_same = whole->photo.step_id == step.step_id &&
                         whole->photo.item_id == upload.item_id &&
                         whole->improver_id == visit.user.id;
    return is_same ? answer_staged(visit, whole->photo) : refuse_upload_id(visit);
  }
  const std::string place = step.step_id + '\n' + upload.item_id + '\n' + visit.user.id;
  if (!add_chunk(database, upload.upload_id, place, upload.index, upload.bytes))
    return refuse_upload_id(visit);
  const ChunkSum sum = sum_of_chunks(database, upload.upload_id);
  const bool is_too_large =
      static_cast<std::uint64_t>(sum.bytes) > visit.services.limits.photo_bytes_max;
  if (sum.count >= upload.total || is_too_large)
    return stage(visit, database, step, upload, take_chunks(database, upload.upload_id));
  JsonWriter out;
  out.begin_object().key("complete").boolean(false).key("received_chunks").number(sum.count);
  out.key("total_chunks").number(upload.total).end_object();
  answer_json(visit.response(), out.take(), 202);
}

void upload_photo(Visit& visit) {
  std::vector<FormPart> form;
  const std::uint64_t bytes_max = 2 * visit.services.limits.photo_bytes_max;
  if (!is_whole(visit, visit.exchange.body.read_form(form, bytes_max))) return;
  const auto upload = upload_of(form);
  if (!upload) return answer_error(visit.response(), 400, "form_not_readable");
  const StepRef step{.workflow_id = visit.ids.at(0), .step_id = visit.ids.at(1)};
  auto database = visit.services.databases.lease();
  Transaction transaction{*database, Transaction::Kind::write};
  const Series series = find_series_of_workflow(*database, step.workflow_id).value_or(Series{});
  const Review review =
      review_photo_upload(caught_up(series, visit.services, *database).series,
                          caller_from(visit.user), step, upload->item_id,
                          {.profile = visit.services.settings.profile(),
                           .limits = visit.services.limits,
                           .now_s = visit.services.settings.now_s(),
                           .step_is_elsewhere = has_step(*database, step.step_id)});
  if (!review.issues.empty()) return refuse(visit, Operation::photo_upload, review.issues);
  if (upload->upload_id.empty()) {
    stage(visit, *database, step, *upload, upload->bytes);
  } else {
    add_piece(visit, *database, step, *upload);
  }
  transaction.commit();
}

constexpr std::array endpoints = {
    Endpoint{"GET", "/workflow-photos/{}", Audience::anybody, get_photo},
    Endpoint{"POST", "/improvers/workflows/{}/steps/{}/photos", Audience::improver, upload_photo,
             &Profile::stages_photos},
};

}  // namespace

Family photo_endpoints() { return endpoints; }

}  // namespace sfluv::server
