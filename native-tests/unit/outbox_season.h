// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sfluv/api_outbox.h"

/// A season of work that nothing has left the phone of: 500 records of 6 photos each, as large as
/// the documents' examples get. What a page does at one step of it: it asks whose turn it is, and
/// tells that record what happened.
namespace sfluv::outbox::testing {

inline constexpr int season_records = 500, season_photos = 6;

using Bytes = std::vector<std::uint8_t>;

inline std::string season_id(int number) {
  const std::string digits = std::to_string(number);
  return std::string(32 - digits.size(), '0') + digits;
}

inline std::string season_input(int number) {
  const std::string digest(64, 'a'), n = std::to_string(number);
  std::string items, answers;
  for (int i = 0; i < season_photos; ++i) {
    const std::string id = "item_" + std::to_string(i), comma = i == 0 ? "" : ",";
    items += comma + R"({"id":")" + id +
             R"(","title":"After","requires_photo":true,"requires_written_response":true})";
    answers += comma + R"({"item_id":")" + id +
               R"(","written_response":"Area thoroughly cleaned","photo_uploads":[)" +
               R"({"content_type":"image/jpeg","size_bytes":500000,"sha256":")" + digest +
               R"(","key":"photo-)" + n + "-" + std::to_string(i) + R"("}]})";
  }
  return R"({"id":")" + season_id(number) +
         R"(","kind":"complete","now_ms":1000,"workflow":{"id":"w)" + n +
         R"(","title":"Park"},"step":{"id":"s1","title":"Clean","work_items":[)" + items +
         R"(]},"draft":{"items":[)" + answers + "]}}";
}

/// The workflow as the server shows it: open, or done with the content of that record.
inline std::string season_document(int number, bool is_done) {
  const std::string photo = "after-aaaaaaaaaaaa-" + season_id(number).substr(0, 6) + ".jpg";
  std::string document = R"({"id":"w)" + std::to_string(number) +
                         R"(","status":"in_progress","steps":[{"id":"s1","status":")" +
                         (is_done ? "completed" : "available") +
                         R"(","assigned_improver_id":"did:me")";
  if (is_done) {
    document += R"(,"submission":{"id":"x","improver_id":"did:me","item_responses":[)";
    for (int i = 0; i < season_photos; ++i) {
      document += (i == 0 ? "" : ",") + std::string{R"({"item_id":"item_)"} + std::to_string(i) +
                  R"(","written_response":"Area thoroughly cleaned","photo_ids":["p"],"photos":[)" +
                  R"({"id":"p","file_name":")" + photo + R"(","size_bytes":500000}]})";
    }
    document += "]}";
  }
  return document + "}]}";
}

class Season {
 public:
  Season() {
    queue_ = api::outbox_queue({}, R"({"type":"open","account":"did:me","now_ms":1})").queue;
    for (int i = 0; i < season_records; ++i) {
      api::OutboxReply sealed = api::outbox_seal(queue_, {}, {}, season_input(i));
      records_.push_back(std::move(sealed.record));
      summaries_.insert(summaries_.end(), sealed.summary.begin(), sealed.summary.end());
    }
  }

  [[nodiscard]] std::string turn() const { return api::outbox_next(queue_, summaries_, 2000); }

  /// One step of the first record's life, and what the page does with it.
  struct Step {
    std::string_view name;
    std::string event;
    std::string body = {};
  };
  [[nodiscard]] static std::vector<Step> whole_life() {
    const std::string answered = R"({"type":"answered","status":200,"now_ms":2000,"op":)";
    return {{"sealed", R"({"type":"stored","token":1,"now_ms":2000})"},
            {"wake", R"({"type":"wake","now_ms":2000,"entropy":1})"},
            {"stored, reads", R"({"type":"stored","token":2,"now_ms":2000})"},
            {"read open", answered + R"("read"})", season_document(0, false)},
            {"stored, sends", R"({"type":"stored","token":3,"now_ms":2000})"},
            {"sent and done", answered + R"("send"})", season_document(0, true)},
            {"stored, delivered", R"({"type":"stored","token":4,"now_ms":2000})"}};
  }

  /// What a page does at one step; the reply is not kept, so that it can be done again.
  [[nodiscard]] api::OutboxReply step(const Step& step) const {
    (void)turn();
    return api::outbox_advance(queue_, records_.front(), step.event, step.body);
  }

  void keep(const api::OutboxReply& reply) {
    queue_ = reply.queue;
    records_.front() = reply.record;
    std::copy(reply.summary.begin(), reply.summary.end(), summaries_.begin());
  }

  [[nodiscard]] std::string view() const { return api::outbox_view(records_.front()); }
  [[nodiscard]] std::size_t record_bytes() const { return records_.front().size(); }

 private:
  Bytes queue_;
  std::vector<Bytes> records_;
  Bytes summaries_;
};

}  // namespace sfluv::outbox::testing
