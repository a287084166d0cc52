// SPDX-License-Identifier: MIT
// What an improver sees: arrays of whole workflows as documented, pages of cards as lived.
#include "server_fixture.h"

namespace sfluv::server {
namespace {

std::vector<std::string> ids_of(const json::Value& list) {
  std::vector<std::string> ids;
  for (const json::Value& one : list.elements) ids.push_back(one.find("id")->text);
  return ids;
}

using Ids = std::vector<std::string>;

TEST_F(ServerTest, DiscoveryIsAnArrayOfWholeWorkflows) {
  EXPECT_EQ(post(step_path("workflow_demo_2", "step_collect_2", "claim"), jane).status, 200);
  const std::string body = get("/improvers/workflows", jane).body;
  const json::Value list = parsed(body);
  ASSERT_EQ(list.kind, json::Kind::array);
  EXPECT_EQ(ids_of(list)[0], "workflow_demo_2") << "where I hold a step stands first";
  EXPECT_EQ(list.elements.size(), 3U);
  EXPECT_TRUE(contains(body, get("/workflows/workflow_abc123", jane).body))
      << "each as it is read by itself";
  EXPECT_FALSE(contains(body, "supervisor@example.org"));
  EXPECT_EQ(ids_of(parsed(get("/improvers/workflows", wei).body)), Ids{})
      << "without the credential nothing is for her";
  EXPECT_EQ(ids_of(parsed(get("/improvers/workflows", ana).body)).size(), 2U);
}

TEST_F(ServerTest, TheLiveDiscoveryIsAPageOfCards) {
  start_live();
  EXPECT_EQ(post(step_path("workflow_demo_2", "step_collect_2", "claim"), jane).status, 200);
  const json::Value page = parsed(get("/improvers/workflows", jane).body);
  EXPECT_EQ(page.find("active_credentials")->elements.at(0).text, "dpw_certified");
  EXPECT_EQ(page.find("total")->text, "3");
  EXPECT_EQ(page.find("page")->text, "0");
  EXPECT_EQ(page.find("count")->text, "500");
  const json::Value& cards = *page.find("workflows");
  ASSERT_EQ(cards.elements.size(), 3U);
  const json::Value& mine = cards.elements[0];
  EXPECT_EQ(mine.find("steps"), nullptr);
  EXPECT_EQ(mine.find("total_bounty")->text, "150000000000000000000");
  EXPECT_TRUE(mine.find("has_active_claimed_step")->truth);
  EXPECT_EQ(ids_of(*mine.find("assigned_steps")), (Ids{"step_collect_2", "step_inspect_2"}));
  EXPECT_EQ(mine.find("claimable_step"), nullptr);
  const json::Value& other = cards.elements[1];
  EXPECT_FALSE(other.find("has_claimed_step")->truth);
  EXPECT_EQ(other.find("claimable_step")->find("title")->text, "Litter Collection");

  const auto paged = [&](const char* query) {
    const json::Value one = parsed(get(std::string{"/improvers/workflows?"} + query, jane).body);
    EXPECT_EQ(one.find("total")->text, "3");
    return ids_of(*one.find("workflows"));
  };
  EXPECT_EQ(paged("count=2").size(), 2U);
  EXPECT_EQ(paged("page=1&count=2").size(), 1U);
  EXPECT_EQ(paged("page=999999999999&count=2").size(), 1U);
  EXPECT_EQ(paged("page=-1&count=0").size(), 1U);
}

TEST_F(ServerTest, UnpaidIsWhatIAmOwed) {
  EXPECT_EQ(test("faucet", R"({"mode":"insufficient"})").status, 200);
  complete_first_step();
  const json::Value owed = parsed(get("/improvers/unpaid-workflows", jane).body);
  EXPECT_EQ(ids_of(owed), Ids{"workflow_abc123"});
  EXPECT_EQ(owed.elements[0].find("steps")->elements[0].find("status")->text, "completed");
  EXPECT_EQ(get("/improvers/unpaid-workflows", ana).body, "[]");
  EXPECT_EQ(post(second_step("complete"), jane, report).status, 200);
  EXPECT_EQ(test("faucet", R"({"mode":"ok"})").status, 200);
  EXPECT_EQ(post(first_step("payout-request"), jane).status, 200);
  EXPECT_EQ(get("/improvers/unpaid-workflows", jane).body, "[]");
}

TEST_F(ServerTest, ActiveIsEverythingUnderWay) {
  edit(
      "UPDATE workflows SET status = 'pending' WHERE id = 'workflow_demo_2'; UPDATE workflows SET "
      "start_at = start_at - 60 WHERE id = 'workflow_demo_3'");
  for (const char* user : {jane, proposer, voter, supervisor, admin}) {
    const json::Value list = parsed(get("/workflows/active", user).body);
    EXPECT_EQ(ids_of(list), (Ids{"workflow_demo_3", "workflow_abc123"})) << user;
    EXPECT_EQ(list.elements[0].find("steps"), nullptr);
    EXPECT_EQ(list.elements[0].find("title")->text, "Weekly Park Cleanup");
  }
}

// A list is a look as well: what has become due is done by it, and stored.
TEST_F(ServerTest, AListDoesWhatHasBecomeDue) {
  edit("UPDATE steps SET status = 'locked'");
  EXPECT_TRUE(contains(get("/improvers/workflows", jane).body, R"("status":"available")"));
  EXPECT_TRUE(contains(test("record?workflow=workflow_abc123").body, R"("status":"available")"));
}

}  // namespace
}  // namespace sfluv::server
