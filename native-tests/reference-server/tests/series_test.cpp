// SPDX-License-Identifier: MIT
// Absence periods and giving a series back, with the statuses of seeds 000 and 001.
#include "server_fixture.h"

namespace sfluv::server {
namespace {

constexpr const char* periods = "/improvers/workflows/absence-periods";
constexpr const char* unclaiming = "/improvers/workflow-series/unclaim";

std::string absence(std::string_view from, std::string_view until,
                    std::string_view series = "series_xyz789", int step_order = 1) {
  return R"({"series_id":")" + std::string{series} + R"(","step_order":)" +
         std::to_string(step_order) + R"(,"absent_from":")" + std::string{from} +
         R"(","absent_until":")" + std::string{until} + "\"}";
}

// The demo's jobs began on 2024-03-14, a day before the tests' now, and come again every week.
class SeriesTest : public ServerTest {
 protected:
  SeriesTest() { EXPECT_EQ(post(first_step("claim"), jane).status, 200); }

  std::string id_of(const Answer& answer) {
    const json::Value tree = parsed(answer.body);
    const json::Value* const made = tree.find("absence");
    return made == nullptr ? "" : made->find("id")->text;
  }
};

TEST_F(SeriesTest, AnAbsenceFromItsCreationToItsEnd) {
  const Answer created = post(periods, jane, absence("2024-04-01", "2024-04-07"));
  ASSERT_EQ(created.status, 201);
  const std::string id = id_of(created);
  EXPECT_EQ(created.body,
            R"({"absence":{"id":")" + id +
                R"(","improver_id":"did:privy:improver789","series_id":"series_xyz789",)"
                R"("step_order":1,"absent_from":1711929600,"absent_until":1712534400,)"
                R"("created_at":1710500000,"updated_at":1710500000},)"
                R"("released_count":0,"skipped_count":0})")
      << "the last day counts whole";
  const std::string object = created.body.substr(11, created.body.find("},") - 10);
  EXPECT_EQ(get(periods, jane).body, "[" + object + "]");
  EXPECT_EQ(get(periods, ana).body, "[]");

  now_s_ += 60;
  const Answer updated = put(std::string{periods} + "/" + id, jane,
                             absence("2024-04-02T08:00", "2024-04-03T08:00", "", 0));
  EXPECT_EQ(updated.status, 200);
  EXPECT_TRUE(contains(updated.body, R"("absent_from":1712044800,"absent_until":1712131200)"));
  EXPECT_TRUE(contains(updated.body, R"("updated_at":1710500060)"));
  start();
  EXPECT_TRUE(contains(get(periods, jane).body, R"("absent_from":1712044800)")) << "it is stored";

  const Answer removed = remove(std::string{periods} + "/" + id, jane);
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(removed.body, R"({"id":")" + id + "\"}");
  EXPECT_EQ(get(periods, jane).body, "[]");
  EXPECT_EQ(remove(std::string{periods} + "/" + id, jane).status, 404);
}

TEST_F(SeriesTest, AbsencesReachTheirStatuses) {
  const auto create = [&](const std::string& body) {
    const Answer answer = post(periods, jane, body);
    return std::to_string(answer.status) + ' ' + parsed(answer.body).find("error")->text;
  };
  EXPECT_EQ(create("[]"), "400 body_not_decodable");
  EXPECT_EQ(create(absence("2024-04-01", "2024-04-07", " ")), "400 series_blank");
  EXPECT_EQ(create(absence("2024-04-01", "2024-04-07", "series_xyz789", 0)),
            "400 step_order_invalid");
  EXPECT_EQ(create(absence("tomorrow", "2024-04-07")), "400 date_invalid");
  EXPECT_EQ(create(absence("2024-04-07", "2024-04-01")), "400 range_empty");
  EXPECT_EQ(create(absence("2024-03-01", "2024-04-07")), "400 absence_not_in_future");
  EXPECT_EQ(create(absence("2024-04-01", "2024-04-07", "series_demo_2")), "409 no_recurring_claim");
  EXPECT_EQ(create(absence("2024-04-01", "2024-04-07", "series_nope")), "409 no_recurring_claim");
  const std::string id = id_of(post(periods, jane, absence("2024-04-01", "2024-04-07")));
  EXPECT_EQ(create(absence("2024-04-07", "2024-04-09")), "400 absence_overlap");
  const std::string path = std::string{periods} + "/" + id;
  EXPECT_EQ(put(path, ana, absence("2024-04-01", "2024-04-07")).status, 404) << "not hers";
  EXPECT_EQ(put(std::string{periods} + "/nope", jane, absence("2024-04-01", "2024-04-07")).status,
            404);
  EXPECT_EQ(put(path, jane, absence("x", "2024-04-07")).status, 400);
  EXPECT_EQ(remove(path, ana).status, 404);
}

TEST_F(SeriesTest, AnAbsenceLetsSomebodyElseIn) {
  edit(
      "UPDATE workflows SET start_at = 1711980000, status = 'approved'; UPDATE steps SET status = "
      "'locked'");
  const Answer created = post(periods, jane, absence("2024-04-01", "2024-04-07"));
  EXPECT_TRUE(contains(created.body, R"("released_count":1,"skipped_count":0)"));
  EXPECT_EQ(workflow_for(jane).steps[0].assigned_improver_id, std::nullopt);
  edit("UPDATE steps SET assigned_improver_id = 'did:privy:improver790' WHERE id = 'step_ghi789'");
  const std::string path = std::string{periods} + "/" + id_of(created);
  const Answer refused = remove(path, jane);
  EXPECT_EQ(refused.status, 409);
  EXPECT_TRUE(contains(refused.body, "replacement_claimed"));
  EXPECT_EQ(put(path, jane, absence("2024-05-01", "2024-05-02")).status, 409);
}

TEST_F(SeriesTest, UnclaimReachesItsStatuses) {
  EXPECT_EQ(post(unclaiming, jane, "{").status, 400);
  EXPECT_EQ(post(unclaiming, jane, R"({"series_id":"","step_order":1})").status, 400);
  EXPECT_EQ(post(unclaiming, jane, R"({"series_id":"series_xyz789","step_order":0})").status, 400);
  EXPECT_EQ(post(unclaiming, ana, R"({"series_id":"series_xyz789","step_order":1})").status, 409);
  const Answer released = post(unclaiming, jane, R"({"series_id":"series_xyz789","step_order":1})");
  EXPECT_EQ(released.status, 200);
  EXPECT_EQ(released.body,
            R"({"series_id":"series_xyz789","step_order":1,"released_count":2,"skipped_count":0})");
  EXPECT_TRUE(stored_series().claims.empty());
  EXPECT_EQ(workflow_for(jane).steps[1].assigned_improver_id, std::nullopt);
  EXPECT_EQ(post(first_step("claim"), ana).status, 200) << "it is free again";
}

}  // namespace
}  // namespace sfluv::server
