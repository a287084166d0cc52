// SPDX-License-Identifier: MIT
// Recordings over HTTP: a few of them here, all of them by `sfluv replay-scenarios --server`.
#include "replay/replay.h"

#include "replay/http_world.h"
#include "server_fixture.h"
#include "test_files.h"

namespace sfluv::server {
namespace {

const replay::ScenarioFile& scenarios() {
  static const replay::ScenarioFile file =
      replay::read_scenarios(read_test_file("vectors/scenarios.json"))
          .value_or(replay::ScenarioFile{});
  return file;
}

class ReplayTest : public ServerTest {
 protected:
  replay::Report play(const replay::ScenarioFile& file, const Profile& profile,
                      std::vector<std::string> topics = {}) {
    replay::HttpWorld world{"http://127.0.0.1:" + std::to_string(server_->port())};
    return replay::replay(file, {.profile = profile, .topics = std::move(topics)}, world);
  }
};

TEST_F(ReplayTest, SomeTopicsAgreeUnderBothProfiles) {
  const std::vector<std::string> topics{"payout", "unclaim", "unpaid", "visibility"};
  for (const Profile& profile : {live_profile(), documents_profile()}) {
    const replay::Report report = play(scenarios(), profile, topics);
    EXPECT_EQ(report.failures, std::vector<std::string>{}) << profile.name;
    EXPECT_EQ(report.total().passed, 13U);
  }
}

// The judge works on the server itself: with a switch thrown that the recording does not know, it
// sees that.
TEST_F(ReplayTest, SeesAServerThatDiffers) {
  Profile profile = live_profile();
  profile.successor_starts_unpaid = false;
  EXPECT_GT(play(scenarios(), profile, {"recurrence"}).total().failed, 0U);
}

TEST_F(ReplayTest, SeesAWrongAnswerAndAWrongState) {
  const std::string text = read_test_file("vectors/scenarios.json");
  const std::size_t begin = text.rfind('\n', text.find("\"claim/race one_time 1\"")) + 1;
  std::string scenario = text.substr(begin, text.find('\n', begin) - begin);
  if (scenario.ends_with(',')) scenario.pop_back();
  const auto failures_with = [&](std::string_view from, std::string_view to) {
    std::string changed = scenario;
    changed.replace(changed.find(from), from.size(), to);
    const auto file = replay::read_scenarios("[" + changed + "]");
    EXPECT_TRUE(file);
    return play(file.value_or(replay::ScenarioFile{}), live_profile()).failures;
  };
  EXPECT_EQ(failures_with("claim", "claim"), std::vector<std::string>{});
  const auto status = failures_with("409", "400");
  ASSERT_EQ(status.size(), 1U);
  EXPECT_TRUE(contains(status[0], "call 0 (imp1 POST")) << status[0];
  EXPECT_TRUE(contains(status[0], "200,409 step_already_claimed instead of 200,400")) << status[0];
  EXPECT_EQ(failures_with("<winner>", "nobody").size(), 1U);
}

}  // namespace
}  // namespace sfluv::server
