// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "sfluv/api_outbox.h"
#include "sfluv/limits.h"

#include "test_files.h"

namespace sfluv::api {
namespace {

const std::string digest(64, 'a');

std::string seal_input(const std::string& draft,
                       const std::string& id = "00112233445566778899aabbccddeeff") {
  return R"({"id":")" + id +
         R"(","kind":"complete","now_ms":1000,"workflow":{"id":"w1","title":"Park","recurrence":"weekly","start_at":5},)"
         R"("step":{"id":"s1","title":"Clean","allow_step_not_possible":true,"work_items":[)"
         R"({"id":"i1","title":"After","requires_photo":true,"photo_required_count":1}]},"draft":)" +
         draft + "}";
}

using Bytes = std::vector<std::uint8_t>;

const Bytes queue =
    outbox_queue({}, R"({"type":"open","account":"did:me","api_base":"https://x","now_ms":1})")
        .queue;

OutboxReply seal(const std::string& input) { return outbox_seal(queue, {}, {}, input); }

std::string next(const Bytes& summaries, std::int64_t now_ms) {
  return outbox_next(queue, summaries, now_ms);
}

std::string draft_with(const std::string& upload) {
  return R"({"items":[{"item_id":"i1","photo_uploads":[)" + upload + "]}]}";
}

const std::string good_upload = R"({"content_type":"image/jpeg","size_bytes":5,"sha256":")" +
                                digest + R"(","key":"k1","source":"page_camera"})";

const std::string queued_view =
    R"("view":{"id":"00112233445566778899aabbccddeeff","kind":"complete","state":"queued","why":"none","workflow_id":"w1",)"
    R"("step_id":"s1","workflow_title":"Park","step_title":"Clean","created_ms":1000,"due_ms":1000,"deadline_ms":604805000,)"
    R"("attempts":0,"stuck":false,"photos":1,"bytes":171,"server":null,"receipt":null,"may":["retry","take_back","discard"]})";

TEST(OutboxApi, SealsStepsAndShows) {
  OutboxReply reply = seal(seal_input(draft_with(good_upload)));
  EXPECT_EQ(reply.json, R"({"effects":[{"type":"persist","token":1}],)" + queued_view + "}");
  EXPECT_EQ(reply.summary.size(), limits::summary_bytes);
  EXPECT_EQ("\"view\":" + outbox_view(reply.record), queued_view);
  EXPECT_EQ(next(reply.summary, 1000), R"({"index":0})");
  EXPECT_EQ(next(reply.summary, 999), R"({"index":0})");  // its clock was another one
  EXPECT_EQ(next({}, 999), "{}");

  Bytes queue_now = queue;
  const auto effects_of = [&](const std::string& event, const std::string& body = "") {
    const OutboxReply moved = outbox_advance(queue_now, reply.record, event, body);
    if (moved.record.empty()) return moved.json;
    reply = moved;
    queue_now = moved.queue;
    return moved.json.substr(0, moved.json.find(",\"view\""));
  };
  EXPECT_EQ(effects_of(R"({"type":"stored","token":1,"now_ms":1000})"),
            R"({"effects":[{"type":"wake_at","at_ms":1000}])");
  EXPECT_EQ(effects_of(R"({"type":"wake","now_ms":1000,"entropy":3})"),
            R"({"effects":[{"type":"persist","token":2}])");
  EXPECT_EQ(next(reply.summary, 1000), "{}");
  EXPECT_EQ(effects_of(R"({"type":"stored","token":2,"now_ms":1000})"),
            R"({"effects":[{"type":"read","path":"/workflows/w1","answer_ms":60000}])");
  EXPECT_EQ(
      effects_of(R"({"type":"answered","op":"send","status":200,"now_ms":1000})"),
      R"({"issue":{"code":"record_event_refused","path":"","params":{"event":"answered","state":"probing"}}})");
  EXPECT_EQ(
      effects_of(
          R"({"type":"answered","op":"read","status":200,"now_ms":1000})",
          R"({"id":"w1","status":"approved","steps":[{"id":"s1","status":"available","assigned_improver_id":"did:me"}]})"),
      R"({"effects":[{"type":"persist","token":3}])");
  EXPECT_EQ(
      effects_of(R"({"type":"stored","token":3,"now_ms":1000})"),
      R"({"effects":[{"type":"send","op":"send","method":"POST","path":"/improvers/workflows/w1/steps/s1/complete","content_type":"application/json","body":[)"
      R"({"text":"{\"step_not_possible\":false,\"items\":[{\"item_id\":\"i1\",\"photo_uploads\":[{\"file_name\":\"after-aaaaaaaaaaaa-001122.jpg\",\"content_type\":\"image/jpeg\",\"data_base64\":\""},)"
      R"({"photo":"k1","sha256":")" +
          digest +
          R"("},{"text":"\"}]}]}"}],"bytes":171,"attempt":1,"stall_ms":45000,"answer_ms":120008}])");
  EXPECT_EQ(
      effects_of(
          R"({"type":"answered","op":"send","status":503,"retry_after_ms":4000,"now_ms":1000})",
          "busy"),
      R"({"effects":[{"type":"persist","token":4}])");
  EXPECT_NE(outbox_view(reply.record).find(R"("server":{"status":503,"text":"busy"})"),
            std::string::npos);
  EXPECT_EQ(next(reply.summary, 1000), R"({"wake_at_ms":5000})");
}

TEST(OutboxApi, WhatWasDeliveredShowsItsReceipt) {
  const std::string text = read_test_file("fixtures/outbox_records/v2/delivered.record");
  const std::string view = outbox_view(Bytes{text.begin(), text.end()});
  EXPECT_NE(view.find(R"("receipt":{"submission_id":"sub9","evidence":"strong","at_ms":)"),
            std::string::npos)
      << view;
}

// How a photo came is a hint of the page's: a word that the core does not know costs nobody his work.
TEST(OutboxApi, AnUnknownSourceOfAPhotoIsNoReasonToRefuse) {
  std::string upload = good_upload;
  upload.replace(upload.find("page_camera"), std::string_view{"page_camera"}.size(), "drone");
  const OutboxReply reply = seal(seal_input(draft_with(upload)));
  ASSERT_FALSE(reply.record.empty()) << reply.json;
  EXPECT_EQ(outbox_draft(reply.record).find("source"), std::string::npos);
}

TEST(OutboxApi, AnUnacceptableDraftSaysWhy) {
  const OutboxReply reply = seal(seal_input(R"({"items":[]})"));
  EXPECT_EQ(reply.json,
            R"({"issues":[{"code":"item_missing","path":"/items","params":{"item_id":"i1"}}]})");
  EXPECT_TRUE(reply.record.empty());
}

TEST(OutboxApi, BadInputIsAnIssueWithItsPlace) {
  const auto begins = [](const std::string& json, const std::string& start) {
    EXPECT_TRUE(json.starts_with(start)) << json;
  };
  begins(seal("{").json,
         R"({"issue":{"code":"document_not_readable","path":"","params":{"reason":"syntax")");
  begins(seal("[]").json,
         R"({"issue":{"code":"document_not_readable","path":"","params":{"reason":"type")");
  begins(seal("{}").json, R"({"issue":{"code":"document_not_readable","path":"/kind")");
  begins(seal(seal_input("7")).json, R"({"issue":{"code":"document_not_readable","path":"/draft")");
  begins(seal(seal_input("null")).json,
         R"({"issue":{"code":"document_not_readable","path":"/draft")");
  begins(seal(seal_input(draft_with(good_upload), "xyz")).json,
         R"({"issue":{"code":"document_not_readable","path":"/id")");
  begins(seal(seal_input(draft_with(good_upload), std::string(32, '-'))).json,
         R"({"issue":{"code":"document_not_readable","path":"/id")");
  begins(
      seal(seal_input(draft_with(R"({"content_type":"image/jpeg","size_bytes":5,"key":"k"})")))
          .json,
      R"({"issue":{"code":"document_not_readable","path":"/draft/items/0/photo_uploads/0/sha256")");
  begins(seal(seal_input(draft_with(R"({"content_type":"image/jpeg","size_bytes":5})"))).json,
         R"({"issue":{"code":"document_not_readable","path":"/draft/items/0/photo_uploads/0/key")");
  begins(seal(seal_input(R"({"items":[{"item_id":5}]})")).json,
         R"({"issue":{"code":"body_not_decodable","path":"/items/0/item_id")");
}

TEST(OutboxApi, TooMuchTextIsRefusedAndNotCut) {
  const std::string details(std::size_t{limits::record_bytes_max}, 'x');
  const OutboxReply reply = seal(
      seal_input(R"({"step_not_possible":true,"step_not_possible_details":")" + details + "\"}"));
  EXPECT_NE(reply.json.find("\"size\""), std::string::npos);
  EXPECT_TRUE(reply.record.empty());
}

TEST(OutboxApi, OnePageDrives) {
  const std::string one = R"("owner":"000102030405060708090a0b0c0d0e0f")";
  const std::string other = R"("owner":"ff0102030405060708090a0b0c0d0e0f")";
  const auto say = [](const OutboxReply& row, std::string_view type, const std::string& more) {
    return outbox_lease(row.record, R"({"type":")" + std::string{type} + "\"," + more + "}");
  };
  const OutboxReply held = say({}, "take", one + R"(,"now_ms":1000)");
  EXPECT_EQ(held.json, R"({"held":true,"epoch":1,"until_ms":31000,"heartbeat_ms":10000})");
  const OutboxReply refused = say(held, "take", other + R"(,"now_ms":30999)");
  EXPECT_EQ(refused.json, R"({"held":false,"epoch":1,"until_ms":31000,"heartbeat_ms":10000})");
  EXPECT_TRUE(refused.record.empty());
  // With the browser's lock nobody else can be driving, whatever the row says.
  const OutboxReply alone = say(held, "take", other + R"(,"alone":true,"now_ms":2000)");
  EXPECT_EQ(alone.json, R"({"held":true,"epoch":2,"until_ms":32000,"heartbeat_ms":10000})");
  EXPECT_EQ(say(alone, "renew", one + R"(,"epoch":1,"now_ms":3000)").record.size(), 0u);
  const OutboxReply renewed = say(alone, "renew", other + R"(,"epoch":2,"now_ms":3000)");
  EXPECT_EQ(renewed.json, R"({"held":true,"epoch":2,"until_ms":33000,"heartbeat_ms":10000})");
  const OutboxReply released = say(renewed, "release", other + R"(,"epoch":2,"now_ms":4000)");
  EXPECT_EQ(say(released, "take", one + R"(,"now_ms":4001)").json,
            R"({"held":true,"epoch":3,"until_ms":34001,"heartbeat_ms":10000})");
}

// What a person takes home: the draft as it was, and all that a file of it holds.
TEST(OutboxApi, ARecordIsADraftAndAFile) {
  const std::string staged = R"({"item_id":"i2","written_response":"dry","photo_ids":["p1","p2"]})";
  const std::string items =
      R"(,{"id":"i2","title":"Soil","requires_photo":true,"photo_required_count":2,"requires_written_response":true}]},"draft":)";
  std::string input = seal_input(R"({"items":[{"item_id":"i1","photo_uploads":[)" + good_upload +
                                 "]}," + staged + "]}");
  const std::string end_of_items = R"(]},"draft":)";
  input.replace(input.find(end_of_items), end_of_items.size(), items);
  OutboxReply reply = seal(input);
  ASSERT_FALSE(reply.record.empty()) << reply.json;
  EXPECT_EQ(
      outbox_draft(reply.record),
      R"({"step_not_possible":false,"step_not_possible_details":"","items":[)"
      R"({"item_id":"i1","written_response":"","dropdown_value":"","photo_ids":[],"photo_uploads":[)"
      R"({"content_type":"image/jpeg","size_bytes":5,"sha256":")" +
          digest +
          R"(","key":"k1","source":"page_camera"}]},)"
          R"({"item_id":"i2","written_response":"dry","dropdown_value":"","photo_ids":["p1","p2"],"photo_uploads":[]}]})");

  const auto advance = [&](const std::string& event, const std::string& body = "") {
    reply = outbox_advance(queue, reply.record, event, body);
    ASSERT_FALSE(reply.record.empty()) << reply.json;
  };
  advance(R"({"type":"stored","token":1,"now_ms":1000})");
  advance(R"({"type":"ask","action":"retry","now_ms":2000})");
  advance(R"({"type":"wake","now_ms":2000})");
  advance(R"({"type":"stored","token":3,"now_ms":2000})");
  advance(R"({"type":"answered","op":"read","status":503,"now_ms":3000})");
  const std::string file = outbox_export(reply.record);
  EXPECT_TRUE(file.starts_with(
      R"({"manifest":{"format":"sfluv-field record","version":1,"account":"did:me","api_base":"https://x","edition":1,)"
      R"("method":"POST","path":"/improvers/workflows/w1/steps/s1/complete","record":{"id":)"))
      << file;
  EXPECT_NE(
      file.find(
          R"("photos":[{"file":"photos/1-after-aaaaaaaaaaaa-001122.jpg","key":"k1","item_id":"i1",)"),
      std::string::npos);
  EXPECT_NE(file.find(R"("sha256":")" + digest + R"(","source":"page_camera"}]})"),
            std::string::npos);
  EXPECT_NE(file.find(R"({"photo":"k1","sha256":")" + digest + "\"}"), std::string::npos);
  EXPECT_TRUE(file.ends_with(
      R"("journal":"1970-01-01T00:00:01Z queued\n1970-01-01T00:00:02Z queued\n1970-01-01T00:00:02Z probing\n)"
      R"(1970-01-01T00:00:03Z waiting server_busy HTTP 503\n"})"))
      << file;
}

// Under the profile of the live system photos go ahead, in pieces as they are.
TEST(OutboxApi, LivePhotosGoAhead) {
  std::string input = seal_input(draft_with(good_upload));
  input.insert(1, R"("profile":"live",)");
  OutboxReply reply = seal(input);
  ASSERT_FALSE(reply.record.empty()) << reply.json;
  const auto advance = [&](const std::string& event, const std::string& body = "") {
    reply = outbox_advance(queue, reply.record, event, body);
    ASSERT_FALSE(reply.record.empty()) << reply.json;
  };
  advance(R"({"type":"stored","token":1,"now_ms":1000})");
  advance(R"({"type":"wake","now_ms":1000})");
  advance(R"({"type":"stored","token":2,"now_ms":1000})");
  advance(
      R"({"type":"answered","op":"read","status":200,"now_ms":1000})",
      R"({"id":"w1","status":"approved","steps":[{"id":"s1","status":"available","assigned_improver_id":"did:me"}]})");
  advance(R"({"type":"stored","token":3,"now_ms":1000})");
  EXPECT_TRUE(reply.json.starts_with(
      R"({"effects":[{"type":"send","op":"stage","method":"POST","path":"/improvers/workflows/w1/steps/s1/photos",)"
      R"("content_type":"multipart/form-data; boundary=sfluv-00112233445566778899aabbccddeeff-1-0","body":[{"text":"--sfluv-)"))
      << reply.json;
  EXPECT_NE(reply.json.find(R"({"photo":"k1","sha256":")" + digest + R"(","from":0,"to":5})"),
            std::string::npos);
  EXPECT_NE(reply.json.find(R"("state":"staging")"), std::string::npos);
  advance(R"({"type":"answered","op":"stage","status":201,"now_ms":1000})",
          R"({"complete":true,"photo":{"id":"p1"}})");
  EXPECT_NE(reply.json.find(R"("state":"probing")"), std::string::npos);
  reply.record = seal(input).record;
  input.replace(input.find("live"), 4, "documents");
  EXPECT_NE(seal(input).record, reply.record);
}

TEST(OutboxApi, BadEventsChangeNothing) {
  const OutboxReply sealed = seal(seal_input(draft_with(good_upload)));
  for (const std::string event :
       {"", "{", "[]", "null", "{}", R"({"type":"nothing"})", R"({"type":7})",
        R"({"type":"stored"})", R"({"type":"stored","token":"1"})", R"({"type":"answered"})",
        R"({"type":"answered","op":"both"})", R"({"type":"unreachable"})",
        R"({"type":"wake","now_ms":"x"})", R"({"type":"wake","now_ms":1.5})",
        R"({"type":"answered","op":"read","status":99999999999999999999})"}) {
    const OutboxReply reply = outbox_advance(queue, sealed.record, event, "");
    EXPECT_TRUE(reply.json.starts_with("{\"issue\"")) << event << reply.json;
    EXPECT_TRUE(reply.record.empty() && reply.summary.empty()) << event;
  }
}

TEST(OutboxApi, ADamagedRecordIsSaidSo) {
  auto record = seal(seal_input(draft_with(good_upload))).record;
  record[40] ^= 1;
  const std::string damaged =
      R"({"issue":{"code":"record_damaged","path":"","params":{"what":"checksum"}}})";
  EXPECT_EQ(outbox_view(record), damaged);
  EXPECT_EQ(outbox_advance(queue, record, R"({"type":"wake"})", "").json, damaged);
  EXPECT_EQ(next(std::vector<std::uint8_t>(63), 0),
            R"({"issue":{"code":"record_damaged","path":"","params":{"what":"summaries"}}})");
  EXPECT_EQ(next(std::vector<std::uint8_t>(64), 0), R"({"damaged":[0]})");
}

}  // namespace
}  // namespace sfluv::api
