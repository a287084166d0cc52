// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "sfluv/outbox.h"

#include "unit/outbox_fixture.h"

namespace sfluv::outbox::testing {
namespace {

// What an attempt whose answer was lost becomes when the step reads back like this.
Driver read_back(const std::string& document, Record record = sealed()) {
  Driver driver{std::move(record)};
  driver.sent().say(Unreachable{.op = Op::send}).due().read(document);
  return driver;
}

std::string verdict(const Driver& driver) {
  if (driver.state() != State::delivered) return std::string{to_string(driver.why())};
  return std::string{to_string(driver.record().receipt->evidence)};
}

std::string done_with(const std::string& submission) {
  return workflow_document({.step_status = "completed", .submission = submission});
}

std::string responses(const std::string& items, const std::string& more = "") {
  return R"({"id":"sub9","improver_id":"did:me",)" + more + R"("item_responses":[)" + items + "]}";
}

const std::string text_response = R"({"item_id":"i2","written_response":"all \"done\""})";
const std::string photos =
    R"({"file_name":"before-after-m-ll-abababababab-123456.jpg","size_bytes":4},)"
    R"({"file_name":"before-after-m-ll-abababababab-123456-2.jpg","size_bytes":4})";

TEST(OutboxEvidence, StrongNeedsEveryMarkedNameAndSize) {
  EXPECT_EQ(verdict(read_back(strong_document)), "strong");
  EXPECT_EQ(verdict(read_back(done_with(submission(ours, Photos::shown, 5)))), "conflict");
  const std::string one =
      R"({"file_name":"before-after-m-ll-abababababab-123456.jpg","size_bytes":4})";
  EXPECT_EQ(
      verdict(read_back(done_with(responses(R"({"item_id":"i1","photo_ids":["a","b"],"photos":[)" +
                                            one + "," + one + "]}," + text_response)))),
      "conflict");
  EXPECT_EQ(verdict(read_back(done_with(responses(
                R"({"item_id":"i1","photo_ids":["a"],"photos":[)" + one + "]}," + text_response)))),
            "conflict");
}

TEST(OutboxEvidence, MediumCountsPhotosAndComparesWords) {
  EXPECT_EQ(verdict(read_back(medium_document)), "medium");
  EXPECT_EQ(verdict(read_back(
                done_with(responses(R"({"item_id":"i1","photo_ids":["a"]},)" + text_response)))),
            "conflict");
  EXPECT_EQ(verdict(read_back(done_with(submission("all done", Photos::counted)))), "conflict");
  EXPECT_EQ(
      verdict(read_back(done_with(submission("\xC2\xA0 all \\\"done\\\" \\n", Photos::counted)))),
      "medium");
}

TEST(OutboxEvidence, EmptyResponsesAreNobodys) {
  const std::string first = R"({"item_id":"i1","photo_ids":["a","b"],"photos":[)" + photos + "]},";
  EXPECT_EQ(verdict(read_back(done_with(
                responses(first + text_response + R"(,{"item_id":"i3","written_response":" "})")))),
            "strong");
  EXPECT_EQ(verdict(read_back(done_with(
                responses(first + text_response + R"(,{"item_id":"i3","dropdown_value":"x"})")))),
            "conflict");
  EXPECT_EQ(verdict(read_back(done_with(responses(text_response)))), "conflict");
  EXPECT_EQ(verdict(read_back(done_with(responses(
                first + text_response + R"(,{"item_id":"i3","photos":[)" + photos + "]}")))),
            "conflict");
  EXPECT_EQ(
      verdict(read_back(done_with(responses(
          first + R"({"item_id":"i2","written_response":"all \"done\"","dropdown_value":"x"})")))),
      "conflict");
}

// Of two items with photos the server shows the names of one and only counts those of the other.
TEST(OutboxEvidence, PhotosThatAreOnlyCountedMakeNoStrongEvidence) {
  const Record record = seal(draft_of_two_photo_items(), t0, {.now_ms = t0}).value();
  const auto name_of = [&](std::size_t photo) { return record.content.photos[photo].file_name; };
  const std::string first = R"({"item_id":"i1","photo_ids":["a"],"photos":[{"file_name":")" +
                            name_of(0) + R"(","size_bytes":4}]},)";
  const std::string counted = R"({"item_id":"i2","photo_ids":["b"]})";
  const std::string marked = R"({"item_id":"i2","photo_ids":["b"],"photos":[{"file_name":")" +
                             name_of(1) + R"(","size_bytes":5}]})";
  EXPECT_EQ(verdict(read_back(done_with(responses(first + counted)), record)), "medium");
  EXPECT_EQ(verdict(read_back(done_with(responses(first + marked)), record)), "strong");
}

// Somebody who marked another step not possible has closed all of them, unpaid; else a hidden
// submission of a step that is ours is taken for our own.
TEST(OutboxEvidence, AStepThatOthersMayHaveClosedProvesNothing) {
  const auto closed_with = [](const std::string& second) {
    return R"({"id":"w/1","status":"completed","steps":[)"
           R"({"id":"s1","status":"completed","bounty":0,"assigned_improver_id":"did:me"},)"
           R"({"id":"s2","status":")" +
           second + R"(","bounty":0}]})";
  };
  EXPECT_EQ(verdict(read_back(closed_with("completed"))), "conflict");
  EXPECT_EQ(verdict(read_back(closed_with("available"))), "blind");
}

TEST(OutboxEvidence, NotPossibleIsComparedByItsDetails) {
  Draft draft_{.allow_step_not_possible = true,
               .request = {.step_not_possible = true, .step_not_possible_details = "rain"}};
  draft_.content = draft().content;
  const Record record = seal(std::move(draft_), t0, {.now_ms = t0}).value();
  const auto shown = [](const std::string& details) {
    return done_with(responses(
        "", R"("step_not_possible":true,"step_not_possible_details":")" + details + "\","));
  };
  EXPECT_EQ(verdict(read_back(shown(" rain"), record)), "medium");
  EXPECT_EQ(verdict(read_back(shown("snow"), record)), "conflict");
  EXPECT_EQ(verdict(read_back(done_with(responses("")), record)), "conflict");
}

TEST(OutboxEvidence, StagedPhotosAreComparedById) {
  Record record = sealed();
  record.content.photos.clear();
  record.content.answers[0].photo_ids = {"b", "a"};
  EXPECT_EQ(verdict(read_back(
                done_with(responses(R"({"item_id":"i1","photo_ids":["a","b"]},)" + text_response)),
                record)),
            "medium");
  EXPECT_EQ(verdict(read_back(
                done_with(responses(R"({"item_id":"i1","photo_ids":["a","c"]},)" + text_response)),
                record)),
            "conflict");
}

TEST(OutboxEvidence, ASubmissionThatNamesNobodyIsJudgedByItsContent) {
  EXPECT_EQ(verdict(read_back(done_with(submission(ours, Photos::shown, 4, "")))), "strong");
}

TEST(OutboxEvidence, SomebodyElsesIsNotOurs) {
  EXPECT_EQ(verdict(read_back(done_with(submission(ours, Photos::shown, 4, "did:other")))),
            "not_mine");
  EXPECT_EQ(
      verdict(read_back(
          R"({"id":"w/1","status":"in_progress","steps":[{"id":"s1","status":"available"}]})")),
      "not_mine");
}

TEST(OutboxEvidence, WithoutAnAccountContentDecides) {
  Record record = sealed();
  record.content.account.clear();
  EXPECT_EQ(verdict(read_back(strong_document, record)), "strong");
  EXPECT_EQ(verdict(read_back(blind_document, record)), "conflict");
}

TEST(OutboxEvidence, ACompletedStepCountsAlsoInAWorkflowThatIsClosed) {
  EXPECT_EQ(verdict(read_back(workflow_document({.workflow_status = "completed",
                                                 .step_status = "paid_out",
                                                 .submission = submission(ours, Photos::shown)}))),
            "strong");
}

TEST(OutboxEvidence, MediumWithoutAProbeOnRecordIsNone) {
  Record record = Driver{}.sent().say(Unreachable{.op = Op::send}).record();
  record.probed_open = false;
  Driver driver{record};
  EXPECT_EQ(driver.due().read(medium_document).why(), Why::conflict);
  Record sending = Driver{}.sent().record();
  sending.probed_open = false;
  sending.pending = Pending::store;
  EXPECT_EQ(Driver{sending}.answer(200, medium_document).state(), State::unknown);
}

}  // namespace
}  // namespace sfluv::outbox::testing
