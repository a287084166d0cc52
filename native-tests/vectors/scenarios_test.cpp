// SPDX-License-Identifier: MIT
// Recorded conversations of several people with the live system, played again through the engine.
// scenarios.json is data made by running that system (see replay.h for how differences are judged).
#include <gtest/gtest.h>
#include <set>

#include "replay/model_world.h"
#include "replay/replay.h"
#include "test_files.h"

namespace sfluv::replay {
namespace {

ScenarioFile recording(const std::string& name) {
  return read_scenarios(read_test_file("vectors/" + name)).value_or(ScenarioFile{});
}

const ScenarioFile& scenarios() {
  static const ScenarioFile file = recording("scenarios.json");
  return file;
}

const ScenarioFile& proposals() {
  static const ScenarioFile file = recording("create-workflow.json");
  return file;
}

Report through_engine(const ScenarioFile& file, const Profile& profile) {
  ModelWorld world;
  return replay(file, {.profile = profile, .topics = {}}, world);
}

std::size_t count_marked() {
  std::size_t marked = 0;
  for (const Scenario& scenario : scenarios().scenarios) {
    for (const Turn& turn : scenario.turns) {
      if (!turn.seed_differs.empty()) ++marked;
    }
  }
  return marked;
}

TEST(Scenarios, AgreeWithTheLiveSystem) {
  ASSERT_EQ(scenarios().scenarios.size(), 375u);
  const Report report = through_engine(scenarios(), live_profile());
  EXPECT_EQ(report.failures, std::vector<std::string>{});
  EXPECT_EQ(report.total().passed, 375u);
}

TEST(Scenarios, UnderTheDocumentsDifferOnlyWhereASwitchSaysSo) {
  const Report report = through_engine(scenarios(), documents_profile());
  EXPECT_EQ(report.failures, std::vector<std::string>{});
  EXPECT_EQ(report.total().passed, 375u);
  std::size_t calls_of_two_marks = 0;
  std::size_t flagged = 0;
  for (const Scenario& scenario : scenarios().scenarios) {
    for (const Turn& turn : scenario.turns) {
      // "...; docs: ...; an elapsed..." names two differences of one call.
      const std::size_t second = turn.seed_differs.find("; an elapsed");
      const std::size_t other = turn.seed_differs.find("; completed steps");
      if (second != std::string::npos || other != std::string::npos) ++calls_of_two_marks;
    }
  }
  for (const auto& [name, number] : report.flagged) flagged += number;
  EXPECT_EQ(flagged, count_marked() + calls_of_two_marks);
}

TEST(Proposals, AgreeWithTheLiveSystemAndDifferFromItWhereASwitchSaysSo) {
  ASSERT_EQ(proposals().scenarios.size(), 122u);
  for (const Profile& profile : {live_profile(), documents_profile()}) {
    const Report report = through_engine(proposals(), profile);
    EXPECT_EQ(report.failures, std::vector<std::string>{}) << profile.name;
    EXPECT_EQ(report.total().passed, 122u);
  }
}

// What recordings through an engine cannot show: mail, headers, how a list or a photo travels, and
// the fields of the budget.
const std::set<std::string> not_recorded{"leaves_budgets_zero", "lists_light_cards",
                                         "mails_assignee_only", "stages_photos",
                                         "takes_access_token"};

// A switch that no recording knows would be an opinion, not a finding.
TEST(Scenarios, EverySwitchOfWhatIsStoredOrAnsweredIsSeen) {
  std::set<std::string> unseen;
  for (const Switch& one : profile_switches()) unseen.emplace(one.name);
  for (const ScenarioFile* const file : {&scenarios(), &proposals()}) {
    for (const auto& [name, calls] : through_engine(*file, documents_profile()).explained)
      unseen.erase(name);
  }
  EXPECT_EQ(unseen, not_recorded);
}

// The proof that the judge can tell: with one switch thrown wrongly, `live` no longer agrees.
TEST(Scenarios, EverySwitchMatters) {
  for (const Switch& one : profile_switches()) {
    if (not_recorded.contains(std::string{one.name})) continue;
    Profile profile = live_profile();
    profile.*one.value = false;
    const std::size_t failed = through_engine(scenarios(), profile).total().failed +
                               through_engine(proposals(), profile).total().failed;
    EXPECT_GT(failed, 0u) << one.name;
  }
}

TEST(CompletionVectors, AgreeThroughTheEngineToo) {
  const auto file = read_scenarios(read_test_file("vectors/complete-step.json"));
  ASSERT_TRUE(file);
  for (const Profile& profile : {live_profile(), documents_profile()}) {
    const Report report = through_engine(*file, profile);
    EXPECT_EQ(report.failures, std::vector<std::string>{}) << profile.name;
    EXPECT_EQ(report.total().passed, 367u);
    EXPECT_EQ(report.total().skipped, 3u);
  }
}

constexpr std::string_view one_scenario = R"([{"name":"x","topic":"claim","setup":{"t0":1803891600,
  "users":{"imp1":{"roles":["improver"],"credentials":["c1"]}},"payouts":"none","workflows":[
  {"id":"wf1","series":"s1","recurrence":"one_time","start":-3600,"created":-10800,"approved":true,
   "proposer":"prop","supervisor":null,"supervisor_bounty":0,"roles":{"A":["c1"]},
   "steps":[{"role":"A","bounty":5,"allow_step_not_possible":false,"items":[]}]}]},
  "steps":[{"actor":"imp1","method":"POST","path":"/improvers/workflows/{wf1}/steps/{wf1.step1}/claim",
  "at":0,"expect":{"status":200,"state":{"wf1":["approved",["available","imp1",null,null,0]]}}@}]}])";

std::vector<std::string> failures_with(std::string_view from, std::string_view to) {
  std::string text{one_scenario};
  text.replace(text.find(from), from.size(), to);
  if (const std::size_t at = text.find('@'); at != std::string::npos) text.erase(at, 1);
  const auto file = read_scenarios(text);
  EXPECT_TRUE(file) << text;
  return file ? through_engine(*file, documents_profile()).failures : std::vector<std::string>{};
}

TEST(Replay, SeesAWrongStatusAStateAnUnknownMarkAndAnIdleMark) {
  EXPECT_EQ(failures_with("@", "").size(), 0u);
  const auto status =
      failures_with(R"("status":200)", R"("status":409,"error_class":"in_absence")");
  ASSERT_EQ(status.size(), 1u);
  EXPECT_EQ(status[0],
            "x: call 0 (imp1 POST /improvers/workflows/{wf1}/steps/{wf1.step1}/claim): "
            "200 accepted instead of 409 in_absence");
  const auto state =
      failures_with(R"(["approved",["available","imp1")", R"(["approved",["available","imp2")");
  ASSERT_EQ(state.size(), 1u);
  EXPECT_NE(state[0].find("imp1"), std::string::npos);
  EXPECT_NE(state[0].find("imp2"), std::string::npos);
  EXPECT_EQ(failures_with("@", R"(,"seed_differs":"the moon is full")").size(), 1u);
  EXPECT_EQ(failures_with("@", R"(,"seed_differs":"500 with empty body")").size(), 1u);
}

TEST(Replay, SaysWhenItCannotMakeWhatAScenarioBeginsWith) {
  const std::vector<std::string> unplayable{"x: rows to edit are not known"};
  for (const char* set : {R"({"wf1":{"colour":"red"}})", R"({"wf1.step1":{"role":"B"}})",
                          R"({"wf9":{"status":"blocked"}})"}) {
    const std::string edits = R"("edits":[{"set":)" + std::string{set} + R"(}],"payouts")";
    EXPECT_EQ(failures_with(R"("payouts")", edits), unplayable) << set;
  }
}

TEST(Replay, ReadsNoFileThatIsNone) {
  EXPECT_FALSE(read_scenarios(""));
  EXPECT_FALSE(read_scenarios("{}"));
  EXPECT_FALSE(read_scenarios("[{}]"));
  EXPECT_FALSE(read_scenarios("[{]"));
}

}  // namespace
}  // namespace sfluv::replay
