// SPDX-License-Identifier: MIT
// Photos that go up ahead of their submission, where the server takes them (rulebook A7).
#include <gtest/gtest.h>

#include "unit/outbox_fixture.h"

namespace sfluv::outbox::testing {
namespace {

std::string body_of(const Send& send) {
  std::string body;
  for (const Segment& part : send.body) {
    body += part.text;
    if (part.photo_key.empty()) continue;
    body += '<' + part.photo_key;
    if (part.piece)
      body += ' ' + std::to_string(part.piece->from) + '-' + std::to_string(part.piece->to);
    body += '>';
  }
  return body;
}

const std::string wanted = R"({"complete":false,"received_chunks":1,"total_chunks":2})";

TEST(OutboxStaging, PhotosGoFirstThenALookThenTheirIds) {
  Driver driver{sealed_with_staging()};
  driver.sent();
  ASSERT_EQ(driver.state(), State::staging);
  const Send* send = driver.effect<Send>();
  ASSERT_NE(send, nullptr);
  EXPECT_EQ(send->op, Op::stage);
  EXPECT_EQ(send->method, "POST");
  EXPECT_EQ(send->path, "/improvers/workflows/w%2F1/steps/s1/photos");
  const std::string boundary = "sfluv-12345678000000000000000000000000-1-0";
  EXPECT_EQ(send->content_type, "multipart/form-data; boundary=" + boundary);
  const std::string begin = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
  EXPECT_EQ(body_of(*send),
            begin + "\"item_id\"\r\n\r\ni1\r\n" +                                               //
                begin + "\"upload_id\"\r\n\r\n12345678000000000000000000000000-1-0\r\n" +       //
                begin + "\"chunk_index\"\r\n\r\n0\r\n" +                                        //
                begin + "\"total_chunks\"\r\n\r\n1\r\n" +                                       //
                begin + "\"file_name\"\r\n\r\nbefore-after-m-ll-abababababab-123456.jpg\r\n" +  //
                begin + "\"content_type\"\r\n\r\nimage/jpeg\r\n" +                              //
                begin +
                "\"chunk\"; filename=\"chunk\"\r\nContent-Type: application/octet-stream\r\n\r\n" +
                "<k1 0-4>\r\n--" + boundary + "--\r\n");
  EXPECT_EQ(send->body_bytes, body_of(*send).size() - std::string{"<k1 0-4>"}.size() + 4);

  driver.staged(201, staged_answer("p1"));
  ASSERT_EQ(driver.state(), State::staging);
  EXPECT_EQ(driver.effect<Send>()->body[1].photo_key, "k2");
  driver.staged(201, staged_answer("p2"));
  ASSERT_EQ(driver.state(), State::probing);  // it may have taken a while
  driver.read(open_document);
  ASSERT_EQ(driver.state(), State::sending);
  send = driver.effect<Send>();
  EXPECT_EQ(send->op, Op::send);
  EXPECT_EQ(send->content_type, "application/json");
  EXPECT_EQ(
      body_of(*send),
      R"({"step_not_possible":false,"items":[{"item_id":"i1","photo_ids":["p1","p2"]},{"item_id":"i2","written_response":"all \"done\""}]})");
  EXPECT_EQ(send->body_bytes, body_of(*send).size());
  driver.answer(200, strong_document);
  EXPECT_EQ(driver.state(), State::delivered);
  EXPECT_EQ(driver.record().receipt->evidence, Evidence::strong);
}

TEST(OutboxStaging, NothingGoesUpBeforeItIsWrittenDown) {
  Driver driver{sealed_with_staging()};
  driver.due().raw(Answered{.op = Op::read,
                            .status = 200,
                            .auth_reason = {},
                            .retry_after_ms = {},
                            .body = open_document});
  ASSERT_EQ(driver.state(), State::staging);
  EXPECT_EQ(driver.effect<Send>(), nullptr);
  driver.raw(Stored{.token = driver.record().revision});
  EXPECT_NE(driver.effect<Send>(), nullptr);
}

TEST(OutboxStaging, ALargePhotoGoesInPiecesAndIsBegunAnewWhenOneIsMissing) {
  Draft large = draft();
  large.content.stages_photos = true;
  large.request.items[0].photo_uploads[0].size_bytes = 786'433;
  Driver driver{seal(std::move(large), t0, {.now_ms = t0}).value()};
  driver.sent().staged(202, wanted);
  ASSERT_EQ(driver.state(), State::staging);
  EXPECT_EQ(driver.effect<Send>()->body[1].piece, (Segment::Piece{786'432, 786'433}));
  EXPECT_NE(body_of(*driver.effect<Send>()).find("\"chunk_index\"\r\n\r\n1\r\n"),
            std::string::npos);
  EXPECT_EQ(decode(encode(driver.record())).value(), driver.record());
  driver.staged(202, wanted);  // the last one, and yet it is not complete
  EXPECT_EQ(driver.state(), State::waiting);
  EXPECT_EQ(driver.why(), Why::unreadable);
  driver.due().read(open_document);
  EXPECT_EQ(driver.effect<Send>()->body[1].piece, (Segment::Piece{0, 786'432}));
  // A server that had it all along says so at the first piece.
  driver.staged(201, staged_answer("p1"));
  EXPECT_EQ(driver.record().staged, std::vector<std::string>{"p1"});
}

TEST(OutboxStaging, WhatFailsWaitsAndGoesOnWhereItWas) {
  struct Row {
    std::int32_t status;
    std::string body;
    Why why;
  };
  for (const Row& row :
       std::vector<Row>{{0, "", Why::unreadable},
                        {200, "<html>", Why::unreadable},
                        {200, "[]", Why::unreadable},
                        {201, R"({"complete":true})", Why::unreadable},
                        {201, R"({"complete":false,"photo":{"id":"p"}})", Why::unreadable},
                        {201, R"({"complete":"yes"})", Why::unreadable},
                        {202, wanted, Why::unreadable},
                        {302, "", Why::unreadable},
                        {401, "", Why::auth},
                        {403, "", Why::auth},
                        {404, "", Why::no_staging},
                        {405, "", Why::no_staging},
                        {429, "", Why::server_busy},
                        {500, "", Why::server_error},
                        {999, "", Why::unreadable}}) {
    Driver driver{sealed_with_staging()};
    driver.sent().staged(201, staged_answer("p1")).staged(row.status, row.body);
    EXPECT_EQ(driver.state(), State::waiting) << row.status << row.body;
    EXPECT_EQ(driver.why(), row.why) << row.status << row.body;
    EXPECT_EQ(driver.record().attempts, 0u);
    driver.due().read(open_document);
    ASSERT_EQ(driver.state(), State::staging) << row.status;
    EXPECT_EQ(driver.effect<Send>()->body[1].photo_key, "k2");
  }
  for (const Event& event : std::vector<Event>{Unreachable{.op = Op::stage}, Interrupted{}}) {
    Driver driver{sealed_with_staging()};
    EXPECT_EQ(driver.sent().say(event).state(), State::waiting);
    EXPECT_EQ(driver.due().read(open_document).state(), State::staging);
  }
}

TEST(OutboxStaging, ARefusedPhotoIsARefusedSubmission) {
  for (const auto& [status, state, why] :
       std::vector<std::tuple<std::int32_t, State, Why>>{{400, State::needs_fix, Why::rejected},
                                                         {413, State::needs_user, Why::too_large},
                                                         {403, State::needs_user, Why::refused}}) {
    Driver driver{sealed_with_staging()};
    driver.sent().staged(201, staged_answer("p1")).staged(status, "no such item");
    while (driver.record().open_readings == 0) driver.due().read(open_document);
    EXPECT_EQ(driver.state(), state);
    EXPECT_EQ(driver.why(), why);
    EXPECT_EQ(driver.record().server->text, "no such item");
    if (status == 403) continue;
    Draft other = draft();
    other.content.stages_photos = true;
    const auto corrected = revise(driver.record(), other, {.now_ms = driver.now_ms()});
    ASSERT_TRUE(corrected);
    EXPECT_TRUE(corrected->staged.empty());  // other photos, other uploads
  }
  // Somebody else was quicker: that is what the reading says.
  Driver late{sealed_with_staging()};
  late.sent().staged(400, "already completed");
  late.due().read(workflow_document({.assigned = "did:other"}));
  EXPECT_EQ(late.why(), Why::not_mine);
}

TEST(OutboxStaging, APhotoThatIsGoneQuarantinesAndAStoreThatFailsWaits) {
  Driver driver{sealed_with_staging()};
  driver.sent().say(PhotoLost{.is_damaged = true});
  EXPECT_EQ(driver.state(), State::quarantined);
  EXPECT_EQ(driver.record().attempts, 0u);
  Driver full{sealed_with_staging()};
  full.sent();
  full.raw(Answered{.op = Op::stage,
                    .status = 201,
                    .auth_reason = {},
                    .retry_after_ms = {},
                    .body = staged_answer("p1")});
  full.raw(StoreFailed{.token = full.record().revision});
  EXPECT_EQ(full.state(), State::waiting);
  EXPECT_EQ(full.why(), Why::store);
}

TEST(OutboxStaging, WhatIsGivenUpWhileItGoesUpComesBack) {
  Driver driver{sealed_with_staging()};
  driver.sent().ask(Action::discard);
  EXPECT_EQ(driver.state(), State::discarded);
  EXPECT_EQ(driver.ask(Action::undo).state(), State::queued);
}

TEST(OutboxStaging, WhatIsOverForgetsItsIdsWithItsPhotos) {
  Driver delivered{sealed_with_staging()};
  delivered.sent().staged(201, staged_answer("p1")).staged(201, staged_answer("p2"));
  delivered.read(open_document).answer(200, strong_document).ask(Action::prune).say(Removed{});
  Driver taken_back{sealed_with_staging()};
  taken_back.sent().staged(201, staged_answer("p1")).ask(Action::take_back);
  for (const Driver* driver : {&delivered, &taken_back}) {
    EXPECT_EQ(driver->state(), State::pruned);
    EXPECT_TRUE(driver->record().content.photos.empty());
    EXPECT_TRUE(decode(encode(driver->record())));
  }
}

TEST(OutboxStaging, WithoutPhotosThereIsNothingToStage) {
  Draft words = draft();
  words.content.stages_photos = true;
  words.work_items.erase(words.work_items.begin());
  words.request.items.erase(words.request.items.begin());
  words.uploads.erase(words.uploads.begin());
  const auto record = seal(std::move(words), t0, {.now_ms = t0});
  ASSERT_TRUE(record);
  EXPECT_FALSE(record->content.stages_photos);
}

TEST(OutboxStaging, RecordsThatNameWhatIsNotThereAreRefused) {
  Record record = Driver{sealed_with_staging()}.sent().record();
  EXPECT_TRUE(decode(encode(record)));
  record.piece = 1;  // the photo has one
  EXPECT_FALSE(decode(encode(record)));
  record.staged = {"p1", "p2"};
  EXPECT_FALSE(decode(encode(record)));  // no photo is left that a piece could be of
  record.piece = 0;
  EXPECT_FALSE(decode(encode(record)));  // the next one of them is on its way, and there is none
  record.state = State::waiting;
  EXPECT_TRUE(decode(encode(record)));
  record.state_before = State::staging;
  EXPECT_FALSE(decode(encode(record)));
  record.state_before = State::queued;
  record.staged.push_back("p3");
  EXPECT_FALSE(decode(encode(record)));
}

}  // namespace
}  // namespace sfluv::outbox::testing
