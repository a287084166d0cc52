// SPDX-License-Identifier: MIT
#include "sfluv/http_status.h"

#include <gtest/gtest.h>

namespace sfluv {
namespace {

int documented(Operation operation, Code code) {
  return http_status(operation, code, documents_profile());
}

// Seed 001 "Response Codes".
TEST(HttpStatus, AStateIsABadRequestForClaimAndCompleteAndAConflictForStart) {
  for (const Code code : {Code::workflow_not_active, Code::step_of_other_workflow,
                          Code::step_already_completed, Code::step_not_available_yet}) {
    EXPECT_EQ(documented(Operation::claim, code), 400) << to_string(code);
    EXPECT_EQ(documented(Operation::complete, code), 400) << to_string(code);
    EXPECT_EQ(documented(Operation::start, code), 409) << to_string(code);
  }
}

TEST(HttpStatus, WhatIsTheSameEverywhere) {
  EXPECT_EQ(documented(Operation::read, Code::not_found), 404);
  EXPECT_EQ(documented(Operation::complete, Code::not_assigned), 403);
  EXPECT_EQ(documented(Operation::claim, Code::missing_credentials), 403);
  EXPECT_EQ(documented(Operation::claim, Code::in_absence), 409);
  EXPECT_EQ(documented(Operation::claim, Code::step_already_claimed), 409);
  EXPECT_EQ(documented(Operation::payout_request, Code::no_failed_payout), 409);
  EXPECT_EQ(documented(Operation::unclaim, Code::nothing_releasable), 409);
  EXPECT_EQ(documented(Operation::absence, Code::replacement_claimed), 409);
  EXPECT_EQ(documented(Operation::absence, Code::absence_overlap), 400);
  EXPECT_EQ(documented(Operation::read, Code::forbidden), 403);
}

TEST(HttpStatus, OnlyDocumentedOnes) {
  for (const CodeInfo& info : code_catalogue()) {
    for (int i = 0; i <= static_cast<int>(Operation::absence); ++i) {
      const int status = documented(static_cast<Operation>(i), info.code);
      EXPECT_TRUE(status == 400 || status == 403 || status == 404 || status == 409) << info.id;
    }
  }
}

TEST(HttpStatus, TheLiveSlipsAreOfCompleteOnly) {
  EXPECT_EQ(documented(Operation::complete, Code::item_unknown), 400);
  EXPECT_EQ(http_status(Operation::complete, Code::item_unknown, live_profile()), 500);
  EXPECT_EQ(http_status(Operation::complete, Code::item_duplicate, live_profile()), 400);
  EXPECT_EQ(http_status(Operation::claim, Code::item_unknown, live_profile()), 400);
  EXPECT_EQ(http_status(Operation::photo_upload, Code::item_unknown, live_profile()), 400);
}

TEST(HttpStatus, TheLiveServerReadsItsStatusOutOfItsWords) {
  const auto unknown = [](std::string id) {
    return Issue{.code = Code::item_unknown, .path = "", .params = {{"item_id", std::move(id)}}};
  };
  EXPECT_EQ(http_status(Operation::complete, unknown("ghost"), live_profile()), 500);
  EXPECT_EQ(http_status(Operation::complete, unknown("an invalid one"), live_profile()), 400);
  EXPECT_EQ(http_status(Operation::complete, unknown("ghost"), documents_profile()), 400);
}

}  // namespace
}  // namespace sfluv
