// SPDX-License-Identifier: MIT
#include "sfluv/workflow.h"

#include <gtest/gtest.h>

namespace sfluv {
namespace {

TEST(Workflow, ReadsTheDocumentsAmountsExactly) {
  const auto workflow = read_workflow(
      R"({"id":"w","total_bounty":150000000000000000001,"supervisor_bounty":"50000000000000000000","steps":[{"id":"s","bounty":100000000000000000000}]})");
  ASSERT_TRUE(workflow);
  EXPECT_EQ(workflow->total_bounty.to_string(), "150000000000000000001");
  EXPECT_EQ(workflow->supervisor_bounty.to_string(), "50000000000000000000");
  EXPECT_EQ(workflow->steps[0].bounty.to_string(), "100000000000000000000");
}

TEST(Workflow, ToleratesWhatItDoesNotKnow) {
  const auto workflow = read_workflow(
      R"({"id":"w","status":"archived","surprise":{"a":[1]},"steps":[{"id":"s","status":"frozen","work_items":null,"submission":null}],"roles":null})");
  ASSERT_TRUE(workflow);
  EXPECT_TRUE(workflow->status == WorkflowStatus::other);
  EXPECT_EQ(workflow->status.text, "archived");
  EXPECT_FALSE(workflow->is_active());
  EXPECT_TRUE(workflow->steps[0].status == StepStatus::other);
  EXPECT_FALSE(workflow->steps[0].submission);
}

TEST(Workflow, NamesTheFieldOfAWrongType) {
  const auto workflow =
      read_workflow(R"({"steps":[{"id":"s"},{"work_items":[{"optional":"yes"}]}]})");
  ASSERT_FALSE(workflow);
  EXPECT_EQ(workflow.error().code, Code::document_not_readable);
  EXPECT_EQ(workflow.error().path, "/steps/1/work_items/0/optional");
}

TEST(Workflow, RefusesWhatIsNoDocument) {
  for (const char* text : {"", "null", "[]", "5", "<html>", "{\"id\":\"w\""}) {
    EXPECT_FALSE(read_workflow(text)) << text;
  }
}

TEST(Workflow, WritesWhatItReads) {
  const char* text =
      R"({"id":"w","status":"in_progress","total_bounty":7,"roles":[{"id":"r","required_credentials":["c1"]}],"steps":[{"id":"s","step_order":1,"status":"completed","role_id":"r","assigned_improver_id":"me","submission":{"id":"x","improver_id":"me","item_responses":[{"item_id":"i","photo_ids":["p"],"photos":[{"id":"p","file_name":"a.jpg","size_bytes":3}],"written_response":"t","dropdown_value":"d"}],"submitted_at":5},"work_items":[{"id":"i","photo_aspect_ratio":"vertical","dropdown_options":[{"value":"d","label":"D","notify_email_count":2}],"dropdown_requires_written_response":{"d":true,"e":false}}]}]})";
  const auto first = read_workflow(text);
  ASSERT_TRUE(first);
  const std::string written = write_workflow(*first, AmountStyle::number);
  const auto second = read_workflow(written);
  ASSERT_TRUE(second);
  EXPECT_EQ(write_workflow(*second, AmountStyle::number), written);
  EXPECT_NE(written.find(R"("total_bounty":7,)"), std::string::npos);
  EXPECT_NE(write_workflow(*first, AmountStyle::decimal_text).find(R"("total_bounty":"7")"),
            std::string::npos);
  EXPECT_NE(written.find(R"("photo_aspect_ratio":"vertical")"), std::string::npos);
  EXPECT_NE(written.find(R"("dropdown_requires_written_response":{"d":true})"), std::string::npos);
}

}  // namespace
}  // namespace sfluv
