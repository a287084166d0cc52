// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "sfluv/outbox_queue.h"

namespace sfluv::outbox::testing {

inline constexpr std::int64_t t0 = 1'700'000'000'000;

// A draft of two items: two photos (the same picture twice), and a text.
inline Draft draft() {
  Draft draft;
  draft.content.id = {0x12, 0x34, 0x56, 0x78};
  draft.content.account = "did:me";
  draft.content.workflow_id = "w/1";
  draft.content.step_id = "s1";
  draft.content.workflow_title = "Park";
  draft.content.step_title = "Clean";
  draft.work_items = {{.id = "i1",
                       .title = "Before & after: Müll!",
                       .requires_photo = true,
                       .photo_required_count = 2},
                      {.id = "i2", .title = "Notes", .requires_written_response = true}};
  draft.request.items = {{.item_id = "i1",
                          .photo_uploads = {{.content_type = "image/jpeg", .size_bytes = 4},
                                            {.content_type = "image/jpeg", .size_bytes = 4}}},
                         {.item_id = "i2", .written_response = " all \"done\"\n"}};
  Sha256 digest{};
  digest.fill(0xAB);
  draft.uploads = {{{.key = "k1", .sha256 = digest, .source = PhotoSource::camera_app},
                    {.key = "k2", .sha256 = digest, .source = PhotoSource::files}},
                   {}};
  return draft;
}

// One photo each, of kinds that are told apart by their file names.
inline Draft draft_of_two_photo_items() {
  Draft two = draft();
  WorkItem& second = two.work_items[1];
  second.title = "Bench 3 {new}";
  second.requires_written_response = false;
  second.requires_photo = true;
  second.photo_required_count = two.work_items[0].photo_required_count = 1;
  two.request.items[0].photo_uploads = {{.content_type = "image/png", .size_bytes = 4}};
  two.request.items[1] = {.item_id = "i2",
                          .photo_uploads = {{.content_type = "image/webp", .size_bytes = 5}}};
  two.uploads = {{two.uploads[0][0]}, {two.uploads[0][1]}};
  return two;
}

inline Record sealed(std::int64_t now_ms = t0) {
  return seal(draft(), now_ms, {.now_ms = now_ms}).value();
}

// Of any kind but complete: the third step of a weekly job, or its series.
inline Content wish(Kind kind) {
  Content wish{.kind = kind,
               .account = "did:me",
               .workflow_id = "w/1",
               .step_id = "s1",
               .series_id = "series",
               .recurrence = "weekly",
               .start_at_s = t0 / 1000,
               .step_order = 1};
  wish.id = {0x99, static_cast<std::uint8_t>(kind)};
  if (kind > Kind::unclaim) wish.workflow_id = wish.step_id = "";
  if (kind > Kind::absence_create) wish.absence_id = "a/1";
  if (kind != Kind::absence_delete) {
    wish.absent_from = "2024-06-01";
    wish.absent_until = "2024-06-07";
  }
  return wish;
}

inline Record sealed(Kind kind, std::int64_t order = t0) {
  if (kind == Kind::complete) return seal(draft(), order, {.now_ms = t0}).value();
  return seal({.content = wish(kind)}, order, {.now_ms = t0}).value();
}

struct Document {
  std::string workflow_status = "in_progress";
  std::string step_status = "available";
  std::string assigned = "did:me";
  std::string submission;  // JSON; "" for none
};

inline std::string workflow_document(const Document& shown) {
  return R"({"id":"w/1","status":")" + shown.workflow_status +
         R"(","steps":[{"id":"s1","status":")" + shown.step_status +
         R"(","assigned_improver_id":")" + shown.assigned + "\"" +
         (shown.submission.empty() ? "" : ",\"submission\":" + shown.submission) + "}]}";
}

enum class Photos { shown, counted };

inline std::string submission(const std::string& text, Photos photos, int size_bytes = 4,
                              const std::string& improver = "did:me") {
  const std::string name = "before-after-m-ll-abababababab-123456";
  const auto photo = [&](const std::string& file_name) {
    return R"({"file_name":")" + file_name + R"(","size_bytes":)" + std::to_string(size_bytes) +
           "}";
  };
  std::string first = R"({"item_id":"i1","photo_ids":["p1","p2"])";
  if (photos == Photos::shown)
    first += R"(,"photos":[)" + photo(name + "-2.jpg") + "," + photo(name + ".jpg") + "]";
  return R"({"id":"sub9","improver_id":")" + improver + R"(","item_responses":[)" + first +
         R"(},{"item_id":"i2","written_response":")" + text + "\"}]}";
}

inline const std::string ours = R"(all \"done\")";
inline const std::string open_document = workflow_document({});
inline const std::string strong_document =
    workflow_document({.step_status = "completed", .submission = submission(ours, Photos::shown)});
inline const std::string medium_document =
    workflow_document({.step_status = "paid_out", .submission = submission(ours, Photos::counted)});
inline const std::string blind_document = workflow_document({.step_status = "completed"});

// Drives one record by hand, acknowledging every persist at once. The queue is its record's own.
class Driver {
 public:
  explicit Driver(Record record = sealed(), std::int64_t now_ms = t0)
      : record_(std::move(record)), now_ms_(now_ms) {
    queue_.account = record_.content.account;
    queue_.api_base = record_.content.api_base;
    store();
  }

  Transition raw(const Event& event) {
    Transition moved = advance(queue_, record_, event, {.now_ms = now_ms_, .entropy = 7});
    queue_ = moved.queue;
    record_ = moved.record;
    effects_ = moved.effects;
    refused_ = moved.refused;
    return moved;
  }

  Driver& queue_event(const QueueEvent& event) {
    queue_ = advance(queue_, event, {.now_ms = now_ms_, .entropy = 7});
    return *this;
  }

  // The event, then "stored" for the persist that it asked for.
  Driver& say(const Event& event) {
    raw(event);
    if (!effects_.empty() && std::holds_alternative<Persist>(effects_.front())) store();
    return *this;
  }

  Driver& later(std::int64_t ms) {
    now_ms_ += ms;
    return *this;
  }

  // To the due time, and past a pause of all; then on: the record asks.
  Driver& due() {
    now_ms_ = std::max({now_ms_, record_.due_ms, queue_.until_ms});
    return say(Wake{});
  }

  // A person asks, and its turn comes at once.
  Driver& ask(Action action) { return say(Asked{.action = action}); }
  Driver& retry() { return ask(Action::retry).say(Wake{}); }

  Driver& read(std::string_view body, std::int32_t status = 200) {
    return say(Answered{
        .op = Op::read, .status = status, .auth_reason = {}, .retry_after_ms = {}, .body = body});
  }
  Driver& answer(std::int32_t status, std::string_view body = {},
                 std::optional<std::int64_t> retry_after_ms = {}) {
    return say(Answered{.op = Op::send,
                        .status = status,
                        .auth_reason = {},
                        .retry_after_ms = retry_after_ms,
                        .body = body});
  }

  Driver& staged(std::int32_t status, std::string_view body = {}) {
    return say(Answered{
        .op = Op::stage, .status = status, .auth_reason = {}, .retry_after_ms = {}, .body = body});
  }

  // Up to the first send, or the first piece of a photo.
  Driver& sent() { return due().read(open_document); }

  template <class T>
  [[nodiscard]] const T* effect() const {
    for (const Effect& effect : effects_) {
      if (const T* const found = std::get_if<T>(&effect)) return found;
    }
    return nullptr;
  }

  [[nodiscard]] const Record& record() const { return record_; }
  [[nodiscard]] const Queue& queue() const { return queue_; }
  [[nodiscard]] State state() const { return record_.state; }
  [[nodiscard]] Why why() const { return record_.why; }
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  [[nodiscard]] bool refused() const { return refused_.has_value(); }
  [[nodiscard]] const std::optional<Issue>& refusal() const { return refused_; }

 private:
  void store() { raw(Stored{.token = record_.revision}); }

  Queue queue_;
  Record record_;
  std::int64_t now_ms_;
  std::vector<Effect> effects_;
  std::optional<Issue> refused_;
};

// One whose photos go up ahead of it, and the answers to their pieces.
inline Record sealed_with_staging() {
  Draft staged = draft();
  staged.content.stages_photos = true;
  return seal(std::move(staged), t0, {.now_ms = t0}).value();
}
inline std::string staged_answer(const std::string& id) {
  return R"({"complete":true,"photo":{"id":")" + id + R"("}})";
}

// One record in each state, with its request under way where it has one; in the order of `State`.
inline std::vector<Record> one_in_each_state() {
  std::vector<Record> records;
  records.push_back(Driver{}.record());
  records.push_back(Driver{}.due().record());
  records.push_back(Driver{}.sent().record());
  records.push_back(Driver{}.sent().say(Unreachable{.op = Op::send}).record());
  records.push_back(Driver{}.sent().say(Unreachable{.op = Op::send}).due().record());
  records.push_back(Driver{}
                        .sent()
                        .answer(400, "no")
                        .due()
                        .read(open_document)
                        .due()
                        .read(open_document)
                        .record());
  records.push_back(Driver{}.due().read({}, 404).record());
  records.push_back(Driver{}.sent().answer(200, strong_document).record());
  records.push_back(Driver{}.due().say(Unreachable{.op = Op::read}).record());
  records.push_back(Driver{}.sent().say(PhotoLost{}).record());
  records.push_back(Driver{}.ask(Action::discard).record());
  records.push_back(Driver{}.sent().answer(200, strong_document).ask(Action::prune).record());
  records.push_back(Driver{sealed_with_staging()}.sent().record());
  return records;
}

}  // namespace sfluv::outbox::testing
